"""A customer's row: the name to show, and the text by which search finds it. Two followers write it.

`identity` knows identifiers, `facts` knows names; each writes the whole row, so both lock it first and read after:
whoever comes second sees what the first has committed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from regulars.remember import records
from regulars.remember.folding import LONGEST, fold
from regulars.remember.rows import Described
from regulars.store.database import Tx

NAMING = frozenset({"name", "first_name", "last_name", "firstName", "lastName", "email"})
"""Facts that name a customer. Segment's tracking protocol writes firstName, people write first_name."""


def describe(tx: Tx, customers: Collection[int]) -> None:
    """Write customers' rows anew after their facts changed; those that are gone by now stay gone."""
    if customers:
        write(tx, records.hold_customers(tx, customers))


def write(tx: Tx, created: Mapping[int, datetime]) -> None:
    """Write the rows of customers that this transaction holds (or founds), each with when it was first met."""
    if not created:
        return
    facts: dict[int, dict[str, str]] = defaultdict(dict)
    for customer, name, words in records.naming_facts(tx, created, NAMING):
        facts[customer][name] = " ".join(words[:LONGEST].split())
    identities: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for customer, kind, value in records.naming_identities(tx, created):
        identities[customer].append((kind, value))
    records.write_customers(
        tx, [_row(customer, at, facts[customer], identities[customer]) for customer, at in created.items()]
    )


def _row(customer: int, at: datetime, facts: Mapping[str, str], identities: list[tuple[str, str]]) -> Described:
    emails = [value for kind, value in identities if kind == "email"]
    parts = [
        facts.get("first_name") or facts.get("firstName", ""),
        facts.get("last_name") or facts.get("lastName", ""),
    ]
    name = facts.get("name") or " ".join(filter(None, parts)) or facts.get("email") or next(iter(emails), "")
    found_by = [*sorted(facts.values()), *(value for _, value in identities)]
    pieces = dict.fromkeys(fold(piece) for piece in (name, *found_by))
    folded = " ".join(filter(None, pieces))
    return Described(customer, name, folded, at)
