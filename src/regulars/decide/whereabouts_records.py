"""What is known of where customers are."""

from collections.abc import Collection

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide", "whereabouts.sql")
_TELLING = ["timezone", "country", "address.country", "locale"]


def home_zone(tx: Tx) -> str:
    """Return the workspace's time zone."""
    return tx.value(SQL["home_zone"])


def facts(tx: Tx, customers: Collection[int]) -> dict[int, dict[str, str]]:
    """Return what customers said of where they are, by the names of facts."""
    found: dict[int, dict[str, str]] = {}
    for customer, name, words in tx.rows(SQL["facts"], customers=list(customers), names=_TELLING):
        found.setdefault(customer, {})[name] = words
    return found


def phones(tx: Tx, customers: Collection[int]) -> dict[int, str]:
    """Return a telephone number of each customer that has one."""
    return dict(tx.rows(SQL["phones"], customers=list(customers)))


def contexts(tx: Tx, customers: Collection[int]) -> dict[int, dict[str, str]]:
    """Return what the newest events of customers said of their clock and language."""
    rows = tx.rows(SQL["contexts"], customers=list(customers))
    return {customer: {"timezone": zone, "locale": locale or ""} for customer, zone, locale in rows}
