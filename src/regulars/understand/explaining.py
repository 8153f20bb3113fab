"""Why a customer is in a segment, or is not: each condition of its rule with what it rests on."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from gettext import NullTranslations

import msgspec

from regulars.remember import consents
from regulars.store.database import Tx
from regulars.understand import records
from regulars.understand.expanding import whole
from regulars.understand.looking import done_in, leaves
from regulars.understand.reading import parse
from regulars.understand.records import Did, Said
from regulars.understand.rules import (
    ConsentRule,
    Days,
    EventRule,
    FactRule,
    Leaf,
    ListRule,
    MessageRule,
    SegmentRule,
    StageRule,
)
from regulars.understand.segments import get_segment, known
from regulars.understand.sentences import BY_NAME, ENGLISH, Called, condition
from regulars.understand.writing import written


class Evidence(msgspec.Struct, frozen=True):
    """One condition, whether it holds of the customer, and what it rests on.

    That is a statement of a fact or of consent, days of doing, or a segment, which has an explanation of its own.
    """

    condition: str
    holds: bool
    said: Said | None
    did: tuple[Did, ...]
    segment: str = ""


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
    others = known(tx).segments
    rule = get_segment(tx, name).rule
    ends = list(dict.fromkeys(leaves(parse(rule, None))))
    clauses = enumerate([rule, *(written(end) for end in ends)])
    asked = tuple((n, msgspec.json.encode(whole(clause, others)).decode()) for n, clause in clauses)
    held = {number for number, _ in records.ask(tx, asked, [customer_id], now.date())}
    said = _said(tx, customer_id, ends)
    did = _did(tx, customer_id, ends, now)
    evidence = (
        Evidence(
            condition(end, words, called),
            n in held,
            said.get(_spoken_of(end)),
            tuple(did.get(n, ())),
            end.name if isinstance(end, SegmentRule) else "",
        )
        for n, end in enumerate(ends, 1)
    )
    return Explanation(0 in held, tuple(evidence))


def _spoken_of(end: Leaf) -> tuple[str, str]:
    """Return which statement a condition rests on: of a fact, or of consent."""
    match end:
        case FactRule(name=name):
            return ("fact", name)
        case StageRule():
            return ("fact", end.as_fact.name)
        case ConsentRule(purpose, channel):
            return ("consent", f"{purpose}/{channel}")
        case _:
            return ("", "")


def _said(tx: Tx, customer: int, ends: Collection[Leaf]) -> dict[tuple[str, str], Said]:
    """Return the statements of a customer that some conditions rest on."""
    names = {end.name for end in ends if isinstance(end, FactRule)}
    names |= {end.as_fact.name for end in ends if isinstance(end, StageRule)}
    found = {("fact", fact.name): fact for fact in records.facts_now(tx, customer, names)}
    if any(isinstance(end, ConsentRule) for end in ends):
        for one in consents.deciding(tx, customer):
            about, words = f"{one.purpose}/{one.channel}", str(one.proof.get("words") or "")
            found["consent", about] = Said(about, one.granted, words, "said", not one.unconfirmed, one.at, one.seq)
    return found


def _did(tx: Tx, customer: int, ends: Sequence[Leaf], now: datetime) -> dict[int, list[Did]]:
    """Return on which days a customer did what conditions rest on, by their numbers from 1.

    The daily counts say it with what it was worth; where a condition asks for more, the events do.
    """
    asked = [end.as_event if isinstance(end, MessageRule | ListRule) else end for end in ends]
    counted = {n: end for n, end in enumerate(asked, 1) if isinstance(end, EventRule) and end.counted}
    days = records.counts_now(tx, customer, {end.kind for end in counted.values()}) if counted else []
    found = {
        n: [one for one in days if one.kind == end.kind and _counts(one.day, end.days, now.date())]
        for n, end in counted.items()
    }
    if any(done_in(end) for n, end in enumerate(asked, 1) if n not in counted):
        found = records.happened_now(tx, asked, customer, now.date()) | found
    return found


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
