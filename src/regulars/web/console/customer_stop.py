"""Stop writing to many customers: those that were ticked, or all that the list shows; asked once, and then followed."""

from uuid import uuid4

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.audit import Who
from regulars.access.rights import Right
from regulars.engage import stopping
from regulars.engage.preferences import MARKETING
from regulars.understand import finding
from regulars.understand.finding import LOOKED_AT, Chosen, Wanted, about_of
from regulars.web.console import undoing
from regulars.web.console.asking_once import ask, sure
from regulars.web.console.customer_file import chosen_at
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import nothing
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.wording import permission
from regulars.words.errors import Invalid

_KEPT = ("all", *Wanted.__struct_fields__)


@post("/customers/stop", sync_to_thread=True, opt=needs(Right.SEND) | notes("writing.stop.asked", "stop"))
def stop_writing(desk: AtDesk) -> Response[str] | Redirect:
    """Ask once about what, and why; then withdraw consent for all who were chosen: the first thousand at once."""
    chosen = chosen_at(desk)
    count = _count(desk, chosen)
    if not count:
        return nothing(desk, "/customers")
    if not sure(desk):
        return _ask(desk, chosen, count, {})
    try:
        about = about_of(desk.form.get("about", "/"))
        stopping.check(about, desk.form.get("words", ""))
    except Invalid as error:
        return _ask(desk, chosen, count, {error.field if error.field == "words" else "about": say(error, desk.locale)})
    database, name, who = desk.house.database, desk.workspace.name, Who("person", desk.person.email, desk.person.id)
    with desk.noted(after={"about": "/".join(about), **chosen.noted}) as tx:
        number = stopping.ask(tx, name, who, chosen, about, desk.form["words"], "by the team", desk.now)
        desk.slip.tell(number)
    stopping.begin(database, name, number, uuid4().hex, desk.house.audit, desk.now)
    desk.house.waker.poke(name)
    with desk.tx() as tx:
        row = stopping.get(tx, name, number)
        if row.state != "done":
            return desk.go(f"/customers/stops/{number}")
        done = undoing.did(desk, tx, "writing.stopped", [], count=row.stopped)
    return undoing.land(desk, "/customers", done)


@get("/customers/stops/{number:int}", sync_to_thread=True, opt=needs(Right.SEND))
def stop_far(desk: AtDesk, number: FromPath[int]) -> Response[str]:
    """Show how far stopping to write to many is, and what it did."""
    with desk.tx() as tx:
        row = stopping.get(tx, desk.workspace.name, number)
    what = permission(row.purpose, row.channel, translator(desk.locale).gettext)
    return desk.page("stop.html", stop=row, what=what, busy=row.state in {"waiting", "running"})


def _count(desk: Desk, chosen: Chosen) -> int:
    """Return how many are chosen; one more than a list counts where they are more than that."""
    if chosen.wanted is None:
        return len(chosen.ids)
    with desk.tx() as tx:
        return finding.count(tx, chosen.wanted, desk.now)


def _ask(desk: Desk, chosen: Chosen, count: int, errors: dict[str, str]) -> Response[str]:
    texts = translator(desk.locale)
    with desk.tx() as tx:
        abouts = sorted({MARKETING, *finding.abouts(tx)})
    what = texts.ngettext(
        "Withdraw the consent of %(n)s customer? This cannot be taken back: only they can allow it again.",
        "Withdraw the consent of %(n)s customers? This cannot be taken back: only they can allow it again.",
        count,
    )
    if chosen.wanted is not None and chosen.wanted.said and count > LOOKED_AT:  # as far as a list counts
        count, what = (
            LOOKED_AT,
            texts.gettext(
                "Withdraw the consent of more than %(n)s customers? "
                "This cannot be taken back: only they can allow it again."
            ),
        )
    question = what % {"n": count}
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


ROUTES = [stop_writing, stop_far]
