"""The addresses by which customers are held out."""

from collections.abc import Collection

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide", "holdout.sql")


def addresses_of(tx: Tx, customers: Collection[int]) -> dict[int, list[int]]:
    """Return the e-mail addresses of each customer that has any, as identities."""
    return dict(tx.rows(SQL["addresses_of"], customers=list(customers)))
