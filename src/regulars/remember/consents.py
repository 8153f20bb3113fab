"""Consent: what holds for a customer now, and every statement with its proof."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.remember import records
from regulars.remember.followers import CONSENT
from regulars.remember.heard import Changed
from regulars.remember.rows import Agreed
from regulars.store.database import Tx
from regulars.store.log import NewEvent
from regulars.words.kinds import CONSENT_CHANGED

__all__ = ["Agreed", "Changed", "Consent", "changed", "newest", "of_customer", "standing"]


class Consent(msgspec.Struct, frozen=True):
    """Whether something may be sent, by the statement that decides it: its event, time and words."""

    granted: bool
    seq: int
    at: datetime
    words: str
    held: bool = False
    """A later statement could not be read and waits in quarantine: until it is, nothing is granted."""


def standing(tx: Tx, customer_ids: Collection[int], purpose: str, channel: str) -> dict[int, Consent]:
    """Return what holds for each of those customers that ever said something; who is left out never granted it.

    The most restrictive over a customer's identities: granted only if somebody granted and nobody's latest statement
    is a withdrawal.
    """
    return {
        one.asked: Consent(one.granted and not one.held, one.seq, one.at, one.words, one.held)
        for one in records.standing(tx, customer_ids, purpose, channel, follower=CONSENT.name)
    }


def of_customer(tx: Tx, customer_id: int) -> list[Agreed]:
    """Return every statement of consent of a customer with its proof, newest first."""
    return records.consents_of(tx, customer_id)


def newest(tx: Tx, customer_id: int) -> list[Agreed]:
    """Return a customer's newest statement of consent for each purpose and channel."""
    found: dict[tuple[str, str], Agreed] = {}
    for one in of_customer(tx, customer_id):
        found.setdefault((one.purpose, one.channel), one)
    return list(found.values())


def changed(identity_id: int, at: datetime, what: Changed) -> NewEvent:
    """Return the event by which the owner of an address gives or withdraws consent anywhere but in a form."""
    return NewEvent(identity_id, at, CONSENT_CHANGED, msgspec.json.encode(what))
