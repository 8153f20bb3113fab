"""The statements about what joined identities, and what told them apart."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from regulars.remember.heard import Rules
from regulars.remember.joining import Met, Tie
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "merges.sql")


class Joined(msgspec.Struct, frozen=True):
    """What made one customer of two, and still holds: the event that said so, and which identities it linked."""

    seq: int
    one: int
    other: int
    winner: int
    loser: int
    at: datetime
    undone: int | None
    kind: str | None
    """The kind of the event; None where it is no longer in the log."""
    props: dict[str, Any] | None
    one_kind: str | None
    one_value: str | None
    other_kind: str | None
    other_value: str | None


class Parted(msgspec.Struct, frozen=True):
    """A customer of whom a person said that it is another one: the event, and the pair of identities it named."""

    seq: int
    one: int
    other: int
    mine: int
    customer_id: int
    name: str
    at: datetime | None
    kind: str | None


class Ruled(msgspec.Struct, frozen=True):
    """Rules, and since when they hold."""

    seq: int
    at: datetime
    rules: dict[str, Any]


def tie(tx: Tx, ties: Collection[Tie], moments: Mapping[int, datetime]) -> None:
    """Keep what joined identities; `moments` tell when each event happened."""
    tx.run(
        SQL["tie"],
        seqs=[one.seq for one in ties],
        others=[one.other for one in ties],
        ones=[one.one for one in ties],
        winners=[one.winner for one in ties],
        losers=[one.loser for one in ties],
        ats=[moments[one.seq] for one in ties],
    )


def apart_of(tx: Tx, customers: Collection[int]) -> list[tuple[int, int, int, int]]:
    """Return (customer, its identity, one, other) of pairs that were told apart."""
    return [(row[0], row[1], row[2], row[3]) for row in tx.rows(SQL["apart_of"], customers=list(customers))]


def brought(tx: Tx, ids: Collection[int], kinds: Collection[str]) -> dict[int, int]:
    """Return how many identities of some kinds each browser has brought to its customer."""
    return dict(tx.rows(SQL["brought"], ids=list(ids), kinds=list(kinds)))


def find_tie(tx: Tx, seq: int, other: int) -> Tie | None:
    """Return a tie that holds, locked, or None."""
    return tx.one(SQL["find_tie"], Tie, seq=seq, other=other)


def ties_of(tx: Tx, customer: int) -> list[Tie]:
    """Return what holds the identities of a customer together."""
    return tx.all(SQL["ties_of"], Tie, customer=customer)


def members(tx: Tx, customer: int) -> list[Met]:
    """Return the identities of a customer."""
    return tx.all(SQL["members"], Met, customer=customer)


def cut(tx: Tx, one: Tie, by: int) -> None:
    """Note that an event undid a tie."""
    tx.run(SQL["cut"], seq=one.seq, other=one.other, by=by)


def move(tx: Tx, identities: Collection[int], customer: int, seq: int) -> None:
    """Give identities another customer, as an event said."""
    tx.run(SQL["move"], identities=list(identities), customer=customer, seq=seq)


def tell_apart(tx: Tx, one: int, other: int, seq: int) -> None:
    """Note that two identities are not the same customer."""
    tx.run(SQL["tell_apart"], one=one, other=other, seq=seq)


def lift(tx: Tx, one: int, other: int) -> None:
    """Forget that anything of two customers was told apart."""
    tx.run(SQL["lift"], one=one, other=other)


def rule(tx: Tx, seq: int, at: datetime, rules: Rules) -> None:
    """Take rules from an event on."""
    tx.run(SQL["rule"], seq=seq, at=at, rules=msgspec.json.encode(rules).decode())


def rule_from_now(tx: Tx, at: datetime, rules: Rules) -> None:
    """Take rules from the event on that this transaction appended last."""
    tx.run(SQL["rule_from_now"], at=at, rules=msgspec.json.encode(rules).decode())


def rules(tx: Tx, limit: int = 1, before: int | None = None) -> list[Ruled]:
    """Return the rules by which identities are joined, the newest first; none where nobody has changed them."""
    return tx.all(SQL["rules"], Ruled, limit=limit, before=before)


def forget(tx: Tx) -> None:
    """Forget what joined identities, who was told apart, and all rules."""
    tx.run(SQL["forget_ties"])
    tx.run(SQL["forget_apart"])
    tx.run(SQL["forget_rules"])


def joined(tx: Tx, customer: int, limit: int) -> list[Joined]:
    """Return what made one customer of several, the newest first."""
    return tx.all(SQL["joined"], Joined, customer=customer, limit=limit)


def parted(tx: Tx, customer: int, limit: int) -> list[Parted]:
    """Return from whom a customer was split or told apart, the newest first."""
    return tx.all(SQL["parted"], Parted, customer=customer, limit=limit)
