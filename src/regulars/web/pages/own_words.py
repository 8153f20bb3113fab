"""What is known of somebody in words for themselves: no code of ours, and nothing counted as if they had said it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from regulars.engage import confirmations
from regulars.engage.own_page import Thing
from regulars.hear.imports.customers import IMPORTED
from regulars.speak.rows import Proof
from regulars.speak.why import Why
from regulars.store.database import Tx
from regulars.understand import grouping
from regulars.web.fact_words import values_at
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
        "rfm": _("How you buy, beside other customers"),
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
    """Yield what is remembered as its owner reads it, without what says nothing to them."""
    say = _saying(tx, visit)
    for one in things:
        fact = one.fact
        if fact.source != "did":
            yield one
        elif fact.name != _SAID_BY_PARTS and (words := say(fact.name, fact.words)):
            yield msgspec.structs.replace(one, fact=msgspec.structs.replace(fact, words=words))


def quoted(tx: Tx, visit: Visit, why: Why, asked: Mapping[str, str]) -> Iterator[Quoted]:
    """Yield what a message quoted as its reader reads it, without what says nothing to them.

    `asked` is what forms ask, as it reads in the visitor's language.
    """
    say = _saying(tx, visit)
    for one in why.facts:
        called = asked.get(one.label) or title(visit, one.name, one.label if one.label != one.name else "")
        now = one.words_now if one.words_now != one.words else None
        if not one.computed:
            yield Quoted(called, one.words, one.at, now, counted=False)
        elif words := say(one.name, one.words):
            yield Quoted(called, words, None, say(one.name, now) if now else None, counted=True)


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


def _saying(tx: Tx, visit: Visit) -> Callable[[str, str], str]:
    """Return what says a value that was counted: what our codes stand for, a group by what the team calls it.

    A group that nobody has called anything says nothing: ''.
    """
    values = values_at(visit.locale, codes=False)
    groups = {str(group.number): group.title for group in grouping.groups(tx)}

    def say(name: str, value: str) -> str:
        return groups.get(value, "") if name == grouping.FACT else values.get(name, {}).get(value, value)

    return say
