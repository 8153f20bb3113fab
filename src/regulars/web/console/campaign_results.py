"""What came of a campaign, as its page shows it: figures, days, links, orders, and what people answered."""

from datetime import timedelta
from typing import Any

import msgspec

from regulars.engage import forms
from regulars.measure.answers import tally
from regulars.measure.results import DAYS, ResultDay, results
from regulars.speak.campaigns import Campaign
from regulars.store.database import Tx
from regulars.web.console.desk import Desk
from regulars.web.console.veil import hidden_from
from regulars.web.i18n import translator

CHOICES = (1, DAYS, 30)
"""Within how many days after a message an order may count as having come of it."""
_DRAWN = 90
_HEIGHT = 48
_STEP = 4


class ResultChart(msgspec.Struct, frozen=True):
    """The first days of a campaign as they are drawn: an area of who opened, a line of who followed a link."""

    days: list[ResultDay]
    area: str
    line: str
    width: int
    height: int
    most: int


def came_of(desk: Desk, tx: Tx, campaign: Campaign, days: str) -> dict[str, Any]:
    """Return what the page of a campaign says came of it."""
    within = int(days) if days in map(str, CHOICES) else DAYS
    found = results(tx, campaign.name, desk.workspace.zone, within)
    hidden, gettext = hidden_from(desk, tx), translator(desk.locale).gettext
    answered = [forms.get_form(tx, name) for name in found.forms]
    return {
        "results": found,
        "chart": _drawn(found.by_day),
        "within": within,
        "choices": CHOICES,
        "answers": [
            (form, [one for one in tally(tx, form, desk.locale, gettext, campaign.name) if one.fact not in hidden])
            for form in answered
        ],
    }


def _drawn(found: list[ResultDay]) -> ResultChart:
    days = _whole(found)
    most = max((max(one.opened, one.clicked) for one in days), default=0)

    def height(n: int) -> str:
        return f"{_HEIGHT - (_HEIGHT - 4) * n / (most or 1):.1f}"

    area = "".join(f"V{height(one.opened)}h{_STEP}" for one in days)
    line = "".join(f"{'V' if n else 'M0 '}{height(one.clicked)}h{_STEP}" for n, one in enumerate(days))
    width = max(len(days), 1) * _STEP
    return ResultChart(days, f"M0 {_HEIGHT}{area}V{_HEIGHT}z", line, width, _HEIGHT, most)


def _whole(found: list[ResultDay]) -> list[ResultDay]:
    """Return the first days with those between on which nothing came."""
    if not found:
        return []
    known, first = {one.day: one for one in found}, found[0].day
    count = min((found[-1].day - first).days + 1, _DRAWN)
    days = [first + timedelta(days=n) for n in range(count)]
    return [known.get(day) or ResultDay(day, 0, 0, 0, 0) for day in days]
