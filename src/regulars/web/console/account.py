"""Your account: what you are called, and where you are logged in. A section of the page is a template and its facts."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.sessions import close_others, close_own, list_sessions, rename_person
from regulars.web.console import passkeys, password
from regulars.web.console.device import device
from regulars.web.console.listing import Way, part
from regulars.web.console.own import HOME, AtHome, Own, Section, own_guard, own_seat
from regulars.web.i18n import say
from regulars.web.noting import notes
from regulars.words.errors import Invalid


@get("/", sync_to_thread=True)
def account(own: AtHome, after: FromQuery[str] = "") -> Response[str]:
    """Show somebody their account; `after` is a place in the list of their sessions."""
    return own.page(**_sessions(own, after))


@post("/name", sync_to_thread=True, opt=notes("account.renamed"))
def rename(own: AtHome) -> Response[str] | Redirect:
    """Call somebody as they wish."""
    try:
        with own.house.database.shared() as tx:
            rename_person(tx, own.person.id, own.form.get("name", ""))
    except Invalid as error:
        return own.page(status=400, form=own.form, errors={"name": say(error, own.locale)})
    return own.go()


@post("/sessions/{session:int}/end", sync_to_thread=True, opt=notes("session.ended"))
def end_one(own: AtHome, session: FromPath[int]) -> Redirect:
    """End one of the sessions."""
    with own.house.database.shared() as tx:
        close_own(tx, own.person.id, session)
    return own.go("#sessions")


@post("/sessions/end-others", sync_to_thread=True, opt=notes("sessions.ended"))
def end_others(own: AtHome) -> Redirect:
    """End every session but this one."""
    with own.house.database.shared() as tx:
        close_others(tx, own.person.id, own.cookie)
    return own.go("#sessions")


def _name(own: Own) -> dict[str, Any]:
    return {"form": {"name": own.person.name}}


def _sessions(own: Own, after: str = "") -> dict[str, Any]:
    with own.house.database.shared() as tx:
        whole = list_sessions(tx, own.person.id, own.cookie, own.now)
    shown = part(Way(HOME, {}), [(one, device(one.agent)) for one in whole], after, lambda one: str(one[0].id))
    return {"sessions": shown, "others": len(whole) > 1}


_SECTIONS = (
    Section("account_name.html", _name),
    passkeys.SECTION,
    password.SECTION,
    Section("account_sessions.html", _sessions),
)


def _seat(request: Request[Any, Any, Any]) -> Own:
    return own_seat(request, _SECTIONS)


HANDLERS = [account, rename, end_one, end_others, *passkeys.HANDLERS, *password.HANDLERS]

ACCOUNT = Router(
    path=HOME, route_handlers=HANDLERS, guards=[own_guard], dependencies={"own": Provide(_seat, sync_to_thread=False)}
)
