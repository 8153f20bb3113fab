"""Which identities are one customer: the rules, over what a batch of events needs to know, event by event.

The order of the log decides, never where one batch ends and the next begins; so this is plain code in memory over a
few loaded rows, written back as sets. The guard: a shared browser must not make two people one. What joined two
identities is kept as a tie, so that it can be cut again (`splitting`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from regulars.remember.heard import Rules

PERSONAL = frozenset({"user", "customer"})
"""Kinds of which a customer has one: two different ones are two people."""
ANONYMOUS = "anonymous"

_PERSONAL, _STRONG, _WEAK = range(3)


def rank(kind: str, rules: Rules) -> int:
    """Return how much an identifier of a kind says: of one person alone, of one who may have several, or of anybody."""
    if kind in PERSONAL:
        return _PERSONAL
    strengths = {"email": rules.email, "phone": rules.phone}
    return _STRONG if strengths.get(kind) == "strong" else _WEAK


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


class Tie(msgspec.Struct, frozen=True):
    """What joined two identities, and their customers: `loser` is None where one had not been met before."""

    seq: int
    one: int
    other: int
    winner: int
    loser: int | None


@dataclass
class _Held:
    """What the guard must know of a customer: its personal ids, whether it is known at all, who it is told apart of."""

    personal: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    strong: bool = False
    apart: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    """Pairs of identities that a person told apart, and which of the two belongs here."""

    def take(self, identity: int, kind: str, rules: Rules) -> None:
        if kind in PERSONAL:
            self.personal.setdefault(kind, set()).add(identity)
        self.strong = self.strong or rank(kind, rules) < _WEAK

    def absorb(self, other: "_Held") -> None:
        for kind, ids in other.personal.items():
            self.personal.setdefault(kind, set()).update(ids)
        self.strong = self.strong or other.strong
        self.apart |= other.apart

    def contradicts(self, other: "_Held") -> bool:
        return any(len(ids | other.personal[kind]) > 1 for kind, ids in self.personal.items() if kind in other.personal)

    def told_apart(self, other: "_Held") -> bool:
        return any(mine != other.apart.get(pair, mine) for pair, mine in self.apart.items())


class Book:
    """Who belongs to whom, as far as some events ask, and what they change about it."""

    def __init__(
        self,
        met: Iterable[Met],
        strong: Iterable[Met],
        *,
        apart: Iterable[tuple[int, int, int, int]] = (),
        brought: Mapping[int, int] | None = None,
        rules: Rules | None = None,
    ) -> None:
        """Take the identities that are mentioned, and what is known of the customers these belong to.

        `strong` are all their identities that are more than a browser; `apart` the pairs of identities that were told
        apart, each as (customer, its identity, one, other); `brought` how many known identities each browser has
        brought to its customer so far.
        """
        self._rules = rules or Rules()
        self._kind: dict[int, str] = {}
        self._customer: dict[int, int] = {}
        self._into: dict[int, int] = {}
        self._held: dict[int, _Held] = {}
        self._brought = Counter(brought or {})
        self.placed: dict[int, tuple[int, int]] = {}
        """Identities met for the first time: the customer they were given then, and the event."""
        self.merges: list[Merge] = []
        """Merges, in order."""
        self.ties: list[Tie] = []
        """What was joined, identity by identity, in order."""
        self.refused: list[tuple[int, int, int]] = []
        """Links that joined nobody: the two identities, and the event."""
        for identity in met:
            self._kind[identity.id] = identity.kind
            if identity.customer_id is not None:
                self._customer[identity.id] = identity.customer_id
                self._held.setdefault(identity.customer_id, _Held())
        for identity in strong:
            if identity.customer_id is not None:
                held = self._held.setdefault(identity.customer_id, _Held())
                held.take(identity.id, identity.kind, self._rules)
        for customer, mine, one, other in apart:
            self._held.setdefault(customer, _Held()).apart[one, other] = mine

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

    def link(self, identity: int, links: Collection[int], seq: int) -> None:
        """Join what a verified `identify` says is the same person, as far as the guard allows.

        Strong identities come first, so that what an event says does not depend on the order it says it in.
        """
        ordered = sorted(set(links) - {identity}, key=lambda other: (self._rank(other), other))
        for other in ordered:
            if self._may_join(identity, other):
                self.join(identity, other, seq)
                continue
            self.meet(other, seq)
            if not self._holdings(identity).told_apart(self._holdings(other)):
                self.refused.append((identity, other, seq))

    def _rank(self, identity: int) -> int:
        return rank(self._kind.get(identity, ANONYMOUS), self._rules)

    def _holdings(self, identity: int) -> _Held:
        customer = self.customer(identity)
        if customer is not None:
            return self._held[customer]
        alone = _Held()
        alone.take(identity, self._kind.get(identity, ANONYMOUS), self._rules)
        return alone

    def _may_join(self, one: int, other: int) -> bool:
        """Whether a link may join two identities: never those whom a person told apart.

        Nobody known stands on a weak side: join, unless a browser may bring nobody. Else nothing may contradict, and
        both must be strong, or one is a browser that may bring one more. An address that several share joins nobody.
        """
        ours, theirs = self._holdings(one), self._holdings(other)
        if ours.told_apart(theirs):
            return False
        sides = ((one, ours), (other, theirs))
        weak = [(identity, held) for identity, held in sides if self._rank(identity) == _WEAK]
        nobodies = [identity for identity, held in weak if not held.strong]
        if nobodies:
            known = ours.strong or theirs.strong
            return not known or all(self._may_bring(browser) for browser in self._browsers(*nobodies))
        if ours.contradicts(theirs):
            return False
        return not weak or (len(weak) == 1 and self._may_bring(weak[0][0], known=1))

    def _may_bring(self, identity: int, known: int = 0) -> bool:
        """Whether an identity is a browser that may bring one more customer, where somebody is known on it already."""
        return self._is_browser(identity) and max(self._brought[identity], known) < self._rules.devices

    def _is_browser(self, identity: int) -> bool:
        return self._kind.get(identity, ANONYMOUS) == ANONYMOUS

    def _browsers(self, *identities: int) -> list[int]:
        return [identity for identity in identities if self._is_browser(identity)]

    def join(self, one: int, other: int, seq: int) -> None:
        """Make two identities one customer, whatever speaks against it; `one` has been met."""
        ours, theirs = self.customer(one), self.customer(other)
        if ours is None:
            raise ValueError(f"identity {one} links before it was met")
        if ours == theirs:
            return
        for browser, brought in ((one, other), (other, one)):
            if self._is_browser(browser) and self._rank(brought) < _WEAK:
                self._brought[browser] += 1
        if theirs is None:
            self._place(other, ours, seq)
            self.ties.append(Tie(seq, one, other, ours, None))
            return
        winner, loser = sorted((ours, theirs), key=lambda customer: (not self._held[customer].personal, customer))
        self._held[winner].absorb(self._held.pop(loser))
        self._into[loser] = winner
        self.merges.append(Merge(winner, loser, seq))
        self.ties.append(Tie(seq, one, other, winner, loser))

    def _place(self, identity: int, customer: int, seq: int) -> None:
        self._customer[identity] = customer
        self.placed[identity] = (customer, seq)
        self._held.setdefault(customer, _Held()).take(identity, self._kind.get(identity, ANONYMOUS), self._rules)
