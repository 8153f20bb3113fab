"""A rule in the fields of a form, and what its buttons do to it.

A node's place is its way from the root: 'r' is the root, 'r.0.1' the second condition of its first group. Its fields
are called after it (`r.0.1:fact`), and a button says what it does and where (`add-fact:r.0`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from regulars.understand.reading import DEEPEST, MOST_CLAUSES
from regulars.web.console.rule_nodes import (
    MEASURES,
    ConsentNode,
    EventNode,
    FactNode,
    GroupNode,
    Holder,
    ListNode,
    MessageNode,
    Part,
    ReachableNode,
    SegmentNode,
    SequenceNode,
    StageNode,
    StepNode,
    TextNode,
    WhereNode,
    holds,
    places,
)
from regulars.web.numbers import number_in

_FIELD = re.compile(r"(r(?:\.[0-9]{1,3}){0,12}):([a-z]+)")
_LONGEST = 50_000
_MOST_NODES = 3 * MOST_CLAUSES + 1
_ADDED: dict[str, Callable[[], Part]] = {
    "add-fact": FactNode,
    "add-event": EventNode,
    "add-sequence": lambda: SequenceNode(clauses=[StepNode(), StepNode()]),
    "add-step": StepNode,
    "add-where": lambda: WhereNode(test="is"),
    "add-segment": SegmentNode,
    "add-list": ListNode,
    "add-stage": StageNode,
    "add-consent": ConsentNode,
    "add-reachable": ReachableNode,
    "add-message": MessageNode,
    "add-text": TextNode,
    "add-group": GroupNode,
}
_TOLD_BY: dict[str, type[Part]] = {
    "need": GroupNode,
    "property": WhereNode,
    "step": StepNode,
    "event": EventNode,
    "sequence": SequenceNode,
    "segment": SegmentNode,
    "list": ListNode,
    "stage": StageNode,
    "consent": ConsentNode,
    "reachable": ReachableNode,
    "message": MessageNode,
    "text": TextNode,
}
"""Each kind of node by the field that only it has."""


def fields_of(root: GroupNode) -> dict[str, str]:
    """Return the fields of a rule."""
    return {
        f"{place}:{name}": value
        for place, node in places(root)
        for name, value in msgspec.structs.asdict(node).items()
        if name != "clauses"
    }


def read_fields(form: Mapping[str, str]) -> GroupNode:
    """Return the rule that stands in the fields of a form; what has no place in it is left out."""
    found: dict[tuple[int, ...], dict[str, str]] = {}
    for name, value in form.items():
        if match := _FIELD.fullmatch(name):
            place = tuple(int(n) for n in match[1].split(".")[1:])
            found.setdefault(place, {})[match[2]] = value.replace("\r\n", "\n")[:_LONGEST]
    nodes: dict[tuple[int, ...], Part] = {(): GroupNode()}
    for place in sorted(found)[:_MOST_NODES]:
        node = _node(found[place])
        if not place:
            nodes[()] = node if isinstance(node, GroupNode) else GroupNode()
        elif _hold(nodes.get(place[:-1]), node):
            nodes[place] = node
    root = nodes[()]
    return root if isinstance(root, GroupNode) else GroupNode()


def _hold(parent: Part | None, node: Part) -> bool:
    """Put a node into another, where it can stand there."""
    if not isinstance(parent, Holder) or not holds(parent, node):
        return False
    _clauses(parent).append(node)
    return True


def _clauses(parent: Holder) -> list[Any]:
    return parent.clauses


def _node(fields: dict[str, str]) -> Part:
    kind = next((kind for name, kind in _TOLD_BY.items() if name in fields), FactNode)
    known: dict[str, Any] = {
        name: value for name, value in fields.items() if name in kind.__struct_fields__ and name != "clauses"
    }
    node = kind(**known)
    if isinstance(node, GroupNode) and node.need not in ("all", "any", "none"):
        node.need = "all"
    if isinstance(node, EventNode) and node.measure not in MEASURES:
        node.measure = "count"
    return node


def act(root: GroupNode, do: str) -> str:
    """Do what a button says: add, remove, move by one place, or name an event; return where, or '' for nothing."""
    verb, _, rest = do.partition(":")
    place, _, given = rest.partition(":")
    way = [number for n in place.split(".")[1:] if (number := number_in(n)) is not None]
    if verb in _ADDED:
        return _add(root, way, verb)
    if verb == "use":
        return place if _use(_at(root, way), given) else ""
    parent = _at(root, way[:-1]) if way else None
    if not isinstance(parent, Holder) or way[-1] >= len(parent.clauses):
        return ""
    if verb == "remove":
        del _clauses(parent)[way[-1]]
        return _place(way[:-1])
    step = {"up": -1, "down": 1}.get(verb, 0)
    return _move(root, parent, way, step) if isinstance(parent, GroupNode) and step else _swap(parent, way, step)


def _add(root: GroupNode, way: list[int], verb: str) -> str:
    holder = _at(root, way)
    if (verb == "add-group" and len(way) + 1 >= DEEPEST) or not _hold(holder, _ADDED[verb]()):
        return ""
    return _place([*way, len(_clauses(holder)) - 1]) if isinstance(holder, Holder) else ""


def _use(node: Part | None, kind: str) -> bool:
    """Name the event of a node; return whether it has one."""
    if isinstance(node, EventNode):
        node.event = kind
    if isinstance(node, StepNode):
        node.step = kind
    return isinstance(node, EventNode | StepNode)


def _swap(parent: Holder, way: list[int], step: int) -> str:
    """Move a step or a property past the one beside it."""
    clauses, there = _clauses(parent), way[-1] + step
    if not step or not 0 <= there < len(clauses):
        return ""
    clauses.insert(there, clauses.pop(way[-1]))
    return _place([*way[:-1], there])


def _move(root: GroupNode, parent: GroupNode, way: list[int], step: int) -> str:
    """Move a node by one place in reading order: past a condition, into a group beside it, or out of its own."""
    at = way[-1]
    there = at + step
    if 0 <= there < len(parent.clauses):
        node = parent.clauses.pop(at)
        beside = parent.clauses[there if step < 0 else at]
        if isinstance(beside, GroupNode) and len(way) + _depth(node) < DEEPEST:
            index = len(beside.clauses) if step < 0 else 0
            beside.clauses.insert(index, node)
            return _place([*way[:-1], there if step < 0 else at, index])
        parent.clauses.insert(there, node)
        return _place([*way[:-1], there])
    outer = _at(root, way[:-2]) if way[:-1] else None
    if not isinstance(outer, GroupNode):
        return ""
    index = way[-2] + (1 if step > 0 else 0)
    outer.clauses.insert(index, parent.clauses.pop(at))
    return _place([*way[:-2], index])


def _depth(node: Part) -> int:
    if not isinstance(node, GroupNode):
        return 0
    return 1 + max((_depth(one) for one in node.clauses), default=0)


def _at(root: GroupNode, way: list[int]) -> Part | None:
    node: Part = root
    for n in way:
        if not isinstance(node, Holder) or n >= len(node.clauses):
            return None
        node = node.clauses[n]
    return node


def _place(way: list[int]) -> str:
    return ".".join(["r", *map(str, way)])
