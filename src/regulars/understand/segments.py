"""Segments: rules with names, whose members are kept as customers say and do things.

Making one addresses nobody: those who match from the start become members without an event, and a campaign finds them
when it is launched. From then on entering and leaving are events.
"""

from collections.abc import Collection
from datetime import date, datetime
from gettext import NullTranslations
from typing import Any

import msgspec

from regulars.remember import retention
from regulars.remember.facts import FactKind, catalogue
from regulars.store import records as store
from regulars.store.database import Tx
from regulars.understand import lists_records, records, turning_records
from regulars.understand.asking import FOLLOWER, looked_at, standing, stored
from regulars.understand.editing_records import add_version
from regulars.understand.expanding import check_together, whole
from regulars.understand.looking import mentions, plain
from regulars.understand.reading import parse, unheard
from regulars.understand.records import Match, Member, Segment, StandingRule
from regulars.understand.rules import Group, Known, Rule
from regulars.understand.sentences import BY_NAME, ENGLISH, Called, sentence
from regulars.understand.turning import ask_everybody
from regulars.words.errors import Conflict, Invalid, Unknown, concerning
from regulars.words.names import check_name

__all__ = [
    "Match",
    "Member",
    "Segment",
    "Trial",
    "check_rule",
    "check_title",
    "count",
    "create_segment",
    "facts_asked",
    "facts_used",
    "first_titles",
    "get_segment",
    "known",
    "list_segments",
    "members",
    "segments_of",
    "sentence",
    "stamp",
    "titles",
    "try_rule",
    "unheard",
    "values_said",
]

_LONGEST_TITLE = 200
_PATIENCE = 20
"""Seconds that are spent on counting whom a rule finds that somebody composes."""
_GLANCE = 0.5
"""Seconds after which somebody who is composing is told what those say who were drawn by chance."""
_DRAWN = 2000
_SAMPLE = 20
"""The most customers that a trial names."""


class Trial(msgspec.Struct, frozen=True):
    """What a rule would come to: in words, in how many customers, and who the newest of them are.

    `unheard`: the events it speaks of and nobody has ever done, each with known ones that are near. `drawn`: of how
    many customers, drawn by chance, the size was concluded and the sample taken; 0: everybody was asked.
    """

    sentence: str
    size: int
    sample: list[Match]
    unheard: dict[str, tuple[str, ...]]
    drawn: int = 0


def known(tx: Tx) -> Known:
    """Return what a rule may speak of in this workspace."""
    facts: dict[str, FactKind] = {fact.name: fact.kind for fact in catalogue(tx).values()}
    segments = {one.name: msgspec.json.decode(one.rule) for one in records.standing_rules(tx)}
    days = retention.terms(tx)
    lists = frozenset(one.key for one in lists_records.lists(tx))
    return Known(facts=facts, events=frozenset(store.list_kinds(tx)), segments=segments, days=days, lists=lists)


def check_rule(tx: Tx, name: str, rule: Any) -> Known:
    """Raise Invalid where a rule cannot be that of a segment; return what it may speak of.

    Those it rests on, and how long events are kept, stay as they are until the transaction is over.
    """
    store.wait_for_follower(tx, FOLLOWER)
    there = known(tx)
    with concerning("rule"):
        parse(rule, there, name)
        check_together(name, rule, there)
    return there


def facts_used(tx: Tx, name: str) -> frozenset[str]:
    """Return the facts that a segment's rule looks at, and those of the segments it rests on."""
    there = known(tx).segments
    rule = there[name] if name in there else get_segment(tx, name).rule
    return mentions(parse(whole(rule, there), None)).facts


def values_said(tx: Tx, names: Collection[str]) -> dict[str, list[str]]:
    """Return of some facts which values several customers have, the most usual first: what a rule may ask for."""
    found: dict[str, list[str]] = {}
    for name, value in records.values_said(tx, names):
        found.setdefault(name, []).append(value)
    return found


def create_segment(tx: Tx, name: str, title: str, rule: Any, now: datetime) -> Segment:
    """Make a segment and ask everybody at once.

    While counts or facts are being derived again, nobody can be asked: then the next round does it.
    """
    with concerning("title"):
        title = check_title(title)
    check_rule(tx, name, rule)
    with concerning("name"):
        check_name(name)
        number = records.add_segment(tx, name, title, rule, now)
        if number is None:
            raise Conflict("There is a segment '{name}' already. Take another name.", name=name)
    add_version(tx, number, now)
    ask_everybody(tx, [name], now)
    return get_segment(tx, name)


def check_title(title: str) -> str:
    """Return a title without the space around it. Raise Invalid where it is none."""
    if not title.strip() or len(title) > _LONGEST_TITLE:
        raise Invalid("Give the segment a title of 1 to {longest} characters.", longest=_LONGEST_TITLE)
    return title.strip()


