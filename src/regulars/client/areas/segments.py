"""The API's segments. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from regulars.client.areas.shapes import Segment, SegmentsGone
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a fact, and which share of each segment's members has it, from 0 to 1, as far as they were drawn."""

    fact: str
    value: str
    mine: float
    theirs: float


class Middle(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that is a number: its middle in each group, of so many who have one; None where nobody has."""

    fact: str
    mine: float | None
    theirs: float | None
    of_mine: int
    of_theirs: int


class ComparingCompared(msgspec.Struct, frozen=True, kw_only=True):
    """Two segments: how many are in both, which values set them apart most, and the middles of their numbers."""

    mine: Segment
    theirs: Segment
    shared: int
    differences: list[Difference]
    middles: list[Middle]


class DeletedSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that was deleted and can be taken back."""

    id: int
    name: str
    title: str
    rule: dict[str, Any]
    deleted_at: datetime


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """A segment, and what its rule says; `unheard`: events it speaks of and nobody ever did, with known ones near."""

    segment: Segment
    sentence: str
    yaml: str
    unheard: dict[str, list[str]]


class GrowthDay(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a segment on a day."""

    day: date
    joined: int
    left: int
    anew: int
    size: int
    version: int | None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A customer whom a rule would find."""

    customer_id: int
    name: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a segment, since when, and why they came; nothing where they were there when the rule was made."""

    customer_id: int
    name: str
    since: datetime
    why: list[dict[str, Any]]


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """Another segment, and how many of the first one's members are in it, too."""

    name: str
    title: str
    shared: int


class SegmentVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A segment as it was saved once."""

    version: int
    title: str
    rule: dict[str, Any]
    saved_at: datetime


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would come to: in words, in how many customers, and who the newest of them are."""

    sentence: str
    size: int
    sample: list[Match]
    unheard: dict[str, list[str]]
    drawn: int = 0


class SegmentsApi:
    """What can be asked and done about segments."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[Segment]:
        """List segments with their rules, by name: all, or those of a title (`q`)."""
        return self._line.pages("/api/segments", Segment, {"q": q, "limit": limit})

    def create(self, *, name: str, title: str, rule: Mapping[str, Any] | str, once: str | None = None) -> Segment:
        """Make a segment; whoever matches its rule now is in it at once, and nobody is addressed by that."""
        return self._line.change("POST", "/api/segments", Segment, {"name": name, "title": title, "rule": rule}, once)

    def get(self, name: str) -> Described:
        """Return one segment, and what its rule says."""
        return self._line.ask(f"/api/segments/{place(name)}", Described)

    def save(
        self,
        name: str,
        *,
        title: str,
        rule: Mapping[str, Any] | str,
        replaces: int | None = None,
        once: str | None = None,
    ) -> Segment:
        """Give a segment its next version; everybody is asked again at once, and nobody is addressed by that."""
        return self._line.change(
            "PUT", f"/api/segments/{place(name)}", Segment, {"title": title, "rule": rule, "replaces": replaces}, once
        )

    def delete(self, name: str, *, once: str | None = None) -> SegmentsGone:
        """Delete a segment; not while a live campaign writes to it. For 30 days it can be taken back."""
        return self._line.change("DELETE", f"/api/segments/{place(name)}", SegmentsGone, {}, once)

    def members(self, name: str, *, limit: int | None = None) -> Pages[Member]:
        """List the members of a segment, those who came last first."""
        return self._line.pages(f"/api/segments/{place(name)}/members", Member, {"limit": limit})

    def growth(self, name: str, *, limit: int | None = None) -> Pages[GrowthDay]:
        """List the days of a segment, the last first: how many came in, left, and were in it at the end."""
        return self._line.pages(f"/api/segments/{place(name)}/growth", GrowthDay, {"limit": limit})

    def overlaps(self, name: str, *, limit: int | None = None) -> Pages[Overlap]:
        """List the segments that some of this one's members are in, too, those with the most first."""
        return self._line.pages(f"/api/segments/{place(name)}/overlaps", Overlap, {"limit": limit})

    def compare(self, name: str, other: str) -> ComparingCompared:
        """Compare two segments: how many are in both, and which facts set them apart, by shares from 0 to 1."""
        return self._line.ask(f"/api/segments/{place(name)}/beside/{place(other)}", ComparingCompared)

    def versions(self, name: str, *, limit: int | None = None) -> Pages[SegmentVersion]:
        """List all versions of a segment, the newest first."""
        return self._line.pages(f"/api/segments/{place(name)}/versions", SegmentVersion, {"limit": limit})

    def restore(self, name: str, *, version: int, replaces: int | None = None, once: str | None = None) -> Segment:
        """Make an earlier version of a segment its newest one."""
        return self._line.change(
            "POST", f"/api/segments/{place(name)}/restore", Segment, {"version": version, "replaces": replaces}, once
        )

    def deleted_segments(self, *, limit: int | None = None) -> Pages[DeletedSegment]:
        """List the segments that were deleted and can be taken back, the last first."""
        return self._line.pages("/api/deleted/segments", DeletedSegment, {"limit": limit})

    def take_segment_back(self, number: int, *, once: str | None = None) -> Segment:
        """Take a deleted segment back; whoever matches its rule now is in it at once."""
        return self._line.change("POST", f"/api/deleted/segments/{place(number)}/restore", Segment, {}, once)

    def try_rule(self, *, rule: Mapping[str, Any] | str, once: str | None = None) -> Trial:
        """Say what a rule means, in a sentence, how many customers match it now, and some of them. Nothing is kept."""
        return self._line.change("POST", "/api/trials/rule", Trial, {"rule": rule}, once)
