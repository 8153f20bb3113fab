"""Whether the audit log is as it was written, and what retention lets go of it."""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal

import msgspec

from regulars.access import audit_records
from regulars.access.audit import CHAINS, HOUSE, Audit, Deed
from regulars.access.audit_records import End, Signed
from regulars.store.database import Database, Tx

_AT_ONCE = 5_000
_SWEPT_AT_ONCE = 20_000


class Broken(msgspec.Struct, frozen=True):
    """A place where a chain is not as it was written; `at` is when what stands there claims to have happened."""

    what: Literal["changed", "missing", "end"]
    chain: int
    n: int
    at: datetime | None = None


class Verdict(msgspec.Struct, frozen=True):
    """How many entries were looked at, and the first broken place of each chain."""

    looked_at: int
    broken: list[Broken]


def verify(tx: Tx, audit: Audit, *, newest: int | None = None) -> Verdict:
    """Look whether entries were changed or taken out: all of them, or only the newest of each chain."""
    looked_at, broken = 0, list[Broken]()
    ends = audit_records.chains(tx)
    for chain in range(CHAINS):
        seen, wrong = _verify_chain(tx, audit, chain, ends.get(chain), newest)
        if wrong:  # retention may have been at it just now: then all is well as it stands by now
            seen, wrong = _verify_chain(tx, audit, chain, audit_records.chains(tx).get(chain), newest)
        looked_at += seen
        broken += [wrong] if wrong else []
    return Verdict(looked_at, broken)


def _sealed(tx: Tx, audit: Audit, chain: int, end: End) -> bool:
    if not end.seal:
        return not end.n and not end.swept_n
    return compare_digest(end.seal, audit.seal(tx, chain, end))


def _as_written(tx: Tx, audit: Audit, chain: int, entry: Signed, last: bytes) -> bool:
    """Whether an entry is as it was written, or as it was left when somebody had everything forgotten."""
    if entry.blanked is not None:
        return compare_digest(entry.blanked, audit.sign_blanked(tx, chain, entry))
    return compare_digest(entry.mac, audit.sign(tx, chain, entry, last))


def _verify_chain(tx: Tx, audit: Audit, chain: int, end: End | None, newest: int | None) -> tuple[int, Broken | None]:
    if end is None or not _sealed(tx, audit, chain, end):
        return 0, Broken("end", chain, end.n if end else 0)
    first = end.swept_n if newest is None else max(end.swept_n, end.n - newest)
    n, last = first, end.swept_mac if first == end.swept_n else audit_records.mac_of(tx, chain, first)
    while n < end.n:
        entries = audit_records.signed_entries(tx, chain, n, min(_AT_ONCE, end.n - n))
        for entry in entries:
            n += 1
            if entry.n != n:
                return n - first, Broken("missing", chain, n, entry.at)
            if not _as_written(tx, audit, chain, entry, last):
                return n - first, Broken("changed", chain, n, entry.at)
            last = entry.mac
        if not entries:
            return n - first, Broken("missing", chain, n + 1)
    return n - first, None if last == end.mac else Broken("end", chain, n)


def sweep(database: Database, audit: Audit, workspace: str, keep: timedelta, now: datetime) -> int:
    """Let go of what is older than `keep`, note that, and return how many entries went."""
    with database.workspace(workspace) as tx:
        old = audit_records.old_entries(tx, now - keep)
    gone = sum(_sweep_chain(database, audit, workspace, chain, n) for chain, n in old.items())
    if gone:
        with database.workspace(workspace) as tx:
            after = {"entries": gone, "days": keep.days}
            audit.note(tx, HOUSE, Deed("audit.swept", after=after), now)
    return gone


def _sweep_chain(database: Database, audit: Audit, workspace: str, chain: int, up_to: int) -> int:
    gone, n = 0, 0
    while n < up_to:
        with database.workspace(workspace) as tx:
            end = audit_records.hold_chain(tx, chain)
            n = min(up_to, end.swept_n + _SWEPT_AT_ONCE)
            mac = audit_records.mac_of(tx, chain, n)
            gone += audit_records.forget_entries(tx, chain, n)
            end = msgspec.structs.replace(end, swept_n=n, swept_mac=mac)
            audit_records.anchor_chain(tx, chain, n, mac, audit.seal(tx, chain, end))
    return gone
