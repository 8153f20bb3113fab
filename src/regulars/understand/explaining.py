"""Why a customer is in a segment, or is not: each condition of its rule with what it rests on."""

from datetime import datetime, timedelta
from gettext import NullTranslations

import msgspec

from regulars.store.database import Tx
from regulars.understand import records
from regulars.understand.asking import stored
from regulars.understand.records import Did, Said
from regulars.understand.rules import EventRule, FactRule, leaves
from regulars.understand.segments import get_segment
from regulars.understand.sentences import BY_NAME, ENGLISH, Called, condition


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
    asked = ((0, rule), *((n, msgspec.json.encode(_written(end)).decode()) for n, end in enumerate(ends, 1)))
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
    days = end.within_days
    since = None if days is None else now.date() - timedelta(days=days - 1)
    return [one for one in did if one.kind == end.kind and (since is None or one.day >= since)]


def _written(end: FactRule | EventRule) -> dict[str, object]:
    """Return a condition as the JSON it is read from."""
    if isinstance(end, EventRule):
        window = {} if end.within_days is None else {"within_days": end.within_days}
        return {"event": end.kind, end.measure: _bounds(end.bounds.at_least, end.bounds.at_most), **window}
    if end.test == "bounds":
        return {"fact": end.name, **_bounds(getattr(end.value, "at_least", None), getattr(end.value, "at_most", None))}
    return {"fact": end.name, end.test: end.value}


def _bounds(low: object, high: object) -> dict[str, object]:
    return {key: bound for key, bound in (("at_least", low), ("at_most", high)) if bound is not None}
