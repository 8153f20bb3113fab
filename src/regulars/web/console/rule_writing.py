"""The JSON of a rule that was composed by clicking, as far as it is finished, and what is wrong with the rest."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from regulars.remember.heard import FactKind
from regulars.understand import yaml_text
from regulars.understand.reading import parse
from regulars.understand.rules import Known
from regulars.web.console.rule_nodes import (
    MEASURES,
    ConsentNode,
    Dated,
    EventNode,
    FactNode,
    GroupNode,
    LeafNode,
    ListNode,
    MessageNode,
    Node,
    ReachableNode,
    SegmentNode,
    SequenceNode,
    StageNode,
    StepNode,
    TextNode,
    WhereNode,
    scalar_in,
)
from regulars.words.errors import Invalid

_WHOLE = re.compile(r"-?[0-9]+")


def to_rule(root: GroupNode, known: Known, own: str = "") -> tuple[dict[str, Any], dict[str, Invalid]]:
    """Return the JSON of what is finished, and what is wrong with the rest, by its place ('r.0.1').

    `own`: the segment whose rule it is to be.
    """
    wrong: dict[str, Invalid] = {}
    rule = _Writer(known, wrong, own).group(root, "r") or {"all": []}
    if not root.clauses and root.need != "all":
        wrong["r"] = Invalid("Add a condition, or choose “all” for everybody.")
    return rule, wrong


class _PartError(Exception):
    """A part of a condition is unfinished; it is said at its place."""

    def __init__(self, place: str, error: Invalid) -> None:
        super().__init__(place)
        self.place = place
        self.error = error


class _Writer:
    """Writes nodes as JSON, and notes what is unfinished."""

    def __init__(self, known: Known, wrong: dict[str, Invalid], own: str) -> None:
        self._known = known
        self._own = own
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
            clause = self._leaf(node, place)
            parse(clause, self._known, self._own)
        except _PartError as part:
            self._wrong[part.place] = part.error
            return None
        except Invalid as error:
            self._wrong[place] = error
            return None
        return clause

    def _leaf(self, node: LeafNode, place: str) -> dict[str, Any]:
        match node:
            case FactNode():
                return self._fact(node)
            case EventNode():
                return _event(node, place)
            case SequenceNode():
                return _sequence(node, place)
            case MessageNode():
                about = {key: getattr(node, key).strip() for key in ("campaign", "template", "channel")}
                named = {key: value for key, value in about.items() if value}
                return {"message": node.message, **named, "count": _bounds(node, number_written), **_days(node)}
            case other:
                return _plain(other)

    def _fact(self, node: FactNode) -> dict[str, Any]:
        if not node.fact:
            raise Invalid("Choose what you know of them.")
        if node.test in ("contradicting", "undisputed"):
            return {"fact": node.fact, "contradicting": node.test == "contradicting"}
        kind = self._known.facts.get(node.fact, "text")
        ways = [way for way in ("said", "did", "inferred", "imported") if getattr(node, way) == "yes"]
        besides = {"source": ways} if ways else {}
        return {"fact": node.fact, **_tested(node, lambda text: _read(text, kind)), **besides, **_days(node)}


def _event(node: EventNode, place: str) -> dict[str, Any]:
    if not node.event.strip():
        raise Invalid("Choose what they did.")
    measure = node.measure if node.measure in MEASURES else "count"
    of = {"of": node.of.strip()} if measure != "count" and node.of.strip() else {}
    if measure not in ("count", "sum"):
        of = {"of": _named(node.of)}
    if measure in ("first", "last"):
        measured = _tested(node, _value)
    elif measure in ("min", "max"):
        measured = _tested(msgspec.structs.replace(node, test=_between(node.how)), _value)
    else:
        measured = _bounds(node, number_written)
    return {"event": node.event, **_where(node.clauses, place), measure: {**of, **measured}, **_days(node)}


def _sequence(node: SequenceNode, place: str) -> dict[str, Any]:
    listed = [(step.never == "yes", _step(step, f"{place}.{n}")) for n, step in enumerate(node.clauses)]
    never = [step for is_never, step in listed if is_never]
    if len(never) > 1:
        raise Invalid("Only one event can be what they never did since.")
    apart = {"apart_days": number_written(node.apart)} if node.apart.strip() else {}
    since = {"never_since": never[0]} if never else {}
    return {"sequence": [step for is_never, step in listed if not is_never], **apart, **since, **_days(node)}


def _step(node: StepNode, place: str) -> dict[str, Any]:
    if not node.step.strip():
        raise _PartError(place, Invalid("Choose what they did."))
    return {"event": node.step, **_where(node.clauses, place)}


def _where(nodes: Sequence[WhereNode], place: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    for n, node in enumerate(nodes):
        try:
            found.append({"property": _named(node.property), **_tested(node, _value)})
        except Invalid as error:
            raise _PartError(f"{place}.{n}", error) from error
    return {"where": found} if found else {}


def _named(text: str) -> str:
    """Return the name of a property."""
    if not text.strip():
        raise Invalid("Say which property of the event is meant.")
    return text.strip()


def _tested(node: FactNode | EventNode | WhereNode, read: Callable[[str], Any]) -> dict[str, Any]:
    match node.test:
        case "known" | "unknown":
            return {"known": node.test == "known"}
        case "at_least" | "at_most" | "between":
            wanted = {"at_least": node.low, "at_most": node.high}
            chosen = wanted if node.test == "between" else {node.test: wanted[node.test]}
            return {key: read(text) for key, text in chosen.items()}
        case "in":
            lines = [line for line in node.value.split("\n") if line.strip()]
            return {"in": [read(line) for line in lines or [""]]}
        case test:
            return {test or "is": read(node.value)}


def _between(how: str) -> str:
    return how if how in ("at_least", "at_most", "between") else "at_least"


def _bounds(node: EventNode | MessageNode, read: Callable[[str], Any]) -> dict[str, Any]:
    if node.how == "never":
        return {"at_most": 0}
    wanted = {"at_least": node.low, "at_most": node.high, "exactly": node.low}
    chosen = ("at_least", "at_most") if node.how == "between" else (node.how,)
    return {key: read(wanted.get(key, node.low)) for key in chosen}


def _days(node: Dated) -> dict[str, Any]:
    match node.when:
        case "within" | "older":
            return {"within_days" if node.when == "within" else "older_than_days": number_written(node.days)}
        case "between":
            return {"between_days": [number_written(node.days), number_written(node.back)]}
        case "dates":
            named = {"from": node.since.strip(), "until": node.until.strip()}
            if not any(named.values()):
                raise Invalid("Say from which day, or until which.")
            return {key: day for key, day in named.items() if day}
        case _:
            return {}


def _plain(node: SegmentNode | ListNode | StageNode | ConsentNode | ReachableNode | TextNode) -> dict[str, Any]:
    match node:
        case SegmentNode():
            if not node.segment:
                raise Invalid("Choose a segment.")
            return {"segment": node.segment, **({} if node.member == "yes" else {"member": False})}
        case ListNode():
            if not node.list:
                raise Invalid("Choose a list.")
            return {"list": node.list}
        case StageNode():
            return {"stage": node.stage, **({"category": node.category} if node.category.strip() else {})}
        case ConsentNode():
            if not node.consent.strip():
                raise Invalid("Say what they allow, such as marketing/email.")
            return {"consent": node.consent.strip(), "is": node.state}
        case ReachableNode():
            return {"reachable": node.reachable, **({} if node.wanted == "yes" else {"is": False})}
        case TextNode():
            return yaml_text.read(node.text)


def _read(text: str, kind: FactKind) -> Any:
    """Read a value of a kind of fact as it stands in a field."""
    text = text.strip()
    if not text:
        raise Invalid("Say which value.")
    match kind:
        case "number":
            return number_written(text)
        case "boolean":
            return text == "yes" if text in ("yes", "no") else text
        case "text" if not text.startswith('"'):
            return text
        case "text" | "list":
            found = _scalar(text)
            return text if kind == "text" and not isinstance(found, str) else found
        case _:
            return text


def _value(text: str) -> Any:
    """Read a value of a property, of which nobody knows the kind: what reads as a number is one."""
    return _read(text, "list")


def _scalar(text: str) -> Any:
    found = scalar_in(text)
    return text if found is None else found


def number_written(text: str) -> int | float:
    """Return a number that stands in a field; raise Invalid where it is none."""
    text = text.strip()
    if not text:
        raise Invalid("Say how many.")
    with suppress(ValueError):
        return int(text) if _WHOLE.fullmatch(text) else float(text)
    raise Invalid("“{given}” is no number: write figures, such as 3 or 12.5.", given=text[:40])
