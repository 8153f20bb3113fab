"""The memory panel: what is known about a customer, each thing once, and what is not known yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from regulars.remember.facts import Fact, FactName

_MISSING_SHOWN = 6


class Memory(msgspec.Struct, frozen=True):
    """What is known, and what could be asked."""

    known: list[Fact]
    missing: list[FactName]


def memory(known: Sequence[Fact], catalogue: Mapping[str, FactName]) -> Memory:
    """Return the panel. An answer that was given a fact's name is shown by that name alone, also when it was put right.

    So is an address that was said in a form and came another way too: the shop's records, or its own confirmation.
    """
    named = {_statement(fact) for fact in known if "." not in fact.name}
    addresses = {fact.words.casefold() for fact in known if fact.name == "email"}
    shown = [
        fact
        for fact in known
        if "." not in fact.name
        or (_statement(fact) not in named and not (fact.source == "said" and fact.words.casefold() in addresses))
    ]
    have = {fact.name for fact in known}
    missing = [name for name in catalogue.values() if not (name.computed or name.name in have or "." in name.name)]
    return Memory(shown, missing[:_MISSING_SHOWN])


def shown_name(facts: Sequence[Fact]) -> dict[tuple[int, str], Fact]:
    """Return, by event and words, the fact that the panel shows for it."""
    shown: dict[tuple[str, datetime, str], Fact] = {}
    by_words: dict[tuple[int, str], Fact] = {}
    for fact in sorted(facts, key=lambda one: "." in one.name):
        by_words.setdefault((fact.seq, fact.words), shown.setdefault(_statement(fact), fact))
    return by_words


def _statement(fact: Fact) -> tuple[str, datetime, str]:
    """Return what an answer has in common under both of its names; put right, each is an event of its own."""
    return fact.origin, fact.at, fact.words
