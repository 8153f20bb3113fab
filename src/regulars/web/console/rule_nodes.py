"""A rule while it is being composed by clicking: nodes that may be unfinished.

Everything in a node is a text, as it stands in a field. How a rule becomes nodes is in rule_showing, how nodes become a
rule in rule_writing; they are each other's reverse: what a rule means is never changed by looking at it here.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import msgspec

from regulars.remember.heard import FactKind

_ALL = ("known", "unknown")
_DISPUTED = ("contradicting", "undisputed")
FACT_TESTS: dict[FactKind, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "contains", *_ALL, *_DISPUTED),
    "number": ("at_least", "at_most", "between", "is", "is_not", "in", *_ALL, *_DISPUTED),
    "date": ("at_least", "at_most", "between", "is", "is_not", "in", *_ALL, *_DISPUTED),
    "boolean": ("is", "is_not", *_ALL, *_DISPUTED),
    "list": ("contains", *_ALL, *_DISPUTED),
}
"""How a fact of each kind can be tested, the usual way first."""
PROPERTY_TESTS = ("is", "is_not", "in", "contains", "at_least", "at_most", "between", *_ALL)
"""How a property of an event can be tested: of which kind it is, nobody knows beforehand."""
MEASURES = ("count", "sum", "min", "max", "distinct", "first", "last")


class Dated(msgspec.Struct, kw_only=True):
    """On which days: `when` is '' for ever, or within, older, between, dates. `back` is the farther of two ages."""

    when: str = ""
    days: str = ""
    back: str = ""
    since: str = ""
    until: str = ""


class FactNode(Dated):
    """Something a customer must have said, or we know: how it must have been learned is '' or 'yes' for each way."""

    fact: str = ""
    test: str = ""
    value: str = ""
    low: str = ""
    high: str = ""
    said: str = ""
    did: str = ""
    inferred: str = ""
    imported: str = ""


class WhereNode(msgspec.Struct):
    """What a property of an event must be."""

    property: str = ""
    test: str = ""
    value: str = ""
    low: str = ""
    high: str = ""


class EventNode(Dated):
    """Something a customer must have done; `of` is the property that is measured, '' money."""

    event: str = ""
    measure: str = "count"
    how: str = "at_least"
    low: str = "1"
    high: str = ""
    of: str = ""
    test: str = "is"
    value: str = ""
    clauses: list[WhereNode] = msgspec.field(default_factory=list[WhereNode])


class StepNode(msgspec.Struct):
    """An event in a sequence, or (`never`) the one that must not have come after it."""

    step: str = ""
    never: str = ""
    clauses: list[WhereNode] = msgspec.field(default_factory=list[WhereNode])


class SequenceNode(Dated):
    """Events that must have followed one another."""

    sequence: str = "yes"
    apart: str = ""
    clauses: list[StepNode] = msgspec.field(default_factory=list[StepNode])


class SegmentNode(msgspec.Struct):
    """Another segment that a customer must be in, or must not."""

    segment: str = ""
    member: str = "yes"


class ListNode(msgspec.Struct):
    """A list that a customer must be on."""

    list: str = ""


class StageNode(msgspec.Struct):
    """A purchase stage at which a customer must be, in a category or, where it is '', in any."""

    stage: str = "intent"
    category: str = ""


class ConsentNode(msgspec.Struct):
    """What a customer must allow: a purpose and a channel, as marketing/email."""

    consent: str = ""
    state: str = "granted"


class ReachableNode(msgspec.Struct):
    """A channel by which a customer must have an address, or must have none."""

    reachable: str = "email"
    wanted: str = "yes"


class MessageNode(Dated):
    """What must have come of messages to a customer, and how often."""

    message: str = "sent"
    how: str = "at_least"
    low: str = "1"
    high: str = ""
    campaign: str = ""
    template: str = ""
    channel: str = ""


class TextNode(msgspec.Struct):
    """A condition that somebody would rather write as text."""

    text: str = ""


class GroupNode(msgspec.Struct):
    """Conditions of which all, any or none must hold."""

    need: str = "all"
    clauses: list["Node"] = msgspec.field(default_factory=list["Node"])


LeafNode: TypeAlias = (
    FactNode
    | EventNode
    | SequenceNode
    | SegmentNode
    | ListNode
    | StageNode
    | ConsentNode
    | ReachableNode
    | MessageNode
    | TextNode
)
Node: TypeAlias = LeafNode | GroupNode
Part: TypeAlias = Node | StepNode | WhereNode
"""Whatever has a place of its own in the fields of a form."""
Holder: TypeAlias = GroupNode | EventNode | SequenceNode | StepNode


def places(node: Part, place: str = "r") -> Iterator[tuple[str, Part]]:
    """Yield every node with its place."""
    yield place, node
    if isinstance(node, Holder):
        for n, one in enumerate(node.clauses):
            yield from places(one, f"{place}.{n}")


def holds(holder: Holder, node: Part) -> bool:
    """Whether a node can stand in another."""
    match holder:
        case GroupNode():
            return not isinstance(node, StepNode | WhereNode)
        case SequenceNode():
            return isinstance(node, StepNode)
        case EventNode() | StepNode():
            return isinstance(node, WhereNode)


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
