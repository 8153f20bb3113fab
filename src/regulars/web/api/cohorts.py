"""Who comes back, at `/api/cohorts`: customers by when they first did something, and who did it again when."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from regulars.understand import cohorts
from regulars.understand.cohorts import Asked, Cohort, Stayed
from regulars.understand.walking import Behind
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, opened
from regulars.web.api.telling import told
from regulars.web.noting import notes
from regulars.words.clock import utc_now

Every = Literal["month", "week"]
Periods = Annotated[int, QueryParameter(ge=0, le=26)]


class CohortsFound(msgspec.Struct, frozen=True):
    """Cohorts, the last first: customers by the month or week of the workspace's clock in which they first did it.

    `back` of a cohort is how many did it again in each following one; its last is the one under way. `curve` adds up
    those for whom so much time is over. `made_at` is when this was reckoned, null before the first time; `waits`:
    it is being reckoned (anew), so ask again in some seconds. `too_long`: that took more than five minutes.
    """

    cohorts: list[Cohort]
    curve: list[Stayed]
    made_at: datetime | None
    waits: bool
    too_long: bool


class PeopleOfCohort(msgspec.Struct, frozen=True):
    """A part of some customers; `next` is null at the end. There may be few in it, or none, and more behind it."""

    items: list[Behind]
    next: str | None


@get("/cohorts", sync_to_thread=True, opt=told(query={"of": "orders", "every": "month"}))
def list_cohorts(
    request: AnyRequest, of: FromQuery[str] = "orders", every: FromQuery[Every] = "month", segment: FromQuery[str] = ""
) -> CohortsFound:
    """List who came back. `of` is orders, visits (pages and screens), anything, or event:NAME, a kind of event.

    Months and weeks are those of the workspace's clock. `segment` asks only those who are in it now.
    """
    with opened(request) as tx:
        found, about = cohorts.find(tx, Asked(of, every, segment), utc_now())
    return CohortsFound(
        found.cohorts if found else [],
        cohorts.curve(found) if found else [],
        about.made_at,
        about.waits,
        about.too_long,
    )


@get(
    "/cohorts/people",
    sync_to_thread=True,
    opt=told(query={"began": "2026-03-01", "after": 1}) | notes("customers.listed"),
)
def list_people_of_cohort(
    request: AnyRequest,
    began: FromQuery[date],
    after: Periods = 0,
    of: FromQuery[str] = "orders",
    every: FromQuery[Every] = "month",
    segment: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> PeopleOfCohort:
    """List who is in the cohort that `began` on a day, or who of it came back so many months or weeks `after`."""
    (behind,) = cursors.read(cursor, tuple[int]) or (0,)
    with opened(request) as tx:
        found, place = cohorts.people(tx, Asked(of, every, segment), began, after, behind, limit)
    return PeopleOfCohort(found, None if place is None else cursors.made(place))


HANDLERS = [list_cohorts, list_people_of_cohort]
