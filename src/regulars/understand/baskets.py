"""What is bought together: the rules that hold in some baskets, exactly, and how much work it may be.

A product is one whole number with a bit for each basket that has it: which baskets have several is an `and` of them,
how many these are is a count of bits, and both are done by Python in C. Sets of products are gone through depth-first,
the rarest product first, as Eclat does (Zaki, Scalable algorithms for association mining, 2000). Baskets are numbered
in that order, too: so the numbers of rare products are short. Those of one owner stand side by side: so owners are
counted by an addition that carries.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import and_

import msgspec

_SLACK = 1e-9
"""By how much a share may miss what is asked for: 4 of 5 is 0.8, whatever the machine makes of 0.8."""
_ONE = ord("1")

Place = tuple[int, ...]
Bits = Sequence[tuple[int, int]]
"""Products, each with the baskets that have it and everything before it."""
Follows = tuple[Place, int, int, int, int]
"""What is given, what follows, and how many baskets have both, what is given, and what follows."""


class Limits(msgspec.Struct, frozen=True):
    """What is looked for, and how much of it."""

    fewest: int = 1
    """Baskets that have all of a rule's products."""
    fewest_owners: int = 1
    """Whose baskets these are, where that is known."""
    confidence: float = 0.0
    """The least share of the baskets with what is given that have the consequence, too."""
    longest: int = 12
    """Products in a rule, the consequence included."""
    most_products: int = 2_000
    """Those in most baskets are looked at."""
    most_looks: int = 10_000_000
    """Sets of three products and more that are counted; pairs always are."""


class Rule(msgspec.Struct, frozen=True):
    """Of the `given_in` baskets with all that is given, `together` have one product more, which is in `then_in`."""

    given: tuple[str, ...]
    then: str
    together: int
    given_in: int
    then_in: int
    baskets: int
    owners: int = 0
    """Whose baskets have all of it; 0 where that is not known."""

    @property
    def support(self) -> float:
        """The share of all baskets that have everything of the rule."""
        return self.together / self.baskets

    @property
    def confidence(self) -> float:
        """The share of the baskets with what is given that have the consequence, too."""
        return self.together / self.given_in

    @property
    def lift(self) -> float:
        """How many times as often as in all baskets; 1 is chance."""
        return self.together * self.baskets / (self.given_in * self.then_in)


class Found(msgspec.Struct, frozen=True):
    """The rules of some baskets, how many baskets there are, and what was left out.

    'products': those in fewest baskets; 'longer': there may be rules of more products than was asked for; 'looks':
    there may be rules of three products and more; 'rules': there are more than were picked.
    """

    rules: list[Rule]
    baskets: int
    cut: tuple[str, ...] = ()


Pick = Callable[[Iterator[Rule]], tuple[list[Rule], bool]]
"""Takes which it will of very many rules, and says whether it left some out that it would have taken."""


def mine(
    baskets: Iterable[Collection[str]], limits: Limits, owners: Sequence[int] = (), pick: Pick | None = None
) -> Found:
    """Return the rules that hold in some baskets; a basket has no product twice. `owners` says whose each basket is.

    Every rule has one product as its consequence. Of all of them `pick` takes those to return; it sees none's owners.
    """
    held, number = _held(baskets)
    often = sorted(
        (one for one, where in held.items() if len(where) >= limits.fewest), key=lambda one: (len(held[one]), one)
    )
    products = often[-limits.most_products :]
    places = _numbered((held[one] for one in products), owners)
    columns = [_bits(held[one], places) for one in products]
    whose = _Owners([owners[one] for one in places]) if owners else None
    search = _Search(limits, [len(held[one]) for one in products], whose)
    search.go((), list(enumerate(columns)))
    named = (_named(rule, products, number) for rule in search.rules())
    rules, more = pick(named) if pick else (list(named), False)
    if whose:
        by_product = dict(zip(products, columns, strict=True))
        rules = [_with_owners(rule, by_product, whose) for rule in rules]
    left_out = {"products": len(often) > len(products), "rules": more}
    return Found(rules, number, tuple(sorted(search.cut | {what for what, there in left_out.items() if there})))


