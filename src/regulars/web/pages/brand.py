"""What a brand's pages are made of: its colours, its logo, and in which language somebody wants to read."""

import re
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access import brands
from regulars.access.workspaces import get_workspace
from regulars.web.brands import sheet_of
from regulars.web.pages.visit import LANGUAGE, Visit
from regulars.wiring import House
from regulars.words.colour import read_colour
from regulars.words.errors import Invalid, Refused, Unknown

_FOR_EVER = "public, max-age=31536000, immutable"
_YEAR = 365 * 24 * 3600
_KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_PICTURE = {
    "cache-control": _FOR_EVER,
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",  # mail programs show it
}
_PAGES = re.compile(r"/(?:f|u|why|confirm|me)/[^\s\\]*")


@get("/brand/{sheet:str}", sync_to_thread=False)
def colours(sheet: FromPath[str]) -> Response[str]:
    """Give the colours that follow from one: `/brand/9c3f24.css`."""
    colour, _, ending = sheet.partition(".")
    if ending != "css":
        raise Unknown("There is nothing at this address. Look at the link once more, or ask who gave it to you.")
    text = sheet_of(read_colour(colour))
    return Response(text, media_type="text/css; charset=utf-8", headers={"cache-control": _FOR_EVER})


@get("/brand/{workspace:str}/{picture:str}", sync_to_thread=True)
def logo(request: Request[Any, Any, Any], workspace: FromPath[str], picture: FromPath[str]) -> Response[bytes]:
    """Give a logo that a workspace has or had: its address is its content, so it never changes."""
    house: House = request.app.state.house
    with house.database.workspace(get_workspace(house.database, workspace).name) as tx:
        image = brands.logo(tx, picture)
    return Response(image, media_type=_KINDS[picture.rpartition(".")[2]], headers=_PICTURE)


@post("/language", sync_to_thread=False)
def choose_language(visit: NamedDependency[Visit]) -> Redirect:
    """Keep in which language somebody wants to read, and go on where they were."""
    if not visit.from_our_pages:
        raise Refused("This was sent from another site's page. Choose the language on ours.")
    chosen, to = visit.field("language"), visit.field("to")
    if not re.fullmatch(r"[a-z]{2,3}", chosen) or not _PAGES.fullmatch(to):
        raise Invalid("The address or form has a value that cannot be read. Go back, correct it, and try again.")
    secure = visit.house.base_url.startswith("https:")
    keep = Cookie(key=LANGUAGE, value=chosen, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=secure)
    return visit.go(to, [keep])


ROUTES = [colours, logo, choose_language]
