"""The statements about how often customers want to be written to."""

from collections.abc import Collection

import msgspec

from regulars.remember.rows import FrequencySaid
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "frequencies.sql")


def keep(tx: Tx, said: Collection[FrequencySaid]) -> None:
    """Keep statements."""
    tx.run(
        SQL["keep"],
        identities=[one.identity_id for one in said],
        seqs=[one.seq for one in said],
        ats=[one.at for one in said],
        days=[one.days for one in said],
        proofs=[msgspec.json.encode(one.proof).decode() for one in said],
    )


def forget(tx: Tx) -> None:
    """Forget every statement."""
    tx.run(SQL["forget"])


def any_are(tx: Tx) -> bool:
    """Say whether anybody ever said how often."""
    return bool(tx.value(SQL["any_are"]))


def standing(tx: Tx, customers: Collection[int]) -> dict[int, int]:
    """Return in how many days those customers want one message who said so."""
    return dict(tx.rows(SQL["standing"], customers=list(customers)))


def wanted(tx: Tx, identity: int, *, kind: str, follower: str) -> dict[int, int]:
    """Return which identities of a customer want one message in how many days."""
    return dict(tx.rows(SQL["wanted"], identity=identity, kind=kind, follower=follower))


def of_customer(tx: Tx, customer: int) -> list[FrequencySaid]:
    """Return every statement of a customer, newest first."""
    return tx.all(SQL["of_customer"], FrequencySaid, customer=customer)
