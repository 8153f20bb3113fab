"""What the team does for one customer's memory: puts a fact right, notes one, has one forgotten, learns one by asking.

Somebody said it on the telephone or over the counter: then it is `said`, and may be quoted. What the team knows in
another way is noted as `imported`, and never poses as the customer's words.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.engage import own_page
from regulars.engage.answers import Gettext
from regulars.engage.forms import Form
from regulars.engage.known import as_typed
from regulars.engage.own_page import OWN, Thing
from regulars.engage.questions import LONGEST_TEXT, Question
from regulars.remember import correcting, facts
from regulars.remember.correcting import Care
from regulars.remember.facts import Fact, FactName
from regulars.remember.heard import LONGEST_NAME
from regulars.remember.values import fit, in_words, kind_of
from regulars.store.database import Tx
from regulars.words.errors import Invalid, Unknown, concerning

__all__ = ["About", "Care", "about", "forget", "note", "put_back", "state", "take_again"]


class About(msgspec.Struct, frozen=True):
    """One fact of a customer: what holds (None: not known), every statement of it, and what asks for it."""

    name: str
    label: str
    thing: Thing | None
    history: list[Fact]
    question: Question
    forms: list[Form]

    @property
    def typed(self) -> list[str]:
        """What holds, as the field of the question would send it."""
        if self.thing is None:
            return []
        return as_typed(self.question, self.thing.fact.value) or [self.thing.fact.words]

    @property
    def counted(self) -> bool:
        """Whether it follows from what happened, so that nobody can put it right."""
        return self.thing is not None and self.thing.fact.source not in OWN


def about(tx: Tx, customer_id: int, name: str, now: datetime, called: Callable[[FactName], str]) -> About:
    """Return what there is about a fact of a customer; raise Unknown where neither they nor the catalogue know it."""
    found = next((one for one in own_page.things(tx, customer_id, now) if name in _names(one)), None)
    listed = facts.catalogue(tx).get(name)
    if found is None and listed is None:
        raise Unknown("Nothing is known by the name '{name}'. Go back to the customer.", name=name[:LONGEST_NAME])
    title = called(listed or FactName(name, "text", found.fact.label if found else ""))
    names = _names(found) if found else {name}
    return About(
        found.fact.name if found else name,
        title,
        found,
        facts.history(tx, customer_id, name),
        own_page.question_for(tx, names, name, title),
        [] if found else list({form.name: form for form, _ in own_page.asking(tx, name)}.values()),
    )


def note(
    tx: Tx, customer_id: int, one: About, given: Sequence[str], care: Care, now: datetime, *, locale: str,
    gettext: Gettext,
) -> bool:  # fmt: skip
    """Note what was typed on the page of a fact, unless it says what is known; return whether something was noted.

    Raise Invalid with what to show beside the field.
    """
    said = own_page.typed(tx, one.name, one.question, given, locale, gettext)
    if said is not None:
        _state(tx, customer_id, one, *said, care, now)
    return said is not None


def take_again(tx: Tx, customer_id: int, one: About, seq: int, care: Care, now: datetime) -> None:
    """State again what was stated before: the way back from a correction."""
    before = next((fact for fact in one.history if fact.seq == seq), None)
    if before is None:
        raise Unknown("This statement is not there any more. Go back to the customer.")
    again = msgspec.structs.replace(care, said=before.source == "said")
    _state(tx, customer_id, one, before.value if before.value is not None else before.words, before.words, again, now)


def put_back(tx: Tx, customer_id: int, before: Mapping[str, int], care: Care, now: datetime) -> None:
    """State again, under every name that a correction went to, what held before: the statements of these sequences."""
    told = {name: facts.history(tx, customer_id, name) for name in before}
    held = {name: fact for name, seq in before.items() for fact in told[name] if fact.seq == seq}
    if len(held) != len(before):
        raise Unknown("This statement is not there any more. Go back to the customer.")
    one = next(iter(held.values()))
    own_page.blank_for(tx, customer_id, set(held))
    at = max([now, *(fact.at for facts_of in told.values() for fact in facts_of)])
    again = msgspec.structs.replace(care, said=one.source == "said")
    value = one.value if one.value is not None else one.words
    correcting.state(tx, customer_id, {name: fact.label for name, fact in held.items()}, value, one.words, at, again)


def forget(tx: Tx, customer_id: int, one: About, care: Care, now: datetime) -> None:
    """Have a fact forgotten, with all that was stated of it before. The last thing of its transaction."""
    if one.thing is None or one.counted:
        raise Unknown("There is nothing to forget by this name.")
    own_page.forget(tx, customer_id, one.thing, now, care)


def state(tx: Tx, customer_id: int, name: str, value: Any, words: str, care: Care, now: datetime) -> None:
    """Note a typed value, as programs send it. Raise Invalid for what the catalogue's type does not take."""
    with concerning("name"):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise Invalid("A fact's name must have 1 to {most} characters.", most=LONGEST_NAME)
    listed = facts.catalogue(tx).get(name)
    with concerning("value"):
        if value in (None, "", []) or isinstance(value, dict):
            raise Invalid("value: send a text, a number, true or false, or a list of these.")
        kind = listed.kind if listed else kind_of(value)
        if fit(value, kind) is None:
            raise Invalid("value: the fact '{name}' is a {kind}.", name=name, kind=kind)
    said = words.strip() or in_words(value)
    with concerning("words"):
        if len(said) > LONGEST_TEXT:
            raise Invalid("At most {most} characters, please; this has {length}.", most=LONGEST_TEXT, length=len(said))
    one = about(tx, customer_id, name, now, lambda fact: fact.label) if listed else None
    if one is None:
        correcting.state(tx, customer_id, {name: ""}, value, said, now, care)
    else:
        _state(tx, customer_id, one, value, said, care, now)


def _state(tx: Tx, customer_id: int, one: About, value: Any, words: str, care: Care, now: datetime) -> None:
    """State a fact under all its names. It is never older than what it replaces, whatever clock that came from."""
    if one.counted:
        raise Invalid("This is counted from what happened, so it cannot be typed.")
    known = one.thing.all if one.thing else ()
    own_page.blank_for(tx, customer_id, {one.name, *(fact.name for fact in known)})
    labels = {fact.name: fact.label for fact in known} or {one.name: ""}
    correcting.state(tx, customer_id, labels, value, words, max([now, *(fact.at for fact in known)]), care)


def _names(one: Thing) -> set[str]:
    return {fact.name for fact in one.all}
