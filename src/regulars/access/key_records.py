"""The statements of keys: made, listed, seen in use, revoked."""

from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "keys.sql")


class KnownKey(msgspec.Struct, frozen=True):
    """A key as its owners see it: what it is for and when it was last used, never the key itself."""

    id: int
    name: str
    scope: str
    created_at: datetime
    used_at: datetime | None


def add_key(tx: Tx, hashed: bytes, workspace: str, scope: str, name: str) -> int:
    """Keep a key; return its number."""
    return tx.value(SQL["add_key"], hash=hashed, workspace=workspace, scope=scope, name=name)


def list_keys(tx: Tx, workspace: str) -> list[KnownKey]:
    """Return the keys of a workspace, the newest first."""
    return tx.all(SQL["list_keys"], KnownKey, workspace=workspace)


def get_key(tx: Tx, workspace: str, key_id: int) -> KnownKey | None:
    """Return a key of a workspace."""
    return tx.one(SQL["get_key"], KnownKey, workspace=workspace, id=key_id)


def revoke_key(tx: Tx, workspace: str, key_id: int) -> None:
    """Let a key open nothing any more."""
    tx.run(SQL["revoke_key"], workspace=workspace, id=key_id)


def note_use(tx: Tx, hashed: bytes) -> None:
    """Note that a key is in use."""
    tx.run(SQL["note_use"], hash=hashed)
