"""Segments: the list, one in words, its members; a new one, one less, and a rule that is only tried."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, FromQuery

from regulars.remember.folding import holds
from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.understand import comparing, editing, segments, yaml_text
from regulars.understand.growth import GrowthDay, growth
from regulars.understand.reading import parse
from regulars.understand.segments import Member, Segment, Trial
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of, reader_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.fact_words import called_within
from regulars.web.i18n import translator
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now
from regulars.words.errors import concerning

Written = dict[str, Any] | str
"""A rule: an object, or a text of YAML."""
_RULE = {"all": [{"fact": "gift_for", "is": "mother"}]}


class NewSegment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A segment to make: its name for links, what the team calls it, and its rule."""

    name: str
    title: str
    rule: Written


class NewTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule to try."""

    rule: Written


class Described(msgspec.Struct, frozen=True):
    """A segment, and what its rule says; `unheard`: events it speaks of and nobody ever did, with known ones near."""

    segment: Segment
    sentence: str
    yaml: str
    unheard: dict[str, tuple[str, ...]]


class Gone(msgspec.Struct, frozen=True):
    """What is no more, and the number by which it can be taken back for 30 days."""

    id: int
    name: str


class Edited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a segment is from now on.

    `replaces`: the version that it was begun from. Where a newer one has been saved since, it is refused with 409 and
    overwrites nothing; without it, it becomes the newest whatever was saved.
    """

    title: str
    rule: Written
    replaces: int | None = None


class Earlier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which version shall hold again; `replaces`: the version that is newest now, as far as you know."""

    version: int
    replaces: int | None = None


@get("/segments", sync_to_thread=True, opt=told(query={"q": "mothers"}))
def list_segments(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Segment]:
    """List segments with their rules, by name: all, or those of a title (`q`)."""
    with opened(request) as tx:
        found = [name for name, title in segments.titles(tx).items() if holds(q, title, name)]
        shown = part_of(found, limit, cursor, str)
        return Listing(segments.list_segments(tx, shown.items), shown.total, shown.next)


@get("/segments/{name:str}", sync_to_thread=True, opt=told(name="for-mothers"))
def get_segment(request: AnyRequest, name: FromPath[str]) -> Described:
    """Return one segment, and what its rule says."""
    with opened(request) as tx:
        segment = segments.get_segment(tx, name)
        rule = parse(segment.rule, None)
        locale = reader_of(request)
        said = segments.sentence(rule, translator(locale), called_within(tx, locale))
        return Described(segment, said, yaml_text.of_rule(rule), segments.unheard(rule, segments.known(tx)))


@get(
    "/segments/{name:str}/members",
    sync_to_thread=True,
    opt=told(name="for-mothers", query={"limit": 10}) | notes("segment.seen", "segment", by="name"),
)
def list_members(request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Member]:
    """List the members of a segment, those who came last first."""
    before = cursors.read(cursor, tuple[datetime, int])
    with opened(request) as tx:
        found = segments.members(tx, name, limit + 1, before)
        return part(found, segments.count(tx, name), limit, lambda one: (one.since, one.customer_id))


@get("/segments/{name:str}/growth", sync_to_thread=True, opt=told(name="for-mothers", query={"limit": 10}))
def list_growth(request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[GrowthDay]:
    """List the days of a segment, the last first: how many came in, left, and were in it at the end."""
    with opened(request) as tx:
        return part_of(growth(tx, name, utc_now())[::-1], limit, cursor, lambda one: one.day.isoformat())


@get("/segments/{name:str}/overlaps", sync_to_thread=True, opt=told(name="for-mothers"))
def list_overlaps(
    request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[comparing.Overlap]:
    """List the segments that some of this one's members are in, too, those with the most first."""
    with opened(request) as tx:
        return part_of(comparing.overlaps(tx, name), limit, cursor, lambda one: one.name)


@get("/segments/{name:str}/beside/{other:str}", sync_to_thread=True, opt=told(name="for-mothers", other="everybody"))
def compare(request: AnyRequest, name: FromPath[str], other: FromPath[str]) -> comparing.Compared:
    """Compare two segments: how many are in both, and which facts set them apart, by shares from 0 to 1."""
    with opened(request) as tx:
        return comparing.compare(tx, name, other)


