"""Customers: who an identity belongs to, one by id, all of them by pages, and search."""

from collections.abc import Collection

import msgspec

from regulars.hear.identities import Identity
from regulars.remember import records
from regulars.remember.folding import fold, patterns, sought
from regulars.remember.rows import Customer
from regulars.store.database import Tx
from regulars.words.errors import Unknown

__all__ = ["Customer", "Page", "customer_of", "customers_of", "get_customer", "identities_of", "names_of", "search"]


class Page(msgspec.Struct, frozen=True):
    """Some customers of a longer list, and how many the whole list has."""

    customers: list[Customer]
    total: int


def customer_of(tx: Tx, identity_id: int) -> int | None:
    """Return the customer an identity belongs to now, or None if it has not been met."""
    return records.customer_of(tx, identity_id)


def customers_of(tx: Tx, identity_ids: Collection[int]) -> dict[int, int]:
    """Return the customers that identities belong to now; who has not been met is left out."""
    return records.customers_of(tx, identity_ids)


def identities_of(tx: Tx, customer_id: int) -> list[Identity]:
    """Return a customer's identifiers, in the order they were interned. An old id of a merged customer will do."""
    return records.identities_of(tx, customer_id)


def get_customer(tx: Tx, customer_id: int) -> Customer:
    """Return a customer; an old id of a merged customer leads to the winner. Raises Unknown."""
    customer = records.get_customer(tx, customer_id)
    if customer is None:
        raise Unknown("There is no customer {id}. Look for the customer by name or address.", id=customer_id)
    return customer


def names_of(tx: Tx, customer_ids: Collection[int]) -> dict[int, str]:
    """Return what some customers are called, by any id they ever had; who is not there is left out."""
    return records.names_of(tx, customer_ids)


def search(tx: Tx, text: str = "", *, limit: int = 50) -> Page:
    """Return the newest customers whose name or identifiers contain every word of a text; of all for no text.

    Case and accents do not matter, and a word may be the middle of a longer one: 'kalnina' finds Kalniņa, 小明 finds
    王小明. Lists that are read on are `understand.finding`.
    """
    folded = fold(text)
    if not folded:
        some = records.list_customers(tx, limit=limit)
        return Page(some, records.count_customers(tx))
    found, total = records.find_customers(tx, sought(folded), patterns(folded), limit=limit)
    return Page(found, total)
