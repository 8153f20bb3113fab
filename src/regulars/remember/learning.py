"""From events to statements: what an `identify` and an answered form say about somebody."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from regulars.remember import records
from regulars.remember.heard import LONGEST_NAME, Answered, FactKind, Stated, Traits, read
from regulars.remember.rows import FactName, Learned
from regulars.remember.values import fit, in_words, kind_of
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.words.kinds import FACT_STATED, FORM_ANSWERED, IDENTIFY

OWN_PAGE = "your page"
"""The origin of what customers put right themselves."""
TEAM = "the team"
"""The origin of what somebody of the team noted for a customer."""


class Statement(msgspec.Struct, frozen=True):
    """A statement as it was heard, not yet of the catalogue's type."""

    learned: Learned
    kind: FactKind | None
    """None where anybody could have made the name up: it enters no catalogue, and only its words are kept."""
    label: str


def statements(event: Event) -> list[Statement]:
    """Return what an event says, each fact once: where it says one twice, the last counts."""
    match event.kind:
        case kind if kind == IDENTIFY:
            said = _traits(event)
        case kind if kind == FORM_ANSWERED:
            said = _answers(event)
        case kind if kind == FACT_STATED:
            said = _stated(event)
        case _:
            said = iter(())
    return list({statement.learned.name: statement for statement in said}.values())


def keep(tx: Tx, heard: Iterable[Statement]) -> set[tuple[int, str]]:
    """Keep statements, each as the catalogue has its fact; return the (customer, fact) pairs that changed.

    A fact that the catalogue does not know is entered with the type first seen. Words that do not fit the type are
    kept, with the value null, so that nobody who compares values meets one of another type.
    """
    ordered = list(heard)
    if not ordered:
        return set()
    kinds = _kinds(tx, ordered)
    return records.learn(
        tx,
        [
            msgspec.structs.replace(
                one.learned, value=fit(one.learned.value, kinds[one.learned.name]) if one.kind else None
            )
            for one in ordered
        ],
    )


def _kinds(tx: Tx, heard: list[Statement]) -> dict[str, FactKind]:
    names = {one.learned.name for one in heard if one.kind}
    kinds = records.fact_kinds(tx, names)
    if missing := names - kinds.keys():
        first: dict[str, FactName] = {}
        for one in heard:
            if one.kind and (name := one.learned.name) in missing:
                first.setdefault(name, FactName(name, one.kind, one.label))
        records.declare_facts(tx, [first[name] for name in sorted(first)])
        kinds |= records.fact_kinds(tx, missing)
    return kinds


def _traits(event: Event) -> Iterator[Statement]:
    said = read(event.props, Traits)
    for name, value in _flat(said.traits):
        yield Statement(
            _learned(event, name, value, in_words(value), "imported", IDENTIFY, verified=said.verified),
            kind_of(value) if said.verified else None,
            "",
        )


def _answers(event: Event) -> Iterator[Statement]:
    said = read(event.props, Answered)
    for answer in said.answers:
        if answer.value in (None, "", []):
            continue
        for name in filter(None, (f"{said.form}.{answer.question}", answer.fact)):
            yield Statement(
                _learned(event, name, answer.value, answer.words, "said", said.form, verified=said.verified),
                answer.kind,
                answer.title,
            )


def _stated(event: Event) -> Iterator[Statement]:
    said = read(event.props, Stated)
    if said.value not in (None, "", []):
        yield Statement(
            _learned(event, said.name, said.value, said.words, source_of(said), origin_of(said), verified=True),
            kind_of(said.value),
            said.label,
        )


def source_of(stated: Stated) -> str:
    """Return the source of a fact that was put right."""
    return "said" if stated.said else "imported"


def origin_of(stated: Stated) -> str:
    """Return where a fact was put right."""
    return TEAM if stated.by else OWN_PAGE


def _learned(event: Event, name: str, value: Any, words: str, source: str, origin: str, *, verified: bool) -> Learned:
    return Learned(event.identity_id, name, event.seq, event.at, source, verified, value, words, origin)


def _flat(traits: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield traits by name, those inside objects as `address.city`.

    Nothing said (null, empty) is no statement, and a name that is too long is none.
    """
    for name, value in traits.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif value not in (None, "", []) and len(prefix) + len(name) <= LONGEST_NAME:
            yield f"{prefix}{name}", value
