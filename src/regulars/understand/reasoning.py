"""Why customers entered segments or left them: the conditions it rests on that had just changed, and what changed them.

A reason is JSON in no language, and stands in the event (`why`). It names what a rule asks and the event by which that
came, and never what somebody said: what is forgotten later, or loses what it said, is not kept by it. Each is one of

    {"condition": .., "holds": true, "seq": 812, "day": "2026-05-03", "number": 3}   something arrived
    {"condition": {"list": ..}, "holds": true, "seq": 812, "day": .., "who": ..}     somebody put them on a list
    {"condition": .., "holds": false, "passed": 30, "number": 0}                     days went by
    {"by": "customer.merged"}                                                        they are other customers now
    {"by": "again"}                                                                  everybody was asked again

It is asked only of those who moved, all in a few statements.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand import reasoning_records
from regulars.understand.asking import ANEW, in_pieces, stored
from regulars.understand.looking import STATING, mentions
from regulars.understand.reasons_asked import Asked, ask
from regulars.understand.records import Change
from regulars.understand.rules import (
    Days,
    EventRule,
    FactRule,
    Group,
    Leaf,
    ListRule,
    MessageRule,
    Rule,
    SequenceRule,
    StageRule,
)
from regulars.understand.writing import bounds_written, days_written, written

MOST_REASONS = 5
"""The most conditions that are named of one change."""
Reasons = list[dict[str, Any]]
Moved = dict[tuple[int, int], Reasons]
"""The reasons of changes, by (segment, customer)."""


def of_arrivals(
    tx: Tx,
    rules: Sequence[tuple[int, str]],
    changes: Sequence[Change],
    today: date,
    arrived: Mapping[int, Sequence[Event]],
) -> Moved:
    """Return why customers moved of whom something arrived."""
    found: Moved = {}
    for change, tree, asked in _each(tx, rules, changes, today, timed=False):
        events = arrived.get(change.customer_id, ())
        anew = [event.kind for event in events if event.kind in ANEW]
        if anew:
            found[change.segment_id, change.customer_id] = [{"by": anew[-1]}]
            continue
        ends = _supporting(tree, asked, change)
        reasons = [_arrived(asked, end, held, change.customer_id, events) for end, held in ends.items()]
        new = [one for one, changed in reasons if changed] or [one for one, _ in reasons if "seq" in one]
        found[change.segment_id, change.customer_id] = (new or [one for one, _ in reasons])[:MOST_REASONS]
    return found


def of_facts(
    tx: Tx, rules: Sequence[tuple[int, str]], changes: Sequence[Change], today: date, facts: Collection[str]
) -> Moved:
    """Return why customers moved of whom some facts were worked out anew."""
    found: Moved = {}
    for change, tree, asked in _each(tx, rules, changes, today, timed=False):
        ends = _supporting(tree, asked, change)
        some = {end: held for end, held in ends.items() if isinstance(end, FactRule) and end.name in facts}
        reasons = [_arrived(asked, end, held, change.customer_id, ())[0] for end, held in some.items()]
        found[change.segment_id, change.customer_id] = reasons[:MOST_REASONS]
    return found


def of_time(tx: Tx, rules: Sequence[tuple[int, str]], changes: Sequence[Change], today: date) -> Moved:
    """Return why customers moved whom a day moved that began."""
    found: Moved = {}
    for change, tree, asked in _each(tx, rules, changes, today, timed=True):
        ends = {end: held for end, held in _supporting(tree, asked, change).items() if _days_of(end).moving}
        turned = {
            e: held for e, held in ends.items() if held is not ((asked.places[e], change.customer_id) in asked.before)
        }
        reasons = [_passed(asked, end, held, change) for end, held in (turned or ends).items()]
        found[change.segment_id, change.customer_id] = reasons[:MOST_REASONS]
    return found


def asked_again(changes: Sequence[Change]) -> Moved:
    """Return the reasons of changes that were found when everybody was asked again."""
    return {(change.segment_id, change.customer_id): [{"by": "again"}] for change in changes}


def said_at(tx: Tx, told: Iterable[tuple[int, Any]]) -> dict[tuple[str, int], str]:
    """Return what customers said by which they moved, by fact and event, given each with their reasons."""
    customers, seqs = set[int](), set[int]()
    for customer, reasons in told:
        named = [one for one in reasons if "source" in one]
        if named:
            customers.add(customer)
            seqs.update(one["seq"] for one in named)
    return reasoning_records.words_said(tx, customers, seqs) if seqs else {}


@lru_cache(maxsize=16_384)
def bare(end: Leaf) -> dict[str, Any]:
    """Return what a condition asks, without the values that somebody must have said or an event must have named."""
    match end:
        case FactRule(name=name, days=days):
            return {"fact": name, **(days_written(days) if days.moving else {})}
        case EventRule(kind=kind, measure=measure, bounds=bounds, days=days, where=where, of=of):
            named = {"where": [one.property for one in where]} if where else {}
            measured = {"of": of} if of else bounds_written(bounds)
            return {"event": kind, **named, measure: measured, **days_written(days)}
        case SequenceRule(steps=steps, apart_days=apart, never_since=since, days=days):
            besides = {"apart_days": apart, "never_since": since.kind if since else None}
            named = {key: value for key, value in besides.items() if value is not None}
            return {"sequence": [one.kind for one in steps], **named, **days_written(days)}
        case _:
            return written(end)


def _each(
    tx: Tx, rules: Sequence[tuple[int, str]], changes: Sequence[Change], today: date, *, timed: bool
) -> Iterator[tuple[Change, Rule, Asked]]:
    """Yield changes with the rule and what was asked about it, in as few statements as rules can be asked in."""
    moved = {change.segment_id for change in changes}
    some = rules if len(moved) > 1 else [rule for rule in rules if rule[0] in moved]  # few statements, so they are kept
    for piece in in_pieces(some):
        trees = {number: _asking_facts(stored(rule)[0]) for number, rule in piece}
        own = [change for change in changes if change.segment_id in trees]
        if own:
            asked = ask(tx, trees, own, today, timed=timed)
            yield from ((change, trees[change.segment_id], asked) for change in own)


def _asking_facts(rule: Rule) -> Rule:
    """Return a rule that asks of facts where it asked of purchase stages: these are told, and hidden, as facts are."""
    match rule:
        case Group(need, clauses):
            return Group(need, tuple(map(_asking_facts, clauses)))
        case StageRule():
            return rule.as_fact
        case _:
            return rule


def _supporting(tree: Rule, asked: Asked, change: Change) -> Mapping[Leaf, bool]:
    """Return the conditions by which a rule says what it says of a customer, each with whether it holds."""
    if (decided := asked.decided[change.segment_id, change.entered]) is not None:
        return decided

    def because(rule: Rule) -> tuple[bool, dict[Leaf, bool]]:
        if not isinstance(rule, Group):
            held = (asked.places[rule], change.customer_id) in asked.held
            return held, {rule: held}
        parts = [because(clause) for clause in rule.clauses]
        all_of = rule.need == "all"
        decided = [ends for held, ends in parts if held is not all_of]
        value = not decided if all_of else bool(decided)
        said = {end: held for ends in (decided or [ends for _, ends in parts]) for end, held in ends.items()}
        return (not value if rule.need == "none" else value), said

    value, ends = because(tree)
    return ends if value is change.entered else {}


@lru_cache(maxsize=16_384)
def _kinds_of(end: Leaf) -> frozenset[str]:
    return mentions(end).kinds


def _arrived(
    asked: Asked, end: Leaf, held: bool, customer: int, events: Sequence[Event]
) -> tuple[dict[str, Any], bool]:
    """Return a reason, and whether what arrived has changed it."""
    reason: dict[str, Any] = {"condition": bare(end), "holds": held}
    if isinstance(end, FactRule):
        learned = asked.learned.get((customer, end.name))
        if learned is not None:
            reason |= {"source": learned.source, "seq": learned.seq}
            return reason, any(event.seq == learned.seq for event in events)
        return reason, any(event.kind in STATING for event in events)
    kinds = _kinds_of(end)
    came = [event for event in events if event.kind in kinds]
    if isinstance(end, ListRule):
        came = [event for event in came if event.props.get("list") == end.name]
    if came:
        last = max(came, key=lambda one: (one.at, one.seq))
        reason |= {"seq": last.seq, "day": last.at.date().isoformat()}
        if isinstance(end, ListRule):
            reason["who"] = last.props.get("by", "")
    counts = end.as_event if isinstance(end, MessageRule) else end
    if not (isinstance(counts, EventRule) and counts.counted and counts.measure == "count"):
        return reason, bool(came)
    times = asked.amounts.get((asked.places[end], customer), (0, 0.0))[0]
    reason["number"] = times
    return reason, _is_within(counts, times) is not _is_within(counts, times - len(came))


def _is_within(rule: EventRule, times: int) -> bool:
    low, high = (
        bound if isinstance(bound, int | float) else None for bound in (rule.bounds.at_least, rule.bounds.at_most)
    )
    return (low is None or times >= low) and (high is None or times <= high)


def _passed(asked: Asked, end: Leaf, held: bool, change: Change) -> dict[str, Any]:
    """Return a reason that time has made."""
    reason: dict[str, Any] = {"condition": bare(end), "holds": held}
    days = _days_of(end)
    if days.within is not None:
        reason["passed"] = days.within
    if days.older_than is not None:
        reason["passed"] = days.older_than + 1
    if isinstance(end, FactRule) and (learned := asked.learned.get((change.customer_id, end.name))):
        reason |= {"source": learned.source, "seq": learned.seq}
    counts = end.as_event if isinstance(end, MessageRule) else end
    if isinstance(counts, EventRule) and counts.counted:
        reason["number"] = asked.amounts.get((asked.places[end], change.customer_id), (0, 0.0))[0]
    return reason


def _days_of(end: Leaf) -> Days:
    return end.days if isinstance(end, FactRule | EventRule | SequenceRule | MessageRule) else Days()
