"""What customers were sent lately, beside what the contact policy allows; and another policy, which holds at once."""

from collections.abc import Collection
from datetime import datetime

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.pressure import LONGEST, Budget
from regulars.speak import pressure_records as records
from regulars.store.database import Tx
from regulars.words.reasons import PRESSED, QUIET

_ASKED_AGAIN = 50_000
"""Messages that are due at once when another policy holds: whoever saves it must not wait for a million."""


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


def change(tx: Tx, policy: ContactPolicy, now: datetime) -> None:
    """Want another contact policy; raise Invalid for what cannot be.

    What the one before holds back is asked about again, the most urgent first; of very many the rest when it is due.
    """
    contact.keep(tx, policy)
    records.look_again(tx, now, (PRESSED, QUIET), _ASKED_AGAIN)
