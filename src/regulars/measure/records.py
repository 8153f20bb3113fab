"""The statements of `measure`: it reads every earlier room, and writes what it counts."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from regulars.remember.folding import patterns, sought
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.kinds import FORM_ANSWERED
from regulars.words.reasons import read

SQL = load(__package__ or "regulars.measure")


class Finished(msgspec.Struct, frozen=True):
    """That a response was finished: when, and by which event."""

    response: UUID
    said_at: datetime
    seq: int


class Statement(msgspec.Struct, frozen=True):
    """A finished form, who finished it (None until the identity follower has placed them), and what quoted it first."""

    seq: int
    at: datetime
    props: dict[str, Any]
    customer_id: int | None
    customer: str
    message_id: int | None
    campaign: str | None
    campaign_title: str | None
    acknowledged_at: datetime | None


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
    due: datetime | None
    """When a message that waits is due."""
    reason_code: str = ""
    """Why it was not sent, as a code of ours; '' where it was, or where the reason is a text."""
    reason_values: dict[str, str] = msgspec.field(default_factory=dict[str, str])

    def in_english(self) -> "Addressed":
        """Return it with the reason in English beside its code, for programs."""
        found = read(self.reason)
        return msgspec.structs.replace(self, reason=found.text, reason_code=found.code, reason_values=found.values)


class Standing(msgspec.Struct, frozen=True):
    """Where what is decided, written, planned and forgotten stands; other values say that something changed."""

    decided: int
    messages: int
    campaigns: str
    veil: str
    forgotten: str


class Acknowledgement(msgspec.Struct, frozen=True):
    """How many forms were finished, how many of them a message has quoted, and half of those within which time."""

    said: int
    answered: int
    median: timedelta | None


def note_statements(tx: Tx, said: Collection[Finished]) -> None:
    """Keep what was said in some responses, each named once."""
    if said:
        tx.run(
            SQL["note_statements"],
            responses=[one.response for one in said],
            moments=[one.said_at for one in said],
            seqs=[one.seq for one in said],
        )


def acknowledge(tx: Tx, messages: list[int]) -> None:
    """Note what some messages quoted."""
    if messages:
        tx.run(SQL["acknowledge"], kind=FORM_ANSWERED, messages=messages)


def forget_statements(tx: Tx) -> None:
    """Forget what was said, for a replay."""
    tx.run(SQL["forget_statements"])


def newest_statements(
    tx: Tx, *, before: datetime | None, than: int, answered: bool | None, limit: int, unnamed: Collection[str]
) -> list[Statement]:
    """Return the newest statements, before a moment if named; of those of that moment the ones older `than` a seq."""
    given = {"before": before, "than": than, "answered": answered, "limit": limit, "unnamed": list(unnamed)}
    return tx.all(SQL["newest_statements"], Statement, **given)


def standing(tx: Tx) -> Standing:
    """Return where what is decided, written, planned and forgotten stands."""
    found = tx.one(SQL["standing"], Standing)
    assert found is not None  # noqa: S101 (it asks for aggregates: there is always one row)
    return found


def count_statements(tx: Tx) -> int:
    """Return how many statements there are."""
    return tx.value(SQL["count_statements"])


def coming_messages(tx: Tx, customers: Collection[int]) -> list[Coming]:
    """Return what is on its way to these customers."""
    return tx.all(SQL["coming_messages"], Coming, customers=list(customers))


def acknowledgement(tx: Tx, since: datetime) -> Acknowledgement:
    """Return how much of what was said since a moment we have acknowledged."""
    found = tx.one(SQL["acknowledgement"], Acknowledgement, since=since)
    return found or Acknowledgement(0, 0, None)


def answer_counts(tx: Tx, form: str, questions: Collection[str], campaign: str | None) -> dict[tuple[str, Any], int]:
    """Return how often each (question, value) was answered in a form, by messages of a campaign if named."""
    rows = tx.rows(SQL["answer_counts"], form=form, questions=list(questions), campaign=campaign)
    return {(question, value): times for question, value, times in rows}


def people_of(
    tx: Tx, campaign: str, states: Collection[str] | None, came: str | None, *, limit: int, before: int | None
) -> list[Addressed]:
    """Return whom a campaign has addressed, newest first; those before a message, if named.

    Of some states in the outbox, or of whose message something came, if named.
    """
    wanted = None if states is None else list(states)
    where = {"campaign": campaign, "states": wanted, "came": came, "before": before}
    return tx.all(SQL["people_of"], Addressed, **where, limit=limit)


def people_found(
    tx: Tx,
    campaign: str,
    states: Collection[str] | None,
    came: str | None,
    folded: str,
    *,
    limit: int,
    before: int | None,
) -> tuple[list[Addressed], int]:
    """Return the same of those whom the words of a search find, and how many they are."""
    wanted = None if states is None else list(states)
    where = {"campaign": campaign, "states": wanted, "came": came, "before": before}
    words = {"grams": sought(folded), "patterns": patterns(folded)}
    rows = tx.rows(SQL["people_found"], **where, **words, limit=limit)
    return [Addressed(*row[:-1]) for row in rows], rows[0][-1] if rows else 0
