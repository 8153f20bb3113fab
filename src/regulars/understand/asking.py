"""When a rule has to be asked again, and what is said when a customer enters or leaves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import structs

from regulars.store.database import Tx
from regulars.understand import records
from regulars.understand.expanding import together
from regulars.understand.looking import Mentions, matches_strangers, mentions, weight
from regulars.understand.reading import parse
from regulars.understand.records import Change, NumberedRules, StandingRule
from regulars.understand.rules import Rule
from regulars.words.kinds import CUSTOMER_MERGED, CUSTOMER_SPLIT, RESTRICTION_CHANGED, SEGMENT_ENTERED, SEGMENT_LEFT

FOLLOWER = "segments"
"""The follower that keeps membership. Whoever asks everybody holds its row, so that nobody asks at the same time."""
MOST_AT_ONCE = 1000
"""How many conditions are asked in one statement, unless one rule has more."""
MOST_STATEMENTS = 10
"""In how many statements the customers of a batch are asked, at most, and one more."""
LEAST_TOGETHER = 25
"""How many customers must be asked the same to be asked in a statement of their own."""
ANEW = frozenset({CUSTOMER_MERGED, CUSTOMER_SPLIT, RESTRICTION_CHANGED})
"""After these the customers are others, or are used no more or again, so they are asked about every segment."""
AFTER = ("identity", "facts", "consent", "did", "rollups")
"""What must have been derived from an event before segments may ask about it."""


@lru_cache(maxsize=1024)
def stored(rule: str) -> tuple[Rule, Mentions, bool]:
    """Read a stored rule: the rule, what it looks at, and whether it holds for a stranger."""
    tree = parse(msgspec.json.decode(rule), None)
    return tree, mentions(tree), matches_strangers(tree)


@lru_cache(maxsize=16_384)
def looked_at(rule: str) -> frozenset[str]:
    """Return which facts a stored rule looks at; kept of very many rules, for it is asked of all of them at once."""
    return stored(rule)[1].facts


def standing(tx: Tx) -> list[StandingRule]:
    """Return the rules of all segments, with those they rest on in their places."""
    rules = records.standing_rules(tx)
    texts = together({one.name: one.rule for one in rules})
    return [one if texts[one.name] is one.rule else structs.replace(one, rule=texts[one.name]) for one in rules]


def day_of(rules: Iterable[StandingRule], now: datetime) -> date:
    """Return the day that rules are asked about: none before the one that they were asked about already.

    Else whoever read the clock just before a day began, and asks after others did, would undo what the day has moved.
    """
    today = now.date()
    asked = max((rule.asked_on for rule in rules if rule.asked_on), default=today)
    return max(today, asked) if asked <= today + timedelta(days=1) else today


def in_pieces(rules: Iterable[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield rules that can be asked in one statement: each condition is a column of it, and columns are limited."""
    piece: list[tuple[int, str]] = []
    size = 0
    for number, rule in rules:
        more = weight(stored(rule)[0])
        if piece and size + more > MOST_AT_ONCE:
            yield tuple(piece)
            piece, size = [], 0
        piece.append((number, rule))
        size += more
    if piece:
        yield tuple(piece)


class Came(msgspec.Struct):
    """What came of a customer: kinds of event, and the names of facts that were learned; they may be new themselves."""

    kinds: set[str] = msgspec.field(default_factory=set[str])
    facts: set[str] = msgspec.field(default_factory=set[str])
    new: bool = False


class Looks(msgspec.Struct, frozen=True):
    """Rules with what they look at, read once for a batch."""

    rules: tuple[tuple[tuple[int, str], Mentions, bool], ...]
    """Each rule with its number, what it looks at, and whether it holds for a stranger."""
    kinds: frozenset[str]
    facts: frozenset[str]
    strangers: bool

    @classmethod
    def of(cls, rules: Iterable[StandingRule]) -> "Looks":
        """Read some rules."""
        read = tuple(((one.id, one.rule), *stored(one.rule)[1:]) for one in rules)
        kinds = ANEW.union(*(mentioned.kinds for _, mentioned, _ in read))
        facts = frozenset[str]().union(*(mentioned.facts for _, mentioned, _ in read))
        return cls(read, kinds, facts, any(strangers for _, _, strangers in read))


def concerned(looks: Looks, came: Mapping[int, Came]) -> list[tuple[NumberedRules, list[int]]]:
    """Return which customers have to be asked about which rules: only those that look at what came of them.

    Customers who are asked the same are asked together. So are all of whom rarer things came, each about more than they
    need, and about every rule where that is most of them: a statement more costs more than it saves, a new one most.
    """
    alike: dict[tuple[frozenset[str], frozenset[str], bool], list[int]] = {}
    for customer, one in came.items():
        alike.setdefault((looks.kinds & one.kinds, looks.facts & one.facts, one.new), []).append(customer)
    asked: dict[NumberedRules, list[int]] = {}
    for (some, names, new), customers in alike.items():
        anew = not ANEW.isdisjoint(some)
        about = tuple(
            rule
            for rule, mentioned, strangers in looks.rules
            if anew
            or (strangers and new)
            or not mentioned.kinds.isdisjoint(some)
            or not mentioned.facts.isdisjoint(names)
        )
        if about:
            asked.setdefault(about, []).extend(customers)
    enough = max(LEAST_TOGETHER, sum(map(len, asked.values())) // MOST_STATEMENTS)
    alone = [(about, customers) for about, customers in asked.items() if len(customers) >= enough]
    rare = {about: customers for about, customers in asked.items() if len(customers) < enough}
    if rare:
        wanted = {rule for about in rare for rule in about}
        most = len(rare) > 1 and 2 * len(wanted) >= len(looks.rules)  # then all: it is always the same statement
        together = [customer for customers in rare.values() for customer in customers]
        alone.append((tuple(rule for rule, _, _ in looks.rules if most or rule in wanted), together))
    return alone


def entering_or_leaving(
    changes: Iterable[Change],
    names: Mapping[int, str],
    merged: Mapping[int, int],
    why: Mapping[tuple[int, int], Sequence[Mapping[str, Any]]],
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield what is to be said of changes: kind, customer, props; leaving before entering.

    `why` are the reasons, by segment and customer.

    Who enters because a customer merged into them was in the segment brings that customer's id as `merged`: the
    person was there before, and need not be addressed as if new.
    """
    ordered = sorted(changes, key=lambda change: (change.entered, change.segment_id, change.customer_id))
    before = {
        (change.segment_id, merged[change.customer_id]): change.customer_id
        for change in ordered
        if not change.entered and change.customer_id in merged
    }
    for change in ordered:
        props: dict[str, Any] = {"segment": names[change.segment_id], "customer": change.customer_id}
        if reasons := why.get((change.segment_id, change.customer_id)):
            props["why"] = reasons
        if not change.entered:
            yield SEGMENT_LEFT, change.customer_id, props
            continue
        if (loser := before.get((change.segment_id, change.customer_id))) is not None:
            props["merged"] = loser
        yield SEGMENT_ENTERED, change.customer_id, props
