"""When everybody is asked about segments, and whom time moves.

Days are whole, so time alone changes an answer only where something is, since a day began, just as many days old as the
rule asks: what was done 30 days ago leaves `within_days` 30 today. Whoever did something on such a day is written down
when the day begins, and asked some at a time; nobody else is (docs/adr/0035).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from regulars.store import records as store
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.understand import reasoning, records, turning_records
from regulars.understand.asking import AFTER, FOLLOWER, day_of, entering_or_leaving, in_pieces, standing, stored
from regulars.understand.looking import leaves
from regulars.understand.records import Change, StandingRule
from regulars.understand.rules import Days, EventRule, FactRule, MessageRule, Rule, SequenceRule
from regulars.understand.turning_records import Span

__all__ = ["MOST_ASKED", "MOST_CHANGES", "Turn", "ask_again", "ask_everybody", "hold", "spans", "turn"]

MOST_CHANGES = 5000
"""The most customers that one turn moves when everybody is asked: their events are appended under the log's lock."""
MOST_ASKED = 1000
"""The most customers that one turn asks of those whom time may have moved."""


class Turn(msgspec.Struct, frozen=True):
    """How many customers entered or left, and whether there is more to do at once."""

    moved: int
    more: bool


def turn(tx: Tx, now: datetime) -> Turn:
    """Ask some of those whom time may have moved, or everybody about segments that a replay may have changed.

    Appends, so call it last in a transaction; while there is more to do, call it again in another.
    """
    if not _due(standing(tx), now) and not turning_records.any_turned(tx):
        return Turn(0, more=False)
    if (seq := hold(tx)) is None:
        return Turn(0, more=False)
    rules = standing(tx)
    _build(tx, [rule for rule in rules if not rule.built], now, seq)
    changes, more = _ask_all(tx, [rule for rule in rules if rule.built and rule.asked_on is None], now, seq)
    why = reasoning.asked_again(changes)
    _begin_day(tx, [rule for rule in rules if _overtaken(rule, now)], now, seq)
    if not more:
        moving = [rule for rule in rules if _moving(rule)]
        turned, more = _ask_turned(tx, moving, now, seq)
        if turned:
            why |= reasoning.of_time(tx, [(rule.id, rule.rule) for rule in moving], turned, day_of(moving, now))
        changes += turned
    said = entering_or_leaving(changes, {rule.id: rule.name for rule in rules}, {}, why)
    append(tx, [NewEvent(customer, now, kind, msgspec.json.encode(props)) for kind, customer, props in said])
    return Turn(len(changes), more)


def ask_again(tx: Tx) -> None:
    """Have the next turn ask everybody about everything: something was learned that no event told segments of."""
    records.mark_to_ask(tx)


def ask_everybody(tx: Tx, names: Collection[str], now: datetime) -> None:
    """Ask everybody about segments that nobody was asked about as they are now, and say nothing of who comes and goes.

    While counts or facts are being derived again, nobody can be asked: then the next turn does it.
    """
    asked = [one for one in standing(tx) if one.name in names and not one.built]
    seq = hold(tx)
    if seq is not None:
        _build(tx, asked, now, seq)


def spans(segment: int, rule: Rule, since: date, today: date) -> Iterator[Span]:
    """Yield the days of which the age has begun to matter since a day, or matters no more, by what happened on them."""
    for end in leaves(rule):
        if not isinstance(end, FactRule | EventRule | SequenceRule | MessageRule):
            continue
        for age in _ages(end.days):
            days = (since - timedelta(days=age - 1), today - timedelta(days=age))
            yield from (Span(segment, kind, fact, *days) for kind, fact in _on_days(end))


def _on_days(end: FactRule | EventRule | SequenceRule | MessageRule) -> Iterator[tuple[str, str]]:
    """Yield of which kinds of event, or of which fact, a condition asks the days; `never_since` asks every day."""
    match end:
        case FactRule(name=name):
            yield "", name
        case SequenceRule(steps=steps):
            yield from ((step.kind, "") for step in steps)
        case EventRule(kind=kind):
            yield kind, ""
        case MessageRule():
            yield end.as_event.kind, ""


def _ages(days: Days) -> Sequence[int]:
    """Return at how many days of age something begins to count, or counts no more."""
    if days.within is not None:
        return (days.within,)
    if days.older_than is not None:
        return (days.older_than + 1,)
    return (days.between[0], days.between[1] + 1) if days.between else ()


def _moving(rule: StandingRule) -> bool:
    return rule.built and stored(rule.rule)[1].windowed


def _overtaken(rule: StandingRule, now: datetime) -> bool:
    """Whether a day has begun since everybody was asked about a rule whose days move."""
    return _moving(rule) and rule.asked_on is not None and rule.asked_on < now.date()


def _due(rules: list[StandingRule], now: datetime) -> list[StandingRule]:
    return [rule for rule in rules if not rule.built or rule.asked_on is None or _overtaken(rule, now)]


def _build(tx: Tx, rules: list[StandingRule], now: datetime, seq: int) -> None:
    for piece in in_pieces((rule.id, rule.rule) for rule in rules):
        records.build(tx, piece, now, seq)
        records.mark_asked(tx, [number for number, _ in piece], now.date(), seq)


def _ask_all(tx: Tx, rules: list[StandingRule], now: datetime, seq: int) -> tuple[list[Change], bool]:
    """Ask everybody about some rules; return who moved, and whether there are more."""
    changes: list[Change] = []
    for piece in in_pieces((rule.id, rule.rule) for rule in rules):
        most = MOST_CHANGES - len(changes)
        moved = records.settle_everybody(tx, piece, now, most, seq)
        changes += moved
        if len(moved) >= most:
            return changes, True
        records.mark_asked(tx, [number for number, _ in piece], now.date(), seq)
    return changes, False


def _begin_day(tx: Tx, rules: list[StandingRule], now: datetime, seq: int) -> None:
    """Write down whom the time that has gone by may move; from then on the rules count as asked today."""
    if rules:
        today = now.date()
        found = {
            span
            for rule in rules
            if rule.asked_on is not None
            for span in spans(rule.id, stored(rule.rule)[0], rule.asked_on, today)
        }
        turning_records.write_down(tx, found)
        records.mark_asked(tx, [rule.id for rule in rules], today, seq)


def _ask_turned(tx: Tx, rules: list[StandingRule], now: datetime, seq: int) -> tuple[list[Change], bool]:
    """Ask the next of those who were written down; return who moved, and whether there are more."""
    turned = turning_records.take(tx, MOST_ASKED)
    if not turned:
        return [], False
    segments, customers = {segment for segment, _ in turned}, sorted({customer for _, customer in turned})
    today = day_of(rules, now)
    pieces = in_pieces((rule.id, rule.rule) for rule in rules if rule.id in segments)
    changes = [change for piece in pieces for change in records.settle(tx, piece, customers, now, today, seq)]
    return changes, len(turned) == MOST_ASKED


def hold(tx: Tx) -> int | None:
    """Hold membership still until the transaction ends; return the event it is true for.

    None where what it rests on is being derived again and cannot be asked now.
    """
    seq = store.wait_for_follower(tx, FOLLOWER) or 0
    states = {state.name: state for state in store.list_followers(tx)}
    own = states.get(FOLLOWER)
    replaying = own is not None and own.cursor < own.replay_until
    behind = any(states[name].cursor < seq for name in AFTER if name in states)
    return None if replaying or behind else seq
