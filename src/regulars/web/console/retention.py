"""How long events are kept, kind by kind: looked at, changed, and asked once before anything is let go of."""

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.measure.called import kind_called
from regulars.remember import retention
from regulars.remember.folding import holds
from regulars.understand import keeping
from regulars.web.console.asking_once import ask, sure
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import FEW, Way, part
from regulars.web.i18n import number_at, say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid

_FIELD = "days:"
_EVER = "ever"
_OFFERED = (30, 90, 180, 365, 730, 1095, 1825)
_YEAR = 365


@get("/retention", sync_to_thread=True, opt=needs(Right.MANAGE))
def show_retention(
    desk: AtDesk, q: FromQuery[str] = "", after: FromQuery[str] = "", saved: FromQuery[str] = ""
) -> Response[str]:
    """Show each kind of event: how many there are, since when, and how long they are kept."""
    return _page(desk, q.strip(), after, saved=bool(saved))


@post("/retention", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("retention.changed"))
def change_retention(desk: AtDesk) -> Response[str] | Redirect:
    """Keep events as long as was chosen; where some would be let go of now, ask once."""
    chosen = {key.removeprefix(_FIELD): value for key, value in desk.form.items() if key.startswith(_FIELD)}
    try:
        with desk.tx() as tx:
            before = retention.terms(tx)
            wanted = {kind: _days(value) for kind, value in chosen.items()}
            changed = {kind: days for kind, days in wanted.items() if days != before.get(kind)}
            keeping.check(tx, changed)
            going = {kind: count for kind, count in retention.would_go(tx, changed, desk.now).items() if count}
    except Invalid as error:
        return _page(desk, problem=say(error, desk.locale))
    if going and not sure(desk):
        return _ask(desk, going, {kind: days for kind, days in changed.items() if days is not None}, list(changed))
    with desk.noted() as tx:
        after = keeping.keep(tx, changed)
        desk.slip.tell(before={"days": before}, after={"days": after})
    return desk.go("/retention?saved=yes")


def _days(value: str) -> int | None:
    days = None if value == _EVER else number_in(value)
    if days is None and value != _EVER:
        raise Invalid("Choose how long events are kept.")
    return days


def _ask(desk: Desk, going: dict[str, int], days: dict[str, int], changed: list[str]) -> Response[str]:
    texts = translator(desk.locale)
    line = texts.gettext("%(kind)s: %(number)s older than %(term)s")
    return ask(
        desk,
        title=texts.gettext("Let go of events"),
        question=texts.gettext(
            "What these events say goes within hours, and nobody can take that back. What was learned from them, and "
            "how many there were, stays."
        ),
        text=texts.gettext("Let go of them"),
        back="/retention",
        names=[
            line
            % {
                "kind": kind_called(kind, texts.gettext),
                "number": number_at(count, desk.locale),
                "term": _term(desk, days[kind]),
            }
            for kind, count in going.items()
        ],
        keep=[f"{_FIELD}{kind}" for kind in changed],
    )


def _term(desk: Desk, days: int) -> str:
    texts, years = translator(desk.locale), days // _YEAR
    if days % _YEAR == 0:
        return texts.ngettext("%(n)s year", "%(n)s years", years) % {"n": number_at(years, desk.locale)}
    return texts.ngettext("%(n)s day", "%(n)s days", days) % {"n": number_at(days, desk.locale)}


def _page(
    desk: Desk, q: str = "", after: str = "", problem: str = "", *, saved: bool = False
) -> Response[str]:  # fmt: skip
    way = Way(f"{desk.home}/retention", {"q": q})
    with desk.tx() as tx:
        whole = retention.kept(tx, desk.now)
    gettext = translator(desk.locale).gettext
    called = {one.kind: kind_called(one.kind, gettext) for one in whole}
    found = sorted(
        (one for one in whole if holds(q, one.kind, called[one.kind])),
        key=lambda one: (not retention.may_go(one.kind), one.kind),
    )
    ever = gettext("for ever")
    shown = part(way, found, after, lambda one: one.kind)
    days = sorted({*_OFFERED, *(one.days for one in shown.items if one.days)})
    return desk.page(
        "retention.html",
        status=400 if problem else 200,
        problem=problem,
        saved=saved,
        part=shown,
        called=called,
        why={one.kind: say(why, desk.locale) for one in shown.items if (why := retention.why_kept(one.kind))},
        terms=[(_EVER, ever), *((str(one), _term(desk, one)) for one in days)],
        offered={_EVER, *map(str, _OFFERED)},
        field=_FIELD,
        q=q,
        any=bool(whole),
        searched=bool(q) or len(whole) > FEW,
        way=way,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
    )


ROUTES = [show_retention, change_retention]
