"""What the composer of segments offers: facts with what they are called, kinds of event, and values that were said."""

from collections.abc import Collection

import msgspec

from regulars.engage import forms
from regulars.remember import facts
from regulars.remember.heard import FactKind
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.rules import Known
from regulars.web.console.desk import Desk
from regulars.web.console.rule_nodes import FACT_TESTS, FactNode, GroupNode, places, shown

_MOST_FORMS = 50


class Offer(msgspec.Struct, frozen=True):
    """What a rule can be made of here."""

    known: Known
    facts: list[tuple[str, str]]
    """Each fact's name with what it is called, by what it is called."""
    events: list[str]
    values: dict[str, list[tuple[str, str]]]
    """Of facts: values to choose from, as they stand in a field, and in words."""

    def kind(self, fact: str) -> FactKind:
        """Return the kind of a fact; text where it is not known."""
        return self.known.facts.get(fact, "text")

    def tests(self, fact: str) -> tuple[str, ...]:
        """Return how a fact can be tested, the usual way first."""
        return FACT_TESTS[self.kind(fact)]


def offer(desk: Desk, tx: Tx, root: GroupNode) -> Offer:
    """Return what can be chosen, with values for the facts that a rule speaks of."""
    known = segments.known(tx)
    titles = {name: desk.called(name, one.label) for name, one in facts.catalogue(tx).items()}
    named = sorted(titles.items(), key=lambda one: (one[1].casefold(), one[0]))
    twice = {label for _, label in named if sum(1 for _, other in named if other == label) > 1}
    called = [(name, f"{label} ({name})" if label in twice else label) for name, label in named]
    wanted = {node.fact for _, node in places(root) if isinstance(node, FactNode) and node.fact in known.facts}
    return Offer(known, called, sorted(known.events), _values(tx, wanted) if wanted else {})


def labels_of(tx: Tx) -> dict[str, str]:
    """Return what each fact is called in the middle of a sentence."""
    return {name: name.rpartition(".")[2].replace("_", " ") for name in facts.catalogue(tx)}


def _values(tx: Tx, wanted: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the answers that forms offer, and besides what several customers said."""
    found: dict[str, dict[str, str]] = {name: {} for name in wanted}
    for summary in forms.list_forms(tx)[:_MOST_FORMS]:
        for question in forms.get_form(tx, summary.name).survey.questions:
            for fact in {f"{summary.name}.{question.name}", question.fact or ""} & found.keys():
                for choice in question.choices:
                    found[fact].setdefault(shown(choice.value), choice.text.at("default"))
    for fact, values in segments.values_said(tx, wanted).items():
        for value in values:
            found[fact].setdefault(value, value)
    return {name: list(values.items()) for name, values in found.items()}
