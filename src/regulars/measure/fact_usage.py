"""What uses a fact: segments, templates that quote it, forms that ask it; and what is worth learning."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

import msgspec

from regulars.engage import forms
from regulars.remember import catalogue, customers, facts
from regulars.remember.catalogue import FactEntry
from regulars.speak.library import list_templates
from regulars.speak.templates import facts_of
from regulars.store.database import Tx
from regulars.understand.segments import facts_asked
from regulars.words.errors import RegularsError

Way = Literal["open", "add", "make"]


class Usage(msgspec.Struct):
    """What uses a fact, by name; forms that are closed are left out."""

    segments: list[str] = []
    templates: list[str] = []
    forms: list[str] = []

    @property
    def times(self) -> int:
        """How many segments and templates would know more if it were known."""
        return len(self.segments) + len(self.templates)


class Missing(msgspec.Struct, frozen=True):
    """A fact that is used and not known of everybody, and the cheapest way to learn it.

    `way` is open (a running form asks it: send its link), add (a running form to which the question can be added), or
    make (no form runs); `form` is which.
    """

    name: str
    label: str
    unknown: int
    known: int
    usage: Usage
    way: Way
    form: str


def usage(tx: Tx) -> dict[str, Usage]:
    """Return by fact what uses it."""
    found: dict[str, Usage] = defaultdict(Usage)
    for segment, asked in facts_asked(tx).items():
        for name in asked:
            found[name].segments.append(segment)
    for template in list_templates(tx):
        with suppress(RegularsError):  # one that does not compile is said so where it is edited
            for name in facts_of(template):
                found[name].templates.append(template.name)
    for form in forms.open_forms(tx):
        for question in forms.get_form(tx, form).survey.questions:
            if question.consent is None:
                for name in filter(None, {question.fact, f"{form}.{question.name}"}):
                    found[name].forms.append(form)
    return found


def missing(tx: Tx) -> list[Missing]:
    """Return the facts that segments and templates use and that are unknown of somebody, the most wanted first."""
    used, everybody = usage(tx), customers.search(tx, limit=1).total
    wanted = {name: one for name, one in used.items() if one.times}
    entries, known = catalogue.entries(tx, wanted), catalogue.how_many(tx, wanted)
    running = next(iter(forms.open_forms(tx)), "")
    found = [
        _missing(name, one, entries, everybody, known.get(name, 0), running)
        for name, one in wanted.items()
        if not (name in entries and entries[name].computed) and known.get(name, 0) < everybody
    ]
    return sorted(found, key=lambda one: (-one.usage.times * one.unknown, one.name))


def missing_of(tx: Tx, customer_id: int) -> list[Missing]:
    """Return what is used and not known of one customer."""
    known = {one.name for one in facts.current(tx, customer_id) if one.verified}
    return [one for one in missing(tx) if one.name not in known]


def _missing(
    name: str, used: Usage, entries: Mapping[str, FactEntry], everybody: int, known: int, running: str
) -> Missing:
    entry = entries.get(name)
    form = used.forms[0] if used.forms else running
    way: Way = "open" if used.forms else "add" if running else "make"
    return Missing(name, entry.label if entry else "", everybody - known, known, used, way, form)