def _held(baskets: Iterable[Collection[str]]) -> tuple[Mapping[str, Sequence[int]], int]:
    """Return which baskets hold each product, and how many baskets there are."""
    held: dict[str, list[int]] = defaultdict(list)
    number = -1
    for number, basket in enumerate(baskets):
        for one in basket:
            held[one].append(number)
    return held, number + 1


def _numbered(held: Iterable[Sequence[int]], owners: Sequence[int]) -> dict[int, int]:
    """Number baskets by the rarest product that their owners have, an owner's side by side."""
    order: Iterable[int] = dict.fromkeys(chain.from_iterable(held))
    if owners:
        theirs: dict[int, list[int]] = defaultdict(list)
        for one in order:
            theirs[owners[one]].append(one)
        order = chain.from_iterable(theirs.values())
    return {one: place for place, one in enumerate(order)}


def _bits(baskets: Sequence[int], places: Mapping[int, int] | Sequence[int]) -> int:
    """Return baskets as bits. A number is read from its digits in one go; setting its bits would write it each time."""
    numbers = [places[one] for one in baskets]
    digits = bytearray(b"0") * (max(numbers) + 1)
    for one in numbers:
        digits[one] = _ONE
    digits.reverse()
    return int(digits, 2)


class _Owners:
    """Whose baskets are, an owner's side by side; counted for all at once, however many there are.

    Of each owner's baskets the last is a bit of `_last`, and those before it are bits of `_before`. Adding `_before` to
    some of these carries into the last if there are any, and never beyond.
    """

    def __init__(self, owners: Sequence[int]) -> None:
        numbered = range(len(owners))
        last = [place for place in numbered if place + 1 == len(owners) or owners[place] != owners[place + 1]]
        self._last = _bits(last, numbered) if last else 0
        self._before = ((1 << len(owners)) - 1) ^ self._last

    def count(self, bits: int) -> int:
        """Return how many owners some baskets have."""
        before = self._before
        return (((bits & before) + before | bits) & self._last).bit_count()


class _Search:
    """Goes through the sets of products that enough baskets have, and counts them."""

    def __init__(self, limits: Limits, counts: Sequence[int], owners: _Owners | None) -> None:
        self._limits = limits
        self._counts: dict[Place, int] = {(place,): count for place, count in enumerate(counts)}
        self._owners = owners
        self._looks = 0
        self.cut: set[str] = set()

    def go(self, before: Place, columns: Bits) -> None:
        """Count the sets that begin with some products, given those that can follow them."""
        counts, fewest = self._counts, self._limits.fewest
        for following, (product, bits) in enumerate(columns, start=1):
            here = (*before, product)
            others = columns[following:]
            if before:
                self._looks += len(others)
                if self._looks > self._limits.most_looks:
                    self.cut.add("looks")
                    return
            found = [
                (other, both)
                for other, more in others
                if (count := (both := bits & more).bit_count()) >= fewest
                and not counts.__setitem__((*here, other), count)
            ]
            if self._owners:
                found = [one for one in found if self._is_of_many((*here, one[0]), one[1])]
            if len(found) > 1:
                if len(here) + 1 < self._limits.longest:
                    self.go(here, found)
                else:
                    self.cut.add("longer")

    def _is_of_many(self, place: Place, bits: int) -> bool:
        """Return whether enough owners have a set; what fewer have is not said, and what holds it neither."""
        if not self._owners or self._owners.count(bits) >= self._limits.fewest_owners:
            return True
        del self._counts[place]
        return False

    def rules(self) -> Iterator[Follows]:
        """Yield what follows from what."""
        for place, together in self._counts.items():
            if len(place) == 1:
                continue
            for left_out, then in enumerate(place):
                given = place[:left_out] + place[left_out + 1 :]
                given_in = self._counts.get(given)  # None: the looks were used up before
                if given_in and together >= self._limits.confidence * given_in - _SLACK:
                    yield given, then, together, given_in, self._counts[then,]


def _named(rule: Follows, products: Sequence[str], baskets: int) -> Rule:
    given, then, together, given_in, then_in = rule
    return Rule(tuple(products[one] for one in given), products[then], together, given_in, then_in, baskets)


def _with_owners(rule: Rule, columns: Mapping[str, int], owners: _Owners) -> Rule:
    together = reduce(and_, (columns[one] for one in (*rule.given, rule.then)))
    return msgspec.structs.replace(rule, owners=owners.count(together))
