"""Figures: the last seven days of a kind of event against what is usual, as a chart that has its table."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.measure import figures, standing
from regulars.measure.called import kind_called
from regulars.measure.figures import Point, Week
from regulars.measure.saying import say
from regulars.store.database import Tx
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.voices import voice_of

SHOWN = 6
_HEIGHT = 48
_TOP = 4
_ROOM = _HEIGHT - _TOP
_STEP = 4
_ROUND = 1


class Day(msgspec.Struct, frozen=True):
    """A day of a figure, by the workspace's clock."""

    day: datetime
    seen: int
    usual: float | None
    hours: list[Point]


class Chart(msgspec.Struct, frozen=True):
    """A figure as it is drawn: two paths in a box of hours by height, and the days that its table has."""

    kind: str
    title: str
    last: datetime | None
    watched: bool
    seen: int
    usual: float | None
    """How many are usual in the same days; None where there is no history."""
    most: float
    """What the highest bar, or the line where it is highest, stands for."""
    bars: str
    line: str
    width: int
    height: int
    top: int
    """Where in the box `most` is."""
    days: list[Day]


def charts(tx: Tx, desk: Desk, kinds: Sequence[str]) -> list[Chart]:
    """Return some figures as they are drawn."""
    return [drawn(figures.last_week(tx, kind, desk.now, ZoneInfo(desk.workspace.zone)), desk) for kind in kinds]


def drawn(week: Week, desk: Desk) -> Chart:
    """Return a figure as it is drawn."""
    zone = ZoneInfo(desk.workspace.zone)
    most = max((max(one.seen, one.usual or 0) for one in week.points), default=0) or 1
    known = [one.usual for one in week.points if one.usual is not None]
    days = [_day(list(hours)) for _, hours in groupby(week.points, key=lambda one: one.hour.astimezone(zone).date())]
    return Chart(
        week.kind,
        kind_called(week.kind, translator(desk.locale).gettext),
        week.last,
        week.watched,
        sum(one.seen for one in week.points),
        sum(known) if len(known) == len(week.points) else None,
        most,
        _bars(week.points, most),
        _line(week.points, most),
        len(week.points) * _STEP,
        _HEIGHT,
        _TOP,
        days,
    )


def _day(hours: list[Point]) -> Day:
    known = [one.usual for one in hours if one.usual is not None]
    return Day(hours[0].hour, sum(one.seen for one in hours), sum(known) if len(known) == len(hours) else None, hours)


def _bars(points: Sequence[Point], most: float) -> str:
    """Return a path of a bar for each hour that had any."""
    return "".join(
        f"M{place * _STEP} {_HEIGHT}v{-_ROOM * one.seen / most:.1f}h{_STEP - _ROUND}V{_HEIGHT}z"
        for place, one in enumerate(points)
        if one.seen
    )


def _line(points: Sequence[Point], most: float) -> str:
    """Return a path of what is usual, in steps of an hour; nothing where it is not known."""
    path, drawing = "", False
    for place, one in enumerate(points):
        if one.usual is None:
            drawing = False
            continue
        height = f"{_HEIGHT - _ROOM * one.usual / most:.1f}"
        path += f"{'V' if drawing else f'M{place * _STEP} '}{height}h{_STEP}"
        drawing = True
    return path


@get("/health/figure", sync_to_thread=True)
def figure(desk: AtDesk, kind: FromQuery[str]) -> Response[str]:
    """Show one figure, hour by hour."""
    voice = voice_of(desk.locale, desk.workspace.zone)
    with desk.tx() as tx:
        (chart,) = charts(tx, desk, [kind])
        found = [one for one in standing.figure_findings(tx) if one.about == kind]
    return desk.page(
        "figure.html",
        chart=chart,
        said=[say(one, voice, desk.now) for one in found],
        hours={one.hour: voice.clock(one.hour, one.hour) for day in chart.days for one in day.hours},
        voice=voice,
    )


@post("/health/figure/watch", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("figure.watched", "kind"))
def watch(desk: AtDesk) -> Redirect:
    """Hear of a figure from now on."""
    return _set(desk, watched=True)


@post("/health/figure/leave", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("figure.left", "kind"))
def leave(desk: AtDesk) -> Redirect:
    """Hear of a figure no more."""
    return _set(desk, watched=False)


def _set(desk: Desk, *, watched: bool) -> Redirect:
    kind = desk.form.get("kind", "")
    with desk.noted() as tx:
        figures.set_watched(tx, kind, watched=watched)
        desk.slip.tell(kind)
    return desk.go("/health")


ROUTES = [figure, watch, leave]
