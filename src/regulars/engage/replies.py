"""What customers answer in a channel itself: it is an event of theirs, and who asks to be left alone is, at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from regulars.decide.policy import CHANNELS, KINDS
from regulars.engage import preferences
from regulars.engage import return_records as records
from regulars.engage.returns import Return, key_of
from regulars.engage.stop_words import asks_to_stop
from regulars.hear.identities import Pair, find, intern, tidy
from regulars.hear.phones import e164
from regulars.speak import messages
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.errors import Invalid
from regulars.words.kinds import MESSAGE_REPLIED

LONGEST = 1600
"""Characters that are kept of an answer: more than ten parts of a text message."""
ANSWERS = timedelta(days=30)
"""After so long an answer is to nothing in particular."""
STOPPED = "asked not to be written to, in an answer"


class Reply(msgspec.Struct, frozen=True):
    """What somebody answered."""

    channel: str
    address: str
    text: str
    key: str = ""
    """By what it is known when it is told again; empty: it is not told again."""


class Heard(msgspec.Struct, frozen=True):
    """What a channel was told: what came back of messages, and what customers answered."""

    returns: tuple[Return, ...] = ()
    replies: tuple[Reply, ...] = ()


def take_replies(tx: Tx, replies: Sequence[Reply], now: datetime) -> int:
    """Take what was answered, each once; return how many were new and from somebody whom we know.

    Who asks to be left alone is heard also where we do not know them: they may be put into a list later. It must be the
    last thing of its transaction.
    """
    return sum(_take(tx, one, now) for one in replies)


def _take(tx: Tx, reply: Reply, now: datetime) -> bool:
    pair, text = _pair(reply), " ".join(reply.text.replace("\0", "").split())[:LONGEST]
    if pair is None or (reply.key and not records.note_returns(tx, [key_of(reply.key)], now)):
        return False
    stops = asks_to_stop(text)
    identity = intern(tx, [pair])[pair] if stops else find(tx, pair)
    if identity is None:
        return False
    answered = records.answered(tx, identity, now - ANSWERS, reply.channel)
    more: dict[str, object] = {"channel": reply.channel, "text": text, "stop": stops}
    if answered is None:
        append(tx, [NewEvent(identity, now, MESSAGE_REPLIED, msgspec.json.encode(more))])
    else:
        append(tx, messages.events_of(tx, [answered], MESSAGE_REPLIED, "", now, **more))
    if stops:
        _stop(tx, identity, reply.channel, answered, now)
    return True


def _stop(tx: Tx, identity: int, channel: str, answered: int | None, now: datetime) -> None:
    """Withdraw their consent for a channel, for every purpose that we may have: they named none."""
    spoken = {one.about for one in preferences.preferences(tx, identity) if one.channel == channel}
    abouts = sorted({(preferences.MARKETING[0], channel), *spoken} - {preferences.COUNTING})
    preferences.withdraw(tx, identity, abouts, {}, STOPPED, now, answered)


def _pair(reply: Reply) -> Pair | None:
    """Return by what somebody is known who answers; None where it cannot be an address."""
    if reply.channel not in CHANNELS:
        return None
    kind = KINDS[reply.channel]
    try:
        pair = tidy(kind, reply.address)
    except Invalid:
        return None
    return None if kind == "phone" and e164(pair[1]) is None else pair
