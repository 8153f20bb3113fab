"""A call of a provider, and what it may tell."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from regulars.channels.smtp.blame import is_dead
from regulars.engage.returns import What
from regulars.outbound import Outbound
from regulars.words.errors import Invalid, Refused

T = TypeVar("T")

WINDOW = timedelta(days=2)
"""How old a call may be: providers try for a day or two. Meanwhile a repetition does no harm: it is heard once."""


class Call(msgspec.Struct, frozen=True):
    """What arrived: the names of its headers in small letters, its text as it came, and when."""

    headers: Mapping[str, str]
    body: bytes
    now: datetime
    outbound: Outbound


class Told(msgspec.Struct, frozen=True):
    """Something that came back, as a provider tells it; what it repeats of the mail says which one it was."""

    what: What
    key: str
    address: str
    reason: str = ""
    dead: bool = True
    mark: str = ""
    message_id: str = ""
    """The Message-ID that we gave it."""


def forged(provider: str) -> Refused:
    """Return what is answered to whoever is not who they say, whatever it is that does not fit."""
    return Refused(
        "This does not come from {provider}, or not for this workspace: check the key in its way.", provider=provider
    )


def decoded(provider: str, body: bytes, kind: type[T]) -> T:
    """Return a text that was verified; raise Invalid where it is not what the provider writes."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("This is not what {provider} sends: {problem}", provider=provider, problem=str(error)) from error


def fresh(call: Call, seconds: str, window: timedelta = WINDOW) -> bool:
    """Whether a call was made a moment ago, by the number of seconds that was signed with it."""
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > len("18446744073709551615"):
        return False
    return abs(call.now.timestamp() - int(seconds)) <= window.total_seconds()


def refused(key: str, address: str, reason: str, *, at_recipient: bool = True) -> Told:
    """Return a mail that was refused for good, with whose fault it is by what the server said."""
    return Told("bounced", key, address, reason, dead=is_dead(reason, at_recipient=at_recipient))
