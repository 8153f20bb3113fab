"""The statements of `engage`: forms, responses, and addresses waiting to be confirmed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.records import Event
from regulars.store.statements import load

SQL = load(__package__ or "regulars.engage")


class FormRow(msgspec.Struct, frozen=True):
    """A form as it is kept."""

    name: str
    title: str
    survey: dict[str, Any]
    created_at: datetime
    version: int
    closed_at: datetime | None


class VersionRow(msgspec.Struct, frozen=True):
    """What a form asked once."""

    version: int
    survey: dict[str, Any]
    saved_at: datetime


class FormSummary(msgspec.Struct, frozen=True):
    """A form with how many have begun and finished it."""

    name: str
    title: str
    created_at: datetime
    started: int
    finished: int
    version: int = 1
    closed_at: datetime | None = None


class Response(msgspec.Struct, frozen=True):
    """One filled form: the values answered, by question."""

    id: UUID
    form: str
    identity_id: int
    verified: bool
    message_id: int | None
    answers: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None
    version: int = 1
    """The version of the form that the answers belong to."""


class Confirmation(msgspec.Struct, frozen=True):
    """An address that a visitor typed, and what they ticked."""

    response_id: UUID
    identity_id: int
    address: str
    consents: list[dict[str, Any]]
    expires_at: datetime
    confirmed_at: datetime | None


def add_form(tx: Tx, name: str, title: str, survey: dict[str, Any], now: datetime) -> bool:
    """Keep a form; return False where its name is taken."""
    return tx.run(SQL["add_form"], name=name, title=title, survey=Jsonb(survey), now=now) == 1


def get_form(tx: Tx, name: str) -> FormRow | None:
    """Return one form."""
    return tx.one(SQL["get_form"], FormRow, name=name)


def hold_form(tx: Tx, name: str) -> FormRow | None:
    """Return one form, which nobody else changes before this transaction ends."""
    return tx.one(SQL["hold_form"], FormRow, name=name)


def keep_form(tx: Tx, name: str, title: str, survey: dict[str, Any], now: datetime) -> None:
    """Keep the next version of a form."""
    tx.run(SQL["keep_form"], name=name, title=title, survey=Jsonb(survey), now=now)


def set_closed(tx: Tx, name: str, at: datetime | None) -> bool:
    """Close a form, or open it again; return False where it was so already."""
    return tx.run(SQL["set_closed"], name=name, at=at) == 1


def form_versions(tx: Tx, form: str, versions: Collection[int] | None = None) -> list[VersionRow]:
    """Return some or all versions of a form, the newest first."""
    named = None if versions is None else list(versions)
    return tx.all(SQL["form_versions"], VersionRow, form=form, versions=named)


def list_forms(tx: Tx, names: Collection[str] | None) -> list[FormSummary]:
    """Return all forms or those named, newest first."""
    return tx.all(SQL["list_forms"], FormSummary, names=None if names is None else list(names))


def titles(tx: Tx, among: Collection[str] | None) -> dict[str, str]:
    """Return what each form is called, or each of those named, newest first."""
    return {row[0]: row[1] for row in tx.rows(SQL["titles"], among=None if among is None else list(among))}


def newest_forms(tx: Tx, most: int) -> list[FormRow]:
    """Return some forms, the newest first."""
    return tx.all(SQL["newest_forms"], FormRow, most=most)


def open_forms(tx: Tx) -> dict[str, str]:
    """Return what each form that can be answered is called, newest first."""
    return dict(tx.rows(SQL["open_forms"]))


def add_response(tx: Tx, begun: Response) -> None:
    """Begin a response, where this person has none yet."""
    tx.run(
        SQL["add_response"],
        id=begun.id,
        form=begun.form,
        identity_id=begun.identity_id,
        verified=begun.verified,
        message_id=begun.message_id,
        now=begun.started_at,
        version=begun.version,
    )


def hold_response(tx: Tx, form: str, identity_id: int, message_id: int | None) -> Response | None:
    """Return this person's response, locked."""
    return tx.one(SQL["hold_response"], Response, form=form, identity_id=identity_id, message_id=message_id)


def find_response(tx: Tx, form: str, identity_id: int, message_id: int | None) -> Response | None:
    """Return this person's response."""
    return tx.one(SQL["find_response"], Response, form=form, identity_id=identity_id, message_id=message_id)


def get_response(tx: Tx, id_: UUID) -> Response | None:
    """Return one response."""
    return tx.one(SQL["get_response"], Response, id=id_)


def keep_answers(tx: Tx, response: Response) -> None:
    """Keep what was answered, and open the response again if it was finished."""
    tx.run(SQL["keep_answers"], id=response.id, answers=Jsonb(response.answers), version=response.version)


def close_response(tx: Tx, response: Response, now: datetime) -> bool:
    """Finish a response; return False where it was finished already."""
    given = {"answers": Jsonb(response.answers), "version": response.version}
    return tx.run(SQL["close_response"], id=response.id, now=now, **given) == 1


