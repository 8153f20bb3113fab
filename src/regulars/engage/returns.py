"""What comes back of messages later: mail that could not be delivered, or was called spam, or is answered by a way out.

Whoever tells it (a mailbox that is read, a provider that calls) may tell it twice: it is taken once, by its key. A
complaint is the strongest word somebody can say about our mail: it withdraws their consent for e-mail, for every
purpose but what they wait for, and their address goes onto the suppression list (docs/adr/0049).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal
from uuid import UUID

import msgspec

from regulars.decide.policy import CHANNELS, NEEDED
from regulars.engage import preferences
from regulars.engage import return_records as records
from regulars.engage.preferences import COUNTING
from regulars.hear.identities import tidy
from regulars.speak import messages
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.errors import Invalid
from regulars.words.kinds import MESSAGE_BOUNCED, MESSAGE_COMPLAINED

KEPT = timedelta(days=45)
"""How long it is known what was told: no provider and no mail server tries longer than some days."""
LONGEST = 300
SPAM = "called a message of ours spam, in their mail program"
LEFT = "asked to be left alone, by their mail program"

What = Literal["bounced", "soft", "complained", "left"]
"""It came back for good, or for a while; somebody called it spam; or left by the address in its header."""


class Return(msgspec.Struct, frozen=True):
    """Something that came back of a message."""

    what: What
    key: str
    """By what it is known when it is told again, among all that this workspace is told."""
    message_id: int | None = None
    address: str = ""
    """Whom the message was sent to: where it does not say which one it was, the last one to there is meant."""
    reason: str = ""
    dead: bool = True
    """Of what came back for good: whether the address is at fault, and not what was said or who said it."""


def take(tx: Tx, told: Sequence[Return], now: datetime) -> int:
    """Take what came back, once; return how much of it was new and about a message of ours.

    It must be the last thing of its transaction.
    """
    if not told:
        return 0
    records.forget_returns(tx, now - KEPT)
    keyed = {key_of(one.key): one for one in told}
    fresh = records.note_returns(tx, keyed, now)
    found = [(number, one) for key, one in keyed.items() if key in fresh and (number := _message(tx, one))]
    sent = records.sent_among(tx, {number for number, _ in found})
    ours = [(number, one) for number, one in found if number in sent]
    events = [event for number, one in ours for event in _events(tx, number, one, now)]
    if events:
        append(tx, events)
    for number, one in ours:
        _withdraw(tx, number, one, now)
    return len(ours)


def _message(tx: Tx, one: Return) -> int | None:
    """Return which message it is about; None where nobody can say."""
    if one.message_id is not None or not one.address:
        return one.message_id
    with suppress(Invalid):
        return records.to_address(tx, tidy("email", one.address)[1])
    return None


def _events(tx: Tx, number: int, one: Return, now: datetime) -> Iterable[NewEvent]:
    reason = " ".join(one.reason.replace("\0", " ").split())[:LONGEST]
    match one.what:
        case "bounced":
            return messages.events_of(tx, [number], MESSAGE_BOUNCED, reason, now, permanent=one.dead)
        case "soft":
            return messages.events_of(tx, [number], MESSAGE_BOUNCED, reason, now, permanent=False, soft=True)
        case "complained":
            return messages.events_of(tx, [number], MESSAGE_COMPLAINED, reason, now)
        case _:
            return ()


def _withdraw(tx: Tx, number: int, one: Return, now: datetime) -> None:
    """Withdraw what somebody who complained or left wants no more."""
    identity = messages.get_message(tx, number).identity_id
    if identity is None:
        return
    if one.what == "complained":
        held = preferences.preferences(tx, identity)
        spoken = {each.about for each in held if each.channel in CHANNELS and each.about != COUNTING}
        abouts = [about for about in sorted(spoken) if about[0] not in NEEDED]
        preferences.withdraw(tx, identity, abouts, {}, SPAM, now, number)
    elif one.what == "left":
        about = preferences.about_of(tx, number)
        preferences.withdraw(tx, identity, [about or preferences.MARKETING], {}, LEFT, now, number)


def key_of(said: str) -> UUID:
    """Return by what something is known that may be told again."""
    return UUID(bytes=blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest())
