"""What became of one event: whose it is, what was learned from it, and who has yet to take it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from regulars.remember import outcome_records as records
from regulars.remember.customers import customer_of, names_of
from regulars.remember.outcome_records import Learned
from regulars.remember.shopping import Ignored, ignored
from regulars.store.database import Tx

__all__ = ["Ignored", "Learned", "Outcome", "outcome"]


class Outcome(msgspec.Struct, frozen=True):
    """What became of an event."""

    customer_id: int | None
    """Whose it is; None where the followers have not come to it."""
    customer: str
    """What that customer is called."""
    learned: list[Learned]
    ignored: list[Ignored]
    """What of it could not be understood where orders, products and money are read; it was taken all the same."""
    waiting: list[str]
    """The followers that have not come to it yet."""
    failed: list[str]
    """The followers that could not take it: it is in their quarantine."""


def outcome(tx: Tx, identity: int, seq: int, kind: str, props: Mapping[str, Any]) -> Outcome:
    """Return what became of an event of an identity: of a kind, saying some things (`props`)."""
    customer = customer_of(tx, identity)
    behind = records.behind(tx, seq)
    return Outcome(
        customer_id=customer,
        customer=names_of(tx, [customer]).get(customer, "") if customer is not None else "",
        learned=records.learned(tx, identity, seq),
        ignored=ignored(kind, props),
        waiting=[name for name, failed in behind if not failed],
        failed=[name for name, failed in behind if failed],
    )
