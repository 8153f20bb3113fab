"""Stop writing to many customers: those that were ticked, or all that the list shows; asked once."""

from litestar import Response, post
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import stopping
from regulars.engage.preferences import MARKETING
from regulars.understand import finding
from regulars.understand.finding import LOOKED_AT, Chosen, Wanted, about_of
from regulars.web.console import undoing
from regulars.web.console.asking_once import ask, sure
from regulars.web.console.customer_file import chosen_at, said_of
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import nothing
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.wording import permission
from regulars.words.errors import Invalid

_KEPT = ("all", *Wanted.__struct_fields__)


@post("/customers/stop", sync_to_thread=True, opt=needs(Right.SEND) | notes("writing.stopped"))
def stop_writing(desk: AtDesk) -> Response[str] | Redirect:
    """Ask once about what, and why; then withdraw consent for all who were chosen."""
    chosen = chosen_at(desk)
    count = _count(desk, chosen)
    if not count:
        return nothing(desk, "/customers")
    if count > LOOKED_AT:
        raise Invalid("These are more than {most} customers. Narrow the list, and do it in parts.", most=LOOKED_AT)
    if not sure(desk):
        return _ask(desk, count, {})
    try:
        about = about_of(desk.form.get("about", "/"))
        stopping.check(about, desk.form.get("words", ""))
    except Invalid as error:
        return _ask(desk, count, {error.field if error.field == "words" else "about": say(error, desk.locale)})
    pieces = stopping.stop_writing(
        desk.house.database, desk.workspace.name, chosen, about, desk.form["words"], "by the team", desk.now
    )
    stopped = 0
    try:
        for piece in pieces:
            stopped += piece
    finally:  # whole pieces are done, whatever became of the next
        with desk.noted(after={"stopped": stopped, "about": "/".join(about), **said_of(chosen)}) as tx:
            done = undoing.did(desk, tx, "writing.stopped", [""] * stopped)
    desk.house.waker.poke(desk.workspace.name)
    return undoing.land(desk, "/customers", done)


def _count(desk: Desk, chosen: Chosen) -> int:
    if chosen.wanted is None:
        return len(chosen.ids)
    with desk.tx() as tx:
        return finding.count(tx, chosen.wanted, desk.now)


def _ask(desk: Desk, count: int, errors: dict[str, str]) -> Response[str]:
    texts = translator(desk.locale)
    with desk.tx() as tx:
        abouts = sorted({MARKETING, *finding.abouts(tx)})
    question = texts.ngettext(
        "Withdraw the consent of %(n)s customer? This cannot be taken back: only they can allow it again.",
        "Withdraw the consent of %(n)s customers? This cannot be taken back: only they can allow it again.",
        count,
    ) % {"n": count}
    return ask(
        desk,
        title=texts.gettext("Stop writing to them"),
        question=question,
        text=texts.gettext("Stop writing"),
        back="/customers",
        status=400 if desk.form.get("sure") else 200,
        keep=_KEPT,
        abouts=[(f"{purpose}/{channel}", permission(purpose, channel, texts.gettext)) for purpose, channel in abouts],
        errors=errors,
    )


ROUTES = [stop_writing]
