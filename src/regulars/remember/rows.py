"""What rows of remember's tables are in Python."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.remember.heard import FactKind


class Customer(msgspec.Struct, frozen=True):
    """A customer, by the name to show: empty where nobody told us one. `created_at` is when we first met."""

    id: int
    name: str
    created_at: datetime


class Described(msgspec.Struct, frozen=True):
    """A customer's row: the name to show, and what search looks at."""

    id: int
    name: str
    folded: str
    created_at: datetime


class FactName(msgspec.Struct, frozen=True):
    """A fact of the catalogue: what may be known, of which type, and what to call it on a page."""

    name: str
    kind: FactKind
    label: str
    computed: bool = False
    """Whether the house computes it from what customers did: nobody can be asked for it."""


class Learned(msgspec.Struct, frozen=True):
    """A statement to keep: what an identity said (or what was imported of it), typed and in words."""

    identity_id: int
    name: str
    seq: int
    at: datetime
    source: str
    verified: bool
    value: Any
    words: str
    origin: str


class Withdrawn(msgspec.Struct, frozen=True):
    """A fact that an identity had forgotten, with the event that said so."""

    identity_id: int
    name: str
    seq: int
    at: datetime


class Fact(msgspec.Struct, frozen=True):
    """Something known about a customer, with the event it was learned from; `value` is None where words do not fit."""

    name: str
    value: Any
    words: str
    source: str
    verified: bool
    at: datetime
    seq: int
    origin: str
    identity_id: int
    label: str


class Agreed(msgspec.Struct, frozen=True):
    """A statement of consent with its proof: the words agreed to, and the form and response or who said so."""

    identity_id: int
    purpose: str
    channel: str
    seq: int
    at: datetime
    granted: bool
    proof: dict[str, Any]

    @property
    def unconfirmed(self) -> bool:
        """Whether it grants, and the owner of the address has not said that it was they who did."""
        return self.granted and self.proof.get("verified") is False


class PauseSaid(msgspec.Struct, frozen=True):
    """A pause from messages that was begun, or ended (`until` is None), with its proof: the words, and who said so."""

    identity_id: int
    seq: int
    at: datetime
    until: datetime | None
    proof: dict[str, Any]


class FrequencySaid(msgspec.Struct, frozen=True):
    """How often somebody wants to be written to, with its proof: one message in so many `days`; None: as it comes."""

    identity_id: int
    seq: int
    at: datetime
    days: int | None
    proof: dict[str, Any]


class RestrictionSaid(msgspec.Struct, frozen=True):
    """That a customer is kept and not used, or that this was lifted, with its proof: the words, and who said so."""

    identity_id: int
    seq: int
    at: datetime
    restricted: bool
    proof: dict[str, Any]


class Standing(msgspec.Struct, frozen=True):
    """The statement that decides for a customer; `held` where another one is in quarantine."""

    asked: int
    granted: bool
    seq: int
    at: datetime
    words: str
    held: bool
