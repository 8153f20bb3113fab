"""What is remembered of somebody, as they see it themselves; and how they put it right or have it forgotten.

An answer becomes a fact under two names (`gift_for`, `gift-quiz.for_whom`). Its owner sees one thing, and what they do
with it holds for both.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.engage import records
from regulars.engage.answers import Gettext, check
from regulars.engage.answers import words as in_words
from regulars.engage.forms import Form, forms_at, get_form
from regulars.engage.forms import titles as form_titles
from regulars.engage.localised import DEFAULT, Localised
from regulars.engage.questions import Question
from regulars.remember import correcting, facts
from regulars.remember.correcting import THEMSELVES, Care
from regulars.remember.customers import customer_of, identities_of
from regulars.remember.facts import Fact, FactKind
from regulars.remember.learning import TEAM, origin_of, source_of
from regulars.store.database import Tx
from regulars.words.errors import Unknown

OWN = frozenset({"said", "imported"})
"""The sources of what its owner may put right or have forgotten: what we counted follows from what happened."""
_INPUTS = {"number": "number", "date": "date"}


class Thing(msgspec.Struct, frozen=True):
    """One thing that is remembered: the fact, its other names, and where it was said."""

    fact: Fact
    twins: tuple[Fact, ...] = ()
    title: str = ""
    """The form's title, where a form asked."""
    asked_at: datetime | None = None
    """When the message was sent that asked, where one did."""

    @property
    def all(self) -> tuple[Fact, ...]:
        """The fact under all its names."""
        return (self.fact, *self.twins)


def things(tx: Tx, identity_id: int, now: datetime) -> list[Thing]:
    """Return what is remembered of the owner of an identity, newest first, with what they changed a moment ago."""
    customer = customer_of(tx, identity_id)
    known = _with_unheard(facts.current(tx, customer) if customer is not None else [], tx, identity_id, now)
    titles = form_titles(tx)
    asked = records.asked_by_message(tx, {fact.seq for fact in known})
    by_words: dict[tuple[str, datetime, str], list[Fact]] = {}
    for fact in known:
        by_words.setdefault((fact.origin, fact.at, fact.words), []).append(fact)
    found: list[Thing] = []
    for alike in by_words.values():
        twins = [fact for fact in alike if "." in fact.name and (fact.source == "said" or fact.origin == TEAM)]
        named = [fact for fact in alike if fact not in twins]
        for one in named:
            mine = next((twin for twin in twins if len(named) == 1 or twin.label == one.label), None)
            twins = [twin for twin in twins if twin != mine]
            found.append(_thing(one, (mine,) if mine else (), titles, asked))
        found += [_thing(twin, (), titles, asked) for twin in twins]
    return found


def _thing(one: Fact, twins: tuple[Fact, ...], titles: Mapping[str, str], asked: Mapping[int, datetime]) -> Thing:
    return Thing(one, twins, titles.get(one.origin, ""), asked.get(one.seq))


def asked_in(tx: Tx, locale: str) -> dict[str, str]:
    """Return what forms are called and ask, by how it reads in any language, as it reads in one."""
    found: dict[str, str] = {}
    for name in form_titles(tx):
        survey = get_form(tx, name).survey
        for text in (survey.title, *(one.title for one in survey.questions)):
            found |= dict.fromkeys(text.texts.values(), text.at(locale))
    return found


def thing(tx: Tx, identity_id: int, name: str, now: datetime) -> Thing:
    """Return one thing that its owner may change; raise Unknown where nothing of that name is remembered."""
    for one in things(tx, identity_id, now):
        if one.fact.name == name and one.fact.source in OWN:
            return one
    raise Unknown("We remember nothing by this name any more. Go back to your page.")


def question_of(tx: Tx, one: Thing, title: str) -> Question:
    """Return the question that was answered, or one that asks for the same; it must be answered."""
    return question_for(tx, {fact.name for fact in one.all}, one.fact.name, title)


