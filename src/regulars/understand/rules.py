"""The rule of a segment: a small typed tree over what customers said (facts, answers) and did (events).

    {"all": [{"fact": "gift_for", "is": "mother"},
             {"event": "Order Completed", "count": {"at_least": 3}, "within_days": 90}]}

`all`, `any` and `none` nest. `{"all": []}` is everybody. An answer is the fact of its name (`<form>.<question>`).
A fact that is not known matches nothing but `"known": false`. So `is_not` means 'said something else', and
`{"none": [{..."is"...}]}` includes those who said nothing. Statements that could not be verified are not known.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from regulars.remember.heard import FactKind

Scalar: TypeAlias = str | int | float | bool
FactTest = Literal["is", "is_not", "in", "bounds", "contains", "known"]


class Bounds(msgspec.Struct, frozen=True):
    """From and to, both included; None is open. Numbers, or dates as `YYYY-MM-DD`."""

    at_least: int | float | str | None = None
    at_most: int | float | str | None = None


class FactRule(msgspec.Struct, frozen=True):
    """What a customer must have said. `value` is a Bounds for `bounds`, a tuple for `in`, a bool for `known`."""

    name: str
    test: FactTest
    value: Scalar | tuple[Scalar, ...] | Bounds


class EventRule(msgspec.Struct, frozen=True):
    """How often a customer must have done something, or for how much, in the last whole UTC days (today is one)."""

    kind: str
    measure: Literal["count", "sum"]
    bounds: Bounds
    within_days: int | None = None


class Group(msgspec.Struct, frozen=True):
    """Clauses of which all, any or none must hold."""

    need: Literal["all", "any", "none"]
    clauses: tuple["Rule", ...]


Rule: TypeAlias = FactRule | EventRule | Group


class Known(msgspec.Struct, frozen=True):
    """What a rule may speak of: the catalogue of facts with their kinds, and the kinds of event seen so far."""

    facts: Mapping[str, FactKind]
    events: frozenset[str] = frozenset()


class Mentions(msgspec.Struct, frozen=True):
    """What a rule looks at: when none of this changes, and no day ends, no customer's answer does."""

    facts: frozenset[str]
    events: frozenset[str]
    windowed: bool


def leaves(rule: Rule) -> Iterator[FactRule | EventRule]:
    """Yield the conditions at the ends of a rule, in reading order."""
    if isinstance(rule, Group):
        for clause in rule.clauses:
            yield from leaves(clause)
    else:
        yield rule


def mentions(rule: Rule) -> Mentions:
    """Return what a rule looks at."""
    ends = list(leaves(rule))
    return Mentions(
        facts=frozenset(end.name for end in ends if isinstance(end, FactRule)),
        events=frozenset(end.kind for end in ends if isinstance(end, EventRule)),
        windowed=any(isinstance(end, EventRule) and end.within_days is not None for end in ends),
    )


def matches_strangers(rule: Rule) -> bool:
    """Whether a rule holds for a customer of whom nothing is known: then every new customer has to be asked."""
    if isinstance(rule, Group):
        held = [matches_strangers(clause) for clause in rule.clauses]
        return all(held) if rule.need == "all" else any(held) == (rule.need == "any")
    if isinstance(rule, FactRule):
        return rule.test == "known" and rule.value is False
    return _number(rule.bounds.at_least, 0) <= 0 <= _number(rule.bounds.at_most, 0)


def _number(bound: Any, otherwise: float) -> float:
    return otherwise if bound is None else bound
