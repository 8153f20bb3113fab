"""Responses: one person's way through a form, one screen after the other, to the event it becomes.

A person has one response to a form (and, asked by messages, one for each message). Finishing it appends
`form.answered`, once, however often the last screen is posted: the response's row is locked first and closed by a
conditional update. Coming back shows what was said; changing an answer opens the response again, and finishing it
appends a new event: the newest wins.

An answer has no cause: it is the customer's own doing, so a long conversation never becomes too deep a chain.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from regulars.engage import records
from regulars.engage.answers import Gettext, Value, still_taken, words
from regulars.engage.forms import Form, form_at
from regulars.engage.questions import Question
from regulars.engage.records import Response
from regulars.hear.identities import find as find_identity
from regulars.hear.identities import intern
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.kinds import FORM_ANSWERED

__all__ = [
    "Answer", "ConsentGiven", "Response", "Said", "Who", "answer", "asked", "count_responses", "find", "finish",
    "in_step", "list_responses", "met_visitor", "said", "start", "to_come", "unanswered", "visitor",
]  # fmt: skip


_KNOWN_BY_LINK = frozenset({"email"})
"""The facts that a link in a message proves by itself."""


class Who(msgspec.Struct, frozen=True):
    """Who answers: by a link we sent them (verified, asked by a message), or as a visitor."""

    identity_id: int
    verified: bool = False
    message_id: int | None = None


class Answer(msgspec.Struct, frozen=True):
    """One answer as the log keeps it."""

    question: str
    title: str
    kind: str
    value: Any
    words: str
    fact: str | None


class ConsentGiven(msgspec.Struct, frozen=True):
    """A consent that was ticked (or ticked before and then not), in the words that stood beside the box."""

    purpose: str
    channel: str
    granted: bool
    words: str


class Said(msgspec.Struct, frozen=True):
    """What a response says."""

    answers: list[Answer]
    consents: list[ConsentGiven]


def visitor(tx: Tx, cookie: str) -> int:
    """Return the identity of a visitor we do not know, by their cookie's value."""
    return intern(tx, [("anonymous", cookie)])["anonymous", cookie]


def met_visitor(tx: Tx, cookie: str) -> int | None:
    """Return the identity of a visitor who has answered something before, or None."""
    return find_identity(tx, ("anonymous", cookie))


def find(tx: Tx, form: Form, who: Who) -> Response | None:
    """Return this person's response to a form, if they have begun."""
    return records.find_response(tx, form.name, who.identity_id, who.message_id)


def in_step(tx: Tx, form: Form, response: Response) -> Response:
    """Return a response as its form would take it now: what it takes no more is asked anew, and nothing else is.

    A consent counts for the words that were read; where they are others now, it is asked anew too.
    """
    if response.version == form.version:
        return response
    then = form_at(tx, form, response.version).survey
    kept: dict[str, Any] = {}
    for question in form.survey.questions:
        value = still_taken(question, response.answers[question.name]) if question.name in response.answers else None
        if value is not None and not (question.consent and _reads(question) != _reads(then.question(question.name))):
            kept[question.name] = value
    return msgspec.structs.replace(response, answers=kept, version=form.version)


def _reads(question: Question | None) -> object:
    return question and (question.title, question.help, question.high)


def start(tx: Tx, form: Form, who: Who, now: datetime) -> Response:
    """Return this person's response, begun now if they had none, locked to the end of the transaction."""
    begun = Response(
        uuid4(), form.name, who.identity_id, who.verified, who.message_id, {}, now, None, version=form.version
    )
    records.add_response(tx, begun)
    response = records.hold_response(tx, form.name, who.identity_id, who.message_id)
    return response or start(tx, form, who, now)


