"""The statements that read what goes into the mirror; each writes its rows as CSV."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import IO

from regulars.store.database import Tx
from regulars.store.statements import Statement, load
from regulars.understand.compile import disputed_facts

SQL = load(__package__ or "regulars.loop", "mirror.sql")
Reader = Callable[[IO[bytes]], None]
"""Writes rows as CSV."""


def events(tx: Tx, after: int, upto: int) -> Reader:
    """Return what reads the events behind one, up to another."""
    return partial(tx.copy, SQL["events"], after=after, upto=upto)


def some_events(tx: Tx, seqs: Sequence[int]) -> Reader:
    """Return what reads some events."""
    return partial(tx.copy, SQL["some_events"], seqs=list(seqs))


def sources(tx: Tx, name: str) -> Mapping[str, Reader]:
    """Return what reads all that a snapshot is made of."""
    found: dict[str, Reader] = {name: partial(tx.copy, SQL[name])}
    if name == "facts":
        found["disputes"] = partial(tx.copy, Statement(disputed_facts().encode()))
    return found


def gone(tx: Tx) -> Reader:
    """Return what reads the numbers, as identities and as customers, of all who were forgotten."""
    return partial(tx.copy, SQL["gone"])


def changed(tx: Tx, after: int) -> Reader:
    """Return what reads which events were changed in place behind a change."""
    return partial(tx.copy, SQL["changed"], after=after)


def months(tx: Tx, upto: int) -> dict[str, tuple[int | str, ...]]:
    """Return figures of the log by month, up to an event, that differ where an event does."""
    return {row[0]: row[1:] for row in tx.rows(SQL["months"], upto=upto)}
