"""Forms: one with what was answered; closed, opened again, and a change taken back."""

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import changing, forms, responses
from regulars.measure.answers import tally
from regulars.remember.customers import customer_of
from regulars.speak.library import labels
from regulars.web.codes import code_of, link_of
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import nothing
from regulars.web.console.veil import hidden_from, response_veiled
from regulars.web.i18n import translator
from regulars.web.noting import notes

NEWEST = 20


@get("/forms/{name:str}", sync_to_thread=True, opt=notes("form.seen", "form", by="name"))
def one_form(desk: AtDesk, name: FromPath[str], done: FromQuery[str] = "") -> Response[str]:
    """Show one form: its public link, the counts, and the newest answers."""
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        form = forms.get_form(tx, name)
        found = responses.list_responses(tx, name, limit=NEWEST)
        then = forms.forms_at(tx, form, {one.version for one in found})
        hidden = hidden_from(desk, tx)
        newest = [
            (
                one,
                response_veiled(name, responses.said(then.get(one.version, form), one, desk.locale, gettext), hidden),
                customer_of(tx, one.identity_id),
            )
            for one in found
        ]
        return desk.page(
            "form.html",
            form=form,
            done=done,
            asking=[one.title for one in labels(tx) if one.ask == name and not one.archived],
            link=link_of(desk.house, form.name),
            tallies=[one for one in tally(tx, form, desk.locale, gettext) if one.fact not in hidden],
            newest=newest,
            total=responses.count_responses(tx, name),
        )


@get("/forms/{name:str}/qr.svg", sync_to_thread=True)
def qr_svg(desk: AtDesk, name: FromPath[str]) -> Response[bytes]:
    """Draw a form's link as a QR code, to be printed in any size."""
    with desk.tx() as tx:
        return code_of(tx, desk.house, name, "svg")


@get("/forms/{name:str}/qr.png", sync_to_thread=True)
def qr_png(desk: AtDesk, name: FromPath[str]) -> Response[bytes]:
    """Draw a form's link as a QR code, for programs that take no SVG."""
    with desk.tx() as tx:
        return code_of(tx, desk.house, name, "png")


@post(
    "/forms/{name:str}/close",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("form.closed", "form", by="name"),
)
def close_form(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Let nobody answer any more; one press takes it back."""
    if _closed(desk, name):
        return nothing(desk, f"/forms/{name}")
    with desk.noted() as tx:
        desk.slip.tell(label=changing.close_form(tx, name, desk.now).title)
    return desk.go(f"/forms/{name}?done=closed")


@post(
    "/forms/{name:str}/reopen",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("form.reopened", "form", by="name"),
)
def reopen_form(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Let customers answer again; one press takes it back."""
    if not _closed(desk, name):
        return nothing(desk, f"/forms/{name}")
    with desk.noted() as tx:
        desk.slip.tell(label=changing.reopen_form(tx, name).title)
    return desk.go(f"/forms/{name}?done=opened")


@post(
    "/forms/{name:str}/undo/{version:int}",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("form.saved", "form", by="name"),
)
def undo(desk: AtDesk, name: FromPath[str], version: FromPath[int]) -> Redirect:
    """Ask again what was asked before a version, unless somebody has saved another one since."""
    with desk.noted() as tx:
        made = changing.restore_form(tx, name, version - 1, desk.now, replaces=version)
        desk.slip.tell(label=made.title, before={"version": version}, after={"version": made.version})
    return desk.go(f"/forms/{name}?done=undone")


def _closed(desk: Desk, name: str) -> bool:
    """Return whether a form is closed: what is so already is neither done nor noted again."""
    with desk.tx() as tx:
        return forms.get_form(tx, name).closed_at is not None


ROUTES = [one_form, qr_svg, qr_png, close_form, reopen_form, undo]
