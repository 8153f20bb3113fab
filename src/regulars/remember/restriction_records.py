"""The statements about customers who are kept and not used."""

from collections.abc import Collection

import msgspec

from regulars.remember.rows import RestrictionSaid
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "restrictions.sql")


def keep(tx: Tx, said: Collection[RestrictionSaid]) -> None:
    """Keep statements."""
    tx.run(
        SQL["keep"],
        identities=[one.identity_id for one in said],
        seqs=[one.seq for one in said],
        ats=[one.at for one in said],
        restricted=[one.restricted for one in said],
        proofs=[msgspec.json.encode(one.proof).decode() for one in said],
    )


def forget(tx: Tx) -> None:
    """Forget every statement."""
    tx.run(SQL["forget"])


def among(tx: Tx, customers: Collection[int]) -> set[int]:
    """Return those of some customers who are restricted."""
    return set(tx.values(SQL["among"], customers=list(customers)))


def restricted_now(tx: Tx, identity: int, *, kind: str, follower: str) -> set[int]:
    """Return which identities of a customer are restricted."""
    return set(tx.values(SQL["restricted_now"], identity=identity, kind=kind, follower=follower))


def of_customer(tx: Tx, customer: int) -> list[RestrictionSaid]:
    """Return every statement of a customer, newest first."""
    return tx.all(SQL["of_customer"], RestrictionSaid, customer=customer)
