"""Logging in at a provider of OpenID Connect, where the settings name one."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from regulars.access.provider import Back, Provider, open_provider
from regulars.access.tallies import TICKET_OF_ADDRESS
from regulars.access.tickets import LIVES
from regulars.web.console.arriving import come_in, count
from regulars.web.console.login_page import login_page
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Busy, Invalid, Refused, Unknown, Unreached

_TICKET = "regulars_elsewhere"
_LONGEST = 4_000

AnyRequest = Request[Any, Any, Any]


@get("/login/elsewhere", sync_to_thread=True)
def go(request: AnyRequest) -> Response[str] | Redirect:
    """Send the browser to the provider."""
    house, provider = _provider(request)
    try:
        count(request, TICKET_OF_ADDRESS)
        address, ticket = provider.begin(house.database, utc_now())
    except (Busy, Invalid, Refused, Unreached) as error:
        return login_page(request, error=error)
    return Redirect(address, status_code=303, cookies=[_cookie(house, ticket, int(LIVES.total_seconds()))])


@get("/login/elsewhere/back")
async def back(request: AnyRequest) -> Response[str] | Redirect:
    """Let in whom the provider has logged in, and who is of the team."""
    said = {name: value[:_LONGEST] for name, value in request.query_params.items() if name in Back.__struct_fields__}
    return await run_sync(_back, request, Back(**said))


def _back(request: AnyRequest, said: Back) -> Response[str] | Redirect:
    house, provider = _provider(request)
    try:
        person_id = provider.finish(house.database, request.cookies.get(_TICKET, ""), said, utc_now())
    except (Invalid, Refused, Unreached) as error:
        return login_page(request, error=error)
    welcome = come_in(request, person_id)
    welcome.cookies.append(_cookie(house, "", 0))
    return welcome


def _provider(request: AnyRequest) -> tuple[House, Provider]:
    house: House = request.app.state.house
    provider = open_provider(house.settings)
    if provider is None:
        raise Unknown("There is nothing at this address. Look at the link once more, or ask who gave it to you.")
    return house, provider


def _cookie(house: House, value: str, seconds: int) -> Cookie:
    """Return the cookie that ties the way there and back to one browser; it must come along from elsewhere: lax."""
    return Cookie(
        key=_TICKET,
        value=value,
        max_age=seconds,
        path="/console/login/elsewhere",
        httponly=True,
        samesite="lax",
        secure=house.base_url.startswith("https:"),
    )


LOG_IN = [go, back]
