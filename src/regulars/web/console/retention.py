"""How long events are kept, kind by kind: looked at, changed, and asked once before anything is let go of."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.measure.called import kind_called
from regulars.remember import retention
from regulars.remember.folding import holds
from regulars.understand import keeping
from regulars.web import drafts_records
from regulars.web.console import meeting
from regulars.web.console.asking_once import ask, sure
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import FEW, Way, part
from regulars.web.i18n import number_at, say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, Overtaken

_FIELD, _WAS = "days:", "was:"
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
    try:
        with desk.tx() as tx:
            changed = _changed(desk, retention.terms(tx))
            keeping.check(tx, changed)
            going = {kind: count for kind, count in retention.would_go(tx, changed, desk.now).items() if count}
        if going and not sure(desk):
            days = {kind: days for kind, days in changed.items() if days is not None}
            return _ask(desk, going, days, [head + kind for head in (_FIELD, _WAS) for kind in changed])
        with desk.noted() as tx:
            drafts_records.hold_thing(tx, "retention")
            before = retention.terms(tx)
            after = keeping.keep(tx, _changed(desk, before))
            desk.slip.tell(before={"days": before}, after={"days": after})
    except Overtaken:
        return _overtaken(desk)
    except Invalid as error:
        return _page(desk, problem=say(error, desk.locale))
    return desk.go("/retention?saved=yes")


def _changed(desk: Desk, now: Mapping[str, int]) -> dict[str, int | None]:
    """Return what is to be kept for how many days from now on; what nobody touched stays as it is.

    Raise Overtaken where somebody else chose otherwise since the page was made, Invalid for what is no term.
    """
    wanted = {kind: _days(value) for kind, value in _sent(desk, _FIELD).items()}
    was = {kind: _days(value) for kind, value in _sent(desk, _WAS).items()}
    changed = {kind: days for kind, days in wanted.items() if days != was.get(kind, now.get(kind))}
    changed = {kind: days for kind, days in changed.items() if days != now.get(kind)}
    if any(now.get(kind) != was.get(kind, now.get(kind)) for kind in changed):
        raise Overtaken("Somebody else saved this just now. Look at it, then save again.")
    return changed


def _sent(desk: Desk, head: str) -> dict[str, str]:
    return {key.removeprefix(head): value for key, value in desk.form.items() if key.startswith(head)}


def _overtaken(desk: Desk) -> Response[str]:
    """Show what was chosen, and beside it what somebody else chose meanwhile."""
    gettext = translator(desk.locale).gettext
    wanted = {kind: _days(value) for kind, value in _sent(desk, _FIELD).items()}
    was = {kind: _days(value) for kind, value in _sent(desk, _WAS).items()}
    with desk.tx() as tx:
        now = retention.terms(tx)
        met = [kind for kind, days in wanted.items() if days != was.get(kind) and now.get(kind) != was.get(kind)]
        parts = [
            meeting.Part(kind_called(kind, gettext), _term(desk, wanted[kind]), _term(desk, now.get(kind)))
            for kind in met
        ]
        beside = meeting.beside(desk, tx, "retention.changed", parts)
    return _page(desk, beside=beside)


def _days(value: str) -> int | None:
    days = None if value == _EVER else number_in(value)
    if days is None and value != _EVER:
        raise Invalid("Choose how long events are kept.")
    return days


def _ask(desk: Desk, going: dict[str, int], days: dict[str, int], keep: list[str]) -> Response[str]:
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
        keep=keep,
    )


def _term(desk: Desk, days: int | None) -> str:
    texts = translator(desk.locale)
    if days is None:
        return texts.gettext("for ever")
    years = days // _YEAR
    if days % _YEAR == 0:
        return texts.ngettext("%(n)s year", "%(n)s years", years) % {"n": number_at(years, desk.locale)}
    return texts.ngettext("%(n)s day", "%(n)s days", days) % {"n": number_at(days, desk.locale)}


def _page(
    desk: Desk, q: str = "", after: str = "", problem: str = "", *, saved: bool = False,
    beside: meeting.Beside | None = None,
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
    shown = part(way, found, after, lambda one: one.kind)
    days = sorted({*_OFFERED, *(one.days for one in shown.items if one.days)})
    return desk.page(
        "retention.html",
        status=400 if problem else 409 if beside else 200,
        problem=problem,
        beside=beside,
        chosen=_sent(desk, _FIELD),
        saved=saved,
        part=shown,
        called=called,
        why={one.kind: say(why, desk.locale) for one in shown.items if (why := retention.why_kept(one.kind))},
        terms=[(_EVER, _term(desk, None)), *((str(one), _term(desk, one)) for one in days)],
        offered={_EVER, *map(str, _OFFERED)},
        field=_FIELD,
        was=_WAS,
        q=q,
        any=bool(whole),
        searched=bool(q) or len(whole) > FEW,
        way=way,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
    )


ROUTES = [show_retention, change_retention]
