"""Answers that customers gave to the quiz in the last days, so that the shop looks lived in. All made up, by chance."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from regulars.engage import responses
from regulars.engage.forms import get_form
from regulars.engage.responses import Who
from regulars.hear.identities import intern
from regulars.store.database import Database, Tx
from regulars.testing.shop.kept import has_address, says
from regulars.testing.shop.people import IEVA, Person, draw

QUIZ = "gift-quiz"
MANY = 44
"""How many customers have answered."""

_DAYS = 6
_DATED = frozenset({"birthday", "wedding", "new-home"})


class _Material(msgspec.Struct, frozen=True):
    whose: dict[str, list[str]]
    for_whom: list[str]
    occasion: list[str]
    likes: list[list[str]]
    regulars: dict[str, dict[str, Any]]


def answer_quiz(
    database: Database, workspace: str, everyone: list[Person], now: datetime, told: Callable[[int, int], None]
) -> None:
    """Fill in the quiz for some customers, as history, oldest first; who has answered does not answer again."""
    chosen = sorted(answering(everyone), key=_ago, reverse=True)
    for done, person in enumerate(chosen, start=1):
        with database.workspace(workspace) as tx:
            _answer(tx, person, now - _ago(person))
        told(done, len(chosen))


def answering(everyone: list[Person]) -> list[Person]:
    """Choose who has answered: some of the house's regulars, and others of whom the shop has an address.

    Ieva has not: her answers are for whoever walks through the demo.
    """
    regulars = [person for person in everyone if person.number in _material().regulars]
    others = [
        person
        for person in everyone
        if person.number != IEVA and person not in regulars and has_address(person) and says(person) is not False
    ]
    others.sort(key=lambda person: draw(person.number, "answers", 1 << 60))
    return [*regulars, *others[: MANY - len(regulars)]]


def _answer(tx: Tx, person: Person, at: datetime) -> None:
    form = get_form(tx, QUIZ)
    who = Who(intern(tx, [("email", person.email)])["email", person.email], verified=True)
    response = responses.start(tx, form, who, at)
    if response.finished_at:
        return
    given = _given(person, at)
    for question in form.survey.questions:
        if question.name in given:
            response = responses.answer(tx, form, response, question, given[question.name])
    responses.finish(tx, form, response, at, locale="en", gettext=str, historical=True)


def _given(person: Person, at: datetime) -> dict[str, Any]:
    """Return a customer's answers by question; what is left out was not answered."""
    material = _material()
    given: dict[str, Any] = dict(material.regulars.get(person.number, {}))
    if not given:
        given["for_whom"] = _one(person, "for_whom", material.for_whom)
        if names := material.whose.get(given["for_whom"]):
            given["whose"] = _one(person, "whose", names)
        given["occasion"] = _one(person, "occasion", material.occasion)
        if likes := _one(person, "likes", material.likes):
            given["likes"] = likes
        given["early"] = 1 + draw(person.number, "early", 5)
        if draw(person.number, "counts", 2):
            given["gifts_a_year"] = 3 + draw(person.number, "gifts", 24)
        if draw(person.number, "may_write", 100) < 65:  # noqa: PLR2004 (65 in a hundred say yes)
            given["may_write"] = True
    if given["occasion"] in _DATED:
        given["when"] = (at + timedelta(days=16 + draw(person.number, "when", 120))).date().isoformat()
    return given


def _one(person: Person, what: str, out_of: list[Any]) -> Any:
    return out_of[draw(person.number, what, len(out_of))]


def _ago(person: Person) -> timedelta:
    return timedelta(minutes=20 + draw(person.number, "ago", _DAYS * 24 * 60))


@cache
def _material() -> _Material:
    text = (files(__package__ or "regulars.testing.shop") / "answers.json").read_bytes()
    return msgspec.json.decode(text, type=_Material)
