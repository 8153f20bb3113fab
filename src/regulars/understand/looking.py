"""What a rule looks at, so that it is asked again when that changes; and what it says of strangers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from regulars.understand.rules import (
    TURNING,
    ConsentRule,
    Days,
    EventRule,
    FactRule,
    Group,
    Leaf,
    ListRule,
    MessageRule,
    ReachableRule,
    Rule,
    SegmentRule,
    SequenceRule,
    StageRule,
    Step,
    Where,
)
from regulars.words.kinds import (
    ALIAS,
    CONSENT_CHANGED,
    FACT_FORGOTTEN,
    FACT_STATED,
    FORM_ANSWERED,
    IDENTIFY,
    MESSAGE_BOUNCED,
    PAUSE_CHANGED,
)

_ON_DAYS = FactRule | EventRule | MessageRule | SequenceRule
STATING = frozenset({IDENTIFY, FORM_ANSWERED, FACT_STATED, FACT_FORGOTTEN})
"""The kinds of event by which facts are said and withdrawn, also those that do not hold."""
AGREEING = frozenset({FORM_ANSWERED, CONSENT_CHANGED, PAUSE_CHANGED})
"""The kinds of event by which somebody allows something, or withdraws it; one that cannot be read withdraws all."""
REACHING = frozenset({IDENTIFY, ALIAS, MESSAGE_BOUNCED})
"""The kinds of event by which somebody gets an address, or loses one."""


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


def done_in(end: Leaf) -> tuple[Step, ...]:
    """Return the events that the words of a condition name."""
    match end:
        case EventRule(kind=kind, where=where):
            return (Step(kind, where),)
        case SequenceRule(steps=steps, never_since=since):
            return (*steps, since) if since else steps
        case _:
            return ()


def asked_of(end: Leaf) -> Iterator[tuple[str, str, int | None]]:
    """Yield the kinds of event of which a condition asks what they said, and where in the condition it does.

    Behind them stands for how many days such events must be kept for it; None is for ever.
    """
    match end:
        case EventRule(kind=kind, measure=measure, where=where, of=of, told=told, days=days):
            if where:
                yield kind, "where", _reach(days)
            if of or told:
                yield kind, measure, _reach(days)
        case SequenceRule(steps=steps, never_since=since, days=days):
            yield from ((one.kind, f"sequence[{n}].where", _reach(days)) for n, one in enumerate(steps) if one.where)
            if since and since.where:
                yield since.kind, "never_since.where", _reach(days)
        case MessageRule() if end.as_event.where:
            yield end.as_event.kind, "message", None
        case ListRule():
            yield end.as_event.kind, "list", None
        case _:
            pass


def _reach(days: Days) -> int | None:
    """Return how far some days go back, and one more: a day begins before its last event is a day old."""
    if days.within is not None:
        return days.within + 1
    return days.between[1] + 2 if days.between is not None else None


def mentions(rule: Rule) -> Mentions:
    """Return what a rule looks at."""
    ends = list(leaves(rule))
    events = frozenset(step.kind for end in ends for step in done_in(end))
    return Mentions(
        facts=frozenset(
            end.as_fact.name if isinstance(end, StageRule) else end.name
            for end in ends
            if isinstance(end, FactRule | StageRule)
        ),
        events=events,
        kinds=events.union(*(_learned_by(end) for end in ends)),
        windowed=any(isinstance(end, _ON_DAYS) and end.days.moving for end in ends),
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
        case MessageRule() | ListRule():
            return frozenset({end.as_event.kind})
        case _:
            return frozenset()


def weight(rule: Rule) -> int:
    """Return how many conditions a rule has, each property of an event being one."""
    return sum(max(1, sum(1 + len(step.where) for step in done_in(end))) for end in leaves(rule))


def matches_strangers(rule: Rule) -> bool:
    """Whether a rule may hold for a customer of whom nothing is known: then every new customer has to be asked."""
    return True in _of_strangers(rule)


def _of_strangers(rule: Rule) -> frozenset[bool]:
    """Return what a rule may say of a customer of whom nothing is known."""
    if not isinstance(rule, Group):
        return _leaf_of_strangers(rule)
    wanted = rule.need == "all"
    held = [_of_strangers(clause) for clause in rule.clauses]
    found = {wanted} if all(wanted in one for one in held) else set[bool]()
    if any((not wanted) in one for one in held):
        found.add(not wanted)
    return frozenset(not one for one in found) if rule.need == "none" else frozenset(found)


def _leaf_of_strangers(end: Leaf) -> frozenset[bool]:
    match end:
        case FactRule(test=test, value=value):
            held = value is False and test in TURNING
        case EventRule(told=Where(test=test, value=value)):
            held = test == "known" and value is False
        case EventRule(measure="min" | "max") | SequenceRule() | StageRule() | ListRule():
            held = False
        case EventRule(bounds=bounds) | MessageRule(bounds=bounds):
            held = _number(bounds.at_least, 0) <= 0 <= _number(bounds.at_most, 0)
        case ConsentRule(state=state):
            held = state == "unsaid"
        case SegmentRule() | ReachableRule():
            return frozenset({True, False})
    return frozenset({held})


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
