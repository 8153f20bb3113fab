"""Reading a rule from JSON. What cannot be taken is refused with its place in the rule and the mend."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from regulars.remember.heard import FactKind
from regulars.understand.expanding import way
from regulars.understand.looking import asked_of, mentions, weight
from regulars.understand.operands import (
    DAYS,
    ROOT,
    TESTS_OF,
    VALUE_TESTS,
    at,
    bounds_in,
    days_in,
    name_in,
    nearest,
    only,
    operand,
    yes_or_no,
)
from regulars.understand.reading_events import event_in, message_in, sequence_in
from regulars.understand.rules import (
    ConsentRule,
    FactRule,
    Group,
    Known,
    Leaf,
    ListRule,
    ReachableRule,
    Rule,
    SegmentRule,
    Source,
    StageRule,
    ValueTest,
)
from regulars.understand.stages import STAGES
from regulars.words.errors import Invalid
from regulars.words.names import is_purpose

DEEPEST = 10
"""The most groups inside one another."""
MOST_CLAUSES = 200
_STATES = ("granted", "withdrawn", "unsaid")
_CHANNELS = ("email",)
_SOURCES = ("said", "did", "inferred", "imported")


def parse(data: Any, known: Known | None, own: str = "") -> Rule:
    """Read a rule. Raise Invalid, with place and mend, where it is not one.

    Without `known` the names and kinds of facts, and how large it is, are taken on trust: for a rule that was read
    with them before. `own` is the segment whose rule it is to be: it may not rest on itself.
    """
    rule = _Reader(known, own).clause(data, ROOT, 1)
    if known is not None and weight(rule) > MOST_CLAUSES:
        raise Invalid("A rule may have at most {most} conditions: split it into two segments.", most=MOST_CLAUSES)
    return rule


def unheard(rule: Rule, known: Known) -> dict[str, tuple[str, ...]]:
    """Return the events a rule speaks of and nobody has ever done, each with the names of known ones that are near."""
    return {kind: nearest(kind, known.events) for kind in sorted(mentions(rule).events - known.events)}


def check_kept(end: Leaf, place: str, known: Known) -> None:
    """Raise Invalid where a condition asks what events said that lose it: whom it has not to find would enter."""
    for kind, where, reach in asked_of(end):
        days = known.days.get(kind)
        if days is not None and (reach is None or days < reach):
            raise Invalid(
                "{place}: events '{kind}' keep what they say for {days} days. Ask only that they happened, or keep "
                "them for ever",
                place=at(place, where),
                kind=kind,
                days=days,
            )


class _Reader:
    """Reads clauses, knowing where it is."""

    def __init__(self, known: Known | None, own: str) -> None:
        self._known = known
        self._own = own
        self._clauses = 0

    def clause(self, data: Any, place: str, depth: int) -> Rule:
        self._clauses += 1
        if self._known is not None and self._clauses > 2 * MOST_CLAUSES:
            raise Invalid("A rule may have at most {most} conditions: split it into two segments.", most=MOST_CLAUSES)
        if not isinstance(data, dict):
            raise Invalid('{place}: must be an object such as {{"fact": "gift_for", "is": "mother"}}', place=place)
        given = cast("dict[str, Any]", data)
        heads = [head for head in _HEADS if head in given]
        if len(heads) != 1:
            raise Invalid("{place}: must have exactly one of {heads}", place=place, heads=", ".join(_HEADS))
        match heads[0]:
            case "all" | "any" | "none" as need:
                return self._group(given, need, place, depth)
            case "fact" | "answer" as head:
                return self._fact(given, head, place)
            case "segment":
                return self._segment(given, place)
            case "list":
                return self._list(given, place)
            case head:
                rule = _READ[head](given, place)
                if self._known is not None:
                    check_kept(rule, place, self._known)
                return rule

    def _group(self, given: dict[str, Any], need: Literal["all", "any", "none"], place: str, depth: int) -> Rule:
        only(given, (need,), place)
        here = at(place, need)
        if self._known is not None and depth > DEEPEST:
            raise Invalid("{place}: is more than {deepest} groups deep: make it flatter", place=here, deepest=DEEPEST)
        clauses = given[need]
        if not isinstance(clauses, list):
            raise Invalid("{place}: must be a list of conditions", place=here)
        if not clauses and need != "all":
            raise Invalid('{place}: must have at least one condition (everybody is {{"all": []}})', place=here)
        return Group(need, tuple(self.clause(one, f"{here}[{n}]", depth + 1) for n, one in enumerate(clauses)))

    def _fact(self, given: dict[str, Any], head: str, place: str) -> Rule:
        name = name_in(given[head], at(place, head))
        kind = self._kind(name, at(place, head))
        keys = only(given, (head, *VALUE_TESTS, "contradicting", "source", *DAYS), place)
        besides = keys & {"source", *DAYS}
        tests = keys - besides - {head}
        bounded = bool(tests) and tests <= {"at_least", "at_most"}
        if len(tests) != 1 and not bounded and not (besides and not tests):
            raise Invalid(
                "{place}: must have exactly one test of {tests}",
                place=place,
                tests=", ".join((*(TESTS_OF[kind] if kind else VALUE_TESTS), "contradicting")),
            )
        for test in sorted(tests - {"contradicting"}):
            if kind is not None and test not in TESTS_OF[kind]:
                raise Invalid(
                    "{place}: does not suit '{name}', which is a {kind}: use {tests}",
                    place=at(place, test),
                    name=name,
                    kind=kind,
                    tests=", ".join(TESTS_OF[kind]),
                )
        if "contradicting" in tests:
            if besides:
                raise Invalid("{place}: contradicting stands alone, without source and days", place=place)
            return FactRule(name, "contradicting", yes_or_no(given["contradicting"], at(place, "contradicting")))
        sources, days = _sources(given, place), days_in(given, place)
        if bounded:
            return FactRule(name, "bounds", bounds_in(given, kind, place), sources, days)
        test = cast("ValueTest", next(iter(tests), "known"))
        value = operand(given[test], test, kind, at(place, test)) if tests else True
        return FactRule(name, test, value, sources, days)

    def _segment(self, given: dict[str, Any], place: str) -> Rule:
        here = at(place, "segment")
        only(given, ("segment", "member"), place)
        name = name_in(given["segment"], here)
        member = yes_or_no(given.get("member", True), at(place, "member"))
        if self._known is None:
            return SegmentRule(name, member)
        if name not in self._known.segments:
            near = " / ".join(nearest(name, self._known.segments))
            if near:
                raise Invalid(
                    "{place}: there is no segment '{name}'. Did you mean {near}?", place=here, name=name, near=near
                )
            raise Invalid("{place}: there is no segment '{name}'", place=here, name=name)
        if path := way(name, self._own, self._known.segments):
            raise Invalid(
                "{place}: it would rest on itself: {path}. Leave one of them out",
                place=here,
                path=" → ".join((self._own, *path)),
            )
        return SegmentRule(name, member)

    def _list(self, given: dict[str, Any], place: str) -> Rule:
        here = at(place, "list")
        only(given, ("list",), place)
        name = name_in(given["list"], here)
        if self._known is None or name in self._known.lists:
            return ListRule(name)
        if near := " / ".join(nearest(name, self._known.lists)):
            raise Invalid("{place}: there is no list '{name}'. Did you mean {near}?", place=here, name=name, near=near)
        raise Invalid("{place}: there is no list '{name}'", place=here, name=name)

    def _kind(self, name: str, place: str) -> FactKind | None:
        if self._known is None:
            return None
        if kind := self._known.facts.get(name):
            return kind
        if near := nearest(name, self._known.facts):
            raise Invalid(
                "{place}: no fact '{name}' is known. Did you mean {near}?",
                place=place,
                name=name,
                near=" / ".join(near),
            )
        raise Invalid(
            "{place}: no fact '{name}' is known yet: ask for it in a form, or declare it first", place=place, name=name
        )


def _sources(given: dict[str, Any], place: str) -> tuple[Source, ...]:
    if "source" not in given:
        return ()
    data = given["source"]
    listed: list[Any] = cast("list[Any]", data) if isinstance(data, list) else [data]
    if not listed or any(one not in _SOURCES for one in listed):
        raise Invalid(
            "{place}: must be one of {sources}, or a list of them",
            place=at(place, "source"),
            sources=", ".join(_SOURCES),
        )
    return cast("tuple[Source, ...]", tuple(one for one in _SOURCES if one in listed))


def _consent(given: dict[str, Any], place: str) -> Leaf:
    only(given, ("consent", "is"), place)
    about = name_in(given["consent"], at(place, "consent"))
    purpose, _, channel = about.partition("/")
    if not is_purpose(purpose) or not is_purpose(channel):
        raise Invalid("{place}: must be a purpose and a channel such as marketing/email", place=at(place, "consent"))
    if given.get("is") not in _STATES:
        raise Invalid("{place}: must be one of {states}", place=at(place, "is"), states=", ".join(_STATES))
    return ConsentRule(purpose, channel, given["is"])


def _stage(given: dict[str, Any], place: str) -> Leaf:
    only(given, ("stage", "category"), place)
    if given["stage"] not in STAGES:
        raise Invalid("{place}: must be one of {stages}", place=at(place, "stage"), stages=", ".join(STAGES))
    category = name_in(given["category"], at(place, "category")) if "category" in given else ""
    return StageRule(given["stage"], category)


def _reachable(given: dict[str, Any], place: str) -> Leaf:
    only(given, ("reachable", "is"), place)
    if given["reachable"] not in _CHANNELS:
        raise Invalid(
            "{place}: must be a channel: {channels}", place=at(place, "reachable"), channels=", ".join(_CHANNELS)
        )
    return ReachableRule(given["reachable"], yes_or_no(given.get("is", True), at(place, "is")))


_READ: Mapping[str, Callable[[dict[str, Any], str], Leaf]] = {
    "event": event_in,
    "sequence": sequence_in,
    "message": message_in,
    "stage": _stage,
    "consent": _consent,
    "reachable": _reachable,
}
_HEADS = (
    "all",
    "any",
    "none",
    "fact",
    "answer",
    "event",
    "sequence",
    "message",
    "stage",
    "segment",
    "list",
    "consent",
    "reachable",
)
