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

__all__ = ["Agreed", "Changed", "Consent", "changed", "deciding", "of_customer", "standing"]


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


def deciding(tx: Tx, customer_id: int) -> list[Agreed]:
    """Return the statement of a customer that decides for each purpose and channel, the newest first.

    As in `standing`, a withdrawal by one of their identities goes before another's grant. A grant that is not confirmed
    decides nothing; it is returned where nobody said anything else.
    """
    said = of_customer(tx, customer_id)
    latest: dict[tuple[str, str, int], Agreed] = {}
    for one in said:
        latest.setdefault((one.purpose, one.channel, one.identity_id), one)
    found: dict[tuple[str, str], Agreed] = {}
    for one in sorted(latest.values(), key=lambda one: (one.unconfirmed, one.granted)):
        found.setdefault((one.purpose, one.channel), one)
    return sorted(found.values(), key=lambda one: (one.at, one.seq), reverse=True)


def changed(identity_id: int, at: datetime, what: Changed) -> NewEvent:
    """Return the event by which the owner of an address gives or withdraws consent anywhere but in a form."""
    return NewEvent(identity_id, at, CONSENT_CHANGED, msgspec.json.encode(what))
