"""Why a customer is in a segment, or is not: each condition of its rule with what it rests on."""

from datetime import date, datetime
from gettext import NullTranslations

import msgspec

from regulars.store.database import Tx
from regulars.understand import records
from regulars.understand.asking import stored
from regulars.understand.records import Did, Said
from regulars.understand.rules import Days, EventRule, FactRule, leaves
from regulars.understand.segments import get_segment
from regulars.understand.sentences import BY_NAME, ENGLISH, Called, condition
from regulars.understand.writing import written


class Evidence(msgspec.Struct, frozen=True):
    """One condition, whether it holds of the customer, and the statement or the days of doing that it rests on."""

    condition: str
    holds: bool
    said: Said | None
    did: tuple[Did, ...]


class Explanation(msgspec.Struct, frozen=True):
    """Whether a rule holds of a customer now, condition by condition."""

    holds: bool
    evidence: tuple[Evidence, ...]


def explain(
    tx: Tx,
    name: str,
    customer_id: int,
    now: datetime,
    words: NullTranslations = ENGLISH,
    called: Called = BY_NAME,
) -> Explanation:
    """Ask one customer about one segment, and every condition of its rule. Raise Unknown without such a segment.

    The conditions are said in `words`, with what facts and values are called.
    """
    segment = get_segment(tx, name)
    rule = msgspec.json.encode(segment.rule).decode()
    ends = list(dict.fromkeys(leaves(stored(rule)[0])))
    asked = ((0, rule), *((n, msgspec.json.encode(written(end)).decode()) for n, end in enumerate(ends, 1)))
    held = {number for number, _ in records.ask(tx, asked, [customer_id], now.date())}
    said = {
        fact.name: fact
        for fact in records.facts_now(tx, customer_id, {end.name for end in ends if isinstance(end, FactRule)})
    }
    did = records.counts_now(tx, customer_id, {end.kind for end in ends if isinstance(end, EventRule)})
    evidence = (
        Evidence(
            condition(end, words, called),
            n in held,
            said.get(end.name) if isinstance(end, FactRule) else None,
            tuple(_counted(end, did, now)) if isinstance(end, EventRule) else (),
        )
        for n, end in enumerate(ends, 1)
    )
    return Explanation(0 in held, tuple(evidence))


def _counted(end: EventRule, did: list[Did], now: datetime) -> list[Did]:
    return [one for one in did if one.kind == end.kind and _counts(one.day, end.days, now.date())]


def _counts(day: date, days: Days, today: date) -> bool:
    """Whether a day is one of some days."""
    age = (today - day).days
    low, high = days.between or (age, age)
    return (
        (days.within is None or age < days.within)
        and (days.older_than is None or age > days.older_than)
        and low <= age <= high
        and (days.since or "") <= day.isoformat() <= (days.until or "9999")
    )
