"""Who comes back: cohorts as a heat table and a curve, each number with the people behind it, and as a file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from babel.dates import format_date, format_skeleton
from litestar import Response, get
from litestar.params import FromQuery

from regulars.store import records as store
from regulars.store.database import Tx
from regulars.understand import cohorts
from regulars.understand.cohorts import ANYTHING, EVENT, ORDERS, Asked, Cohort, Cohorts, Stayed
from regulars.understand.segments import titles
from regulars.web import cursors
from regulars.web.console.desk import AtDesk, Desk
from regulars.web.console.ledger import rows
from regulars.web.console.listing import PAGE, Way
from regulars.web.console.veil import hidden_from, refuse, telling_segments
from regulars.web.i18n import babel_locale, say
from regulars.web.noting import notes
from regulars.words.errors import Invalid
from regulars.words.kinds import HOUSE

SHOWN = 12
"""How many months or weeks, and how many of those after each, a page shows."""
_TELLS = {ORDERS: "first_order", ANYTHING: "first_seen"}
"""The fact that says the same of a customer."""
_WIDTH, _HEIGHT = 100, 40


class Square(msgspec.Struct, frozen=True):
    """How many came back, which share that is, how dark it is drawn (1 to 5), and whether its time is not over."""

    after: int
    customers: int
    share: float
    heat: int
    under_way: bool


class Line(msgspec.Struct, frozen=True):
    """A cohort as it is drawn."""

    began: date
    called: str
    customers: int
    cells: list[Square]


class Said(msgspec.Struct, frozen=True):
    """The newest cohort of whom it is known how many came back in the next month or week: the caption."""

    customers: int
    first: str
    then: str
    share: float


def _asked(of: str, every: str, segment: str) -> Asked:
    return Asked(of or ORDERS, "week" if every == "week" else "month", segment)


def _way(desk: Desk, path: str, asked: Asked) -> Way:
    said = {"of": asked.of, "every": asked.every, "segment": asked.segment}
    usual = {"of": ORDERS, "every": "month", "segment": ""}
    return Way(f"{desk.home}{path}", {key: value for key, value in said.items() if value != usual[key]})


@get("/cohorts", sync_to_thread=True)
def who_comes_back(
    desk: AtDesk, of: FromQuery[str] = "", every: FromQuery[str] = "", segment: FromQuery[str] = ""
) -> Response[str]:
    """Show who came back, month by month or week by week."""
    asked, errors = _asked(of, every, segment), dict[str, str]()
    with desk.tx() as tx:
        offered = {
            "kinds": _kinds(tx, asked),
            "segments": sorted(titles(tx).items(), key=lambda one: one[1].casefold()),
        }
        try:
            found, about = cohorts.find(tx, asked, desk.now)
        except Invalid as error:
            found, about, errors = None, None, {error.field or "of": say(error, desk.locale)}
        telling = asked.segment in telling_segments(desk, tx) or _TELLS.get(asked.of) in hidden_from(desk, tx)
    return desk.page(
        "cohorts.html",
        status=400 if errors else 200,
        asked=asked,
        errors=errors,
        about=about,
        found=found,
        lines=_lines(found, asked, desk.locale) if found else [],
        said=_said(found, asked, desk.locale) if found else None,
        curve=_curve(cohorts.curve(found)) if found else None,
        telling=telling,
        people=_way(desk, "/cohorts/people", asked),
        file=_way(desk, "/cohorts/file", asked).but(),
        event=asked.of.removeprefix(EVENT) if asked.of.startswith(EVENT) else "",
        **offered,
    )


def _kinds(tx: Tx, asked: Asked) -> list[str]:
    chosen = asked.of.removeprefix(EVENT) if asked.of.startswith(EVENT) else ""
    return sorted(name for name in store.list_kinds(tx) if name not in HOUSE or name == chosen)


def _lines(found: Cohorts, asked: Asked, locale: str) -> list[Line]:
    shown = found.cohorts[:SHOWN]
    most = max((back / one.customers for one in shown for back in one.back[:SHOWN]), default=0)

    def square(one: Cohort, n: int, back: int) -> Square:
        share = back / one.customers
        return Square(n + 1, back, share, -int(-5 * share // most) if most else 0, n == len(one.back) - 1)

    return [
        Line(
            one.began,
            called(one.began, asked, locale, "yMMM"),
            one.customers,
            [square(one, n, back) for n, back in enumerate(one.back[:SHOWN])],
        )
        for one in shown
    ]


def called(began: date, asked: Asked, locale: str, month: str = "yMMMM") -> str:
    """Return what a month is called, or on which day a week began."""
    if asked.every == "month":
        return format_skeleton(month, began, locale=babel_locale(locale))
    return format_date(began, "medium", locale=babel_locale(locale))


def _said(found: Cohorts, asked: Asked, locale: str) -> Said | None:
    newest = next((one for one in found.cohorts if cohorts.settled(found, one)), None)
    if newest is None:
        return None
    then = cohorts.following(newest.began, asked.every, 1)
    first, next_one = (called(day, asked, locale) for day in (newest.began, then))
    return Said(newest.customers, first, next_one, newest.back[0] / newest.customers)


class Curve(msgspec.Struct, frozen=True):
    """Which share came back after how long, and the line through it; it is drawn from two points on."""

    points: list[tuple[Stayed, float]]
    line: str
    width: int = _WIDTH
    height: int = _HEIGHT


def _curve(points: Sequence[Stayed]) -> Curve | None:
    shown = [(one, one.back / one.customers) for one in points[:SHOWN]]
    most = max((share for _, share in shown), default=0)
    if not most:
        return None
    wide = _WIDTH / max(len(shown) - 1, 1)
    places = (f"{n * wide:.1f} {_HEIGHT * (1 - 0.9 * share / most):.1f}" for n, (_, share) in enumerate(shown))
    return Curve(shown, "M" + "L".join(places) if len(shown) > 1 else "")


@get("/cohorts/people", sync_to_thread=True, opt=notes("customers.listed"))
def people_of_a_cohort(
    desk: AtDesk,
    began: FromQuery[date],
    n: FromQuery[int] = 0,
    of: FromQuery[str] = "",
    every: FromQuery[str] = "",
    segment: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show who is in a cohort, or who of them came back `n` months or weeks later; `after` is a place in the list."""
    asked = _asked(of, every, segment)
    base = _way(desk, "/cohorts/people", asked)
    way = Way(base.path, {**base.said, "began": began.isoformat(), **({"n": str(n)} if n else {})})
    with desk.tx() as tx:
        refuse([_TELLS.get(asked.of, "")], hidden_from(desk, tx))
        refuse([asked.segment], telling_segments(desk, tx))
        place = (cursors.read(after, tuple[int]) or (0,))[0]
        shown, behind = cohorts.people(tx, asked, began, n, place, PAGE)
    return desk.page(
        "cohort_people.html",
        asked=asked,
        event=asked.of.removeprefix(EVENT) if asked.of.startswith(EVENT) else "",
        first=called(began, asked, desk.locale),
        then=called(cohorts.following(began, asked.every, n), asked, desk.locale),
        n=n,
        people=shown,
        rule=cohorts.rule_of(asked, began, n),
        up=_way(desk, "/cohorts", asked).but(),
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(behind)) if behind is not None else "",
    )


@get("/cohorts/file", sync_to_thread=True)
def cohorts_file(
    desk: AtDesk, of: FromQuery[str] = "", every: FromQuery[str] = "", segment: FromQuery[str] = ""
) -> Response[bytes]:
    """Give the cohorts as CSV: a line for each month or week of each cohort, with what share came back."""
    asked = _asked(of, every, segment)
    with desk.tx() as tx:
        found, about = cohorts.find(tx, asked, desk.now)
    lines: list[Sequence[Any]] = [("began", "customers", "after", "came_back", "share", "under_way", "reckoned_at")]
    for one in found.cohorts if found else ():
        for n, back in enumerate(one.back):
            under_way = "yes" if n == len(one.back) - 1 else "no"
            lines.append(
                (one.began, one.customers, n + 1, back, f"{back / one.customers:.4f}", under_way, about.made_at)
            )
    name = f"cohorts-{desk.workspace.name}-{desk.now:%Y-%m-%d}.csv"
    return Response(
        rows(lines),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = [who_comes_back, people_of_a_cohort, cohorts_file]
