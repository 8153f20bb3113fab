"""The room's statements: daily counts, segments and who is in them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import Statement, load
from regulars.understand.compile import compile_days, compile_matches
from regulars.understand.rules import Leaf
from regulars.words.money import LARGEST

SQL = load(__package__ or "regulars.understand")

NEWEST = 2**63 - 1
"""Later than every event."""
NumberedRules = tuple[tuple[int, str], ...]
"""Rules as (segment id, stored JSON)."""


class Segment(msgspec.Struct, frozen=True):
    """A rule with a name, and how many customers match it now."""

    id: int
    name: str
    title: str
    rule: dict[str, Any]
    version: int
    created_at: datetime
    built: bool
    """Whether everybody has been asked once; until then `size` says nothing."""
    size: int


class Member(msgspec.Struct, frozen=True):
    """A customer in a segment, since when, and why they came; nothing where they were there when the rule was made."""

    customer_id: int
    name: str
    since: datetime
    why: list[dict[str, Any]]


class Match(msgspec.Struct, frozen=True):
    """A customer whom a rule would find."""

    customer_id: int
    name: str


class StandingRule(msgspec.Struct, frozen=True):
    """A segment's rule as it is kept, and how far it has been asked."""

    id: int
    name: str
    rule: str
    built: bool
    asked_on: date | None


class Change(msgspec.Struct, frozen=True):
    """A customer came into a segment, or left it."""

    segment_id: int
    customer_id: int
    entered: bool


class Counted(msgspec.Struct, frozen=True):
    """What a customer did how often, and on which days first and last."""

    kind: str
    count: int
    first: date
    last: date


class Said(msgspec.Struct, frozen=True):
    """A fact as it is known now, with the words and the event it was learned from."""

    name: str
    value: Any
    words: str
    source: str
    verified: bool
    at: datetime
    seq: int


class Did(msgspec.Struct, frozen=True):
    """What a customer did on a day: how often, and for how much."""

    kind: str
    day: date
    count: int
    total: float


def roll_up(tx: Tx, first: int, last: int, no_sign: Collection[str]) -> None:
    """Count a piece of the log by identity, kind and day; those of some kinds are no sign of who did them."""
    tx.run(SQL["roll_up"], first=first, last=last, no_sign=list(no_sign), largest=int(LARGEST))


def forget_rollups(tx: Tx) -> None:
    """Start counting over."""
    tx.run(SQL["forget_rollups"])


def facts_learned(
    tx: Tx, customers: Collection[int], told: Collection[int], names: Collection[str], first: int, last: int
) -> list[tuple[int, str]]:
    """Return which of some facts which customers have had since one of the events between two sequences.

    Only those who `told` something may have others than computed ones.
    """
    named = {"customers": list(customers), "told": list(told), "names": list(names)}
    return [(row[0], row[1]) for row in tx.rows(SQL["facts_learned"], **named, first=first, last=last)]


def met_before(tx: Tx, customers: Collection[int], seq: int) -> set[int]:
    """Return who of some customers had been met before an event."""
    return set(tx.values(SQL["met_before"], customers=list(customers), seq=seq))


def counted(tx: Tx, customer: int, besides: Collection[str]) -> list[Counted]:
    """Return what a customer's days add up to, without the kinds named."""
    return tx.all(SQL["counted"], Counted, customer=customer, besides=list(besides))


def add_segment(tx: Tx, name: str, title: str, rule: Any, now: datetime) -> int | None:
    """Make a segment that nobody has been asked about; return its id, or None where the name is taken."""
    return tx.value(SQL["add_segment"], name=name, title=title, rule=Jsonb(rule), now=now)


def list_segments(tx: Tx, names: Collection[str] | None) -> list[Segment]:
    """Return all segments or those named, by name."""
    return tx.all(SQL["list_segments"], Segment, names=None if names is None else list(names))


def stamp(tx: Tx, name: str) -> tuple[int, int] | None:
    """Return the number and version of a segment, or None."""
    return next(((row[0], row[1]) for row in tx.rows(SQL["stamp"], name=name)), None)


def titles(tx: Tx, among: Collection[str] | None) -> dict[str, str]:
    """Return the title of each segment, or of those named, by name."""
    return dict(tx.rows(SQL["titles"], among=None if among is None else list(among)))


def first_titles(tx: Tx, most: int) -> dict[str, str]:
    """Return the title of the first segments by title, by name."""
    return dict(tx.rows(SQL["first_titles"], most=most))


def find_segment(tx: Tx, name: str) -> Segment | None:
    """Return one segment."""
    return tx.one(SQL["find_segment"], Segment, name=name)


def standing_rules(tx: Tx) -> list[StandingRule]:
    """Return the rules of all segments."""
    return tx.all(SQL["standing_rules"], StandingRule)


def mark_asked(tx: Tx, segments: Collection[int], day: date, seq: int) -> None:
    """Note that everybody has been asked about segments."""
    tx.run(SQL["mark_asked"], segments=list(segments), day=day, seq=seq)


def mark_to_ask(tx: Tx) -> None:
    """Have the next round ask everybody about every segment."""
    tx.run(SQL["mark_to_ask"])


