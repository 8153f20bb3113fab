"""How often customers want to be written to at most, as they say it themselves, with the proof of every statement.

Two customers that turn out to be one are written to as rarely as the one of them who wants it more rarely.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.remember import frequency_records as records
from regulars.remember.followers import CONSENT
from regulars.remember.heard import Spaced
from regulars.remember.rows import FrequencySaid
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.kinds import FREQUENCY_CHANGED

__all__ = ["FrequencySaid", "any_are", "change", "days_of", "of_customer", "standing"]


def any_are(tx: Tx) -> bool:
    """Say whether anybody ever said how often."""
    return records.any_are(tx)


def standing(tx: Tx, customer_ids: Collection[int]) -> dict[int, int]:
    """Return in how many days those customers want one message who said so, by any id they ever had."""
    return records.standing(tx, customer_ids)


def of_customer(tx: Tx, customer_id: int) -> list[FrequencySaid]:
    """Return every statement of a customer about how often, with its proof, newest first."""
    return records.of_customer(tx, customer_id)


def days_of(tx: Tx, identity_id: int) -> int | None:
    """Return in how many days the owner of an identity wants one message, with what they said a moment ago."""
    return max(_wanted(tx, identity_id).values(), default=None)


def change(tx: Tx, identity_id: int, days: int | None, words: str, how: str, now: datetime) -> bool:
    """Let the owner of an identity get one message in so many days at most (None: as it comes); return if it is new.

    It is said for every identity of theirs that had it otherwise, so that the last word holds. The last thing of its
    transaction.
    """
    wanted = _wanted(tx, identity_id)
    if set(wanted.values()) == ({days} if days else set()):
        return False
    said = msgspec.json.encode(Spaced(days, words, how))
    owned = wanted.keys() if days is None else {identity_id, *wanted}
    append(tx, [NewEvent(one, now, FREQUENCY_CHANGED, said) for one in sorted(owned)])
    return True


def _wanted(tx: Tx, identity_id: int) -> dict[int, int]:
    return records.wanted(tx, identity_id, kind=FREQUENCY_CHANGED, follower=CONSENT.name)
