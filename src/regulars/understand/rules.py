"""The rule of a segment: a small typed tree over what customers said (facts, answers) and did (events).

    {"all": [{"fact": "gift_for", "is": "mother"},
             {"event": "Order Completed", "count": {"at_least": 3}, "within_days": 90}]}

`all`, `any` and `none` nest. `{"all": []}` is everybody. docs/segments.md has the whole grammar; in short:

    a value     is | is_not | in | at_least and at_most | contains | known
    days        within_days | older_than_days | between_days | from and until    (whole UTC days)
    fact        a value, or contradicting; besides `source`, and days for its age
    event       count | sum; besides days
    segment     whether a member of it: what its rule says
    consent     purpose/channel, is granted | withdrawn | unsaid
    reachable   a channel, and whether

An answer is the fact of its name (`<form>.<question>`). What is not known matches nothing but `"known": false`. So
`is_not` means 'said something else', and `{"none": [{..."is"...}]}` includes those who said nothing. Statements that
could not be verified are not known.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from regulars.remember.heard import FactKind
from regulars.words.kinds import (
    ALIAS,
    CONSENT_CHANGED,
    FACT_FORGOTTEN,
    FACT_STATED,
    FORM_ANSWERED,
    IDENTIFY,
    MESSAGE_BOUNCED,
)

Scalar: TypeAlias = str | int | float | bool
ValueTest = Literal["is", "is_not", "in", "bounds", "contains", "known"]
FactTest = Literal["is", "is_not", "in", "bounds", "contains", "known", "contradicting"]
Source = Literal["said", "did", "inferred", "imported"]
ConsentState = Literal["granted", "withdrawn", "unsaid"]
Channel = Literal["email"]


STATING = frozenset({IDENTIFY, FORM_ANSWERED, FACT_STATED, FACT_FORGOTTEN})
"""The kinds of event by which facts are said and withdrawn, also those that do not hold."""
AGREEING = frozenset({FORM_ANSWERED, CONSENT_CHANGED})
"""The kinds of event by which somebody allows something, or withdraws it."""
REACHING = frozenset({IDENTIFY, ALIAS, MESSAGE_BOUNCED})
"""The kinds of event by which somebody gets an address, or loses one."""
TURNING = frozenset({"known", "contradicting"})
"""The tests of a fact that are true or false; where they are false, all of the condition is turned."""


class Bounds(msgspec.Struct, frozen=True):
    """From and to, both included; None is open. Numbers, or dates as `YYYY-MM-DD`."""

    at_least: int | float | str | None = None
    at_most: int | float | str | None = None


class Days(msgspec.Struct, frozen=True):
    """Which UTC days count: one of the first three, or from and until, both included; nothing is every day.

    `within` 1 is today, 2 also yesterday; `older_than` 1 is the day before yesterday and all before it; `between`
    (a, b) is from b days ago to a days ago.
    """

    within: int | None = None
    older_than: int | None = None
    between: tuple[int, int] | None = None
    since: str | None = None
    until: str | None = None

    @property
    def moving(self) -> bool:
        """Whether these are other days tomorrow."""
        return not (self.within is None and self.older_than is None and self.between is None)


EVER = Days()


class FactRule(msgspec.Struct, frozen=True):
    """What a customer must have said. `value` is a Bounds for `bounds`, a tuple for `in`, a bool for `known`.

    `sources`: how it must have been learned; () is anyhow. `days`: when. `known` and `contradicting` that are false
    turn all of it.
    """

    name: str
    test: FactTest
    value: Scalar | tuple[Scalar, ...] | Bounds
    sources: tuple[Source, ...] = ()
    days: Days = EVER


class EventRule(msgspec.Struct, frozen=True):
    """How often a customer must have done something, or for how much, on some days."""

    kind: str
    measure: Literal["count", "sum"]
    bounds: Bounds
    days: Days = EVER


class SegmentRule(msgspec.Struct, frozen=True):
    """Whether a customer is in another segment: whether its rule holds."""

    name: str
    member: bool = True


class ConsentRule(msgspec.Struct, frozen=True):
    """What a customer allows: `granted` (by one of their identities, withdrawn by none), `withdrawn`, or `unsaid`."""

    purpose: str
    channel: str
    state: ConsentState


class ReachableRule(msgspec.Struct, frozen=True):
    """Whether a customer has an address of a channel that did not bounce for good."""

    channel: Channel
    reachable: bool = True


class Group(msgspec.Struct, frozen=True):
    """Clauses of which all, any or none must hold."""

    need: Literal["all", "any", "none"]
    clauses: tuple["Rule", ...]


Leaf: TypeAlias = FactRule | EventRule | SegmentRule | ConsentRule | ReachableRule
Rule: TypeAlias = Leaf | Group


class Known(msgspec.Struct, frozen=True):
    """What a rule may speak of: facts with their kinds, kinds of event seen so far, and segments with their rules."""

    facts: Mapping[str, FactKind]
    events: frozenset[str] = frozenset()
    segments: Mapping[str, Any] = {}


class Mentions(msgspec.Struct, frozen=True):
    """What a rule looks at: when none of this changes, and no day ends, no customer's answer does.

    `events` are those that its words name; `kinds` all kinds of event after which it is asked again.
    """

    facts: frozenset[str]
    events: frozenset[str]
    kinds: frozenset[str]
    windowed: bool


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield the conditions at the ends of a rule, in reading order."""
    if isinstance(rule, Group):
        for clause in rule.clauses:
            yield from leaves(clause)
    else:
        yield rule


