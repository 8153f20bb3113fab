"""Which identities are one customer: the rules, over what a batch of events needs to know, event by event.

The order of the log decides, never where one batch ends and the next begins; so this is plain code in memory over a
few loaded rows, written back as sets. The guard: a shared browser must not make two people one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import msgspec

PERSONAL = frozenset({"user", "customer"})
"""Kinds of which a customer has one: two different ones are two people."""
STRONG = PERSONAL | {"email", "phone"}
"""Kinds that a person takes along from browser to browser."""

_WEAK = 2


class Met(msgspec.Struct, frozen=True):
    """An identity, and the customer it belongs to, if it has been met."""

    id: int
    kind: str
    customer_id: int | None


class Merge(msgspec.Struct, frozen=True):
    """Two customers that turned out to be one, and the event that said so."""

    winner: int
    loser: int
    seq: int


@dataclass
class _Held:
    """What the guard must know of a customer: its personal ids by kind, and whether it has any strong one."""

    personal: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    strong: bool = False

    def take(self, identity: int, kind: str) -> None:
        if kind in PERSONAL:
            self.personal.setdefault(kind, set()).add(identity)
        self.strong = self.strong or kind in STRONG

    def absorb(self, other: "_Held") -> None:
        for kind, ids in other.personal.items():
            self.personal.setdefault(kind, set()).update(ids)
        self.strong = self.strong or other.strong

    def contradicts(self, other: "_Held") -> bool:
        return any(len(ids | other.personal[kind]) > 1 for kind, ids in self.personal.items() if kind in other.personal)


class Book:
    """Who belongs to whom, as far as one batch asks, and what the batch changes about it."""

    def __init__(self, met: Iterable[Met], strong: Iterable[Met]) -> None:
        """Take the identities that a batch mentions, and all strong identities of the customers these belong to."""
        self._kind: dict[int, str] = {}
        self._customer: dict[int, int] = {}
        self._into: dict[int, int] = {}
        self._held: dict[int, _Held] = {}
        self.placed: dict[int, tuple[int, int]] = {}
        """Identities met for the first time: the customer they were given then, and the event."""
        self.founded: dict[int, int] = {}
        """New customers, and the event that founded each."""
        self.merges: list[Merge] = []
        """Merges, in order."""
        for identity in met:
            self._kind[identity.id] = identity.kind
            if identity.customer_id is not None:
                self._customer[identity.id] = identity.customer_id
                self._held.setdefault(identity.customer_id, _Held())
        for identity in strong:
            if identity.customer_id is not None:
                self._held.setdefault(identity.customer_id, _Held()).take(identity.id, identity.kind)

    def customer(self, identity: int) -> int | None:
        """Return the customer an identity belongs to by now, or None if it has not been met."""
        customer = self._customer.get(identity)
        return None if customer is None else self.root(customer)

    def root(self, customer: int) -> int:
        """Return the customer that a customer has become by merging: itself, mostly."""
        while (winner := self._into.get(customer)) is not None:
            customer = winner
        return customer

    def meet(self, identity: int, seq: int) -> None:
        """Note an event of an identity: one that is new becomes a customer."""
        if identity not in self._customer:
            self._place(identity, identity, seq)
            self.founded[identity] = seq

    def link(self, identity: int, links: Collection[int], seq: int) -> None:
        """Join what a verified `identify` says is the same person, as far as the guard allows.

        Strong identities come first, so that what an event says does not depend on the order it says it in.
        """
        ordered = sorted(set(links) - {identity}, key=lambda other: (self._rank(other), other))
        for other in ordered:
            if self._may_join(identity, other):
                self._join(identity, other, seq)
            else:
                self.meet(other, seq)

    def _rank(self, identity: int) -> int:
        kind = self._kind.get(identity, "anonymous")
        return 0 if kind in PERSONAL else 1 if kind in STRONG else _WEAK

    def _holdings(self, identity: int) -> _Held:
        customer = self.customer(identity)
        if customer is not None:
            return self._held[customer]
        alone = _Held()
        alone.take(identity, self._kind.get(identity, "anonymous"))
        return alone

    def _may_join(self, one: int, other: int) -> bool:
        """Nobody known stands on an anonymous side: join. Else both ways must be strong, and nothing contradict."""
        ours, theirs = self._holdings(one), self._holdings(other)
        sides = ((self._rank(one), ours), (self._rank(other), theirs))
        if any(rank == _WEAK and not held.strong for rank, held in sides):
            return True
        if any(rank == _WEAK for rank, _ in sides):
            return False
        return not ours.contradicts(theirs)

    def _join(self, one: int, other: int, seq: int) -> None:
        ours, theirs = self.customer(one), self.customer(other)
        if ours is None:
            raise ValueError(f"identity {one} links before it was met")
        if theirs is None:
            self._place(other, ours, seq)
        elif ours != theirs:
            winner, loser = sorted((ours, theirs), key=lambda customer: (not self._held[customer].personal, customer))
            self._held[winner].absorb(self._held.pop(loser))
            self._into[loser] = winner
            self.merges.append(Merge(winner, loser, seq))

    def _place(self, identity: int, customer: int, seq: int) -> None:
        self._customer[identity] = customer
        self.placed[identity] = (customer, seq)
        self._held.setdefault(customer, _Held()).take(identity, self._kind.get(identity, "anonymous"))
