"""How a segment grows: a chart of its size day by day, its table in words, and as a file."""

from collections.abc import Sequence

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.growth import LONGEST, GrowthDay, growth
from regulars.web.console.desk import AtDesk
from regulars.web.console.ledger import rows
from regulars.web.i18n import translator

DAYS = 90
_CHOICES = (30, DAYS, 365)
_MOST = 100
_HEIGHT = 48
_STEP = 4


class GrowthChart(msgspec.Struct, frozen=True):
    """A segment's size as it is drawn: an area, and a line where its rule became another or everybody was asked."""

    days: list[GrowthDay]
    area: str
    marks: str
    width: int
    height: int
    joined: int
    left: int
    most: int
    moved: list[GrowthDay]
    """The days on which something changed, the last first."""


def drawn(found: Sequence[GrowthDay]) -> GrowthChart:
    """Return the days of a segment as they are drawn."""
    most = max((one.size for one in found), default=0)
    area = "".join(f"V{_HEIGHT - (_HEIGHT - 4) * one.size / (most or 1):.1f}h{_STEP}" for one in found)
    marks = "".join(f"M{n * _STEP} 0V{_HEIGHT}" for n, one in enumerate(found) if _marked(one, first=n == 0))
    width = max(len(found), 1) * _STEP
    return GrowthChart(
        list(found),
        f"M0 {_HEIGHT}{area}V{_HEIGHT}z",
        marks,
        width,
        _HEIGHT,
        sum(one.joined for one in found),
        sum(one.left for one in found),
        most,
        [one for one in reversed(found) if one.joined or one.left or one.anew or one.version],
    )


def _marked(one: GrowthDay, *, first: bool) -> bool:
    return not first and (one.version is not None or one.anew != 0)


def chart(desk: AtDesk, tx: Tx, name: str, days: int = DAYS) -> GrowthChart:
    """Return how a segment grew in the last days, as it is drawn."""
    return drawn(growth(tx, name, desk.now, days))


@get("/segments/{name:str}/growth", sync_to_thread=True)
def segment_growth(desk: AtDesk, name: FromPath[str], days: FromQuery[str] = "") -> Response[str]:
    """Show how a segment grew, day by day."""
    wanted = int(days) if days in map(str, _CHOICES) else DAYS if not days else LONGEST
    with desk.tx() as tx:
        segment, shown = segments.get_segment(tx, name), chart(desk, tx, name, wanted)
    gettext, ngettext = translator(desk.locale).gettext, translator(desk.locale).ngettext
    tabs = [(str(n), ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in _CHOICES]
    return desk.page(
        "segment_growth.html",
        segment=segment,
        chart=shown,
        moved=shown.moved[:_MOST],
        tabs=[*tabs, ("all", gettext("Since it was made"))],
        chosen=days if days in (*map(str, _CHOICES), "all") else str(DAYS),
    )


@get("/segments/{name:str}/growth/file", sync_to_thread=True)
def growth_file(desk: AtDesk, name: FromPath[str]) -> Response[bytes]:
    """Give all the days of a segment as CSV."""
    with desk.tx() as tx:
        found = growth(tx, name, desk.now)
    fields = GrowthDay.__struct_fields__
    lines = [fields, *([getattr(one, field) for field in fields] for one in found)]
    return Response(
        rows(lines),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="growth-{name}-{desk.now:%Y-%m-%d}.csv"'},
    )


ROUTES = [segment_growth, growth_file]
