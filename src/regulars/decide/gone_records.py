"""What was decided for somebody who goes, and what is known of their addresses."""

from collections.abc import Collection
from datetime import datetime

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide", "gone.sql")


def add_unwanted(tx: Tx, hashes: Collection[str], now: datetime) -> None:
    """Keep hashes of addresses that nothing is to be sent to."""
    tx.run(SQL["add_unwanted"], hashes=list(hashes), now=now)


def any_unwanted(tx: Tx) -> bool:
    """Return whether there is any."""
    return tx.value(SQL["any_unwanted"])


def unwanted(tx: Tx, hashes: Collection[str]) -> list[str]:
    """Return which of some hashes are kept."""
    return tx.values(SQL["unwanted"], hashes=list(hashes))


def drop_unwanted(tx: Tx, hashes: Collection[str]) -> None:
    """Keep some hashes no longer."""
    tx.run(SQL["drop_unwanted"], hashes=list(hashes))


def _intents(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_intents"], identities=gone.identities, limit=limit)


def _suppressions(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    names = ("drop_suppressions", "drop_soft_bounces", "drop_lifted")
    return sum(tx.run(SQL[name], identities=gone.identities) for name in names)


STEPS = (Step("decisions", _intents), Step("decisions", _suppressions))
