"""What is known of somebody in words for themselves: no code of ours, and nothing counted as if they had said it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from regulars.engage import confirmations
from regulars.engage.own_page import Thing
from regulars.hear.imports.customers import IMPORTED
from regulars.speak.rows import Proof
from regulars.speak.why import Why
from regulars.store.database import Tx
from regulars.understand import grouping
from regulars.web.fact_words import value_called
from regulars.web.pages.preferences import PAGE
from regulars.web.pages.visit import Visit
from regulars.web.wording import computed_called, fact_called

_SAID_BY_PARTS = "rfm"
"""A fact whose parts are facts, too, and say all of it."""


class Allowed(msgspec.Struct, frozen=True):
    """A consent that a message rested on: where it came from, in which words, and whether those are its owner's."""

    origin: str
    words: str
    theirs: bool


class Quoted(msgspec.Struct, frozen=True):
    """Something that a message quoted."""

    title: str
    words: str
    at: datetime | None
    now: str | None
    """How it is by now, where it is something else."""
    counted: bool
    """Whether we counted it: they did not say it."""


def title(visit: Visit, name: str, label: str) -> str:
    """Return what a fact is called for its owner."""
    _ = visit.gettext
    theirs = {
        "rfm_recency": _("How lately you bought, beside other customers"),
        "rfm_frequency": _("How often you buy, beside other customers"),
        "rfm_money": _("For how much you buy, beside other customers"),
        "stage_intent": _("What you may have in mind"),
        "stage_evaluation": _("What you seem to compare"),
        "stage_purchase": _("What you are about to buy, or just bought"),
        "stage_after_sale": _("What you bought of late"),
    }
    ours = computed_called(name, label, _)
    return theirs.get(name, ours) if ours else fact_called(name, _, label)


def in_words(tx: Tx, visit: Visit, things: list[Thing]) -> Iterator[Thing]:
    """Yield what is remembered as its owner reads it: what our codes stand for, a group by what it is called.

    A group that nobody has called anything says nothing to them, and is left out.
    """
    groups = any(one.fact.name == grouping.FACT for one in things)
    called = {group.number: group.title for group in grouping.groups(tx)} if groups else {}
    for one in things:
        fact = one.fact
        if fact.source != "did":
            yield one
        elif fact.name != _SAID_BY_PARTS:
            words = called.get(fact.value, "") if fact.name == grouping.FACT else _value(visit, fact.name, fact.words)
            if words:
                yield msgspec.structs.replace(one, fact=msgspec.structs.replace(fact, words=words))


def quoted(visit: Visit, why: Why, asked: Mapping[str, str]) -> list[Quoted]:
    """Return what a message quoted; `asked` is what forms ask, as it reads in the visitor's language."""

    def words(name: str, said: str | None, *, computed: bool) -> str | None:
        return _value(visit, name, said) if said and computed else said

    return [
        Quoted(
            asked.get(one.label) or title(visit, one.name, one.label if one.label != one.name else ""),
            words(one.name, one.words, computed=one.computed) or "",
            None if one.computed else one.at,
            words(one.name, one.words_now, computed=one.computed) if one.words_now != one.words else None,
            one.computed,
        )
        for one in why.facts
    ]


def allowed(visit: Visit, consent: Proof, asked: Mapping[str, str]) -> Allowed:
    """Return where a consent came from: a form, a mail that confirmed it, a page, a file, or whoever told us how."""
    _ = visit.gettext
    proof = consent.proof
    form, how, words = (str(proof.get(part) or "") for part in ("title", "how", "words"))
    known = {
        confirmations.HOW: _("You ticked it in a form and confirmed it by the link in our mail"),
        PAGE: _("You ticked it on the page of what we may write to you about"),
        IMPORTED: _("From our records"),
    }
    return Allowed(asked.get(form, form) or known.get(how, how), words, how != IMPORTED)


def _value(visit: Visit, name: str, words: str) -> str:
    return value_called(name, words, visit.locale, codes=False)
