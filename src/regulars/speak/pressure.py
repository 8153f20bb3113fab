"""What customers were sent lately, beside what the contact policy allows; and another policy, which holds at once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.pressure import LONGEST, Budget
from regulars.remember import frequencies
from regulars.speak import pressure_records as records
from regulars.store.database import Tx
from regulars.words.reasons import PRESSED, QUIET, SPACED

_ASKED_AGAIN = 50_000
"""Messages that are due at once when another policy holds: whoever saves it must not wait for a million."""


def budget(tx: Tx, customers: Collection[int], now: datetime) -> Budget:
    """Return how much room customers have; nobody else writes to them before this transaction ends."""
    policy = contact.standing(tx)
    if not customers:
        return Budget(policy, {}, now)
    records.hold_customers(tx, customers)
    wanted = frequencies.standing(tx, customers)
    capped = customers if policy.caps else wanted
    if not capped:
        return Budget(policy, {}, now)
    return Budget(policy, records.sent_lately(tx, capped, _since(wanted, now)), now, wanted)


def full(tx: Tx, customers: Collection[int], now: datetime) -> set[int]:
    """Return which customers have no room for another message now."""
    wanted = frequencies.standing(tx, customers) if customers else {}
    room = Budget(contact.standing(tx), records.sent_lately(tx, customers, _since(wanted, now)), now, wanted)
    return {one for one in customers if room.wait(one)}


def _since(wanted: Mapping[int, int], now: datetime) -> datetime:
    return now - max(LONGEST, timedelta(days=max(wanted.values(), default=0)))


def change(tx: Tx, policy: ContactPolicy, now: datetime) -> None:
    """Want another contact policy; raise Invalid for what cannot be.

    What the one before holds back is asked about again, the most urgent first; of very many the rest when it is due.
    """
    contact.keep(tx, policy)
    records.look_again(tx, now, (PRESSED, QUIET), _ASKED_AGAIN)


def look_again(tx: Tx, identities: Collection[int], now: datetime) -> None:
    """Ask again about what waits for the owners of identities: they said how often they want to be written to."""
    records.look_again_of(tx, identities, now, SPACED)
