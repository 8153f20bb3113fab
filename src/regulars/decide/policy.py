"""The contact policy: who may be written to, asked just before sending. No message goes past it."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime

import msgspec
from msgspec import structs

from regulars.decide import complaints, contact, holdout, records, unwanted, whereabouts
from regulars.decide.contact import ContactPolicy
from regulars.decide.hours import opens
from regulars.decide.records import Address, Asked, Reach
from regulars.decide.suppression_records import COMPLAINED
from regulars.decide.whereabouts import Place
from regulars.remember import frequencies, pauses, restrictions
from regulars.remember.consents import Consent, standing
from regulars.remember.followers import CONSENT
from regulars.store.database import Tx
from regulars.words.errors import Invalid
from regulars.words.reasons import (
    CALLED_SPAM,
    COMPLAINING,
    HELD,
    NEVER_AGREED,
    NO_ADDRESS,
    PAUSED,
    RESTRICTED,
    SUPPRESSED,
    UNWANTED,
    WITHDRAWN,
    coded,
    read,
)

EMAIL = "email"
KINDS = {EMAIL: "email", "sms": "phone"}
"""The kind of address to which each channel goes."""
CHANNELS = tuple(KINDS)
NEEDED = frozenset({"service"})
"""The purposes that a pause and the contact policy do not hold back: what somebody waits for."""
FEWER = 2_000
"""The most of whom is foreseen what takes more than one statement for all: a page must not wait for a second."""
Full = Callable[[Tx, Collection[int], datetime], Collection[int]]
"""Says which of some customers have no room for another message now."""
_UNWILLING = frozenset({NEVER_AGREED, WITHDRAWN, HELD, RESTRICTED, UNWANTED})


class Verdict(msgspec.Struct, frozen=True):
    """Whether a customer may be written to; if not, why not."""

    customer_id: int
    """The customer as it is now, which after a merger is another one than was asked about."""
    allowed: bool
    reason: str = ""
    """As it is kept (words/reasons.py)."""
    identity_id: int | None = None
    address: str = ""
    consent_seq: int | None = None
    """The event of the consent it rests on, or by which it is refused."""
    until: datetime | None = None
    """Where it is quiet for them now: when that is over. They may be written to, and not before."""


def gate(tx: Tx, customer_ids: Collection[int], purpose: str, channel: str, now: datetime) -> dict[int, Verdict]:
    """Say of each customer whether there is consent for this purpose, no pause, and an address that is not suppressed.

    Of those it lets through, it says until when it is quiet for them, where it is.
    Who is restricted is not written to for any purpose.
    The answer holds for the transaction it is asked in, so ask in the one that claims the message.
    """
    _check(channel)
    addresses = records.addresses(tx, set(customer_ids), KINDS[channel], heeded=purpose not in NEEDED)
    consents = standing(tx, [one.asked for one in addresses], purpose, channel)
    paused = pauses.standing(tx, consents, now) if purpose not in NEEDED else {}
    restricted = restrictions.among(tx, [one.asked for one in addresses])
    gone = unwanted.among(tx, {one.address for one in addresses if one.address})
    policy = contact.standing(tx)
    complaining = complaints.among(tx, {one.customer_id for one in addresses}, policy) if purpose not in NEEDED else ()
    said = {
        one.asked: _verdict(
            one,
            consents.get(one.asked),
            restricted=one.asked in restricted,
            paused=one.asked in paused,
            complaining=one.customer_id in complaining,
            gone=one.address in gone,
        )
        for one in addresses
    }
    return said if purpose in NEEDED else _quieted(tx, said, policy, channel, now)


def _quieted(
    tx: Tx, said: dict[int, Verdict], policy: ContactPolicy, channel: str, now: datetime
) -> dict[int, Verdict]:
    """Return verdicts with until when it is quiet for those who may be written to."""
    if not contact.quiets(policy, channel):
        return said
    there = whereabouts.places(tx, {one.customer_id for one in said.values() if one.allowed})
    until = {place: _opens(policy, channel, place, now) for place in set(there.values())}
    return {
        asked: structs.replace(one, until=until[there[one.customer_id]]) if one.allowed else one
        for asked, one in said.items()
    }


def _opens(policy: ContactPolicy, channel: str, place: Place, now: datetime) -> datetime | None:
    weeks = contact.weeks(policy, channel, place.country)
    return opens(weeks, place.zone, now) if weeks else None


def foresee(tx: Tx, asked: Asked, now: datetime, *, most: int, full: Full) -> Reach:
    """Say how many members of a segment the gate would let through now, and what holds back the others.

    It asks those who came last, so many at most. What it says is what `gate` says of each of them, who is held out of
    those whom it lets through, and `full` of the others.
    """
    _check(asked.channel)
    heeded = asked.purpose not in NEEDED
    if heeded and _heeded(tx, asked):
        newest = records.newest_in(tx, asked.segment, min(most, FEWER))
        return _asked_one_by_one(tx, asked, now, newest, full)
    all_ = records.Foreseen(
        asked.segment, most, asked.purpose, asked.channel, KINDS[asked.channel], CONSENT.name, heeded=heeded, now=now
    )
    return records.foresee(tx, all_, _unwanted(tx, asked, most))


def _heeded(tx: Tx, asked: Asked) -> bool:
    """Whether more may hold somebody back now than what SQL counts in one statement."""
    policy = contact.standing(tx)
    held = bool(policy.caps or policy.held_out or asked.held_out) or frequencies.any_are(tx)
    return held or contact.quiets(policy, asked.channel) or complaints.any_are(tx, policy)


def _asked_one_by_one(tx: Tx, asked: Asked, now: datetime, customers: Collection[int], full: Full) -> Reach:
    verdicts = gate(tx, customers, asked.purpose, asked.channel, now).values()
    whole = [one for one in verdicts if one.allowed]
    shares = {asked.campaign: asked.held_out}
    drawn = holdout.drawn(tx, {one.customer_id for one in whole}, shares, contact.standing(tx))
    allowed = [one for one in whole if (asked.campaign, one.customer_id) not in drawn]
    pressed = set(full(tx, [one.customer_id for one in allowed], now))
    said = Counter(read(one.reason).code for one in verdicts if not one.allowed)
    unwilling, paused, complaining = sum(said[one] for one in _UNWILLING), said[PAUSED], said[COMPLAINING]
    waiting = sum(one.until is not None or one.customer_id in pressed for one in allowed)
    return Reach(
        asked=len(verdicts),
        allowed=len(allowed) - waiting,
        unwilling=unwilling,
        paused=paused,
        unreachable=said.total() - unwilling - paused - complaining,
        held_out=len(whole) - len(allowed),
        complaining=complaining,
        waiting=waiting,
    )


def _unwanted(tx: Tx, asked: Asked, most: int) -> list[int]:
    """Return those who came into a segment last and whose address belongs to somebody who had everything forgotten.

    What is kept of such an address is a keyed hash, so SQL cannot tell; mostly there is none, and nobody looks.
    """
    if not unwanted.any_are(tx):
        return []
    kind = KINDS[asked.channel]
    theirs = records.addresses_in(tx, asked.segment, kind, most)
    gone = unwanted.among(tx, {address for _, address in theirs})
    some = {customer for customer, address in theirs if address in gone}
    return [one.asked for one in records.addresses(tx, some, kind) if one.address in gone]


def blocked(tx: Tx, addresses: Collection[str]) -> set[str]:
    """Return which of these e-mail addresses, somebody's or nobody's, nothing may be sent to."""
    return records.blocked(tx, addresses) if addresses else set()


def _check(channel: str) -> None:
    if channel not in CHANNELS:
        raise Invalid("There is no channel '{channel}' to customers.", channel=channel)


def _verdict(
    address: Address, consent: Consent | None, *, restricted: bool, paused: bool, complaining: bool, gone: bool
) -> Verdict:
    now_not = PAUSED if paused else COMPLAINING if complaining else ""
    objection = RESTRICTED if restricted else _objection(address, consent, now_not)
    reason = objection or (UNWANTED if gone else "")
    return Verdict(
        customer_id=address.customer_id,
        allowed=not reason,
        reason=reason,
        identity_id=address.identity_id,
        address=address.address or "",
        consent_seq=consent.seq if consent else None,
    )


def _objection(address: Address, consent: Consent | None, now_not: str) -> str:
    """Return why a customer may not be written to, consent first, then what holds just now; nothing where they may."""
    if consent is None:
        return NEVER_AGREED
    if not consent.granted:
        return HELD if consent.held else WITHDRAWN
    if now_not:
        return now_not
    if address.identity_id is None:
        return NO_ADDRESS
    if address.suppressed is None:
        return ""
    return CALLED_SPAM if address.why == COMPLAINED else coded(SUPPRESSED, reason=address.suppressed)
