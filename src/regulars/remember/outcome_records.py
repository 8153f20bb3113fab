"""The statements of what became of one event."""

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "outcomes.sql")


class Learned(msgspec.Struct, frozen=True):
    """A fact that was learned from an event, in the words in which it was said."""

    name: str
    words: str
    verified: bool
    fits: bool
    """Whether it is of the type that the catalogue has for it; else its words are kept, and no rule compares them.

    What is not verified is not asked: true.
    """


def learned(tx: Tx, identity: int, seq: int) -> list[Learned]:
    """Return what was learned from an event."""
    return tx.all(SQL["learned"], Learned, identity=identity, seq=seq)


def behind(tx: Tx, seq: int) -> list[tuple[str, bool]]:
    """Return the followers that have not come to an event, and those that could not take it (True)."""
    return [(name, failed) for name, failed in tx.rows(SQL["behind"], seq=seq)]
