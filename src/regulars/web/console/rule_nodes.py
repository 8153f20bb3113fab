"""A rule while it is being composed by clicking: nodes that may be unfinished, made from a rule and made into one.

Everything in a node is a text, as it stands in a field. `from_rule` and `to_rule` are each other's reverse: what a
rule means is never changed by looking at it here.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import msgspec

from regulars.remember.heard import FactKind
from regulars.understand.reading import parse
from regulars.understand.rules import EVER, Bounds, Days, EventRule, FactRule, Group, Known, Leaf, Rule
from regulars.understand.writing import written
from regulars.web.console.json_text import parsed
from regulars.words.errors import Invalid

FACT_TESTS: dict[FactKind, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "contains", "known", "unknown"),
    "number": ("at_least", "at_most", "between", "is", "is_not", "in", "known", "unknown"),
    "date": ("at_least", "at_most", "between", "is", "is_not", "in", "known", "unknown"),
    "boolean": ("is", "is_not", "known", "unknown"),
    "list": ("contains", "known", "unknown"),
}
"""How a fact of each kind can be tested, the usual way first."""
HOW_OFTEN = ("at_least", "at_most", "exactly", "between", "never")
_WHOLE = re.compile(r"-?[0-9]+")


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


class TextNode(msgspec.Struct):
    """A condition that has no fields of its own: it is written as text."""

    text: str = ""


class GroupNode(msgspec.Struct):
    """Conditions of which all, any or none must hold."""

    need: str = "all"
    clauses: list["Node"] = msgspec.field(default_factory=list["Node"])


Node: TypeAlias = FactNode | EventNode | TextNode | GroupNode


def from_rule(rule: Rule) -> GroupNode:
    """Return the nodes of a rule; a single condition stands in a group of one."""
    node = _node(rule)
    return node if isinstance(node, GroupNode) else GroupNode("all", [node])


def to_rule(root: GroupNode, known: Known) -> tuple[dict[str, Any], dict[str, Invalid]]:
    """Return the JSON of what is finished, and what is wrong with the rest, by its place ('r.0.1')."""
    wrong: dict[str, Invalid] = {}
    rule = _Writer(known, wrong).group(root, "r") or {"all": []}
    if not root.clauses and root.need != "all":
        wrong["r"] = Invalid("Add a condition, or choose “all” for everybody.")
    return rule, wrong


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
        case EventRule(kind, measure, bounds, Days(older_than=None, between=None, since=None, until=None) as days):
            how, low, high = _how(bounds, measure)
            return EventNode(kind, measure, how, low, high, "" if days.within is None else str(days.within))
        case FactRule(name, test, value, (), days) if days == EVER and test != "contradicting":
            return _fact_node(name, test, value)
        case leaf:
            return TextNode(json_of(leaf))


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
    return msgspec.json.encode(written(leaf)).decode()


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
    return value if plain and _scalar(value) is None else msgspec.json.encode(value).decode()


def _scalar(text: str) -> str | int | float | bool | None:
    """Return what a text is where it is written as JSON, or yes or no."""
    if text in ("yes", "no"):
        return text == "yes"
    with suppress(msgspec.DecodeError):
        found: Any = msgspec.json.decode(text)
        return found if isinstance(found, str | int | float) else None
    return None


class _Writer:
    """Writes nodes as JSON, and notes what is unfinished."""

    def __init__(self, known: Known, wrong: dict[str, Invalid]) -> None:
        self._known = known
        self._wrong = wrong

    def group(self, node: GroupNode, place: str) -> dict[str, Any] | None:
        found = [self._clause(one, f"{place}.{n}") for n, one in enumerate(node.clauses)]
        if not node.clauses and place != "r":
            self._wrong[place] = Invalid("This group is empty: add a condition, or remove it.")
        clauses = [one for one in found if one is not None]
        return {node.need: clauses} if clauses else None

    def _clause(self, node: Node, place: str) -> dict[str, Any] | None:
        if isinstance(node, GroupNode):
            return self.group(node, place)
        try:
            clause = self._leaf(node)
            parse(clause, self._known)
        except Invalid as error:
            self._wrong[place] = error
            return None
        return clause

    def _leaf(self, node: FactNode | EventNode | TextNode) -> dict[str, Any]:
        match node:
            case FactNode():
                return self._fact(node)
            case EventNode():
                return self._event(node)
            case TextNode():
                return parsed(node.text)

    def _fact(self, node: FactNode) -> dict[str, Any]:
        if not node.fact:
            raise Invalid("Choose what they told you.")
        kind = self._known.facts.get(node.fact, "text")
        match node.test:
            case "known" | "unknown":
                return {"fact": node.fact, "known": node.test == "known"}
            case "at_least" | "at_most" | "between":
                wanted = {"at_least": node.low, "at_most": node.high}
                chosen = wanted if node.test == "between" else {node.test: wanted[node.test]}
                return {"fact": node.fact, **{key: _read(text, kind) for key, text in chosen.items()}}
            case "in":
                lines = [line for line in node.value.split("\n") if line.strip()]
                return {"fact": node.fact, "in": [_read(line, kind) for line in lines or [""]]}
            case test:
                return {"fact": node.fact, test or "is": _read(node.value, kind)}

    def _event(self, node: EventNode) -> dict[str, Any]:
        if not node.event.strip():
            raise Invalid("Choose what they did.")
        days = {"within_days": _number(node.days)} if node.days.strip() else {}
        if node.how == "never":
            return {"event": node.event, "count": {"at_most": 0}, **days}
        wanted = {"at_least": node.low, "at_most": node.high, "exactly": node.low}
        chosen = ("at_least", "at_most") if node.how == "between" else (node.how,)
        return {"event": node.event, node.measure: {key: _number(wanted[key]) for key in chosen}, **days}


def _read(text: str, kind: FactKind) -> Any:
    """Read a value of a kind of fact as it stands in a field."""
    text = text.strip()
    if not text:
        raise Invalid("Say which value.")
    match kind:
        case "number":
            return _number(text)
        case "boolean":
            return text == "yes" if text in ("yes", "no") else text
        case "text" if not text.startswith('"'):
            return text
        case "text" | "list":
            found = _scalar(text)
            return text if found is None or (kind == "text" and not isinstance(found, str)) else found
        case _:
            return text


def _number(text: str) -> int | float:
    text = text.strip()
    if not text:
        raise Invalid("Say how many.")
    with suppress(ValueError):
        return int(text) if _WHOLE.fullmatch(text) else float(text)
    raise Invalid("“{given}” is no number: write figures, such as 3 or 12.5.", given=text[:40])
