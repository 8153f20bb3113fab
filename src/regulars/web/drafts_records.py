"""The statements of drafts."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.web", "drafts.sql")


class Draft(msgspec.Struct, frozen=True):
    """What somebody typed and has not saved: the version it was begun from, its fields, and when."""

    base: str
    fields: dict[str, str]
    at: datetime


def keep_draft(
    tx: Tx, person: int, composer: str, thing: str, *, base: str, fields: Mapping[str, str], now: datetime
) -> None:
    """Keep what somebody has typed so far, in place of what they had before."""
    tx.run(
        SQL["keep_draft"],
        person=person,
        composer=composer,
        thing=thing,
        base=base,
        fields=Jsonb(dict(fields)),
        now=now,
    )


def get_draft(tx: Tx, person: int, composer: str, thing: str) -> Draft | None:
    """Return what somebody has typed of a thing."""
    return tx.one(SQL["get_draft"], Draft, person=person, composer=composer, thing=thing)


def drop_draft(tx: Tx, person: int, composer: str, thing: str) -> None:
    """Forget what somebody has typed of a thing."""
    tx.run(SQL["drop_draft"], person=person, composer=composer, thing=thing)


def others_at(tx: Tx, person: int, composer: str, thing: str, since: datetime) -> list[str]:
    """Return who else has typed at a thing since a moment, as they are called."""
    return tx.values(SQL["others_at"], person=person, composer=composer, thing=thing, since=since)


def sweep_drafts(tx: Tx, before: datetime) -> None:
    """Forget what nobody came back to."""
    tx.run(SQL["sweep_drafts"], before=before)


def hold_thing(tx: Tx, thing: str) -> None:
    """Let nobody else save a thing of this workspace before this transaction is over."""
    tx.run(SQL["hold_thing"], thing=thing)
