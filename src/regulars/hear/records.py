"""The statements of `hear`: identifiers and their numbers."""

from collections.abc import Collection

import msgspec

from regulars.store.database import Tx
from regulars.store.log import NewEvent
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear")

Pair = tuple[str, str]


class Identity(msgspec.Struct, frozen=True):
    """An identifier that points to a customer: its number, its kind and what it says."""

    id: int
    kind: str
    value: str


def find_identities(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, int]:
    """Return the numbers of the identifiers that are known."""
    rows = tx.rows(SQL["find_identities"], kinds=[kind for kind, _ in pairs], values=[value for _, value in pairs])
    return {(kind, value): number for kind, value, number in rows}


def add_identities(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, int]:
    """Number those identifiers that are new and return these."""
    rows = tx.rows(SQL["add_identities"], kinds=[kind for kind, _ in pairs], values=[value for _, value in pairs])
    return {(kind, value): number for kind, value, number in rows}


def is_only_of_public_keys(tx: Tx, number: int) -> bool:
    """Return whether an identity has events, and each came with a key that is public or there no more."""
    return tx.value(SQL["is_only_of_public_keys"], identity=number)


def list_identities(tx: Tx, ids: Collection[int]) -> list[Identity]:
    """Return identifiers by their numbers."""
    return tx.all(SQL["list_identities"], Identity, ids=list(ids))


TIMES_LET_GO = SQL["times_let_go"]


def times_let_go(tx: Tx) -> int:
    """Return how often identifiers were let go of."""
    return tx.value(TIMES_LET_GO)


def known_events(tx: Tx, events: Collection[NewEvent]) -> set[int]:
    """Return the message ids of those events that the log has, however long ago it took them."""
    return set(
        tx.values(
            SQL["known_events"],
            identities=[event.identity_id for event in events],
            ats=[event.at for event in events],
            mids=[event.mid for event in events],
        )
    )


def known_statements(tx: Tx, events: Collection[NewEvent]) -> set[int]:
    """Return the message ids of those statements that the log has, at whatever time they were made."""
    if not events:
        return set()
    identities = [event.identity_id for event in events]
    return set(tx.values(SQL["known_statements"], identities=identities, mids=[event.mid for event in events]))
