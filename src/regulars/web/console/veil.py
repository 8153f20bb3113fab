"""What is sensitive, kept in one place from whoever does not act for customers (Right.CARE)."""

from collections.abc import Collection

import msgspec

from regulars.engage import forms
from regulars.engage.responses import Said
from regulars.remember import catalogue
from regulars.remember.catalogue import HIDDEN
from regulars.store.database import Tx
from regulars.web.console.desk import Desk
from regulars.words.errors import Refused


def hidden_from(desk: Desk, tx: Tx) -> frozenset[str]:
    """Return the names of the facts that somebody at a desk is not shown; none for who acts for customers.

    An answer is known by its form's name for it and by the fact it is: where one is sensitive, so is the other.
    """
    if desk.can("care"):
        return frozenset()
    listed = {one.name for one in catalogue.entries(tx).values() if one.sensitive}
    if not listed:
        return frozenset()
    found = set(listed)
    for form in forms.titles(tx):
        for version in forms.forms_at(tx, forms.get_form(tx, form)).values():
            for question in version.survey.questions:
                twins = {f"{form}.{question.name}", question.fact or f"{form}.{question.name}"}
                if twins & listed:
                    found |= twins
    return frozenset(found)


def refuse(names: Collection[str], hidden: Collection[str]) -> None:
    """Raise Refused where something that is sensitive was asked for by its name."""
    if not set(names).isdisjoint(hidden):
        raise Refused("This is shown only to those who act for customers. Ask one of them.")


def response_veiled(form: str, said: Said, hidden: Collection[str]) -> Said:
    """Return what a response says, without what is sensitive of it."""
    answers = [
        msgspec.structs.replace(one, value=None, words=HIDDEN)
        if one.fact in hidden or f"{form}.{one.question}" in hidden
        else one
        for one in said.answers
    ]
    return msgspec.structs.replace(said, answers=answers)


def text_veiled(text: str, hidden: Collection[str]) -> str:
    """Return an event as it was sent; nothing of it where it names what is sensitive, whole or by its last part."""
    parts = {part for name in hidden for part in (name, name.rpartition(".")[2]) if part}
    return HIDDEN if any(part in text for part in parts) else text
