"""The shape of those events that are remembered. What does not fit raises, and so goes into quarantine."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from regulars.store.records import Event
from regulars.words.kinds import CUSTOMER_MERGED, CUSTOMER_SPLIT

T = TypeVar("T")

FactKind = Literal["text", "number", "date", "boolean", "list"]
LONGEST_NAME = 200
"""Characters in a fact's name."""


class Links(msgspec.Struct, frozen=True):
    """The part of an `identify` that says who is who."""

    links: list[int] = []
    verified: bool = False


class Traits(msgspec.Struct, frozen=True):
    """The part of an `identify` that says what somebody is like."""

    traits: dict[str, Any] = {}
    verified: bool = False


class Answer(msgspec.Struct, frozen=True):
    """One answered question, in a typed value and in the words the customer read or wrote."""

    question: str
    kind: FactKind
    value: Any
    words: str
    title: str = ""
    fact: str | None = None


class Agreement(msgspec.Struct, frozen=True):
    """A consent given or refused in a form, with the words that stood there."""

    purpose: str
    channel: str
    granted: bool
    words: str


class Answered(msgspec.Struct, frozen=True):
    """A finished form."""

    form: str
    title: str = ""
    response: str = ""
    verified: bool = False
    answers: list[Answer] = []
    consents: list[Agreement] = []


class Changed(msgspec.Struct, frozen=True):
    """A consent given or withdrawn anywhere but in a form; `how` says where."""

    purpose: str
    channel: str
    granted: bool
    words: str = ""
    how: str = ""
    message: int | msgspec.UnsetType = msgspec.UNSET
    """The message by whose link it was said, where there was one."""


class Paused(msgspec.Struct, frozen=True):
    """A pause from messages, begun or ended; `how` says where, `words` in which words."""

    until: datetime | None
    """When it is over by itself; None ends it now."""
    words: str = ""
    how: str = ""


class Spaced(msgspec.Struct, frozen=True):
    """How often somebody wants to be written to at most; `how` says where, `words` in which words."""

    days: int | None
    """One message in so many days; None: as often as there is something to say."""
    words: str = ""
    how: str = ""


class Restricted(msgspec.Struct, frozen=True):
    """That somebody is kept and not used from now on, or that this is lifted; `how` says where it was asked for."""

    restricted: bool
    words: str = ""
    how: str = ""


class Stated(msgspec.Struct, frozen=True):
    """A fact that its owner put right on a page of their own; or that the team noted, by whom and how it was learned.

    `said` is false where the customer did not say it: then it never poses as their words.
    """

    name: str
    value: Any
    words: str
    label: str = ""
    by: str = ""
    how: str = ""
    said: bool = True


class Forgotten(msgspec.Struct, frozen=True):
    """A fact that its owner withdrew; or that the team let be forgotten, by whom."""

    name: str
    by: str = ""
    beside: list[int] = []
    """The other identities of the same customer then: it is forgotten of them too, and stays so if they are split."""


class Merged(msgspec.Struct, frozen=True):
    """Two customers turned out to be one."""

    winner: int
    loser: int


class Pair(msgspec.Struct, frozen=True):
    """Two identities of which a person said that they are the same customer, or that they are not."""

    one: int
    other: int


class Split(msgspec.Struct, frozen=True):
    """A person undid what an event joined: the link of one identity to another."""

    seq: int
    """The event that said they were the same."""
    one: int
    other: int


class Rules(msgspec.Struct, frozen=True):
    """By which rules identities are joined. User ids and customer numbers always tell people apart."""

    email: Literal["strong", "weak"] = "strong"
    """Whether an address belongs to one person (strong), or may be shared by several (weak)."""
    phone: Literal["strong", "weak"] = "strong"
    devices: int = 1
    """How many known customers one browser may join: 0 none, 1 the first who logs in, more: these too, unless they
    have different user ids or numbers."""


def read(props: Mapping[str, Any], shape: type[T]) -> T:
    """Read an event's props as a shape. Raises msgspec.ValidationError, naming the place."""
    return msgspec.convert(props, shape)


def whose_changed(event: Event) -> set[int]:
    """Return ids of the customers whose identities an event made others: some were merged, or taken apart again.

    An event that was let go of says that of nobody any more.
    """
    if not event.props:
        return set()
    if event.kind == CUSTOMER_MERGED:
        merged = read(event.props, Merged)
        return {merged.winner, merged.loser}
    if event.kind == CUSTOMER_SPLIT:
        split = read(event.props, Split)
        return {split.one, split.other}
    return set()