def is_answered(tx: Tx, form: str, question: str) -> bool:
    """Return whether anybody answered a question of a form."""
    return tx.value(SQL["is_answered"], form=form, question=question)


def list_responses(tx: Tx, form: str, *, limit: int, before: tuple[datetime, UUID] | None) -> list[Response]:
    """Return a form's responses, newest first; those after one by its (started_at, id), if named."""
    moment, id_ = before or (None, None)
    return tx.all(SQL["list_responses"], Response, form=form, limit=limit, before=moment, after=id_)


def unfinished(tx: Tx, identity_ids: Collection[int]) -> list[Response]:
    """Return what some identities began to answer and did not finish, the newest first."""
    return tx.all(SQL["unfinished"], Response, identities=list(identity_ids))


def count_responses(tx: Tx, form: str) -> int:
    """Return how many responses a form has."""
    return tx.value(SQL["count_responses"], form=form)


def lock_address(tx: Tx, key: int) -> None:
    """Let nobody else ask this address before this transaction ends."""
    tx.run(SQL["lock_address"], key=key)


def drop_expired(tx: Tx, now: datetime) -> None:
    """Forget addresses that nobody confirmed in time."""
    tx.run(SQL["drop_expired"], now=now)


def count_asked(tx: Tx, mailbox: tuple[str, str, str], identity_id: int, since: datetime) -> tuple[int, int]:
    """Return how often a mailbox or a visitor was asked since a moment, and how often the mailbox has not answered."""
    bare, tagged, host = mailbox
    named = {"bare": bare, "tagged": tagged, "host": host}
    ((lately, unanswered),) = tx.rows(SQL["count_asked"], **named, identity_id=identity_id, since=since)
    return lately, unanswered


def add_confirmation(tx: Tx, hash_: bytes, asked: Confirmation, now: datetime) -> None:
    """Note an address that is to be confirmed."""
    tx.run(
        SQL["add_confirmation"],
        hash=hash_,
        response_id=asked.response_id,
        identity_id=asked.identity_id,
        address=asked.address,
        consents=Jsonb(asked.consents),
        now=now,
        expires_at=asked.expires_at,
    )


def find_confirmation(tx: Tx, hash_: bytes) -> Confirmation | None:
    """Return what was asked, by the hash of the secret."""
    return tx.one(SQL["find_confirmation"], Confirmation, hash=hash_)


def confirm(tx: Tx, hash_: bytes, now: datetime) -> bool:
    """Note that an address was confirmed; return False where that was noted before or is too late."""
    return tx.run(SQL["confirm"], hash=hash_, now=now) == 1


def find_answered(tx: Tx, response: Response) -> Event | None:
    """Return the newest event that a response became."""
    return tx.one(SQL["find_answered"], Event, identity_id=response.identity_id, response=str(response.id))


def blank_answers(tx: Tx, identity_ids: Collection[int], form: str, question: str) -> None:
    """Take an answer out of what some identities answered in a form."""
    tx.run(SQL["blank_answers"], identities=list(identity_ids), form=form, question=question)


def asked_by_message(tx: Tx, seqs: Collection[int]) -> dict[int, datetime]:
    """Return when the message was sent that asked for each of some answers, by the answer's event."""
    return dict(tx.rows(SQL["asked_by_message"], seqs=list(seqs)))


def list_purposes(tx: Tx, customer_id: int | None, identity_id: int) -> list[tuple[str, str]]:
    """Return the purposes and channels that a person can say yes or no to."""
    return [
        (purpose, channel)
        for purpose, channel in tx.rows(SQL["list_purposes"], customer_id=customer_id, identity_id=identity_id)
    ]


def unheard_consents(tx: Tx, identity_id: int) -> dict[tuple[str, str], bool]:
    """Return what an identity said about consent that is in the log only."""
    rows = tx.rows(SQL["unheard_consents"], identity_id=identity_id)
    return {(purpose, channel): granted for purpose, channel, granted in rows}


def own_consents(tx: Tx, identity_id: int) -> dict[tuple[str, str], bool]:
    """Return what an identity said last about each purpose and channel."""
    rows = tx.rows(SQL["own_consents"], identity_id=identity_id)
    return {(purpose, channel): granted for purpose, channel, granted in rows}


def find_pending(tx: Tx, response_id: UUID, now: datetime) -> str | None:
    """Return the address that waits to be confirmed for a response."""
    return tx.value(SQL["find_pending"], response_id=response_id, now=now)


def sent_as(tx: Tx, message_id: int) -> dict[str, str]:
    """Return by which campaign a message was sent, from which template, by which channel; {} where it is not known."""
    rows = tx.rows(SQL["sent_as"], message_id=message_id)
    return dict(zip(("campaign", "template", "channel"), rows[0], strict=True)) if rows else {}


def purpose_of_message(tx: Tx, message_id: int) -> tuple[str, str] | None:
    """Return the purpose and channel that a message was sent for."""
    rows = tx.rows(SQL["purpose_of_message"], message_id=message_id)
    return (rows[0][0], rows[0][1]) if rows else None
