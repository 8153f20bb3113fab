"""A funnel in the fields of a form, what its buttons do to it, and the funnel that it says as far as it is finished.

Fields are called after their place: `s.0:event` is the first step's, `s.0.1:property` that of its second condition. A
button says what it does and where (`add-condition:s.0`).
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from regulars.understand.funnels import MOST_STEPS, WINDOW, Funnel, check_event, parse
from regulars.understand.operands import ROOT, days_in, number_of_days
from regulars.understand.reading_events import MOST_PROPERTIES, step_in
from regulars.understand.rules import Bounds, Days, Known, Where
from regulars.web.console.rule_nodes import scalar_in, shown
from regulars.web.console.rule_writing import number_written
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid

TESTS = ("is", "is_not", "in", "contains", "at_least", "at_most", "between", "known", "unknown")
RANGES = ("ever", "within", "between", "older", "dates")
_FIELD = re.compile(r"s\.([0-9]{1,2})(?:\.([0-9]{1,2}))?:([a-z]+)")
_STEP = re.compile(r"steps\[([0-9]+)\]")
_LONGEST = 20_000


class ConditionNode(msgspec.Struct):
    """What a property of an event must be."""

    property: str = ""
    test: str = "is"
    value: str = ""
    high: str = ""


class StepNode(msgspec.Struct):
    """An event that somebody must have done."""

    event: str = ""
    conditions: list[ConditionNode] = msgspec.field(default_factory=list[ConditionNode])


class FunnelNode(msgspec.Struct):
    """A funnel as it stands in a form. `range` says what `low` and `high` are: days ago, or dates."""

    steps: list[StepNode]
    window: str = str(WINDOW)
    range: str = "within"
    low: str = "90"
    high: str = ""
    segment: str = ""


def new() -> FunnelNode:
    """Return what a new funnel begins with."""
    return FunnelNode([StepNode(), StepNode()])


def from_funnel(funnel: Funnel) -> FunnelNode:
    """Return the fields of a funnel."""
    steps = [StepNode(one.kind, [_condition(where) for where in one.where]) for one in funnel.steps]
    return FunnelNode(steps, str(funnel.window), *_range(funnel.days), funnel.segment)


def _range(days: Days) -> tuple[str, str, str]:
    match days:
        case Days(within=int() as n):
            return "within", str(n), ""
        case Days(older_than=int() as n):
            return "older", str(n), ""
        case Days(between=(int() as low, int() as high)):
            return "between", str(low), str(high)
        case Days(since=None, until=None):
            return "ever", "", ""
        case _:
            return "dates", days.since or "", days.until or ""


def _condition(where: Where) -> ConditionNode:
    match where.test, where.value:
        case "bounds", Bounds() as bounds:
            low, high = ("" if one is None else str(one) for one in (bounds.at_least, bounds.at_most))
            test = "between" if low and high else "at_least" if low else "at_most"
            return ConditionNode(where.property, test, low or high, high if low else "")
        case "known", wanted:
            return ConditionNode(where.property, "known" if wanted else "unknown")
        case "in", tuple() as chosen:
            return ConditionNode(where.property, "in", "\n".join(map(shown, chosen)))
        case test, value:
            return ConditionNode(where.property, test, shown(value))


def fields_of(node: FunnelNode) -> dict[str, str]:
    """Return a funnel as the fields of a form."""
    found = {name: getattr(node, name) for name in ("window", "range", "low", "high", "segment")}
    for n, step in enumerate(node.steps):
        found[f"s.{n}:event"] = step.event
        for m, one in enumerate(step.conditions):
            found |= {f"s.{n}.{m}:{name}": value for name, value in msgspec.structs.asdict(one).items()}
    return found


def read_fields(form: Mapping[str, str]) -> FunnelNode:
    """Return the funnel that stands in the fields of a form; what has no place in it is left out."""
    steps: dict[int, dict[int, dict[str, str]]] = {}
    for name, value in form.items():
        if match := _FIELD.fullmatch(name):
            at = -1 if match[2] is None else int(match[2])
            steps.setdefault(int(match[1]), {}).setdefault(at, {})[match[3]] = value[:_LONGEST]
    nodes = [_step(steps[n]) for n in sorted(steps)[:MOST_STEPS]]
    chosen = {name: form[name][:_LONGEST] for name in ("window", "low", "high", "segment") if name in form}
    chosen["range"] = form.get("range", "within") if form.get("range") in RANGES else "within"
    return FunnelNode(nodes, **chosen) if nodes else new()


def _step(fields: dict[int, dict[str, str]]) -> StepNode:
    names = ConditionNode.__struct_fields__
    conditions = [
        ConditionNode(**{name: value.replace("\r\n", "\n") for name, value in fields[m].items() if name in names})
        for m in sorted(fields)
        if m >= 0
    ]
    for one in conditions:
        one.test = one.test if one.test in TESTS else "is"
    return StepNode(fields.get(-1, {}).get("event", ""), conditions[:MOST_PROPERTIES])


def act(node: FunnelNode, do: str) -> str:
    """Do what a button says: add, remove or move a step, name its event, add a condition or remove one.

    Return where that is by now, or '' for nothing.
    """
    verb, _, rest = do.partition(":")
    place, _, given = rest.partition(":")
    at = [number for n in place.split(".")[1:] if (number := number_in(n)) is not None]
    if verb == "add-step" and len(node.steps) < MOST_STEPS:
        node.steps.append(StepNode())
        return _place(len(node.steps) - 1)
    if not at or at[0] >= len(node.steps):
        return ""
    return _place(*_acted(node, at, verb, given))


def _acted(node: FunnelNode, at: list[int], verb: str, given: str) -> list[int]:
    """Do what a button says with a step; return where that is by now, or nothing."""
    n, step = at[0], node.steps[at[0]]
    match verb:
        case "use":
            step.event = given
            at = [n]
        case "add-condition" if len(step.conditions) < MOST_PROPERTIES:
            step.conditions.append(ConditionNode())
            at = [n, len(step.conditions) - 1]
        case "remove" if len(at) > 1:
            del step.conditions[at[1] : at[1] + 1]
            at = [n]
        case "remove":
            del node.steps[n]
            at = []
        case "up" if n:
            node.steps.insert(n - 1, node.steps.pop(n))
            at = [n - 1]
        case "down" if n + 1 < len(node.steps):
            node.steps.insert(n + 1, node.steps.pop(n))
            at = [n + 1]
        case _:
            at = []
    return at


def _place(*at: int) -> str:
    """Return what the fields of a step, or of one of its conditions, are called after."""
    return ".".join(["s", *map(str, at)]) if at else ""


def to_funnel(node: FunnelNode, known: Known) -> tuple[dict[str, Any], dict[str, Invalid]]:
    """Return the JSON of what is finished, and what is wrong with the rest, by its place (`s.0`, `window` ...)."""
    wrong: dict[str, Invalid] = {}
    found: dict[str, Any] = {"steps": []}
    for n, step in enumerate(node.steps):
        try:
            written = _written(step)
            check_event(step_in(written, ROOT).kind, known, "event")
            found["steps"].append(written)
        except Invalid as error:
            wrong[f"s.{n}"] = error
    try:
        found["window_days"] = number_of_days(number_written(node.window), "window_days")
    except Invalid as error:
        wrong["window"] = error
    try:
        days = _days(node)
        days_in(days, ROOT)
        found |= days
    except Invalid as error:
        wrong["range"] = error
    if node.segment:
        found["segment"] = node.segment
    if not wrong:
        try:
            parse(found, known)
        except Invalid as error:
            match = _STEP.match(str(error.values.get("place", "")))
            wrong[f"s.{match[1]}" if match else "segment" if error.values.get("place") == "segment" else "s"] = error
    return found, wrong


def _days(node: FunnelNode) -> dict[str, Any]:
    match node.range:
        case "within":
            return {"within_days": number_written(node.low)}
        case "older":
            return {"older_than_days": number_written(node.low)}
        case "between":
            return {"between_days": [number_written(node.low), number_written(node.high)]}
        case "dates":
            dates = {"from": node.low.strip(), "until": node.high.strip()}
            return {key: value for key, value in dates.items() if value}
        case _:
            return {}


def _written(step: StepNode) -> dict[str, Any]:
    if not step.event.strip():
        raise Invalid("Choose what they did.")
    where = [_where(one) for one in step.conditions]
    return {"event": step.event.strip(), **({"where": where} if where else {})}


def _where(node: ConditionNode) -> dict[str, Any]:
    if not node.property.strip():
        raise Invalid("Say which property.")
    name = {"property": node.property.strip()}
    match node.test:
        case "known" | "unknown":
            return {**name, "known": node.test == "known"}
        case "between":
            return {**name, "at_least": _bound(node.value), "at_most": _bound(node.high)}
        case "at_least" | "at_most":
            return {**name, node.test: _bound(node.value)}
        case "in":
            return {**name, "in": [_value(line) for line in node.value.split("\n") if line.strip()]}
        case test:
            return {**name, test: _value(node.value)}


def _value(text: str) -> Any:
    text = text.strip()
    if not text:
        raise Invalid("Say which value.")
    found = scalar_in(text)
    return text if found is None else found


def _bound(text: str) -> Any:
    """Return a number, or what is written as a date."""
    text = text.strip()
    return text if re.match(r"[0-9]{4}-", text) else number_written(text)
