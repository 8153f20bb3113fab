"""What a channel is: something that can carry an envelope to a customer. Each adapter is a folder of `channels`."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

Values = dict[str, str]
"""What was typed for an adapter, by the names of its fields."""


def worded(english: str) -> str:
    """Return a text of an adapter as it is, marked for the catalogue: it is shown in the reader's language."""
    return english


class Field(msgspec.Struct, frozen=True):
    """One setting of an adapter, from which its page and its place in the API are made; its texts are `worded`."""

    name: str
    label: str
    hint: str = ""
    secret: bool = False
    """Sealed where it is kept, and never shown again."""
    needed: bool = True
    usual: str = ""
    """What holds where nothing is typed."""
    options: tuple[str, ...] = ()
    """What can be chosen; empty: anything can be typed."""
    long: bool = False
    """Of several lines."""
    part: str = ""
    """What it belongs to that not everybody needs: it stands folded under this title (`worded`)."""
    aims: bool = False
    """It says where secrets go, or how: with another one they are typed anew, and are not sent along."""
    fresh: Callable[[], str] | None = None
    """Makes a secret where none is kept: it is shown on the page once, before it is saved."""


def _anything(values: Mapping[str, str]) -> None:
    del values


class Adapter(msgspec.Struct, frozen=True):
    """What a folder of `channels` says of itself."""

    name: str
    title: str
    """What it is called where one is chosen, in English (`worded`)."""
    serves: tuple[str, ...]
    """The channels whose messages it can carry."""
    fields: tuple[Field, ...] = ()
    check: Callable[[Mapping[str, str]], None] = _anything
    """Raises Invalid, naming the field, for values that cannot be; each has been read already."""


class Envelope(msgspec.Struct, frozen=True):
    """One message, ready to go."""

    message_id: int
    sender: str
    """'Name <address>'."""
    recipient: str
    """The address: of mail an e-mail address, of a text message a telephone number (E.164)."""
    subject: str
    html: str
    """Empty: the text goes alone."""
    text: str
    headers: dict[str, str] = {}
    """Further header lines of mail, by name; none holds a line break."""
    channel: str = "email"


class Call(msgspec.Struct, frozen=True):
    """What a gateway or provider told us by calling; any of it may be a lie but that it knew the address."""

    query: str
    content_type: str
    body: bytes


class NotDelivered(Exception):
    """The message was not delivered, or perhaps not; `reason` says why, in words that a person can read."""

    def __init__(self, reason: str) -> None:
        self.reason = "".join(one if one.isprintable() else " " for one in reason)
        super().__init__(self.reason)


class Bounced(NotDelivered):
    """It was refused for good. `dead` says whether it is the address that is at fault: then it is suppressed."""

    def __init__(self, reason: str, *, dead: bool = True) -> None:
        super().__init__(reason)
        self.dead = dead


class TryLater(NotDelivered):
    """It was certainly not delivered, but may be later."""


class Uncertain(NotDelivered):
    """Nobody can say whether it was delivered: the line went dead while it was being handed over."""


class Connection(Protocol):
    """An open connection that carries one message after the other."""

    def deliver(self, envelope: Envelope) -> None:
        """Deliver one message, or raise Bounced, TryLater or Uncertain.

        After TryLater and Uncertain the connection is given back and another is taken.
        """
        ...


class Channel(Protocol):
    """A way to customers."""

    @property
    def name(self) -> str:
        """What the channel's folder is called."""
        ...

    @property
    def idempotent(self) -> bool:
        """Whether delivering the same message id twice is the same as once."""
        ...

    @property
    def connections(self) -> int:
        """How many connections may be open at a time."""
        ...

    def connect(self) -> AbstractContextManager[Connection]:
        """Take a connection, an idle one if there is one. Raise TryLater where the other side does not answer."""
        ...

    def close(self) -> None:
        """Close what is idle."""
        ...
