"""Somebody who goes: what the log holds of them is cut down to sequence, kind, day and money.

Every room that keeps something of customers has its steps in `gone_records.py`: each lets go of what the room knows of
somebody, some rows at a time, and can be done again at any time. `loop/forgetting.py` takes them one after the other.
"""

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from regulars.store import records
from regulars.store.database import Tx
from regulars.store.export import NAME as ARCHIVE
from regulars.store.mirror import note_rewritten
from regulars.store.records import Event
from regulars.store.statements import load
from regulars.words.money import NAMES as MONEY

SQL = load(__package__ or "regulars.store", "gone.sql")

NOBODY = 0
"""The identity of what was done by somebody who was forgotten. It belongs to no customer."""
CURRENCY = "currency"
LEFT = frozenset({*MONEY, CURRENCY})
"""All that the payload of an event that was cut may have."""
_CODE = 3


class Gone(msgspec.Struct, frozen=True):
    """Somebody who goes."""

    identities: list[int]
    """The numbers of all their identities; every id that their customer ever had is among them."""
    stand_in: int = NOBODY
    """Whose their events are from now on: nobody's, or an anonymous one's who stands in for them."""
    needles: list[str] = []
    """By what they are looked for in what was noted otherwise: identifiers, and as JSON strings what counts only as a
    whole value (`whole`)."""
    marked: int = 0
    """Up to where in the log it is kept by what their events are known again; 0: that is not known (any more)."""

    @property
    def patterns(self) -> list[str]:
        """What finds the needles in JSON, as expressions that PostgreSQL and Python read alike; case does not matter.

        An identifier has no letter or digit next to it; what is a whole value is one there, and no name of a member.
        """
        return [
            _WHOLE.format(re.escape(one)) if one[0] == '"' else _APART.format(re.escape(one)) for one in self.needles
        ]


_APART, _WHOLE = r"(?<!\w){}(?!\w)", r"(?<!\\){}(?!\s*:)"


def whole(text: str) -> str | None:
    """Return a needle for a text that counts only as a whole value; None for one that could be JSON's own signs.

    What stands between two strings of JSON has a comma, a colon or a bracket, and no word but true, false and null:
    whoever calls themselves `} {` or `": "` is not to be found between the values of others.
    """
    words = {one.lower() for one in _WORD.findall(text)} - {"true", "false", "null"}
    return msgspec.json.encode(text).decode() if words or not _BETWEEN.search(text) else None


_WORD, _BETWEEN = re.compile(r"[^\W\d_]{2,}"), re.compile(r'[][{},:"\\]')


class Step(NamedTuple):
    """One part of the forgetting."""

    name: str
    clear: Callable[[Tx, Gone, int], int]
    """Let go of at most so many rows, and return how many it were; 0: there is nothing of them any more."""
    at_end: bool = False
    """It is done once, when everything else is."""
    before: bool = False
    """It is done before they are cut off, and again in the transaction in which they are."""


class Kept(msgspec.Struct, frozen=True):
    """An event as it is read, to be cut."""

    seq: int
    kind: str
    props: str


class Heir(NamedTuple):
    """Somebody for whom an event speaks, too, and what it says of them: it is theirs from now on."""

    identity: int
    props: dict[str, Any]


Heirs = Callable[[Tx, Gone, Sequence[Kept]], Mapping[int, Heir]]
"""Says which of some events are not cut, for they speak for somebody who stays."""


def _no_heirs(tx: Tx, gone: Gone, events: Sequence[Kept]) -> Mapping[int, Heir]:
    del tx, gone, events
    return {}


def money_of(props: str | bytes) -> dict[str, Any]:
    """Return what stays of an event's payload: its money, and in which currency."""
    try:
        said: object = msgspec.json.decode(props)
    except msgspec.DecodeError:
        return {}
    return _money(said) if isinstance(said, dict) else {}  # pyright: ignore[reportUnknownArgumentType]


def _money(said: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: value
        for name in MONEY
        if isinstance(value := said.get(name), int | float) and not isinstance(value, bool)
    }
    code = said.get(CURRENCY)
    if kept and isinstance(code, str) and len(code) == _CODE and code.isascii() and code.isupper():
        kept[CURRENCY] = code
    return kept


MARKED_AT_ONCE = 5_000
"""Events of which one transaction keeps by what they are known again."""


def mark(tx: Tx, identities: Collection[int], after: int) -> tuple[int, bool]:
    """Keep by what some events of somebody who goes are known again: what was here once is not taken anew.

    Those behind a place in the log; return up to where they are, and whether there may be more.
    """
    [(upto, many)] = tx.rows(SQL["mark_events"], identities=list(identities), after=after, limit=MARKED_AT_ONCE)
    return upto, many == MARKED_AT_ONCE


