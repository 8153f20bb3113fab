"""Groups of customers by what they do and answer, at `/api/groups`."""

from datetime import datetime

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath

from regulars.store.database import Tx
from regulars.understand import grouping
from regulars.understand.grouping import Group, GroupDifference, Grouped, Standing
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, opened, reader_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.fact_words import title_of
from regulars.web.group_words import differences_told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class CustomerGroup(msgspec.Struct, frozen=True):
    """A group: its number, which it keeps, what the team calls it, its size, and what sets it apart, the most first.

    Each difference is an average, the middle of a number or of the days since, or a share from 0 to 1 of those who have
    a value or of whom the fact is not known; in the group and among all. `sentences` say the same in words.
    """

    number: int
    title: str
    size: int
    differences: list[GroupDifference]
    sentences: list[str]


class CustomerGroups(msgspec.Struct, frozen=True):
    """The groups, the largest first, and how the finding of them stands.

    `problem` is why there are none: `extra` (the libraries are not installed), `few` (customers), `same` (nothing sets
    them apart), `failed`, or ''. `apart` is how far they stand apart, from 0 to 1 (silhouette). `wished` is how many
    the team wants, null where that is left to the customers.
    """

    groups: list[CustomerGroup]
    found_at: datetime | None
    busy: bool
    problem: str
    apart: float
    wished: int | None
    facts: list[str]


class WishedGroups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many groups there shall be, 2 to 12; null: as many as stand apart."""

    groups: int | None = None


class GroupTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the team calls a group; nothing: its number."""

    title: str


class PeopleOfGroup(msgspec.Struct, frozen=True):
    """A part of the customers of a group, and the cursor of what follows."""

    items: list[Grouped]
    next: str | None


@get("/groups", sync_to_thread=True, opt=told())
def list_groups(request: AnyRequest) -> CustomerGroups:
    """List groups of customers who do and answer alike, found once a day.

    Everybody's group stands in the fact `behaviour_group`, a number; so segments may ask it.
    """
    with opened(request) as tx:
        return _all(tx, grouping.standing(tx), reader_of(request))


@post(
    "/groups",
    sync_to_thread=True,
    opt=told(takes=WishedGroups, gives=CustomerGroups, body={"groups": 4}) | notes("groups.asked"),
)
def find_groups(request: AnyRequest) -> Response[bytes]:
    """Have groups found now, and so many of them from now on; a work process does it within a minute or two."""

    def ask(tx: Tx, said: WishedGroups) -> CustomerGroups:
        grouping.ask(tx, said.groups, utc_now())
        slip_of(request).tell(after={"groups": said.groups})
        return _all(tx, grouping.standing(tx), reader_of(request))

    return once(request, WishedGroups, ask)


@get("/groups/{number:int}/people", sync_to_thread=True, opt=told(number="1") | notes("customers.listed"))
def list_people_of_group(
    request: AnyRequest, number: FromPath[int], limit: Limit = 50, cursor: Cursor = ""
) -> PeopleOfGroup:
    """List who is in a group."""
    (after,) = cursors.read(cursor, tuple[int]) or (0,)
    with opened(request) as tx:
        grouping.get_group(tx, number)
        found = grouping.people(tx, number, after, limit + 1)
    return PeopleOfGroup(found[:limit], cursors.made(found[limit - 1].customer_id) if len(found) > limit else None)


@put(
    "/groups/{number:int}",
    sync_to_thread=True,
    opt=told(number="1", takes=GroupTitle, gives=CustomerGroup, body={"title": "They give to their mother"})
    | notes("group.called", "group", by="number"),
)
def call_group(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Call a group something. It keeps the title, and its number, when groups are found again."""

    def call(tx: Tx, said: GroupTitle) -> CustomerGroup:
        before = grouping.call(tx, number, said.title)
        (group,) = _told(tx, [grouping.get_group(tx, number)], reader_of(request))
        slip_of(request).tell(
            label=title_of(before, "en"), before={"title": before.title}, after={"title": group.title}
        )
        return group

    return once(request, GroupTitle, call)


def _all(tx: Tx, known: Standing, locale: str) -> CustomerGroups:
    busy = bool(known.walking or known.begun_at or known.asked_at)
    groups = _told(tx, grouping.groups(tx), locale)
    return CustomerGroups(groups, known.made_at, busy, known.problem, known.apart, known.wished, known.facts)


def _told(tx: Tx, groups: list[Group], locale: str) -> list[CustomerGroup]:
    told = differences_told(tx, groups, locale)
    return [
        CustomerGroup(one.number, one.title, one.size, one.differences, [said.sentence for said in told[one.number]])
        for one in groups
    ]


HANDLERS = [list_groups, find_groups, list_people_of_group, call_group]
