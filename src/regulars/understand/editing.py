"""Editing segments: a next version, an earlier one again, deleting, and taking back what was deleted.

An edit addresses nobody, as making a segment does not: who matches the new rule is in it at once, who does not is out,
and no event says so (docs/adr/0023). Whoever stays keeps the moment since when.
"""

from datetime import datetime, timedelta
from typing import Any

from regulars.store import records as store
from regulars.store.database import Tx
from regulars.understand import editing_records as records
from regulars.understand.asking import FOLLOWER
from regulars.understand.editing_records import DeletedSegment, SegmentVersion
from regulars.understand.expanding import check_together, named_in, resting_on
from regulars.understand.reading import parse
from regulars.understand.segments import Segment, check_rule, check_title, get_segment, known
from regulars.understand.turning import ask_everybody
from regulars.words.errors import Conflict, Overtaken, Unknown, concerning

__all__ = [
    "KEPT", "DeletedSegment", "SegmentVersion", "delete_segment", "deleted_segments", "restore_version", "save_segment",
    "take_back", "versions",
]  # fmt: skip

KEPT = timedelta(days=30)
"""How long a deleted segment can be taken back."""
_MOST_DELETED = 50


def save_segment(tx: Tx, name: str, title: str, rule: Any, now: datetime, *, replaces: int | None = None) -> Segment:
    """Give a segment its next version and ask everybody again; the same once more changes nothing.

    Raise Overtaken where it was begun from the version it `replaces` and that is not the newest any more.
    """
    with concerning("title"):
        title = check_title(title)
    store.wait_for_follower(tx, FOLLOWER)
    there = check_rule(tx, name, rule)
    held = records.hold_segment(tx, name)
    if held is None:
        raise Unknown("There is no segment '{name}'.", name=name[:80])
    if replaces is not None and held.version != replaces:
        raise Overtaken("Somebody else saved the segment '{name}' just now. Look at it, then save again.", name=name)
    if (held.title, held.rule) != (title, rule):
        records.change_segment(tx, held.id, title, rule)
        records.add_version(tx, held.id, now)
        resting = resting_on(name, there.segments) if held.rule != rule else set[str]()
        records.ask_anew(tx, resting)
        ask_everybody(tx, {name, *resting}, now)
    return get_segment(tx, name)


def versions(tx: Tx, name: str) -> list[SegmentVersion]:
    """Return all versions of a segment, the newest first. Raise Unknown where there is none of this name."""
    get_segment(tx, name)
    return records.versions(tx, name)


def restore_version(tx: Tx, name: str, version: int, now: datetime, *, replaces: int | None = None) -> Segment:
    """Make an earlier version of a segment its newest one."""
    for one in versions(tx, name):
        if one.version == version:
            return save_segment(tx, name, one.title, one.rule, now, replaces=replaces)
    with concerning("version"):
        raise Unknown("The segment '{name}' has no version {version}.", name=name, version=version)


def delete_segment(tx: Tx, name: str, now: datetime) -> int:
    """Delete a segment; return the number by which it can be taken back for a while. Nobody leaves it: it is gone.

    Raise Conflict while another segment rests on it.
    """
    store.wait_for_follower(tx, FOLLOWER)
    for other, rule in known(tx).segments.items():
        if name in named_in(rule):
            raise Conflict("The segment '{other}' rests on this one. Take it out of its rule first.", other=other)
    records.forget_deleted(tx, now - KEPT)
    number = records.set_aside(tx, name, now)
    if number is None:
        raise Unknown("There is no segment '{name}'.", name=name[:80])
    return number


def deleted_segments(tx: Tx, now: datetime) -> list[DeletedSegment]:
    """Return the segments that can be taken back, the one deleted last first."""
    return [one for one in records.deleted_segments(tx, _MOST_DELETED) if one.deleted_at >= now - KEPT]


def take_back(tx: Tx, number: int, now: datetime) -> Segment:
    """Bring a deleted segment back as it was, and ask everybody again.

    Raise Unknown where it was deleted more than 30 days ago, Conflict where its name is taken now, or where it
    rests on a segment that is not there any more.
    """
    store.wait_for_follower(tx, FOLLOWER)
    before = records.name_before(tx, number, now - KEPT)
    if before is None:
        raise Unknown("This segment is not there any more, or has been taken back already.")
    name = records.take_back(tx, number)
    if name is None:
        raise Conflict(
            "There is a new segment '{name}' by now. Delete it first, then take the old one back.", name=before
        )
    rule, there = get_segment(tx, name).rule, known(tx)
    for other in named_in(rule):
        if other not in there.segments:
            raise Conflict(
                "It rests on the segment '{other}', which is not there any more. Take that back first.", other=other
            )
    parse(rule, there, name)
    check_together(name, rule, there)
    ask_everybody(tx, [name], now)
    return get_segment(tx, name)
