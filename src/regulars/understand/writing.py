"""A rule as the JSON it is read from: the reverse of reading."""

from typing import Any, cast

from regulars.understand.rules import (
    Bounds,
    ConsentRule,
    Days,
    EventRule,
    FactRule,
    Group,
    ListRule,
    MessageRule,
    ReachableRule,
    Rule,
    Scalar,
    SegmentRule,
    SequenceRule,
    StageRule,
    Where,
)


def written(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON; read again, it is the same rule."""
    match rule:
        case Group(need, clauses):
            found = {need: [written(one) for one in clauses]}
        case SegmentRule(name, member):
            found = {"segment": name, **({} if member else {"member": False})}
        case ListRule(name):
            found = {"list": name}
        case StageRule(stage, category):
            found = {"stage": stage, **({"category": category} if category else {})}
        case ConsentRule(purpose, channel, state):
            found = {"consent": f"{purpose}/{channel}", "is": state}
        case ReachableRule(channel, reachable):
            found = {"reachable": channel, **({} if reachable else {"is": False})}
        case FactRule(name, test, value, sources, days):
            how = {"source": list(sources)} if sources else {}
            found = {"fact": name, **_test_written(test, value), **how, **days_written(days)}
        case EventRule() | SequenceRule() | MessageRule():
            found = _done_written(rule)
    return found


def _done_written(rule: EventRule | SequenceRule | MessageRule) -> dict[str, Any]:
    found: dict[str, Any]
    match rule:
        case EventRule():
            measured = (
                bounds_written(rule.bounds) if rule.told is None else _test_written(rule.told.test, rule.told.value)
            )
            of = {"of": rule.of} if rule.of else {}
            found = {**step_written(rule.kind, rule.where), rule.measure: {**of, **measured}}
        case SequenceRule(steps, apart, since):
            found = {"sequence": [step_written(one.kind, one.where) for one in steps]}
            found |= {} if apart is None else {"apart_days": apart}
            found |= {} if since is None else {"never_since": step_written(since.kind, since.where)}
        case MessageRule(what, bounds, campaign, template, channel):
            about = {"campaign": campaign, "template": template, "channel": channel}
            named = {key: value for key, value in about.items() if value}
            found = {"message": what, **named, "count": bounds_written(bounds)}
    return found | days_written(rule.days)


def step_written(kind: str, where: tuple[Where, ...]) -> dict[str, Any]:
    """Return an event of a kind as it stands in JSON."""
    listed = [{"property": one.property, **_test_written(one.test, one.value)} for one in where]
    return {"event": kind, **({"where": listed} if listed else {})}


def _test_written(test: str, value: object) -> dict[str, Any]:
    if isinstance(value, Bounds):
        return bounds_written(value)
    return {test: list(cast("tuple[Scalar, ...]", value)) if isinstance(value, tuple) else value}


def bounds_written(bounds: Bounds) -> dict[str, Any]:
    """Return bounds as they stand in JSON."""
    pairs = (("at_least", bounds.at_least), ("at_most", bounds.at_most))
    return {key: bound for key, bound in pairs if bound is not None}


def days_written(days: Days) -> dict[str, Any]:
    """Return days as they stand in JSON."""
    named = {
        "within_days": days.within,
        "older_than_days": days.older_than,
        "between_days": list(days.between) if days.between else None,
        "from": days.since,
        "until": days.until,
    }
    return {key: value for key, value in named.items() if value is not None}
