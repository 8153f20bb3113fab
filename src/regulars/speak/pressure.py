"""What customers were sent lately, beside what the contact policy allows."""

from collections.abc import Collection
from datetime import datetime

from regulars.decide import contact
from regulars.decide.pressure import LONGEST, Budget
from regulars.speak import pressure_records as records
from regulars.store.database import Tx


def budget(tx: Tx, customers: Collection[int], now: datetime) -> Budget:
    """Return how much room customers have; where there are caps, nobody else takes any before this transaction ends."""
    policy = contact.standing(tx)
    if not policy.caps or not customers:
        return Budget(policy, {}, now)
    records.hold_customers(tx, customers)
    return Budget(policy, records.sent_lately(tx, customers, now - LONGEST), now)


def full(tx: Tx, customers: Collection[int], now: datetime) -> set[int]:
    """Return which customers have no room for another message now."""
    room = Budget(contact.standing(tx), records.sent_lately(tx, customers, now - LONGEST), now)
    return {one for one in customers if room.free_at(one)}
