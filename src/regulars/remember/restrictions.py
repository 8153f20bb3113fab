"""Customers who are kept and not used (GDPR, article 18): who they are, and every statement about it with its proof.

Two customers that turn out to be one are restricted where one of them was. It ends when it is lifted, never by itself.
Both are put onto the list that outlives backups.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.remember import restriction_records as records
from regulars.remember.erasing import note_restricted
from regulars.remember.followers import CONSENT
from regulars.remember.heard import Restricted
from regulars.remember.rows import RestrictionSaid
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.kinds import RESTRICTION_CHANGED

__all__ = ["RestrictionSaid", "among", "change", "of_customer", "stands"]


def among(tx: Tx, customer_ids: Collection[int]) -> set[int]:
    """Return those of some customers who are restricted, by any id they ever had."""
    return records.among(tx, customer_ids) if customer_ids else set()


def of_customer(tx: Tx, customer_id: int) -> list[RestrictionSaid]:
    """Return every statement about restrictions of a customer with its proof, newest first."""
    return records.of_customer(tx, customer_id)


def stands(tx: Tx, identity_id: int) -> bool:
    """Whether the owner of an identity is restricted, with what was said a moment ago."""
    return bool(_now(tx, identity_id))


def change(tx: Tx, identity_id: int, words: str, how: str, now: datetime, *, restricted: bool) -> bool:
    """Restrict the owner of an identity, or lift it for every identity of theirs; return whether that is new.

    The last thing of its transaction.
    """
    before = _now(tx, identity_id)
    if bool(before) == restricted:
        return False
    owned = {identity_id} if restricted else before
    said = msgspec.json.encode(Restricted(restricted, words, how))
    note_restricted(tx, owned, now, restricted=restricted)
    append(tx, [NewEvent(one, now, RESTRICTION_CHANGED, said) for one in sorted(owned)])
    return True


def _now(tx: Tx, identity_id: int) -> set[int]:
    return records.restricted_now(tx, identity_id, kind=RESTRICTION_CHANGED, follower=CONSENT.name)
