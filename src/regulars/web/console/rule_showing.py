"""A rule as the nodes in which it is composed by clicking."""

from regulars.understand.rules import (
    Bounds,
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
from regulars.web.console.rule_nodes import (
    ConsentNode,
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
    WhereNode,
    shown,
)

_YES = {True: "yes", False: "no"}


def from_rule(rule: Rule) -> GroupNode:
    """Return the nodes of a rule; a single condition stands in a group of one."""
    node = _node(rule)
    return node if isinstance(node, GroupNode) else GroupNode("all", [node])


def _node(rule: Rule) -> Node:
    if isinstance(rule, Group):
        return GroupNode(rule.need, [_node(one) for one in rule.clauses])
    return _leaf(rule)


def _leaf(rule: Leaf) -> LeafNode:
    match rule:
        case FactRule():
            ways = dict.fromkeys(rule.sources, "yes")
            return FactNode(fact=rule.name, **ways, **_tested(rule.test, rule.value), **_dated(rule.days))
        case EventRule():
            return _event(rule)
        case SequenceRule(steps, apart, since, days):
            listed = [_step(one) for one in steps] + ([_step(since, never="yes")] if since else [])
            return SequenceNode(apart=_text(apart), clauses=listed, **_dated(days))
        case MessageRule(what, bounds, campaign, template, channel, days):
            about = {"campaign": campaign, "template": template, "channel": channel}
            return MessageNode(message=what, **_bounded(bounds), **about, **_dated(days))
        case _:
            return _plain(rule)


def _plain(rule: SegmentRule | ListRule | StageRule | ConsentRule | ReachableRule) -> LeafNode:
    match rule:
        case SegmentRule(name, member):
            return SegmentNode(name, _YES[member])
        case ListRule(name):
            return ListNode(name)
        case StageRule(stage, category):
            return StageNode(stage, category)
        case ConsentRule(purpose, channel, state):
            return ConsentNode(f"{purpose}/{channel}", state)
        case ReachableRule(channel, reachable):
            return ReachableNode(channel, _YES[reachable])


def _event(rule: EventRule) -> EventNode:
    where = [WhereNode(property=one.property, **_tested(one.test, one.value)) for one in rule.where]
    about = {"event": rule.kind, "measure": rule.measure, "of": rule.of}
    if rule.told is not None:
        measured = _tested(rule.told.test, rule.told.value)
    elif rule.measure in ("min", "max"):
        measured = _tested("bounds", rule.bounds)
        measured["how"] = measured.pop("test")
    else:
        measured = _bounded(rule.bounds)
    return EventNode(clauses=where, **about, **measured, **_dated(rule.days))


def _step(step: Step, never: str = "") -> StepNode:
    def where(one: Where) -> WhereNode:
        return WhereNode(property=one.property, **_tested(one.test, one.value))

    return StepNode(step.kind, never, [where(one) for one in step.where])


def _tested(test: str, value: object) -> dict[str, str]:
    match test, value:
        case "bounds", Bounds(low, high):
            how = "between" if low is not None and high is not None else "at_most" if low is None else "at_least"
            return {"test": how, "low": _text(low), "high": _text(high)}
        case "known", wanted:
            return {"test": "known" if wanted else "unknown"}
        case "contradicting", wanted:
            return {"test": "contradicting" if wanted else "undisputed"}
        case "in", tuple() as chosen:
            return {"test": "in", "value": "\n".join(map(shown, chosen))}
        case _:
            return {"test": test, "value": shown(value)}


def _bounded(bounds: Bounds) -> dict[str, str]:
    low, high = bounds.at_least, bounds.at_most
    if high == 0 and low is None:
        return {"how": "never", "low": "", "high": ""}
    how = "at_most" if low is None else "at_least" if high is None else "exactly" if low == high else "between"
    return {"how": how, "low": _text(low), "high": "" if how == "exactly" else _text(high)}


def _dated(days: Days) -> dict[str, str]:
    match days:
        case Days(within=int() as n):
            return {"when": "within", "days": str(n)}
        case Days(older_than=int() as n):
            return {"when": "older", "days": str(n)}
        case Days(between=(int() as near, int() as far)):
            return {"when": "between", "days": str(near), "back": str(far)}
        case Days(since=None, until=None):
            return {}
        case _:
            return {"when": "dates", "since": days.since or "", "until": days.until or ""}


def _text(bound: object) -> str:
    return "" if bound is None else str(bound)
