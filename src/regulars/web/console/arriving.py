"""Coming in, whichever way somebody proved who they are: a session, and a device that is known from now on."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Redirect

from regulars.access.devices import read_device, remember_device
from regulars.access.passwords import Caller
from regulars.access.sessions import begin_session, close_session
from regulars.access.tallies import Count, Limit, spend
from regulars.store.database import Tx
from regulars.web.client_address import client_of, networks
from regulars.web.console.desk import SESSION
from regulars.web.console.own import agent_of, session_cookie
from regulars.web.origin import from_our_pages
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Refused

DEVICE = "regulars_device"
_LONGEST = 400 * 24 * 3600
"""Browsers keep no cookie longer (RFC 6265bis, 5.5)."""

AnyRequest = Request[Any, Any, Any]


def come_in(request: AnyRequest, person_id: int) -> Redirect:
    """Open a session for a person who has proven who they are, in place of whoever sat here before."""
    house: House = request.app.state.house
    with house.database.shared() as tx:
        cookie = begin(request, tx, person_id)
    return welcome(request, person_id, cookie)


def begin(request: AnyRequest, tx: Tx, person_id: int) -> str:
    """Open the session, in the transaction that used up what proved who they are; return its cookie."""
    return begin_session(tx, person_id, utc_now(), agent_of(request))


def welcome(request: AnyRequest, person_id: int, cookie: str) -> Redirect:
    """Lead somebody in whose session is open."""
    house: House = request.app.state.house
    close_session(house.database, request.cookies.get(SESSION, ""))
    device = Cookie(
        key=DEVICE,
        value=remember_device(house.database, request.cookies.get(DEVICE, ""), person_id),
        max_age=_LONGEST,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=house.base_url.startswith("https:"),
    )
    return Redirect("/console", status_code=303, cookies=[session_cookie(house, cookie), device])


def caller(request: AnyRequest) -> Caller:
    """Return who tries to come in, as far as that is known."""
    house: House = request.app.state.house
    return Caller(address_of(request), read_device(house.database, request.cookies.get(DEVICE, "")))


def address_of(request: AnyRequest) -> str:
    """Return from which address somebody asks, or nothing where it cannot be told."""
    house: House = request.app.state.house
    return client_of(request, networks(house.settings.trusted_proxies))


def count(request: AnyRequest, limit: Limit) -> None:
    """Count one more of these from whoever asks; raise Busy where it is too often."""
    house: House = request.app.state.house
    address = address_of(request)
    spend(house.database, [Count(limit, address)] if address else [], utc_now())


def only_from_our_pages(request: AnyRequest) -> None:
    """Raise Refused where somebody else's page would log its reader in."""
    if not from_our_pages(request.headers):
        raise Refused("Open the log-in in your own browser, and press the button there.")
