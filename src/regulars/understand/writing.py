"""A rule as the JSON it is read from: the reverse of reading."""

from typing import Any

from regulars.understand.rules import (
    Bounds,
    ConsentRule,
    Days,
    EventRule,
    FactRule,
    Group,
    ReachableRule,
    Rule,
    SegmentRule,
)


def written(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON; read again, it is the same rule."""
    match rule:
        case Group(need, clauses):
            return {need: [written(one) for one in clauses]}
        case SegmentRule(name, member):
            return {"segment": name} if member else {"segment": name, "member": False}
        case ConsentRule(purpose, channel, state):
            return {"consent": f"{purpose}/{channel}", "is": state}
        case ReachableRule(channel, reachable):
            return {"reachable": channel} if reachable else {"reachable": channel, "is": False}
        case EventRule(kind, measure, bounds, days):
            return {"event": kind, measure: bounds_written(bounds), **days_written(days)}
        case FactRule(name, test, value, sources, days):
            wanted = (
                bounds_written(value)
                if isinstance(value, Bounds)
                else {test: list(value) if isinstance(value, tuple) else value}
            )
            return {"fact": name, **wanted, **({"source": list(sources)} if sources else {}), **days_written(days)}


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
