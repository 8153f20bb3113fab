"""The statements of `measure`: it reads every earlier room, and writes nothing."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.kinds import FORM_ANSWERED

SQL = load(__package__ or "regulars.measure")


class Statement(msgspec.Struct, frozen=True):
    """A finished form, and who finished it (None until the identity follower has placed them)."""

    seq: int
    at: datetime
    props: dict[str, Any]
    customer_id: int | None
    customer: str


class Quoting(msgspec.Struct, frozen=True):
    """A message that quoted what was said in a response, as it was finished at that moment."""

    response: str
    said_at: datetime
    message_id: int
    campaign: str
    title: str
    at: datetime


class Coming(msgspec.Struct, frozen=True):
    """A campaign that is about to write to a customer."""

    customer_id: int
    campaign: str
    title: str


class Addressed(msgspec.Struct, frozen=True):
    """Somebody a campaign has addressed, and what became of the message."""

    message_id: int
    customer_id: int | None
    customer: str
    state: str
    reason: str
    at: datetime


class Acknowledgement(msgspec.Struct, frozen=True):
    """How many forms were finished, how many of them a message has quoted, and half of those within which time."""

    said: int
    answered: int
    median: timedelta | None


def newest_statements(tx: Tx, *, before: datetime | None, limit: int) -> list[Statement]:
    """Return the newest finished forms."""
    return tx.all(SQL["newest_statements"], Statement, kind=FORM_ANSWERED, before=before, limit=limit)


def quoting_messages(tx: Tx, customers: Collection[int], responses: Collection[str]) -> list[Quoting]:
    """Return the messages to these customers that quoted these responses, earliest first."""
    return tx.all(
        SQL["quoting_messages"], Quoting, kind=FORM_ANSWERED, customers=list(customers), responses=list(responses)
    )


def coming_messages(tx: Tx, customers: Collection[int]) -> list[Coming]:
    """Return what is on its way to these customers."""
    return tx.all(SQL["coming_messages"], Coming, customers=list(customers))


def acknowledgement(tx: Tx, since: datetime) -> Acknowledgement:
    """Return how much of what was said since a moment we have acknowledged."""
    found = tx.one(SQL["acknowledgement"], Acknowledgement, kind=FORM_ANSWERED, since=since)
    return found or Acknowledgement(0, 0, None)


def answer_counts(tx: Tx, form: str, questions: Collection[str]) -> dict[tuple[str, Any], int]:
    """Return how often each (question, value) was answered in a form."""
    rows = tx.rows(SQL["answer_counts"], form=form, questions=list(questions))
    return {(question, value): times for question, value, times in rows}


def people_of(tx: Tx, campaign: str, states: Collection[str] | None, *, limit: int, offset: int) -> list[Addressed]:
    """Return whom a campaign has addressed, newest first."""
    wanted = None if states is None else list(states)
    return tx.all(SQL["people_of"], Addressed, campaign=campaign, states=wanted, limit=limit, offset=offset)
