"""One's own password: set, changed, removed. Whoever changes it ends their other sessions."""

from typing import Any

from litestar import Response, post
from litestar.response import Redirect

from regulars.access import passwords
from regulars.access.sessions import close_others
from regulars.web.console.own import AtHome, Own, Section
from regulars.web.console.post import tell_later
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Busy, Invalid


@post("/password", sync_to_thread=True, opt=notes("password.set"))
def set_password(own: AtHome) -> Response[str] | Redirect:
    """Give somebody the password that they chose."""
    person = own.person
    try:
        with own.house.database.shared() as tx:
            chosen = own.form.get("password", "")
            passwords.set_password(tx, person.id, chosen, own.now, about=(person.email, person.name))
            close_others(tx, person.id, own.cookie)
    except (Invalid, Busy) as error:
        return own.page(status=400, errors={"password": say(error, own.locale)})
    tell_changed(own, translator(own.locale).gettext("Your password was changed"))
    return own.go("#password-section")


@post("/password/remove", sync_to_thread=True, opt=notes("password.removed"))
def remove_password(own: AtHome) -> Redirect:
    """Let somebody have no password."""
    with own.house.database.shared() as tx:
        had = passwords.remove_password(tx, own.person.id)
        close_others(tx, own.person.id, own.cookie)
    if had:
        tell_changed(own, translator(own.locale).gettext("Your password was removed"))
    return own.go("#password-section")


def tell_changed(own: Own, subject: str) -> None:
    """Tell somebody by mail that how they log in was changed: if it was not them, they must know."""
    gettext = translator(own.locale).gettext
    text = gettext("If that was you, all is well. If not, look at your account and end every session: %(url)s")
    tell_later(own.house, own.person.email, subject, text % {"url": f"{own.house.base_url}{own.home}"})


def _shows(own: Own) -> dict[str, Any]:
    with own.house.database.shared() as tx:
        since = passwords.password_set_at(tx, own.person.id)
    return {"password_set_at": since, "password_shortest": passwords.SHORTEST}


SECTION = Section("account_password.html", _shows)
HANDLERS = [set_password, remove_password]
