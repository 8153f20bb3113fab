"""The list of forms: all, or those that are open or closed; closing many, and opening them again."""

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import changing, forms
from regulars.engage.forms import Form
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web.console import undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way, nothing, part, picked
from regulars.web.i18n import translator
from regulars.web.noting import notes


@get("/forms", sync_to_thread=True)
def form_list(
    desk: AtDesk, q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show a part of the forms with how many have answered: of all, or of those of a title, open or closed."""
    q, gettext = q.strip(), translator(desk.locale).gettext
    words = {"open": gettext("open"), "closed": gettext("closed")}
    only = only if only in words else ""
    way = Way(f"{desk.home}/forms", {"q": q, "only": only})
    with desk.tx() as tx:
        whole, taking = forms.titles(tx), forms.open_forms(tx).keys()
        found = [
            name
            for name, title in whole.items()
            if holds(q, title, name) and only in {"", "open" if name in taking else "closed"}
        ]
        shown = part(way, found, after, str)
        listed = forms.list_forms(tx, shown.items)
    return desk.page(
        "forms.html",
        any=bool(whole),
        q=q,
        only=only,
        states=[("", gettext("open or closed")), *words.items()],
        chips=([way.chip(desk.quoted(q), "q")] if q else []) + ([way.chip(words[only], "only")] if only else []),
        part=shown,
        forms=listed,
    )


@post("/closed/forms", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("form.closed", "form"))
def close_forms(desk: AtDesk) -> Redirect:
    """Close the forms that were ticked."""
    return _each(desk, "forms.closed", lambda tx, name: changing.close_form(tx, name, desk.now), closed=False)


@post("/closed/forms/back", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("form.reopened", "form"))
def open_forms(desk: AtDesk) -> Redirect:
    """Open the forms again that were ticked."""
    return _each(desk, "forms.opened", changing.reopen_form, closed=True)


def _each(desk: Desk, kind: str, act: Callable[[Tx, str], Form], *, closed: bool) -> Redirect:
    """Close or open those of the ticked forms that are not so yet."""
    with desk.tx() as tx:
        found = [one for one in forms.list_forms(tx, picked(desk)) if bool(one.closed_at) == closed]
        if not found:
            return nothing(desk, "/forms")
        for one in found:
            act(tx, one.name)
        names, titles = [one.name for one in found], [one.title for one in found]
        desk.slip.tell(", ".join(names), label=titles[0] if len(titles) == 1 else None)
        done = undoing.did(desk, tx, kind, titles, kept=names)
        desk.slip.write(tx)
    return undoing.land(desk, "/forms", done)


ROUTES = [form_list, close_forms, open_forms]
