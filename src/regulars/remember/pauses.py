"""Pauses from messages: until when a customer wants none, and every statement about it with its proof.

Two customers that turn out to be one are in the longer of their pauses. A pause is over by itself when its time comes.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.remember import pause_records as records
from regulars.remember.followers import CONSENT
from regulars.remember.heard import Paused
from regulars.remember.rows import PauseSaid
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.kinds import PAUSE_CHANGED

__all__ = ["PauseSaid", "change", "lasts_until", "of_customer", "standing"]


def standing(tx: Tx, customer_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return until when the pauses last of those customers who are in one, by any id they ever had."""
    return records.standing(tx, customer_ids, now)


def of_customer(tx: Tx, customer_id: int) -> list[PauseSaid]:
    """Return every statement about pauses of a customer with its proof, newest first."""
    return records.of_customer(tx, customer_id)


def lasts_until(tx: Tx, identity_id: int, now: datetime) -> datetime | None:
    """Return until when the owner of an identity is in a pause, with what they said a moment ago; None where not."""
    return max(_lasting(tx, identity_id, now).values(), default=None)


def change(tx: Tx, identity_id: int, until: datetime | None, words: str, how: str, now: datetime) -> bool:
    """Begin a pause for the owner of an identity, give it another end, or end it (None); return whether it changed.

    It is said for every identity of theirs that is in one, so that the last word holds. Saying it again adds nothing.
    The last thing of its transaction.
    """
    lasting = _lasting(tx, identity_id, now)
    if set(lasting.values()) == ({until} if until else set()):
        return False
    said = msgspec.json.encode(Paused(until, words, how))
    owned = lasting.keys() if until is None else {identity_id, *lasting}
    append(tx, [NewEvent(one, now, PAUSE_CHANGED, said) for one in sorted(owned)])
    return True


def _lasting(tx: Tx, identity_id: int, now: datetime) -> dict[int, datetime]:
    return records.lasting(tx, identity_id, now, kind=PAUSE_CHANGED, follower=CONSENT.name)