def mentions(rule: Rule) -> Mentions:
    """Return what a rule looks at."""
    ends = list(leaves(rule))
    events = frozenset(end.kind for end in ends if isinstance(end, EventRule))
    return Mentions(
        facts=frozenset(end.name for end in ends if isinstance(end, FactRule)),
        events=events,
        kinds=events.union(*(_learned_by(end) for end in ends)),
        windowed=any(isinstance(end, FactRule | EventRule) and end.days.moving for end in ends),
    )


def _learned_by(end: Leaf) -> frozenset[str]:
    """Return after which kinds of event a condition is asked again, besides those it names."""
    match end:
        case FactRule(test="contradicting"):
            return STATING
        case ConsentRule():
            return AGREEING
        case ReachableRule():
            return REACHING
        case _:
            return frozenset()


def matches_strangers(rule: Rule) -> bool:
    """Whether a rule may hold for a customer of whom nothing is known: then every new customer has to be asked."""
    return True in _of_strangers(rule)


def _of_strangers(rule: Rule) -> frozenset[bool]:
    """Return what a rule may say of a customer of whom nothing is known."""
    if isinstance(rule, Group):
        turned = rule.need == "all"
        held = [_of_strangers(clause) for clause in rule.clauses]
        found = {turned} if all(turned in one for one in held) else set[bool]()
        if any((not turned) in one for one in held):
            found.add(not turned)
        return frozenset(not one for one in found) if rule.need == "none" else frozenset(found)
    match rule:
        case FactRule(test=test, value=value):
            return frozenset({value is False and test in TURNING})
        case EventRule(bounds=bounds):
            return frozenset({_number(bounds.at_least, 0) <= 0 <= _number(bounds.at_most, 0)})
        case ConsentRule(state=state):
            return frozenset({state == "unsaid"})
        case SegmentRule() | ReachableRule():
            return frozenset({True, False})


def plain(rule: Rule) -> Rule:
    """Return a rule that means the same, without groups that hold one clause and say nothing by it."""
    if not isinstance(rule, Group):
        return rule
    clauses = tuple(plain(clause) for clause in rule.clauses)
    if rule.need != "none" and len(clauses) == 1:
        return clauses[0]
    return Group(rule.need, clauses)


def _number(bound: Any, otherwise: float) -> float:
    return otherwise if bound is None else bound