def try_rule(
    tx: Tx, rule: Any, now: datetime, own: str = "", *, glance: bool = False, words: NullTranslations = ENGLISH,
    called: Called = BY_NAME,
) -> Trial:  # fmt: skip
    """Return what a rule says and which customers match it, without keeping anything. `own`: whose it is to be.

    With `glance`, where asking everybody takes long, only some are asked, drawn by chance.
    """
    there = known(tx)
    with concerning("rule"):
        tree = parse(rule, there, own)
        check_together(own, rule, there)
    size, sample, drawn = _matches(tx, tree, rule, there, now, glance=glance)
    return Trial(sentence(tree, words, called), size, sample, unheard(tree, there), drawn)


def _matches(
    tx: Tx, tree: Rule, rule: Any, there: Known, now: datetime, *, glance: bool
) -> tuple[int, list[Match], int]:
    """Ask everybody, unless the answer is there: of everybody, or of a segment with the same rule."""
    if isinstance(tree, Group) and tree.need == "all" and not tree.clauses:
        return *records.everybody(tx, _SAMPLE), 0
    expanded = whole(rule, there.segments)
    asked = parse(expanded, None)
    today = None if turning_records.any_turned(tx) else now.date()
    found = next((one for one in standing(tx) if _answers(one, asked, today)), None)
    if found is not None:
        return *records.standing_matches(tx, found.id, _SAMPLE), 0
    text = msgspec.json.encode(expanded).decode()
    if not glance:
        with tx.within(_PATIENCE):
            return *records.try_matches(tx, text, now.date(), _SAMPLE), 0
    try:
        with tx.within(_GLANCE):
            return *records.try_matches(tx, text, now.date(), _SAMPLE), 0
    except Invalid:
        return _concluded(tx, text, now.date())


def _concluded(tx: Tx, text: str, today: date) -> tuple[int, list[Match], int]:
    """Ask some who are drawn by chance, and conclude how many of all match."""
    asked = records.drawn(tx, _DRAWN)
    with tx.within(_PATIENCE):
        held = [customer for _, customer in records.ask(tx, ((0, text),), asked, today)]
    everybody = tx.counts.get((tx.log_id, "customers"), lambda: records.everybody(tx, 0)[0], int)
    size = round(everybody * len(held) / len(asked)) if asked else 0
    return size, records.named(tx, sorted(held, reverse=True)[:_SAMPLE]), len(asked)


def _answers(one: StandingRule, tree: Rule, today: date | None) -> bool:
    """Whether the members of a segment are who matches a rule today; without it, whom the day moves is being asked."""
    own, looks, _ = stored(one.rule)
    if not one.built or one.asked_on is None or (looks.windowed and one.asked_on != today):
        return False
    return repr(plain(own)) == repr(plain(tree))  # True is 1 otherwise


def list_segments(tx: Tx, names: Collection[str] | None = None) -> list[Segment]:
    """Return all segments or those named, by name; the members of each are counted."""
    return records.list_segments(tx, names)


def get_segment(tx: Tx, name: str) -> Segment:
    """Return a segment. Raise Unknown where there is none of this name."""
    segment = records.find_segment(tx, name)
    if segment is None:
        raise Unknown("There is no segment '{name}'.", name=name[:_LONGEST_TITLE])
    return segment


def titles(tx: Tx, among: Collection[str] | None = None) -> dict[str, str]:
    """Return what each segment is called, or each of those named, by name; nobody is counted."""
    return records.titles(tx, among)


def first_titles(tx: Tx, most: int) -> dict[str, str]:
    """Return what the first segments by title are called, by name: some to choose from where there are very many."""
    return records.first_titles(tx, most)


def stamp(tx: Tx, name: str) -> tuple[int, int] | None:
    """Return which segment has a name now, and its version; None where none has."""
    return records.stamp(tx, name)


def facts_asked(tx: Tx) -> dict[str, frozenset[str]]:
    """Return which facts each segment asks about, by name; nobody is counted."""
    rules = sorted(records.standing_rules(tx), key=lambda one: one.name)
    return {one.name: looked_at(one.rule) for one in rules}


def members(tx: Tx, name: str, limit: int = 50, before: tuple[datetime, int] | None = None) -> list[Member]:
    """Return who is in a segment, those who came last first; those before a (since, customer), if named."""
    return records.members(tx, get_segment(tx, name).id, limit, before)


def count(tx: Tx, name: str) -> int:
    """Return how many customers are in a segment."""
    return get_segment(tx, name).size


def segments_of(tx: Tx, customer_id: int) -> list[str]:
    """Return the names of the segments a customer is in."""
    return records.segments_of(tx, customer_id)
