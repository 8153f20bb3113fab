"""The statements about customers who may be one, and links that were refused."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.remember.rows import Customer
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.kinds import CUSTOMER_JOINED

SQL = load(__package__ or "regulars.remember", "duplicates.sql")
Place = tuple[int, int, int]
"""Where a list of suspects is read on: rank, one, other."""


class Suspect(msgspec.Struct, frozen=True):
    """Two customers who may be one, and why, the strongest reason first."""

    one: int
    other: int
    reasons: list[str]
    rank: int


class Sign(msgspec.Struct, frozen=True):
    """Something known of a customer that tells who it is."""

    customer_id: int
    name: str
    words: str
    verified: bool


class Heard(msgspec.Struct, frozen=True):
    """A verified link that was heard."""

    seq: int
    identity_id: int
    links: list[int]


def refuse(tx: Tx, refused: Collection[tuple[int, int, int]]) -> None:
    """Note links that the rules refused, each as (one, other, event)."""
    ones, others, seqs = zip(*refused, strict=True)
    tx.run(SQL["refuse"], ones=list(ones), others=list(others), seqs=list(seqs))


def forget_refused(tx: Tx) -> None:
    """Forget the links that were refused."""
    tx.run(SQL["forget_refused"])


def find(tx: Tx, birthdays: Collection[str], postcodes: Collection[str], limit: int) -> int:
    """Find customers who may be one; return how many pairs are new or have other reasons."""
    return tx.run(SQL["find"], birthdays=list(birthdays), postcodes=list(postcodes), limit=limit)


def found_by_more(tx: Tx, pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of some pairs that were found by more than what somebody typed."""
    found = tx.rows(SQL["found_by_more"], ones=[one for one, _ in pairs], others=[other for _, other in pairs])
    return [(one, other) for one, other in found]


def suspects(tx: Tx, after: Place, limit: int, now: datetime, patterns: Sequence[str]) -> list[Suspect]:
    """Return pairs that wait to be looked at, after a place; those of whom one is found by all patterns."""
    given: dict[str, Any] = dict(zip(("rank", "one", "other"), after, strict=True))
    given |= {"limit": limit, "now": now, "patterns": list(patterns)}
    return tx.all(SQL["suspects"], Suspect, **given, joined=CUSTOMER_JOINED)


def count_suspects(tx: Tx, now: datetime, patterns: Sequence[str]) -> int:
    """Return how many pairs wait to be looked at, of those of whom one is found by all patterns."""
    return tx.value(SQL["count_suspects"], now=now, patterns=list(patterns))


def postpone(tx: Tx, pairs: Collection[tuple[int, int]], until: datetime | None) -> None:
    """Ask about pairs again at another time, or now."""
    tx.run(SQL["postpone"], ones=[one for one, _ in pairs], others=[other for _, other in pairs], until=until)


def set_joined(tx: Tx, pairs: Collection[tuple[int, int]]) -> None:
    """Look at pairs no more that are one, until somebody takes that back."""
    tx.run(SQL["set_joined"], ones=[one for one, _ in pairs], others=[other for _, other in pairs])


def ask_again(tx: Tx, pairs: Collection[tuple[int, int]]) -> None:
    """Look at pairs again that were said to be one."""
    tx.run(SQL["ask_again"], ones=[one for one, _ in pairs], others=[other for _, other in pairs])


def drop_suspects(tx: Tx, pairs: Collection[tuple[int, int]]) -> None:
    """Look at pairs no more that were decided."""
    tx.run(SQL["drop_suspects"], ones=[one for one, _ in pairs], others=[other for _, other in pairs])


def telling(tx: Tx, customers: Collection[int], names: Collection[str]) -> list[Sign]:
    """Return what is known of some customers that tells who they are."""
    return tx.all(SQL["telling"], Sign, customers=list(customers), names=list(names))


def described(tx: Tx, ids: Collection[int]) -> list[Customer]:
    """Return some customers."""
    return tx.all(SQL["described"], Customer, ids=list(ids))


def links(tx: Tx, kinds: Collection[str], limit: int) -> list[Heard]:
    """Return the last verified links that were heard, oldest first."""
    return tx.all(SQL["links"], Heard, kinds=list(kinds), limit=limit)
