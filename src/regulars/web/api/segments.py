"""Segments: the list, one, its members; a new one, and a rule that is only tried."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.segments import Member, Segment, Trial
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
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


@get("/segments", sync_to_thread=True)
def list_segments(request: AnyRequest, limit: Limit = 50, cursor: Cursor = None) -> Listing[Segment]:
    """List segments with their rules, by name."""
    with opened(request) as tx:
        return part_of(segments.list_segments(tx), limit, cursor)


@get("/segments/{name:str}", sync_to_thread=True, opt=told(name="for-mothers"))
def get_segment(request: AnyRequest, name: FromPath[str]) -> Segment:
    """Return one segment."""
    with opened(request) as tx:
        return segments.get_segment(tx, name)


@get(
    "/segments/{name:str}/members",
    sync_to_thread=True,
    opt=told(name="for-mothers", query={"limit": 10}) | notes("segment.seen", "segment", by="name"),
)
def list_members(request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = None) -> Listing[Member]:
    """List the members of a segment, those who came last first."""
    with opened(request) as tx:
        return part(segments.members(tx, name, limit, cursor or 0), segments.count(tx, name), cursor)


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


@post(
    "/trials/rule",
    sync_to_thread=True,
    opt=told(takes=NewTrial, gives=Trial, body={"rule": _RULE}) | notes("rule.tried"),
)
def try_rule(request: AnyRequest) -> Response[bytes]:
    """Say what a rule means, in a sentence, and how many customers match it now. Nothing is kept."""

    def attempt(tx: Tx, said: NewTrial) -> Trial:
        return segments.try_rule(tx, said.rule, utc_now())

    return once(request, NewTrial, attempt)


HANDLERS = [list_segments, get_segment, list_members, create_segment, try_rule]
