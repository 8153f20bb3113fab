"""What the composer of segments offers: facts with what they are called, kinds of event, and values that were said."""

from collections.abc import Collection, Mapping

import msgspec

from regulars.engage.questions import Question
from regulars.remember import facts
from regulars.remember.heard import FactKind
from regulars.speak import campaigns, library
from regulars.store.database import Tx
from regulars.understand import finding, grouping, lists, segments, staging
from regulars.understand.rules import Known
from regulars.understand.sentences import Called
from regulars.web.console.desk import Desk
from regulars.web.console.rule_nodes import FACT_TESTS, FactNode, GroupNode, places, shown
from regulars.web.console.veil import hidden_from
from regulars.web.fact_words import asked_in_forms, called_within, values_within


class Offer(msgspec.Struct, frozen=True):
    """What a rule can be made of here."""

    known: Known
    facts: list[tuple[str, str]]
    """Each fact's name with what it is called, by what it is called."""
    computed: Collection[str]
    """Which of them are computed from what customers did: nobody said them."""
    events: list[str]
    values: dict[str, list[tuple[str, str]]]
    """Of facts: values to choose from, as they stand in a field, and in words."""
    segments: list[tuple[str, str]]
    """Each segment's name with what it is called; without the one whose rule it is."""
    consents: list[str]
    """What anybody ever allowed or withdrew, as purpose/channel."""
    lists: list[tuple[str, str]]
    """Each list's key with what it is called."""
    categories: list[str]
    """Categories of products in which somebody is at a purchase stage."""
    campaigns: list[tuple[str, str]]
    templates: list[tuple[str, str]]

    def kind(self, fact: str) -> FactKind:
        """Return the kind of a fact; text where it is not known."""
        return self.known.facts.get(fact, "text")

    def tests(self, fact: str) -> tuple[str, ...]:
        """Return how a fact can be tested, the usual way first."""
        return FACT_TESTS[self.kind(fact)]


def offer(desk: Desk, tx: Tx, root: GroupNode, own: str = "") -> Offer:
    """Return what can be chosen, with values for the facts that a rule speaks of. `own`: the segment that is edited."""
    known = segments.known(tx)
    asked = asked_in_forms(tx)
    spoken_of = {node.fact for _, node in places(root) if isinstance(node, FactNode)}
    hidden = _doubles(asked) - spoken_of
    listed = {name: one for name, one in facts.catalogue(tx).items() if name not in hidden}
    titles = {name: desk.called(name, one.label) for name, one in listed.items()}
    named = _by_title(titles)
    twice = {label for _, label in named if sum(1 for _, other in named if other == label) > 1}
    called = [(name, f"{label} ({name})" if label in twice else label) for name, label in named]
    wanted = spoken_of & known.facts.keys()
    return Offer(
        known,
        called,
        {name for name, one in listed.items() if one.computed},
        sorted(known.events),
        _values(desk, tx, asked, wanted) if wanted else {},
        [one for one in _by_title(segments.titles(tx)) if one[0] != own],
        sorted({"/".join(one) for one in finding.abouts(tx)}),
        _by_title({one.key: one.title for one in lists.listed(tx) if one.stands}),
        sorted(one.category for one in staging.counts(tx)),
        _by_title({one.name: one.title for one in campaigns.list_campaigns(tx)}),
        _by_title(library.titles(tx)),
    )


def _by_title(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(titles.items(), key=lambda one: (one[1].casefold(), one[0]))


def doubles(tx: Tx) -> set[str]:
    """Return the forms' own facts whose answers are another fact too: there is no need to choose between the two."""
    return _doubles(asked_in_forms(tx))


def quotable(desk: Desk, tx: Tx) -> list[tuple[str, str]]:
    """Return what customers are asked, each with what quotes its answer in a template."""
    known, found = facts.catalogue(tx), dict[str, str]()
    for form, question in asked_in_forms(tx):
        name = question.fact or f"{form}.{question.name}"
        if name in known:
            place = f"told.{name}" if name.isidentifier() else f'told["{name}"]'
            found.setdefault(name, f'{{{{ {place} | default("…") }}}}')
    return sorted((desk.called(name, known[name].label), snippet) for name, snippet in found.items())


def called_here(desk: Desk, tx: Tx) -> Called:
    """Return what facts and the answers to choose from are called in the middle of a sentence."""
    return called_within(tx, desk.locale, hidden_from(desk, tx))


def _doubles(asked: Collection[tuple[str, Question]]) -> set[str]:
    return {f"{form}.{question.name}" for form, question in asked if question.fact}


def _values(
    desk: Desk, tx: Tx, asked: Collection[tuple[str, Question]], wanted: Collection[str]
) -> dict[str, list[tuple[str, str]]]:
    """Return the answers that forms offer, and besides what several customers said."""
    found: dict[str, dict[str, str]] = {name: {} for name in wanted}
    for form, question in asked:
        for fact in {f"{form}.{question.name}", question.fact or ""} & found.keys():
            for choice in question.choices:
                found[fact].setdefault(shown(choice.value), choice.text.at(desk.locale))
    called = values_within(tx, desk.locale)
    if grouping.FACT in found:
        found[grouping.FACT].update(called[grouping.FACT])
    for fact, values in segments.values_said(tx, wanted).items():
        for value in values:
            found[fact].setdefault(value, called.get(fact, {}).get(value, value))
    return {name: list(values.items()) for name, values in found.items()}
