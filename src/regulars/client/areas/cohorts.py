"""The API's cohorts. Made by tools/make_client.py: do not edit."""

from datetime import date, datetime
from typing import Literal

import msgspec

from regulars.client.areas.shapes import Behind
from regulars.client.line import Line


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """Customers who did it first in the month or week that began on a day; how many did it again in each next one."""

    began: date
    customers: int
    back: list[int]


class Stayed(msgspec.Struct, frozen=True, kw_only=True):
    """Of the customers of all cohorts whose time has come, how many came back after so many months or weeks."""

    after: int
    customers: int
    back: int


class CohortsFound(msgspec.Struct, frozen=True, kw_only=True):
    """Cohorts, the last first: customers by the month or week of the workspace's clock in which they first did it."""

    cohorts: list[Cohort]
    curve: list[Stayed]
    made_at: datetime | None
    waits: bool
    too_long: bool


class PeopleOfCohort(msgspec.Struct, frozen=True, kw_only=True):
    """A part of some customers; `next` is null at the end. There may be few in it, or none, and more behind it."""

    items: list[Behind]
    next: str | None


class CohortsApi:
    """What can be asked and done about cohorts."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self, *, of: str | None = None, every: Literal["month", "week"] | None = None, segment: str | None = None
    ) -> CohortsFound:
        """List who came back. `of` is orders, visits (pages and screens), anything, or event:NAME, a kind of event."""
        return self._line.ask("/api/cohorts", CohortsFound, {"of": of, "every": every, "segment": segment})

    def people_of_cohort(
        self,
        *,
        began: date | None = None,
        after: int | None = None,
        of: str | None = None,
        every: Literal["month", "week"] | None = None,
        segment: str | None = None,
        limit: int | None = None,
    ) -> PeopleOfCohort:
        """List who is in the cohort that `began` on a day, or who of it came back so many months or weeks `after`."""
        return self._line.ask(
            "/api/cohorts/people",
            PeopleOfCohort,
            {"began": began, "after": after, "of": of, "every": every, "segment": segment, "limit": limit},
        )
