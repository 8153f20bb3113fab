"""Open complaints: somebody complained, and nothing has been heard of its resolution since."""

from collections.abc import Collection

from regulars.decide import complaint_records as records
from regulars.decide.contact import ContactPolicy
from regulars.store.database import Tx
from regulars.store.records import known_kinds


def any_are(tx: Tx, policy: ContactPolicy) -> bool:
    """Whether anybody ever complained."""
    opened = policy.complaint_opened
    return bool(opened and known_kinds(tx, [opened]))


def among(tx: Tx, customers: Collection[int], policy: ContactPolicy) -> set[int]:
    """Return which of some customers, by any of their identities, have complained later than it was resolved."""
    if not customers or not any_are(tx, policy):
        return set()
    return records.complaining(tx, customers, policy.complaint_opened, policy.complaint_resolved)