def members(tx: Tx, segment: int, limit: int, before: tuple[datetime, int] | None) -> list[Member]:
    """Return who is in a segment, the newest first; those before a (since, customer), if named."""
    since, customer = before or (None, 0)
    return tx.all(SQL["members"], Member, segment=segment, limit=limit, since=since, customer=customer)


def segments_of(tx: Tx, customer: int) -> list[str]:
    """Return the names of the segments a customer is in."""
    return tx.values(SQL["segments_of"], customer=customer)


def settle(
    tx: Tx, rules: NumberedRules, customers: Collection[int], now: datetime, today: date, upto: int = NEWEST
) -> list[Change]:
    """Ask some customers about some segments, make membership what they say, and return what changed.

    Here as everywhere, what happened after the event `upto` does not count yet.
    """
    statement, values = _put(rules, "settle", everybody=False)
    named = {"segments": [number for number, _ in rules], "now": now, "today": today}
    params = {"ids": list(customers), "upto": upto, **named}
    return tx.all(statement, Change, **values, **params)


def settle_everybody(tx: Tx, rules: NumberedRules, now: datetime, limit: int, upto: int) -> list[Change]:
    """Ask everybody about some segments, and make at most `limit` changes."""
    statement, values = _put(rules, "settle_everybody", everybody=True)
    named = {"segments": [number for number, _ in rules], "now": now, "today": now.date()}
    params = {"limit": limit, "upto": upto, **named}
    return tx.all(statement, Change, **values, **params)


def build(tx: Tx, rules: NumberedRules, now: datetime, upto: int) -> int:
    """Put everybody who matches into segments and take out who does not, silently; return how many came in."""
    statement, values = _put(rules, "build", everybody=True)
    segments = [number for number, _ in rules]
    return tx.value(statement, **values, segments=segments, now=now, today=now.date(), upto=upto)


def ask(tx: Tx, rules: NumberedRules, customers: Sequence[int], today: date) -> set[tuple[int, int]]:
    """Return the pairs (rule, customer) that hold."""
    statement, values = _put(rules, "ask", everybody=False)
    return set(tx.rows(statement, **values, ids=list(customers), today=today, upto=NEWEST))


def stream_matches(tx: Tx, rule: str, today: date, at_once: int) -> Iterator[list[int]]:
    """Ask everybody, and yield the customers who match, some at a time."""
    statement, values = _put(((0, rule),), "members_found", everybody=True)
    return tx.stream(statement, at_once, **values, today=today, upto=NEWEST)


def try_matches(tx: Tx, rule: str, today: date, limit: int) -> tuple[int, list[Match]]:
    """Return how many customers match a rule, and the newest of them."""
    statement, values = _put(((0, rule),), "try_matches", everybody=True)
    return _sampled(tx.rows(statement, **values, today=today, limit=limit, upto=NEWEST))


def everybody(tx: Tx, limit: int) -> tuple[int, list[Match]]:
    """Return how many customers there are, and the newest of them."""
    return _sampled(tx.rows(SQL["everybody"], limit=limit))


def drawn(tx: Tx, limit: int) -> list[int]:
    """Return some customers, drawn by chance, the same ones each time."""
    return tx.values(SQL["drawn"], limit=limit, tries=10 * limit)


def named(tx: Tx, ids: Collection[int]) -> list[Match]:
    """Return what some customers are called, the newest first."""
    return [Match(*row) for row in tx.rows(SQL["named"], ids=list(ids))]


def standing_matches(tx: Tx, segment_id: int, limit: int) -> tuple[int, list[Match]]:
    """Return the same of who is in a segment."""
    return _sampled(tx.rows(SQL["standing_matches"], segment=segment_id, limit=limit))


def _sampled(rows: list[tuple[Any, ...]]) -> tuple[int, list[Match]]:
    return rows[0][0], [Match(row[1], row[2]) for row in rows if row[1] is not None]


def values_said(tx: Tx, names: Collection[str]) -> list[tuple[str, str]]:
    """Return values that several customers have of some facts, as (fact, value), the most usual first."""
    return tx.rows(SQL["values_said"], names=list(names))


def facts_now(tx: Tx, customer: int, names: Collection[str]) -> list[Said]:
    """Return what is known about a customer, of some names."""
    return tx.all(SQL["facts_now"], Said, customer=customer, names=list(names))


def counts_now(tx: Tx, customer: int, kinds: Collection[str]) -> list[Did]:
    """Return what a customer did, of some kinds, by day."""
    return tx.all(SQL["counts_now"], Did, customer=customer, kinds=list(kinds))


def happened_now(tx: Tx, ends: Sequence[Leaf], customer: int, today: date) -> dict[int, list[Did]]:
    """Return on which days what a customer did that some conditions rest on, by the numbers of these from 1."""
    question = compile_days(ends)
    statement = Statement(question.sql.encode())
    found: dict[int, list[Did]] = {}
    for kind, day, count, number in tx.rows(statement, **question.values, ids=[customer], today=today, upto=NEWEST):
        found.setdefault(number, []).append(Did(kind, day, count, 0.0))
    return {number: sorted(days, key=lambda one: (one.day, one.kind)) for number, days in found.items()}


def _put(rules: NumberedRules, name: str, *, everybody: bool) -> tuple[Statement, dict[str, Any]]:
    question = compile_matches(rules, SQL[name].decode(), everybody=everybody)
    return Statement(question.sql.encode()), question.values
