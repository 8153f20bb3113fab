"""The identifiers of somebody who goes: whoever comes by one is somebody new. And what was not taken of them."""

from collections.abc import Collection

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear", "gone.sql")


def let_go(tx: Tx, ids: Collection[int]) -> None:
    """Let go of identifiers; every process that keeps their numbers in mind asks anew with its next transaction."""
    tx.run(SQL["let_go"], ids=list(ids))
    tx.run(SQL["count_letting_go"])


def _rejected(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_rejected"], patterns=gone.patterns, limit=limit)


STEPS = (Step("set aside", _rejected),)
