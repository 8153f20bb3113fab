"""The API's groups. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Literal

import msgspec

from regulars.client.line import Line, place


class GroupDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What sets a group apart from all: an average, the middle of a number or of days since, or a share (0 to 1)."""

    fact: str
    kind: Literal["average", "days", "middle", "share", "unknown"]
    value: str
    mine: float
    theirs: float


class CustomerGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group: its number, which it keeps, what the team calls it, its size, and what sets it apart, the most first."""

    number: int
    title: str
    size: int
    differences: list[GroupDifference]
    sentences: list[str]


class CustomerGroups(msgspec.Struct, frozen=True, kw_only=True):
    """The groups, the largest first, and how the finding of them stands."""

    groups: list[CustomerGroup]
    found_at: datetime | None
    busy: bool
    problem: str
    apart: float
    wished: int | None
    facts: list[str]


class Grouped(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a group."""

    customer_id: int
    name: str


class PeopleOfGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the customers of a group, and the cursor of what follows."""

    items: list[Grouped]
    next: str | None


class GroupsApi:
    """What can be asked and done about groups."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self) -> CustomerGroups:
        """List groups of customers who do and answer alike, found once a day."""
        return self._line.ask("/api/groups", CustomerGroups)

    def find(self, *, groups: int | None = None, once: str | None = None) -> CustomerGroups:
        """Have groups found now, and so many of them from now on; a work process does it within a minute or two."""
        return self._line.change("POST", "/api/groups", CustomerGroups, {"groups": groups}, once)

    def people_of_group(self, number: int, *, limit: int | None = None) -> PeopleOfGroup:
        """List who is in a group."""
        return self._line.ask(f"/api/groups/{place(number)}/people", PeopleOfGroup, {"limit": limit})

    def call(self, number: int, *, title: str, once: str | None = None) -> CustomerGroup:
        """Call a group something. It keeps the title, and its number, when groups are found again."""
        return self._line.change("PUT", f"/api/groups/{place(number)}", CustomerGroup, {"title": title}, once)
