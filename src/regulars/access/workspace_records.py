"""The statements about a workspace's brand, and about its being closed and opened again."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "workspaces.sql")


class Place(msgspec.Struct, frozen=True):
    """A workspace that somebody has a role in."""

    name: str
    title: str
    role: str
    closed_at: datetime | None


def set_brand(tx: Tx, name: str, given: dict[str, Any]) -> None:
    """Change how a workspace looks, speaks and sends."""
    tx.run(SQL["set_brand"], name=name, **given)


def set_logo(tx: Tx, name: str, logo: str, size: tuple[int, int]) -> None:
    """Change which logo a workspace shows."""
    tx.run(SQL["set_logo"], name=name, logo=logo, width=size[0], height=size[1])


def set_tracking(tx: Tx, name: str, way: str) -> None:
    """Change of whom a workspace counts whether they open messages and follow links."""
    tx.run(SQL["set_tracking"], name=name, way=way)


def add_logo(tx: Tx, name: str, image: bytes, now: datetime) -> None:
    """Keep a logo in its workspace."""
    tx.run(SQL["add_logo"], name=name, image=image, now=now)


def get_logo(tx: Tx, name: str) -> bytes | None:
    """Return a logo of this workspace."""
    found = tx.value(SQL["get_logo"], name=name)
    return None if found is None else bytes(found)


def close_workspace(tx: Tx, name: str, who: str, now: datetime) -> bool:
    """Close a workspace; return whether it was open."""
    return tx.run(SQL["close_workspace"], name=name, who=who, now=now) > 0


def open_workspace(tx: Tx, name: str) -> bool:
    """Open a workspace again; return whether it was closed."""
    return tx.run(SQL["open_workspace"], name=name) > 0


def closed_before(tx: Tx, before: datetime) -> list[str]:
    """Return the workspaces that were closed before a moment, and hold them."""
    return tx.values(SQL["closed_before"], before=before)


def workspaces_of(tx: Tx, person_id: int) -> list[Place]:
    """Return the workspaces that somebody has a role in."""
    return tx.all(SQL["workspaces_of"], Place, person_id=person_id)
