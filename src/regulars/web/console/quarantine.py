"""The quarantine: events that a follower could not take, to be run again or given up, one or many at once."""

from functools import partial
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.loop import followers
from regulars.measure.called import follower_called
from regulars.remember.folding import fold, patterns
from regulars.store import records
from regulars.web import cursors
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Conflict

_PAGE = 50
_AT_ONCE = 500
_PICK = "pick:"


@get("/health/quarantine", sync_to_thread=True)
def quarantine(
    desk: AtDesk, q: FromQuery[str] = "", follower: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """List what could not be taken: all, or what one follower could not, or whose error has some words."""
    return _page(desk, _Shown(q.strip(), follower, after))


class _Shown(NamedTuple):
    """What of the quarantine is shown, from a place in the list."""

    q: str = ""
    follower: str = ""
    after: str = ""

    @property
    def some(self) -> dict[str, Any]:
        """The same for the statements that find it."""
        return {"follower": self.follower or None, "patterns": patterns(fold(self.q))}


_ALL = _Shown()


def _page(desk: Desk, shows: _Shown = _ALL, *, said: str = "", problem: str = "") -> Response[str]:
    place, q, follower = cursors.read(shows.after, tuple[str, int]), shows.q, shows.follower
    way = Way(f"{desk.home}/health/quarantine", {"q": q, "follower": follower})
    called = partial(follower_called, gettext=translator(desk.locale).gettext)
    with desk.tx() as tx:
        total = records.count_quarantine(tx, **shows.some)
        found = records.quarantine_page(tx, **shows.some, limit=_PAGE + 1, after=place)
    return desk.page(
        "quarantine.html",
        status=409 if problem else 200,
        events=found[:_PAGE],
        total=total,
        q=q,
        follower=follower,
        chips=([way.chip(desk.quoted(q), "q")] if q else [])
        + ([way.chip(called(follower), "follower")] if follower else []),
        called=called,
        way=way,
        first=way.but(),
        earlier=way.but() if place else "",
        later=way.but(after=cursors.made(found[_PAGE - 1].follower, found[_PAGE - 1].seq))
        if len(found) > _PAGE
        else "",
        most=_AT_ONCE,
        said=said,
        problem=problem,
    )


@post(
    "/health/{follower:str}/again/{seq:int}",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("event.taken.again", "follower", by="follower"),
)
def again(desk: AtDesk, follower: FromPath[str], seq: FromPath[int]) -> Response[str] | Redirect:
    """Take a quarantined event once more; where it fails again, it stays and the page says so."""
    try:
        with desk.noted(after={"event": seq}) as tx:
            followers.again(tx, follower, seq, desk.now)
    except Conflict as error:
        return _page(desk, problem=say(error, desk.locale))
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health/quarantine")


@post("/health/quarantine/again", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("event.taken.again", "follower"))
def many_again(desk: AtDesk) -> Response[str]:
    """Take the chosen events once more, or all of them; say how many failed again."""
    events = _chosen(desk)
    house = desk.house
    taken, failed = followers.all_again(house.database, desk.workspace.name, events, desk.now)
    if taken:
        with desk.noted(name=_named(events), after={"events": taken}):
            house.waker.poke(desk.workspace.name)
    texts = translator(desk.locale)
    said = texts.ngettext("%(n)s event was taken.", "%(n)s events were taken.", taken) % {"n": taken}
    problem = texts.ngettext(
        "%(n)s event failed again and stays here. Mend the cause first.",
        "%(n)s events failed again and stay here. Mend the cause first.",
        failed,
    ) % {"n": failed}
    return _page(desk, said=said if taken or not failed else "", problem=problem if failed else "")


@post("/health/quarantine/aside", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("event.set.aside", "follower"))
def many_aside(desk: AtDesk) -> Response[str] | Redirect:
    """Give the chosen events up for good, or all of them."""
    events = _chosen(desk)
    if events:
        with desk.noted(name=_named(events), after={"events": len(events)}) as tx:
            followers.set_aside(tx, events)
    return desk.go("/health/quarantine")


def _chosen(desk: Desk) -> list[tuple[str, int]]:
    """Return what was ticked, or with `all` whatever there is, up to some."""
    if desk.form.get("all"):
        with desk.tx() as tx:
            shown = _Shown(desk.form.get("q", ""), desk.form.get("follower", ""))
            found = records.quarantine_page(tx, **shown.some, limit=_AT_ONCE)
        return [(one.follower, one.seq) for one in found]
    picked = [name.removeprefix(_PICK).rpartition(":") for name in desk.form if name.startswith(_PICK)]
    return [(follower, number) for follower, _, seq in picked if follower and (number := number_in(seq)) is not None]


def _named(events: list[tuple[str, int]]) -> str:
    return ", ".join(sorted({follower for follower, _ in events}))


ROUTES = [quarantine, again, many_again, many_aside]
