"""The statements of logging in: passwords, passkeys, what is kept between two steps, and how often somebody tried."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.access.pace import Tally
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "login.sql")

Key = tuple[str, bytes]
"""Where a tally is kept: what is limited, and a hash of who."""


class Account(msgspec.Struct, frozen=True):
    """A person, with the hash of their password; empty where they have none."""

    id: int
    hash: str


class Passkey(msgspec.Struct, frozen=True):
    """One of a person's passkeys, as they know it."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


class KeptPasskey(msgspec.Struct, frozen=True):
    """A passkey as its answers are checked; `handle` is what it knows its person by."""

    id: int
    person_id: int
    public_key: bytes
    sign_count: int
    handle: UUID


def find_account(tx: Tx, email: str) -> Account | None:
    """Return a person by e-mail."""
    return tx.one(SQL["find_account"], Account, email=email)


def set_password(tx: Tx, person_id: int, hashed: str, now: datetime) -> None:
    """Keep the hash of a person's password."""
    tx.run(SQL["set_password"], person_id=person_id, hash=hashed, now=now)


def rehash_password(tx: Tx, account: Account, fresh: str) -> None:
    """Keep a better hash of the same password."""
    tx.run(SQL["rehash_password"], person_id=account.id, hash=account.hash, fresh=fresh)


def remove_password(tx: Tx, person_id: int) -> bool:
    """Let a person have no password; return False where they had none."""
    return bool(tx.run(SQL["remove_password"], person_id=person_id))


def password_set_at(tx: Tx, person_id: int) -> datetime | None:
    """Return since when a person has their password."""
    return tx.value(SQL["password_set_at"], person_id=person_id)


def handle_of(tx: Tx, person_id: int) -> UUID:
    """Return what a person's passkeys know them by."""
    return tx.value(SQL["handle_of"], person_id=person_id)


def credentials_of(tx: Tx, person_id: int) -> list[bytes]:
    """Return what names a person's passkeys to their authenticators."""
    return [bytes(one) for one in tx.values(SQL["credentials_of"], person_id=person_id)]


def list_passkeys(tx: Tx, person_id: int) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    return tx.all(SQL["list_passkeys"], Passkey, person_id=person_id)


def add_passkey(tx: Tx, person_id: int, name: str, now: datetime, *, most: int, **kept: Any) -> bool:
    """Keep a passkey; return False where it is kept already, or there are as many as may be."""
    return bool(tx.run(SQL["add_passkey"], person_id=person_id, name=name, now=now, most=most, **kept))


def find_passkey(tx: Tx, credential: bytes) -> KeptPasskey | None:
    """Return a passkey, and hold it until the transaction ends."""
    return tx.one(SQL["find_passkey"], KeptPasskey, credential=credential)


def use_passkey(tx: Tx, passkey_id: int, sign_count: int, now: datetime) -> None:
    """Note that a passkey was used."""
    tx.run(SQL["use_passkey"], id=passkey_id, sign_count=sign_count, now=now)


def remove_passkey(tx: Tx, person_id: int, passkey_id: int) -> str | None:
    """Forget one of a person's passkeys; return its name, or None where it is not theirs."""
    return tx.value(SQL["remove_passkey"], id=passkey_id, person_id=person_id)


def add_ticket(tx: Tx, hashed: bytes, purpose: str, keeps: dict[str, str], expires_at: datetime) -> None:
    """Keep something between two steps."""
    tx.run(SQL["add_ticket"], hash=hashed, purpose=purpose, keeps=Jsonb(keeps), expires_at=expires_at)


def take_ticket(tx: Tx, hashed: bytes, purpose: str, now: datetime) -> dict[str, str] | None:
    """Use a ticket up and return what it keeps."""
    return tx.value(SQL["take_ticket"], hash=hashed, purpose=purpose, now=now)


def sweep_tickets(tx: Tx, now: datetime) -> None:
    """Forget some tickets that nobody used in time."""
    tx.run(SQL["sweep_tickets"], now=now)


def open_tallies(tx: Tx, keys: Sequence[Key], now: datetime) -> None:
    """Begin the tallies that are not there."""
    tx.run(SQL["open_tallies"], now=now, **_columns(keys))


def lock_tallies(tx: Tx, keys: Sequence[Key]) -> dict[Key, Tally]:
    """Return tallies, and hold them until the transaction ends."""
    rows = tx.rows(SQL["lock_tallies"], **_columns(keys))
    return {(kind, bytes(whom)): Tally(tries, at) for kind, whom, tries, at in rows}


def write_tally(tx: Tx, key: Key, tally: Tally, forgotten_at: datetime) -> None:
    """Note how often somebody tried by now."""
    kind, whom = key
    places = {"tries": tally.tries, "at": tally.at, "forgotten_at": forgotten_at}
    tx.run(SQL["write_tally"], kind=kind, whom=whom, **places)


def forget_tallies(tx: Tx, now: datetime) -> None:
    """Forget some tallies that say nothing any more."""
    tx.run(SQL["forget_tallies"], now=now)


def hold_person(tx: Tx, email: str) -> int | None:
    """Return a person's id by e-mail, and hold them until the transaction ends."""
    return tx.value(SQL["hold_person"], email=email)


def add_mailed_link(tx: Tx, hashed: bytes, person_id: int, expires_at: datetime, enough: datetime) -> bool:
    """Keep a link that is mailed; return False where they were mailed one that works until `enough` at least."""
    places = {"person_id": person_id, "expires_at": expires_at, "enough": enough}
    return bool(tx.run(SQL["add_mailed_link"], hash=hashed, **places))


def drop_link(tx: Tx, hashed: bytes) -> None:
    """Forget a link that reached nobody."""
    tx.run(SQL["drop_link"], hash=hashed)


def _columns(keys: Iterable[Key]) -> dict[str, list[Any]]:
    pairs = list(keys)
    return {"kinds": [kind for kind, _ in pairs], "whoms": [whom for _, whom in pairs]}