def cut_before(tx: Tx, mids: Collection[int]) -> set[int]:
    """Return those message ids whose events were cut: what they say is counted, and whose it was is forgotten."""
    return set(tx.values(SQL["cut_before"], mids=list(mids))) if mids else set()


def events_step(archive: Path | None = None, heirs: Heirs = _no_heirs) -> Step:
    """Return the step that cuts the events of the log, and in the same breath in the files that the archive has.

    What speaks for somebody else, too, is handed to them instead.
    """

    def cut(tx: Tx, gone: Gone, limit: int) -> int:
        if archive is not None:
            records.wait_for_follower(tx, ARCHIVE)  # what it is writing just now is written, and in its manifest
        found = tx.all(SQL["events_of"], Kept, identities=gone.identities, limit=limit)
        if found:
            handed = heirs(tx, gone, found)
            fresh = {one.seq: handed.get(one.seq) or Heir(gone.stand_in, money_of(one.props)) for one in found}
            if archive is not None:
                _cut_files(tx, archive / (tx.workspace or ""), fresh, handed)
            cut_down = {seq: heir for seq, heir in fresh.items() if seq not in handed}
            _change(tx, "cut_events", cut_down, marked=gone.marked)
            _change(tx, "hand_over", handed)
            note_rewritten(tx, list(fresh))
        return len(found)

    return Step("events", cut)


def _change(tx: Tx, statement: str, events: Mapping[int, Heir], **more: int) -> None:
    if events:
        tx.run(
            SQL[statement],
            seqs=list(events),
            identities=[heir.identity for heir in events.values()],
            props=[msgspec.json.encode(heir.props).decode() for heir in events.values()],
            **more,
        )


def _cut_files(tx: Tx, folder: Path, fresh: Mapping[int, Heir], handed: Collection[int]) -> None:
    """Write those files anew that hold some events, without what is cut."""
    ordered = sorted(fresh)
    for first, last, name in tx.rows(SQL["manifest"], follower=ARCHIVE):
        start = bisect_left(ordered, first)
        file = folder / name
        if start < len(ordered) and ordered[start] <= last and file.is_file():
            _cut_file(file, fresh, handed)


def _cut_file(file: Path, fresh: Mapping[int, Heir], handed: Collection[int]) -> None:
    decoder, encoder = msgspec.json.Decoder(Event), msgspec.json.Encoder()
    beside = file.with_name(f"{file.name}.cut")
    with file.open("rb") as lines, open(beside, "wb", opener=_private) as out:
        for line in lines:
            event = decoder.decode(line)
            if heir := fresh.get(event.seq):
                at = event.at if event.seq in handed else _day(event.at)
                line = encoder.encode(_given(event, heir, at)) + b"\n"  # noqa: PLW2901 (it is the same line)
            out.write(line)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _given(event: Event, heir: Heir, at: datetime) -> Event:
    return msgspec.structs.replace(event, identity_id=heir.identity, at=at, props=heir.props, cause=None)


def _day(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), datetime.min.time(), UTC)


def empty(tx: Tx, events: Sequence[Event], archive: Path | None = None) -> None:
    """Leave of events whose time is over whose they are, their kind, moment and money; also in the archive's files.

    Whoever calls it holds the archive's follower.
    """
    fresh = {one.seq: Heir(one.identity_id, _money(one.props)) for one in events}
    if archive is not None:
        _cut_files(tx, archive / (tx.workspace or ""), fresh, fresh)
    props = [msgspec.json.encode(heir.props).decode() for heir in fresh.values()]
    tx.run(SQL["empty"], seqs=list(fresh), props=props)
    note_rewritten(tx, list(fresh))


def _set_aside(tx: Tx, gone: Gone, limit: int) -> int:
    """Drop what was refused or could not be taken of theirs."""
    return tx.run(SQL["drop_refusals"], identities=gone.identities, limit=limit) + tx.run(
        SQL["drop_quarantine"], identities=gone.identities, limit=limit
    )


def _fence(tx: Tx, gone: Gone, limit: int) -> int:
    """Wait until every batch is over that a follower read before the events were cut; what it derived can go then."""
    del gone, limit
    tx.values(SQL["fence"])
    return 0


def steps(archive: Path | None = None, heirs: Heirs = _no_heirs) -> tuple[Step, ...]:
    """Return the steps that come first: what follows the log then finds nothing of them in it any more."""
    return (Step("set aside", _set_aside), events_step(archive, heirs), Step("events", _fence))
