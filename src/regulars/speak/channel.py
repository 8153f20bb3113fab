"""What a channel is: something that can carry an envelope to a customer. Each adapter is a folder of `channels`."""

from contextlib import AbstractContextManager
from typing import Protocol

import msgspec


class Envelope(msgspec.Struct, frozen=True):
    """One message, ready to go."""

    message_id: int
    sender: str
    """'Name <address>'."""
    recipient: str
    subject: str
    html: str
    """Empty: the text goes alone."""
    text: str
    headers: dict[str, str] = {}
    """Further header lines, by name; none holds a line break."""


class NotDelivered(Exception):
    """The message was not delivered, or perhaps not; `reason` says why, in words that a person can read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