def answer(tx: Tx, form: Form, response: Response, question: Question, value: Value | None) -> Response:
    """Keep one screen's answer; None takes it back. The same answer again, or to what is not asked, changes nothing.

    A consent that was never ticked says nothing; one that was, and is no longer, says no. Where the form was edited
    since the response was begun, what it still takes is kept.
    """
    before, response = response, in_step(tx, form, response)
    if question not in asked(form, response.answers, verified=response.verified):
        return before
    if value is None and question.consent and question.name in response.answers:
        value = False
    kept = {name: one for name, one in response.answers.items() if name != question.name}
    if value is not None:
        kept[question.name] = value
    if kept == response.answers:
        return before if before.finished_at else response
    changed = msgspec.structs.replace(response, answers=kept, finished_at=None)
    records.keep_answers(tx, changed)
    return changed


def finish(
    tx: Tx,
    form: Form,
    response: Response,
    now: datetime,
    *,
    locale: str,
    gettext: Gettext,
    historical: bool = False,
) -> Response:
    """Close a response and append what was said. Nothing happens where it is closed already.

    It must be the last thing of its transaction, and nothing asked may be missing (see `unanswered`). Answers to
    questions that the conditions now hide are dropped. `historical`: it was filled in long ago, and nothing acts on it.
    """
    if response.finished_at is None:
        response = in_step(tx, form, response)
    counting = {
        question.name: response.answers[question.name]
        for question in asked(form, response.answers, verified=response.verified)
        if question.name in response.answers
    }
    closed = msgspec.structs.replace(response, answers=counting, finished_at=now)
    if not records.close_response(tx, closed, now):
        return response
    told = said(form, closed, locale, gettext)
    props = {
        "form": form.name,
        "title": form.survey.title.at(locale) or form.title,
        "response": closed.id,
        "verified": closed.verified,
        "message": closed.message_id,
        **(records.sent_as(tx, closed.message_id) if closed.message_id is not None else {}),
        "answers": told.answers,
        "consents": told.consents,
    }
    append(
        tx,
        [NewEvent(closed.identity_id, now, FORM_ANSWERED, msgspec.json.encode(props), historical=historical)],
    )
    return closed


def said(form: Form, response: Response, locale: str, gettext: Gettext) -> Said:
    """Return what a response says, in the words that were read or typed."""
    told = Said([], [])
    for question in asked(form, response.answers, verified=response.verified):
        value = response.answers.get(question.name)
        if value is None:
            continue
        title = question.title.at(locale)
        if question.consent is None:
            heard = words(question, value, locale, gettext)
            told.answers.append(Answer(question.name, title, question.kind, value, heard, question.fact))
        else:
            agreed = question.high.at(locale) or title
            told.consents.append(ConsentGiven(question.consent.purpose, question.consent.channel, value, agreed))
    return told


def asked(form: Form, answers: Mapping[str, Any], *, verified: bool) -> list[Question]:
    """Return the questions to ask, in order. Whoever came by our mail is not asked for the address it went to."""
    return form.survey.asked(answers, _KNOWN_BY_LINK if verified else ())


def to_come(form: Form, question: Question, answers: Mapping[str, Any], *, verified: bool) -> list[Question]:
    """Return the questions that may still come after one."""
    return form.survey.to_come(question, answers, _KNOWN_BY_LINK if verified else ())


def unanswered(tx: Tx, form: Form, response: Response) -> Question | None:
    """Return the first question that must be answered and is not."""
    answers = in_step(tx, form, response).answers
    questions = asked(form, answers, verified=response.verified)
    return next((one for one in questions if one.required and one.name not in answers), None)


def list_responses(
    tx: Tx, form: str, *, limit: int = 50, before: tuple[datetime, UUID] | None = None
) -> list[Response]:
    """Return a form's responses, newest first; those after one by its (started_at, id), if named."""
    return records.list_responses(tx, form, limit=limit, before=before)


def count_responses(tx: Tx, form: str) -> int:
    """Return how many responses a form has."""
    return records.count_responses(tx, form)


def unfinished(tx: Tx, identity_ids: Collection[int]) -> list[Response]:
    """Return what some identities began to answer and did not finish, the newest first."""
    return records.unfinished(tx, identity_ids)