def question_for(tx: Tx, names: Collection[str], fact: str, title: str) -> Question:
    """Return the question that asks for a fact under one of its names, or one that would."""
    for name in names:
        form, _, asked = name.partition(".")
        try:
            question = _asked_for(tx, form, asked) if asked else None
        except Unknown:
            continue
        if question is not None and question.consent is None:
            return msgspec.structs.replace(question, required=True, shown_if=None)
    for _, question in asking(tx, fact):
        return msgspec.structs.replace(question, required=True, shown_if=None)
    known = facts.catalogue(tx).get(fact)
    kind: FactKind = known.kind if known and known.kind != "list" else "text"
    return Question(
        name="answer",
        type="boolean" if kind == "boolean" else "text",
        title=Localised({DEFAULT: title}),
        kind=kind,
        required=True,
        input=_INPUTS.get(kind, "text"),
    )


def _asked_for(tx: Tx, form: str, name: str) -> Question | None:
    """Return a question of a form by its name, also one that is asked no more; as it was asked last."""
    now = get_form(tx, form)
    asked = now.survey.question(name)
    if asked is None and now.version > 1:
        asked = next((one for old in forms_at(tx, now).values() if (one := old.survey.question(name))), None)
    return asked


def asking(tx: Tx, fact: str) -> Iterator[tuple[Form, Question]]:
    """Yield the questions whose answers become a fact, each with its form, the newest first; nobody is counted."""
    for form in (get_form(tx, name) for name in form_titles(tx)):
        for question in form.survey.questions:
            if question.consent is None and fact in (question.fact, f"{form.name}.{question.name}"):
                yield form, question


def correct(
    tx: Tx, identity_id: int, one: Thing, question: Question, given: Sequence[str], now: datetime, *, locale: str,
    gettext: Gettext,
) -> None:  # fmt: skip
    """Say a thing anew in its owner's name; raise Invalid with what to show beside the question."""
    said = typed(tx, one.fact.name, question, given, locale, gettext)
    if said is None:
        return
    blank_for(tx, identity_id, {fact.name for fact in one.all})
    correcting.correct(tx, identity_id, one.all, *said, now)


def typed(
    tx: Tx, fact: str, question: Question, given: Sequence[str], locale: str, gettext: Gettext
) -> tuple[Any, str] | None:
    """Return what was given as the value of a fact and in words, or None for no answer; raise Invalid beside it."""
    value = check(question, given)
    if value is None:
        return None
    words = in_words(question, value, locale, gettext)
    known = facts.catalogue(tx).get(fact)
    if known and known.kind == "list" and isinstance(value, str) and not question.choices:
        value = [part.strip() for part in value.split(",") if part.strip()]
    return value, words


def forget(tx: Tx, identity_id: int, one: Thing, now: datetime, care: Care = THEMSELVES) -> None:
    """Have a thing forgotten: the facts, and the answer where a form keeps it. The last thing of its transaction."""
    blank_for(tx, identity_id, {fact.name for fact in one.all})
    correcting.forget(tx, identity_id, one.all, now, care)


def blank_for(tx: Tx, identity_id: int, names: Collection[str]) -> None:
    """Take the answers that became these facts out of every form that would show them when their owner comes back."""
    customer = customer_of(tx, identity_id)
    owned = {identity_id} | ({each.id for each in identities_of(tx, customer)} if customer is not None else set())
    blank(tx, owned, names)


def blank(tx: Tx, owned: Collection[int], names: Collection[str]) -> None:
    """Take the answers that became these facts out of what some identities answered, to whichever version."""
    for form in form_titles(tx):
        asked = {
            question.name
            for old in forms_at(tx, get_form(tx, form)).values()
            for question in old.survey.questions
            if question.fact in names or f"{form}.{question.name}" in names
        }
        for question in sorted(asked):
            records.blank_answers(tx, owned, form, question)


def _with_unheard(known: list[Fact], tx: Tx, identity_id: int, now: datetime) -> list[Fact]:
    """Return facts as they will be when the follower has heard what their owner just said."""
    fresh = correcting.unheard(tx, identity_id)
    found: list[Fact] = []
    for fact in known:
        said = fresh.get(fact.name)
        if said is not None:
            changed: dict[str, Any] = {"value": said.value, "words": said.words, "at": now, "origin": origin_of(said)}
            found.append(msgspec.structs.replace(fact, source=source_of(said), verified=True, **changed))
        elif fact.name not in fresh:
            found.append(fact)
    return found
