"""The JSON of a rule that was composed by clicking, as far as it is finished, and what is wrong with the rest."""

import re
from contextlib import suppress
from typing import Any

from regulars.remember.heard import FactKind
from regulars.understand import yaml_text
from regulars.understand.reading import parse
from regulars.understand.rules import Known
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
            clause = self._leaf(node)
            parse(clause, self._known, self._own)
        except Invalid as error:
            self._wrong[place] = error
            return None
        return clause

    def _leaf(self, node: LeafNode) -> dict[str, Any]:
        match node:
            case FactNode():
                return self._fact(node)
            case EventNode():
                return self._event(node)
            case MessageNode():
                return _message(node)
            case other:
                return _plain(other)

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


def _plain(node: SegmentNode | ConsentNode | ReachableNode | TextNode) -> dict[str, Any]:
    match node:
        case SegmentNode():
            return _segment(node)
        case ConsentNode():
            return _consent(node)
        case ReachableNode():
            return {"reachable": node.reachable, **({} if node.wanted == "yes" else {"is": False})}
        case TextNode():
            return yaml_text.read(node.text)


def _segment(node: SegmentNode) -> dict[str, Any]:
    if not node.segment:
        raise Invalid("Choose a segment.")
    return {"segment": node.segment, **({} if node.member == "yes" else {"member": False})}


def _message(node: MessageNode) -> dict[str, Any]:
    campaign = {"campaign": node.campaign.strip()} if node.campaign.strip() else {}
    days = {"within_days": _number(node.days)} if node.days.strip() else {}
    count = {"at_least": 1} if node.ever == "yes" else {"at_most": 0}
    return {"message": node.message, **campaign, "count": count, **days}


def _consent(node: ConsentNode) -> dict[str, Any]:
    if not node.consent.strip():
        raise Invalid("Say what they allow, such as marketing/email.")
    return {"consent": node.consent.strip(), "is": node.state}


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
            found = scalar_in(text)
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
