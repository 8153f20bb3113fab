"""The statements about pauses from messages."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.remember.rows import PauseSaid
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "pauses.sql")


def keep(tx: Tx, said: Collection[PauseSaid]) -> None:
    """Keep statements."""
    tx.run(
        SQL["keep"],
        identities=[one.identity_id for one in said],
        seqs=[one.seq for one in said],
        ats=[one.at for one in said],
        untils=[one.until for one in said],
        proofs=[msgspec.json.encode(one.proof).decode() for one in said],
    )


def forget(tx: Tx) -> None:
    """Forget every statement."""
    tx.run(SQL["forget"])


def standing(tx: Tx, customers: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return until when the pauses of those customers last who are in one."""
    return dict(tx.rows(SQL["standing"], customers=list(customers), now=now))


def lasting(tx: Tx, identity: int, now: datetime, *, kind: str, follower: str) -> dict[int, datetime]:
    """Return which identities of a customer are in a pause, and until when."""
    return dict(tx.rows(SQL["lasting"], identity=identity, now=now, kind=kind, follower=follower))


def of_customer(tx: Tx, customer: int) -> list[PauseSaid]:
    """Return every statement of a customer, newest first."""
    return tx.all(SQL["of_customer"], PauseSaid, customer=customer)
