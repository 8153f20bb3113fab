"""Passkeys: logging in with one, adding and removing them in one's account. The other half is `static/passkeys.js`."""

from typing import Any

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access import passkeys
from regulars.access.passkeys import relying
from regulars.access.sessions import close_others
from regulars.access.tallies import TICKET_OF_ADDRESS
from regulars.web.console.arriving import come_in, count, only_from_our_pages
from regulars.web.console.device import device
from regulars.web.console.login_page import login_page
from regulars.web.console.own import AtHome, Own, Section
from regulars.web.console.password import tell_changed
from regulars.web.i18n import say, translator
from regulars.web.noting import notes, unnoted
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict, Invalid, Refused

AnyRequest = Request[Any, Any, Any]


def _told(begun: tuple[str, str]) -> Response[bytes]:
    """Tell the browser what to ask for, and the ticket that its answer is to bring back."""
    ticket, options = begun
    body = msgspec.json.encode({"ticket": ticket, "options": msgspec.Raw(options.encode())})
    return Response(body, media_type="application/json", status_code=200)


@post("/login/passkey/begin", sync_to_thread=True)
def begin_log_in(request: AnyRequest) -> Response[bytes]:
    """Draw a challenge for whichever passkey is here."""
    only_from_our_pages(request)
    count(request, TICKET_OF_ADDRESS)
    house: House = request.app.state.house
    return _told(passkeys.begin_log_in(house.database, relying(house.base_url), utc_now()))


@post("/login/passkey")
async def log_in(request: AnyRequest) -> Response[str] | Redirect:
    """Let in whose passkey signed the challenge."""
    form = await request.form()
    ticket, answer = (str(form.get(name, "")) for name in ("ticket", "answer"))
    return await run_sync(_log_in, request, ticket, answer)


def _log_in(request: AnyRequest, ticket: str, answer: str) -> Response[str] | Redirect:
    only_from_our_pages(request)
    house: House = request.app.state.house
    try:
        return come_in(request, passkeys.log_in(house.database, relying(house.base_url), ticket, answer, utc_now()))
    except (Invalid, Refused) as error:
        return login_page(request, error=error)


@post("/passkeys/begin", sync_to_thread=True, opt=unnoted("nothing is changed before the browser has answered"))
def begin_adding(own: AtHome) -> Response[bytes]:
    """Draw a challenge for a new passkey of somebody who is logged in."""
    house = own.house
    return _told(passkeys.begin_adding(house.database, own.person, relying(house.base_url), own.now))


@post("/passkeys", sync_to_thread=True, opt=notes("passkey.added"))
def add(own: AtHome) -> Response[str] | Redirect:
    """Keep the passkey that the browser made."""
    name = own.form.get("passkey", "")
    ticket, answer = own.form.get("ticket", ""), own.form.get("answer", "")
    try:
        passkeys.add(own.house.database, own.person, relying(own.house.base_url), ticket, answer, name, own.now)
    except (Invalid, Refused, Conflict) as error:
        shown = {"name": own.person.name, "passkey": name}
        return own.page(status=400, form=shown, errors={"passkey": say(error, own.locale)})
    tell_changed(own, translator(own.locale).gettext("A passkey was added to your account"))
    return own.go("#passkeys")


@post("/passkeys/{passkey:int}/remove", sync_to_thread=True, opt=notes("passkey.removed"))
def remove(own: AtHome, passkey: FromPath[int]) -> Redirect:
    """Forget one of the passkeys, and end the other sessions."""
    with own.house.database.shared() as tx:
        passkeys.remove(tx, own.person.id, passkey)
        close_others(tx, own.person.id, own.cookie)  # a phone that was lost is logged in, perhaps
    tell_changed(own, translator(own.locale).gettext("A passkey was removed from your account"))
    return own.go("#passkeys")


def _shows(own: Own) -> dict[str, Any]:
    with own.house.database.shared() as tx:
        kept = passkeys.list_passkeys(tx, own.person.id)
    possible = relying(own.house.base_url).possible
    return {"passkeys": kept, "passkeys_possible": possible, "passkey_name": _called(own)}


def _called(own: Own) -> str:
    """Return what a passkey of this device could be called."""
    here = device(own.agent)
    if here.browser and here.system:
        return translator(own.locale).gettext("%(browser)s on %(system)s") % here._asdict()
    return here.browser or here.system


SECTION = Section("account_passkeys.html", _shows)
HANDLERS = [begin_adding, add, remove]
LOG_IN = [begin_log_in, log_in]
