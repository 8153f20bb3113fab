"""Segments: the list, one in words, its members; a new one, one less, and a rule that is only tried."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath

from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.reading import parse
from regulars.understand.segments import Member, Segment, Trial
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of, reader_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.words.clock import utc_now

_RULE = {"all": [{"fact": "gift_for", "is": "mother"}]}


class NewSegment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A segment to make: its name for links, what the team calls it, and its rule."""

    name: str
    title: str
    rule: dict[str, Any]


class NewTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule to try."""

    rule: dict[str, Any]


class Described(msgspec.Struct, frozen=True):
    """A segment, and what its rule says; `unheard`: events it speaks of and nobody ever did, with known ones near."""

    segment: Segment
    sentence: str
    unheard: dict[str, tuple[str, ...]]


class Gone(msgspec.Struct, frozen=True):
    """What is no more."""

    name: str


@get("/segments", sync_to_thread=True)
def list_segments(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[Segment]:
    """List segments with their rules, by name."""
    with opened(request) as tx:
        return part_of(segments.list_segments(tx), limit, cursor, lambda one: one.name)


@get("/segments/{name:str}", sync_to_thread=True, opt=told(name="for-mothers"))
def get_segment(request: AnyRequest, name: FromPath[str]) -> Described:
    """Return one segment, and what its rule says."""
    with opened(request) as tx:
        segment = segments.get_segment(tx, name)
        rule = parse(segment.rule, None)
        said = segments.sentence(rule, translator(reader_of(request)))
        return Described(segment, said, segments.unheard(rule, segments.known(tx)))


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
        return segments.create_segment(tx, said.name, said.title, said.rule, utc_now())

    return once(request, NewSegment, create)


@delete(
    "/segments/{name:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="unused", takes=Nothing, gives=Gone) | notes("segment.deleted", "segment", by="name"),
)
def delete_segment(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Forget a segment; not while a live campaign writes to it."""

    def forget(tx: Tx, _: Nothing) -> Gone:
        campaigns.delete_unused_segment(tx, name)
        return Gone(name)

    return once(request, Nothing, forget)


@post(
    "/trials/rule",
    sync_to_thread=True,
    opt=told(takes=NewTrial, gives=Trial, body={"rule": _RULE}) | notes("rule.tried"),
)
def try_rule(request: AnyRequest) -> Response[bytes]:
    """Say what a rule means, in a sentence, how many customers match it now, and some of them. Nothing is kept."""

    def attempt(tx: Tx, said: NewTrial) -> Trial:
        return segments.try_rule(tx, said.rule, utc_now())

    return once(request, NewTrial, attempt)


HANDLERS = [list_segments, get_segment, list_members, create_segment, delete_segment, try_rule]
