"""The statements of editing, deleting and taking back segments."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "editing.sql")


class Held(msgspec.Struct, frozen=True):
    """A segment that nobody else saves until the transaction is over."""

    id: int
    version: int
    title: str
    rule: dict[str, Any]


class SegmentVersion(msgspec.Struct, frozen=True):
    """A segment as it was saved once."""

    version: int
    title: str
    rule: dict[str, Any]
    saved_at: datetime


class DeletedSegment(msgspec.Struct, frozen=True):
    """A segment that was deleted and can be taken back."""

    id: int
    name: str
    title: str
    rule: dict[str, Any]
    deleted_at: datetime


def add_version(tx: Tx, segment: int, now: datetime) -> None:
    """Keep a segment as it is now among its versions."""
    tx.run(SQL["add_version"], segment=segment, now=now)


def hold_segment(tx: Tx, name: str) -> Held | None:
    """Hold a segment to the end of the transaction."""
    return tx.one(SQL["hold_segment"], Held, name=name)


def change_segment(tx: Tx, segment: int, title: str, rule: Any) -> None:
    """Give a segment its next version; where its rule is another, nobody has been asked about it."""
    tx.run(SQL["change_segment"], segment=segment, title=title, rule=Jsonb(rule))


def ask_anew(tx: Tx, names: Collection[str]) -> None:
    """Count some segments among those about which nobody has been asked as they are now."""
    if names:
        tx.run(SQL["ask_anew"], names=list(names))


def versions(tx: Tx, name: str) -> list[SegmentVersion]:
    """Return all versions of a segment, the newest first."""
    return tx.all(SQL["versions"], SegmentVersion, name=name)


def set_aside(tx: Tx, name: str, now: datetime) -> int | None:
    """Take a segment out of sight; return its number, or None where there is none of this name."""
    return tx.value(SQL["set_aside"], name=name, now=now)


def deleted_segments(tx: Tx, limit: int) -> list[DeletedSegment]:
    """Return segments that can be taken back, the one deleted last first."""
    return tx.all(SQL["deleted_segments"], DeletedSegment, limit=limit)


def take_back(tx: Tx, segment: int) -> str | None:
    """Bring a deleted segment back; return its name, or None where that is taken or nothing is there."""
    return tx.value(SQL["take_back"], segment=segment)


def name_before(tx: Tx, segment: int, since: datetime) -> str | None:
    """Return what a segment was called that was deleted since a moment."""
    return tx.value(SQL["name_before"], segment=segment, since=since)


def forget_deleted(tx: Tx, before: datetime) -> None:
    """Forget for good what was deleted before a moment."""
    tx.run(SQL["forget_deleted"], before=before)
