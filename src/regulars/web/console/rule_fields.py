"""A rule in the fields of a form, and what its buttons do to it.

A node's place is its way from the root: 'r' is the root, 'r.0.1' the second condition of its first group. Its fields
are called after it (`r.0.1:fact`), and a button says what it does and where (`add-fact:r.0`).
"""

import re
from collections.abc import Mapping

import msgspec

from regulars.understand.reading import DEEPEST, MOST_CLAUSES
from regulars.web.console.rule_nodes import (
    ConsentNode,
    EventNode,
    FactNode,
    GroupNode,
    LeafNode,
    MessageNode,
    Node,
    ReachableNode,
    SegmentNode,
    TextNode,
    places,
)
from regulars.web.numbers import number_in

_FIELD = re.compile(r"(r(?:\.[0-9]{1,3}){0,12}):([a-z]+)")
_LONGEST = 50_000
_ADDED: dict[str, type[Node]] = {
    "add-fact": FactNode,
    "add-event": EventNode,
    "add-segment": SegmentNode,
    "add-consent": ConsentNode,
    "add-reachable": ReachableNode,
    "add-message": MessageNode,
    "add-text": TextNode,
    "add-group": GroupNode,
}
_TOLD_BY: dict[str, type[LeafNode]] = {
    "event": EventNode,
    "segment": SegmentNode,
    "consent": ConsentNode,
    "reachable": ReachableNode,
    "message": MessageNode,
    "text": TextNode,
}
"""Each kind of condition by the field that only it has."""


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
    nodes: dict[tuple[int, ...], Node] = {(): GroupNode()}
    for place in sorted(found)[: 2 * MOST_CLAUSES + 1]:
        node = _node(found[place])
        if not place:
            nodes[()] = node if isinstance(node, GroupNode) else GroupNode()
        elif isinstance(parent := nodes.get(place[:-1]), GroupNode):
            nodes[place] = node
            parent.clauses.append(node)
    root = nodes[()]
    return root if isinstance(root, GroupNode) else GroupNode()


def _node(fields: dict[str, str]) -> Node:
    if "need" in fields:
        return GroupNode(fields["need"] if fields["need"] in ("all", "any", "none") else "all")
    kind = next((kind for name, kind in _TOLD_BY.items() if name in fields), FactNode)
    node = kind(**{name: value for name, value in fields.items() if name in kind.__struct_fields__})
    if isinstance(node, EventNode) and node.measure != "sum":
        node.measure = "count"
    return node


def act(root: GroupNode, do: str) -> str:
    """Do what a button says: add, remove, move by one place, or name an event; return where, or '' for nothing."""
    verb, _, rest = do.partition(":")
    place, _, given = rest.partition(":")
    way = [number for n in place.split(".")[1:] if (number := number_in(n)) is not None]
    if verb in _ADDED:
        group = _at(root, way)
        if not isinstance(group, GroupNode) or (verb == "add-group" and len(way) + 1 >= DEEPEST):
            return ""
        group.clauses.append(_ADDED[verb]())
        return f"{place}.{len(group.clauses) - 1}"
    if verb == "use" and isinstance(node := _at(root, way), EventNode):
        node.event = given
        return place
    parent = _at(root, way[:-1]) if way else None
    if not isinstance(parent, GroupNode) or way[-1] >= len(parent.clauses):
        return ""
    if verb == "remove":
        del parent.clauses[way[-1]]
        return _place(way[:-1])
    return _move(root, parent, way, -1 if verb == "up" else 1) if verb in ("up", "down") else ""


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


def _depth(node: Node) -> int:
    if not isinstance(node, GroupNode):
        return 0
    return 1 + max((_depth(one) for one in node.clauses), default=0)


def _at(root: GroupNode, way: list[int]) -> Node | None:
    node: Node = root
    for n in way:
        if not isinstance(node, GroupNode) or n >= len(node.clauses):
            return None
        node = node.clauses[n]
    return node


def _place(way: list[int]) -> str:
    return ".".join(["r", *map(str, way)])
