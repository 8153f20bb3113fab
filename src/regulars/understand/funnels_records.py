"""The statements about funnels: what they come to, and those that are kept under a name."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import Statement, load
from regulars.understand.compile import Question
from regulars.understand.records import NEWEST

SQL = load(__package__ or "regulars.understand", "funnels.sql")


class Reached(msgspec.Struct, frozen=True):
    """How many customers reached a step, and the middle of the times since the one before, in seconds."""

    step: int
    customers: int
    seconds: float | None


class Near(msgspec.Struct, frozen=True):
    """A customer who may be in a funnel."""

    customer_id: int
    name: str


class KeptFunnel(msgspec.Struct, frozen=True):
    """A funnel with a name."""

    id: int
    name: str
    title: str
    funnel: dict[str, Any]
    version: int
    created_at: datetime


class FunnelVersion(msgspec.Struct, frozen=True):
    """A funnel as it was saved once."""

    version: int
    title: str
    funnel: dict[str, Any]
    saved_at: datetime


class DeletedFunnel(msgspec.Struct, frozen=True):
    """A funnel that was deleted and can be taken back."""

    id: int
    name: str
    title: str
    funnel: dict[str, Any]
    deleted_at: datetime


def reached_by_all(tx: Tx, question: Question) -> list[Reached]:
    """Return how many customers reached each step that anybody did."""
    return tx.all(Statement(question.sql.encode()), Reached, **question.values, upto=NEWEST)


def reached_by(tx: Tx, question: Question, customers: Sequence[int]) -> dict[int, int]:
    """Return how far each of some customers came; who did not begin is left out."""
    return dict(tx.rows(Statement(question.sql.encode()), **question.values, upto=NEWEST, ids=list(customers)))


def near(tx: Tx, kind: str, days: tuple[date, date], after: int, many: int) -> list[Near]:
    """Return the next customers who did something of a kind on some days, both included."""
    since, until = days
    return tx.all(SQL["near_funnel"], Near, kind=kind, since=since, until=until, after=after, limit=many)


def list_funnels(tx: Tx) -> list[KeptFunnel]:
    """Return all funnels by name."""
    return tx.all(SQL["list_funnels"], KeptFunnel)


def find_funnel(tx: Tx, name: str) -> KeptFunnel | None:
    """Return one funnel."""
    return tx.one(SQL["find_funnel"], KeptFunnel, name=name)


def hold_funnel(tx: Tx, name: str) -> KeptFunnel | None:
    """Hold a funnel to the end of the transaction."""
    return tx.one(SQL["hold_funnel"], KeptFunnel, name=name)


def add_funnel(tx: Tx, name: str, title: str, funnel: Any, now: datetime) -> int | None:
    """Make a funnel; return its number, or None where the name is taken."""
    return tx.value(SQL["add_funnel"], name=name, title=title, funnel=Jsonb(funnel), now=now)


def change_funnel(tx: Tx, number: int, title: str, funnel: Any) -> None:
    """Give a funnel its next version."""
    tx.run(SQL["change_funnel"], number=number, title=title, funnel=Jsonb(funnel))


def add_version(tx: Tx, number: int, now: datetime) -> None:
    """Keep a funnel as it is now among its versions."""
    tx.run(SQL["add_funnel_version"], number=number, now=now)


def versions(tx: Tx, name: str) -> list[FunnelVersion]:
    """Return all versions of a funnel, the newest first."""
    return tx.all(SQL["funnel_versions"], FunnelVersion, name=name)


def set_aside(tx: Tx, name: str, now: datetime) -> int | None:
    """Take a funnel out of sight; return its number, or None where there is none of this name."""
    return tx.value(SQL["set_funnel_aside"], name=name, now=now)


def deleted_funnels(tx: Tx, since: datetime) -> list[DeletedFunnel]:
    """Return the funnels that were deleted since a moment, the last first."""
    return tx.all(SQL["deleted_funnels"], DeletedFunnel, since=since)


def name_before(tx: Tx, number: int, since: datetime) -> str | None:
    """Return what a funnel was called that was deleted since a moment."""
    return tx.value(SQL["funnel_before"], number=number, since=since)


def take_back(tx: Tx, number: int) -> str | None:
    """Bring a deleted funnel back; return its name, or None where that is taken or nothing is there."""
    return tx.value(SQL["take_funnel_back"], number=number)


def forget_deleted(tx: Tx, before: datetime) -> None:
    """Forget for good what was deleted before a moment."""
    tx.run(SQL["forget_deleted_funnels"], before=before)
