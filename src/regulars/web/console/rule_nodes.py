"""A rule while it is being composed by clicking: nodes that may be unfinished, made from a rule and made into one.

Everything in a node is a text, as it stands in a field. `from_rule` and `to_rule` (rule_writing) are each other's
reverse: what a rule means is never changed by looking at it here.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import msgspec

from regulars.remember.heard import FactKind
from regulars.understand.rules import (
    EVER,
    Bounds,
    ConsentRule,
    Days,
    EventRule,
    FactRule,
    Group,
    Leaf,
    MessageRule,
    ReachableRule,
    Rule,
    SegmentRule,
)
from regulars.understand.writing import written

FACT_TESTS: dict[FactKind, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "contains", "known", "unknown"),
    "number": ("at_least", "at_most", "between", "is", "is_not", "in", "known", "unknown"),
    "date": ("at_least", "at_most", "between", "is", "is_not", "in", "known", "unknown"),
    "boolean": ("is", "is_not", "known", "unknown"),
    "list": ("contains", "known", "unknown"),
}
"""How a fact of each kind can be tested, the usual way first."""


class FactNode(msgspec.Struct):
    """Something a customer must have said."""

    fact: str = ""
    test: str = ""
    value: str = ""
    low: str = ""
    high: str = ""


class EventNode(msgspec.Struct):
    """Something a customer must have done."""

    event: str = ""
    measure: str = "count"
    how: str = "at_least"
    low: str = "1"
    high: str = ""
    days: str = ""


class SegmentNode(msgspec.Struct):
    """Another segment that a customer must be in, or must not."""

    segment: str = ""
    member: str = "yes"


class ConsentNode(msgspec.Struct):
    """What a customer must allow: a purpose and a channel, as marketing/email."""

    consent: str = ""
    state: str = "granted"


class ReachableNode(msgspec.Struct):
    """A channel by which a customer must have an address, or must have none."""

    reachable: str = "email"
    wanted: str = "yes"


class MessageNode(msgspec.Struct):
    """What must have come of messages to a customer, at least once or never."""

    message: str = "sent"
    ever: str = "yes"
    campaign: str = ""
    days: str = ""


class TextNode(msgspec.Struct):
    """A condition that has no fields of its own: it is written as text."""

    text: str = ""


class GroupNode(msgspec.Struct):
    """Conditions of which all, any or none must hold."""

    need: str = "all"
    clauses: list["Node"] = msgspec.field(default_factory=list["Node"])


LeafNode: TypeAlias = FactNode | EventNode | SegmentNode | ConsentNode | ReachableNode | MessageNode | TextNode
Node: TypeAlias = LeafNode | GroupNode


def from_rule(rule: Rule) -> GroupNode:
    """Return the nodes of a rule; a single condition stands in a group of one."""
    node = _node(rule)
    return node if isinstance(node, GroupNode) else GroupNode("all", [node])


def places(node: Node, place: str = "r") -> Iterator[tuple[str, Node]]:
    """Yield every node with its place."""
    yield place, node
    if isinstance(node, GroupNode):
        for n, one in enumerate(node.clauses):
            yield from places(one, f"{place}.{n}")


def _node(rule: Rule) -> Node:
    match rule:
        case Group(need, clauses):
            return GroupNode(need, [_node(one) for one in clauses])
        case EventRule(kind, measure, bounds, days) if rule.counted and days == Days(within=days.within):
            how, low, high = _how(bounds, measure)
            return EventNode(kind, measure, how, low, high, "" if days.within is None else str(days.within))
        case FactRule(name, test, value, (), days) if days == EVER and test != "contradicting":
            return _fact_node(name, test, value)
        case leaf:
            return _other_node(leaf)


def _other_node(leaf: Leaf) -> Node:
    match leaf:
        case SegmentRule(name, member):
            return SegmentNode(name, _yes(member))
        case ConsentRule(purpose, channel, state):
            return ConsentNode(f"{purpose}/{channel}", state)
        case ReachableRule(channel, reachable):
            return ReachableNode(channel, _yes(reachable))
        case MessageRule(what, bounds, campaign, "", "", days) if bounds in _EVER and days == Days(within=days.within):
            return MessageNode(what, _EVER[bounds], campaign, _shown(days.within))
        case _:
            return TextNode(json_of(leaf))


_EVER = {Bounds(at_least=1): "yes", Bounds(at_most=0): "no"}


def _yes(wanted: bool) -> str:
    return "yes" if wanted else "no"


def _fact_node(name: str, test: str, value: object) -> FactNode:
    match test, value:
        case "bounds", Bounds() as bounds:
            low, high = _shown(bounds.at_least), _shown(bounds.at_most)
            return FactNode(name, "between" if low and high else "at_least" if low else "at_most", low=low, high=high)
        case "known", wanted:
            return FactNode(name, "known" if wanted else "unknown")
        case "in", tuple() as chosen:
            return FactNode(name, "in", "\n".join(map(shown, chosen)))
        case _:
            return FactNode(name, test, shown(value))


def json_of(leaf: Leaf) -> str:
    """Return a condition as the text it is written by."""
    return msgspec.json.format(msgspec.json.encode(written(leaf)), indent=0).decode()


def _how(bounds: Bounds, measure: str) -> tuple[str, str, str]:
    low, high = _shown(bounds.at_least), _shown(bounds.at_most)
    if measure == "count" and (low, high) == ("", "0"):
        return "never", "", ""
    if low and low == high:
        return "exactly", low, ""
    return ("between" if low and high else "at_least" if low else "at_most"), low, high


def _shown(bound: object) -> str:
    return "" if bound is None else str(bound)


def shown(value: object) -> str:
    """Return a value as it stands in a field: a text as it is, unless it would be read as something else."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    plain = value == value.strip() and value.isprintable() and value and not value.startswith('"')
    return value if plain and scalar_in(value) is None else msgspec.json.encode(value).decode()


def scalar_in(text: str) -> str | int | float | bool | None:
    """Return what a text is where it is written as JSON, or yes or no."""
    if text in ("yes", "no"):
        return text == "yes"
    with suppress(msgspec.DecodeError):
        found: Any = msgspec.json.decode(text)
        return found if isinstance(found, str | int | float) else None
    return None
