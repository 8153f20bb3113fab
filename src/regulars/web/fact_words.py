"""What facts and their values are called in sentences: labels, answers to choose from, words for codes of ours."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from itertools import product

from regulars.engage import forms
from regulars.engage.questions import Question
from regulars.remember import catalogue
from regulars.remember.catalogue import FactEntry
from regulars.store.database import Tx
from regulars.understand import grouping, lists, segments
from regulars.understand.grouping import Group
from regulars.understand.sentences import Called
from regulars.web.i18n import translator
from regulars.web.wording import Gettext, computed_called

_MOST_FORMS = 50
_REMEMBERED = 64
_QUESTION = ("?", "\N{FULLWIDTH QUESTION MARK}")


def called_within(tx: Tx, locale: str, hidden: Collection[str] = frozenset()) -> Called:
    """Return what facts, values, segments and lists are called in the middle of a sentence of a reader."""
    gettext = translator(locale).gettext
    names = {name: _within(one, locale, gettext) for name, one in catalogue.entries(tx).items()}
    values = {fact: dict(words) for fact, words in values_within(tx, locale).items()}
    for form, question in asked_in_forms(tx):
        for fact in (f"{form}.{question.name}", question.fact or ""):
            for choice in question.choices:
                values.setdefault(fact, {}).setdefault(str(choice.value), choice.text.at(locale))
    return Called(names, values, segments.titles(tx) | lists.titles(tx), hidden)


def asked_in_forms(tx: Tx) -> list[tuple[str, Question]]:
    """Return what the newest forms ask, each question with its form's name."""
    return [(form.name, question) for form in forms.newest(tx, _MOST_FORMS) for question in form.survey.questions]


def _within(one: FactEntry, locale: str, gettext: Gettext) -> str:
    label = one.called(locale)
    named = one.version > 1 or one.labels
    if one.computed and (ours := computed_called(one.name, label, gettext)):
        return ours if ours[1:2].isupper() else f"{ours[:1].lower()}{ours[1:]}"
    if label and ("." in one.name or (named and label.endswith(_QUESTION))):
        return gettext("answer to “%(question)s”") % {"question": label}
    return label if label and (named or one.computed) else one.name.rpartition(".")[2].replace("_", " ")


@lru_cache(maxsize=_REMEMBERED)
def values_at(locale: str, *, codes: bool = True) -> Mapping[str, Mapping[str, str]]:
    """Return by fact what the codes are called that its values are, of facts that are computed.

    With `codes` each code stands behind its words, for whoever analyses by it.
    """
    _ = translator(locale).gettext
    fifths: dict[str, tuple[str, ...]] = {
        "rfm_recency": (_("longest ago"), _("long ago"), _("a while ago"), _("lately"), _("latest")),
        "rfm_frequency": (_("most rarely"), _("rarely"), _("now and then"), _("often"), _("most often")),
        "rfm_money": (_("for least"), _("for little"), _("for a middling sum"), _("for much"), _("for most")),
    }
    found = {fact: {str(n): words for n, words in enumerate(five, 1)} for fact, five in fifths.items()}
    cell = _("%(recency)s, %(frequency)s, %(money)s")
    found["rfm"] = {
        f"{r}-{f}-{m}": cell % {"recency": recency, "frequency": frequency, "money": money}
        for (r, recency), (f, frequency), (m, money) in product(*(five.items() for five in found.values()))
    }
    if codes:
        found = {fact: {code: f"{words} ({code})" for code, words in own.items()} for fact, own in found.items()}
    return found | {"new_or_returning": {"new": _("bought once"), "returning": _("comes back")}}


def values_within(tx: Tx, locale: str) -> Mapping[str, Mapping[str, str]]:
    """Return the same for whoever analyses, and what groups are called."""
    groups = {str(one.number): title_of(one, locale) for one in grouping.groups(tx)}
    return {**values_at(locale), grouping.FACT: groups}


def title_of(group: Group, locale: str) -> str:
    """Return what a group is called: by the team, else by its number."""
    return group.title or translator(locale).gettext("Group %(number)s") % {"number": group.number}


def saying(tx: Tx, locale: str) -> Callable[[str, str], str]:
    """Return what says a value of a fact by what it is called; itself where it says what it is."""
    values = values_within(tx, locale)
    return lambda name, value: values.get(name, {}).get(value, value)
