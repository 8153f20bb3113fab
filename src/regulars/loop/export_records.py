"""The statements that read everything of a workspace."""

from collections.abc import Iterator

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.loop", "exports.sql")


def count_rows(tx: Tx) -> int:
    """Return about how many rows an export has."""
    return tx.value(SQL["count_rows"])


def lines(tx: Tx, thing: str, at_once: int) -> Iterator[list[str]]:
    """Yield the lines of a kind of thing, some at a time."""
    return tx.stream(SQL[thing], at_once)


def logo_of(tx: Tx) -> str:
    """Return the name of the workspace's logo, or nothing."""
    return tx.value(SQL["logo"]) or ""
