"""The statements of the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "audit.sql")


class End(msgspec.Struct, frozen=True):
    """Where a chain ends, where it begins since retention took its beginning, and what signs both."""

    n: int
    mac: bytes
    swept_n: int
    swept_mac: bytes
    seal: bytes


class Signed(msgspec.Struct, frozen=True):
    """An entry as it was signed: what changed is text, exactly as it was written."""

    n: int
    at: datetime
    who_kind: str
    who_id: int | None
    who: str
    action: str
    kind: str
    name: str
    label: str
    before: str | None
    after: str | None
    request: str
    address: str
    mac: bytes = b""
    blanked: bytes | None = None
    """What signs an entry of which only who did what and when is left; its own signature stays for the next one."""


class Entry(msgspec.Struct, frozen=True):
    """One entry: when, who, what, on what, and what changed."""

    id: int
    at: datetime
    who_kind: str
    who_id: int | None
    who: str
    """As it was then: a person's e-mail, a key's name or scope."""
    who_name: str
    """What the person is called now."""
    action: str
    kind: str
    name: str
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request: str
    address: str


class Filter(msgspec.Struct, frozen=True):
    """Which entries are wanted; what is None is not asked for."""

    who: str | None = None
    action: str | None = None
    kind: str | None = None
    names: list[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


def hold_chain(tx: Tx, chain: int) -> End:
    """Return the end of a chain; nobody else writes to it before this transaction is over."""
    found = tx.one(SQL["hold_chain"], End, chain=chain)
    if found is None:
        raise LookupError(f"there is no chain {chain}")
    return found


def chains(tx: Tx) -> dict[int, End]:
    """Return the end of every chain."""
    return {chain: End(*end) for chain, *end in tx.rows(SQL["chains"])}


def noted_since(tx: Tx, entry: Signed, since: datetime) -> bool:
    """Return whether the same was noted since a moment."""
    wanted = ("who_kind", "who", "action", "kind", "name", "after")
    return tx.value(SQL["noted_since"], since=since, **{field: getattr(entry, field) for field in wanted})


def add_entry(tx: Tx, chain: int, entry: Signed, seal: bytes) -> None:
    """Write an entry at the end of its chain."""
    tx.run(SQL["add_entry"], chain=chain, seal=seal, **msgspec.structs.asdict(entry))


def list_entries(tx: Tx, wanted: Filter, before: tuple[datetime | None, int, int], limit: int) -> list[Entry]:
    """Return the newest entries that are wanted, before a place: a time, a number and a chain."""
    at, n, chain = before
    tx.run(SQL["plan_for_values"])
    return tx.all(SQL["list_entries"], Entry, at=at, n=n, chain=chain, limit=limit, **msgspec.structs.asdict(wanted))


def count_entries(tx: Tx, wanted: Filter) -> int:
    """Return how many entries are wanted; where all are, nothing has to be counted."""
    if wanted == Filter():
        return sum(end.n - end.swept_n for end in chains(tx).values())
    tx.run(SQL["plan_for_values"])
    return tx.value(SQL["count_entries"], **msgspec.structs.asdict(wanted))


def signed_entries(tx: Tx, chain: int, after_n: int, limit: int) -> Sequence[Signed]:
    """Return some entries of a chain in their order."""
    return [Signed(*row) for row in tx.rows(SQL["signed_entries"], chain=chain, after_n=after_n, limit=limit)]


def old_entries(tx: Tx, before: datetime) -> dict[int, int]:
    """Return up to which number each chain is older than a moment; chains with nothing so old are left out."""
    return dict(tx.rows(SQL["old_entries"], before=before))


def mac_of(tx: Tx, chain: int, n: int) -> bytes:
    """Return the signature of an entry; nothing where it is gone."""
    return tx.value(SQL["mac_of"], chain=chain, n=n) or b""


def forget_entries(tx: Tx, chain: int, n: int) -> int:
    """Let the beginning of a chain go, up to a number; return how many entries went."""
    return tx.value(SQL["forget_entries"], chain=chain, n=n)


def anchor_chain(tx: Tx, chain: int, n: int, mac: bytes, seal: bytes) -> None:
    """Keep where a chain begins now."""
    tx.run(SQL["anchor_chain"], chain=chain, n=n, mac=mac, seal=seal)
