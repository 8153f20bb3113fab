"""Everything that answers HTTP, put together: events by a plain ASGI door, pages by Litestar, safe headers around."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from litestar import Litestar, Response, get
from litestar.datastructures import CacheControlHeader, State
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from regulars import tracing, wiring
from regulars.settings import load
from regulars.web.api.document import openapi
from regulars.web.api.ingest import PREFIX, Ingest
from regulars.web.api.limits import Limits, telling
from regulars.web.api.routes import API
from regulars.web.assets import STATIC, console_style
from regulars.web.console.entering import note_who_came_in
from regulars.web.console.moving import Moving
from regulars.web.console.routes import CONSOLE
from regulars.web.console.sharing import Shared
from regulars.web.errors import answer
from regulars.web.export_file import take_by_link
from regulars.web.gateways import ROUTES as GATEWAYS
from regulars.web.headers import guarded
from regulars.web.hooks import ROUTES as HOOKS
from regulars.web.i18n import catalogues
from regulars.web.import_file import bring_by_link, take_rejected_by_link
from regulars.web.metrics import metrics
from regulars.web.noting import note_what_leaves
from regulars.web.pages.routes import PAGES
from regulars.web.ready import ROUTES as HEALTH
from regulars.web.ready import Ready
from regulars.web.watching import Watch, watched

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

_BODY_BYTES = 2_000_000
_YEAR = 31_536_000
_HOUR = 3_600


@get("/", sync_to_thread=False)
def start() -> Redirect:
    """Lead whoever types the bare address to the console; customers come by links."""
    return Redirect("/console", status_code=303)


@get("/styles/console.css", sync_to_thread=False)
def style() -> Response[str]:
    """Give the console its style: several small files, one request."""
    return Response(console_style(), media_type="text/css", headers={"cache-control": f"public, max-age={_YEAR}"})


@get("/i.js", sync_to_thread=False)
def page_snippet() -> Response[bytes]:
    """Give other people's pages the script by which they tell us what their visitors do."""
    headers = {"cache-control": f"public, max-age={_HOUR}", "cross-origin-resource-policy": "cross-origin"}
    return Response((STATIC / "i.js").read_bytes(), media_type="text/javascript", headers=headers)


def create_app(house: wiring.House, *, on_shutdown: Sequence[Callable[[], None]] = ()) -> "ASGIApp":
    """Return the ASGI application of a house. The house stays its owner's: it is not closed here."""
    catalogues()
    static = create_static_files_router(
        path="/static", directories=[STATIC], cache_control=CacheControlHeader(max_age=_YEAR, public=True)
    )
    watch, moving = Watch(house), Moving(house.database)
    limits = Limits(house.database, house.settings.api_rate, house.settings.api_burst)
    pages = Litestar(
        route_handlers=[
            start,
            *HEALTH,
            metrics,
            static,
            style,
            page_snippet,
            *CONSOLE,
            *PAGES,
            *GATEWAYS,
            *HOOKS,
            take_by_link,
            bring_by_link,
            take_rejected_by_link,
            openapi,
            API,
        ],
        state=State(
            {"house": house, "limits": limits, "watch": watch, "moving": moving, "ready": Ready(), "shared": Shared()}
        ),
        exception_handlers={Exception: answer},
        before_send=[note_what_leaves, note_who_came_in],
        request_max_body_size=_BODY_BYTES,
        on_startup=[moving.heed_signals],
        on_shutdown=list(on_shutdown),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    ingest = Ingest(house.door, house.aside, house.keys, house.base_url)
    safe = guarded(telling(pages, limits), secure=house.base_url.startswith("https:"))

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await ingest(scope, receive, send)
        else:
            await safe(scope, receive, send)

    return watched(app, watch)


def from_environment() -> "ASGIApp":
    """Build the house from the environment and return its application: what a granian process calls."""
    settings = load()
    untraced = tracing.begin(settings)
    house = wiring.build(settings)
    return create_app(house, on_shutdown=[house.close, untraced])