@post(
    "/segments",
    sync_to_thread=True,
    opt=told(
        takes=NewSegment,
        status=201,
        gives=Segment,
        body={"name": "sons-and-daughters", "title": "They give to their mother", "rule": _RULE},
    )
    | notes("segment.made", "segment"),
)
def create_segment(request: AnyRequest) -> Response[bytes]:
    """Make a segment; whoever matches its rule now is in it at once, and nobody is addressed by that."""

    def create(tx: Tx, said: NewSegment) -> Segment:
        return segments.create_segment(tx, said.name, said.title, _ruled(said.rule), utc_now())

    return once(request, NewSegment, create)


@delete(
    "/segments/{name:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="unused", takes=Nothing, gives=Gone) | notes("segment.deleted", "segment", by="name"),
)
def delete_segment(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Delete a segment; not while a live campaign writes to it. For 30 days it can be taken back."""

    def forget(tx: Tx, _: Nothing) -> Gone:
        return Gone(campaigns.delete_unused_segment(tx, name, utc_now()), name)

    return once(request, Nothing, forget)


@put(
    "/segments/{name:str}",
    sync_to_thread=True,
    opt=told(
        name="for-mothers",
        takes=Edited,
        gives=Segment,
        body={"title": "They give to their mother", "rule": _RULE, "replaces": 1},
    )
    | notes("segment.changed", "segment", by="name"),
)
def save_segment(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Give a segment its next version; everybody is asked again at once, and nobody is addressed by that."""

    def save(tx: Tx, said: Edited) -> Segment:
        before = segments.get_segment(tx, name)
        saved = editing.save_segment(tx, name, said.title, _ruled(said.rule), utc_now(), replaces=said.replaces)
        slip_of(request).tell(label=saved.title, before={"version": before.version}, after={"version": saved.version})
        return saved

    return once(request, Edited, save)


@get("/segments/{name:str}/versions", sync_to_thread=True, opt=told(name="for-mothers"))
def list_versions(
    request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[editing.SegmentVersion]:
    """List all versions of a segment, the newest first."""
    with opened(request) as tx:
        return part_of(editing.versions(tx, name), limit, cursor, lambda one: str(one.version))


@post(
    "/segments/{name:str}/restore",
    sync_to_thread=True,
    opt=told(name="for-mothers", takes=Earlier, gives=Segment, body={"version": 1})
    | notes("segment.changed", "segment", by="name"),
)
def restore_segment(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Make an earlier version of a segment its newest one."""

    def restore(tx: Tx, said: Earlier) -> Segment:
        before = segments.get_segment(tx, name)
        saved = editing.restore_version(tx, name, said.version, utc_now(), replaces=said.replaces)
        slip_of(request).tell(label=saved.title, before={"version": before.version}, after={"version": saved.version})
        return saved

    return once(request, Earlier, restore)


@get("/deleted/segments", sync_to_thread=True)
def list_deleted_segments(
    request: AnyRequest, limit: Limit = 50, cursor: Cursor = ""
) -> Listing[editing.DeletedSegment]:
    """List the segments that were deleted and can be taken back, the last first."""
    with opened(request) as tx:
        found = editing.deleted_segments(tx, utc_now())
        return part_of(found, limit, cursor, lambda one: str(one.id))


@post(
    "/deleted/segments/{number:int}/restore",
    sync_to_thread=True,
    opt=told(number="3", takes=Nothing, gives=Segment) | notes("segment.taken.back", "segment"),
)
def take_segment_back(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Take a deleted segment back; whoever matches its rule now is in it at once."""

    def back(tx: Tx, _: Nothing) -> Segment:
        return editing.take_back(tx, number, utc_now())

    return once(request, Nothing, back)


@post(
    "/trials/rule",
    sync_to_thread=True,
    opt=told(takes=NewTrial, gives=Trial, body={"rule": _RULE}) | notes("rule.tried"),
)
def try_rule(request: AnyRequest) -> Response[bytes]:
    """Say what a rule means, in a sentence, how many customers match it now, and some of them. Nothing is kept."""

    def attempt(tx: Tx, said: NewTrial) -> Trial:
        locale = reader_of(request)
        words, called = translator(locale), called_within(tx, locale)
        return segments.try_rule(tx, _ruled(said.rule), utc_now(), words=words, called=called)

    return once(request, NewTrial, attempt)


def _ruled(rule: Written) -> Any:
    """Return the rule that is said."""
    with concerning("rule"):
        return yaml_text.read(rule) if isinstance(rule, str) else rule


HANDLERS = [
    list_segments, get_segment, list_members, list_growth, list_overlaps, compare, create_segment, save_segment,
    list_versions, restore_segment, delete_segment, list_deleted_segments, take_segment_back, try_rule,
]  # fmt: skip
