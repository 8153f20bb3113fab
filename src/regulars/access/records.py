"""The statements of `access`. Keys, links and sessions are kept as hashes only."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access")


class Workspace(msgspec.Struct, frozen=True):
    """One brand's walled-off data: how it sends mail, and how it looks and speaks to its customers."""

    name: str
    title: str
    delivery: str
    sender: str
    accent: str = "#9c3f24"
    tone: str = "friendly"
    languages: Sequence[str] = ()
    """What customers may choose among, the default first; none: whatever there is."""
    zone: str = "UTC"
    logo: str = ""
    """The file name of its logo, or nothing."""
    logo_width: int = 0
    logo_height: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""
    tracking: str = "unless_refused"
    """Of whom it is counted whether they open messages and follow links; see `decide/tracking.py`."""


class Key(msgspec.Struct, frozen=True):
    """What a machine's key opens: one workspace, with one scope."""

    workspace: str
    scope: str
    name: str = ""
    """What its owners call it."""
    id: int | None = None
    """Its number among the keys."""


class Person(msgspec.Struct, frozen=True):
    """Somebody of the team, with their role in each workspace."""

    id: int
    email: str
    name: str
    roles: dict[str, str]

    @property
    def workspaces(self) -> tuple[str, ...]:
        """The workspaces they have a role in, by name."""
        return tuple(sorted(self.roles))


def add_workspace(tx: Tx, workspace: Workspace) -> int:
    """Make a workspace; return 0 where it is there already."""
    given = msgspec.structs.asdict(workspace)
    names = ("name", "title", "delivery", "sender", "zone")
    chosen = {name: given[name] for name in names}
    return tx.run(SQL["add_workspace"], **chosen, languages=list(workspace.languages))


def get_workspace(tx: Tx, name: str) -> Workspace | None:
    """Return a workspace."""
    return tx.one(SQL["get_workspace"], Workspace, name=name)


def list_workspaces(tx: Tx) -> list[Workspace]:
    """Return all workspaces, those that are closed among them."""
    return tx.all(SQL["list_workspaces"], Workspace)


def remove_workspace(tx: Tx, name: str) -> None:
    """Take a workspace out of the list."""
    tx.run(SQL["remove_workspace"], name=name)


def claim_address(tx: Tx, path: str, workspace: str) -> bool:
    """Take a public path; return False where another workspace has it."""
    return tx.value(SQL["claim_address"], path=path, workspace=workspace) is not None


def workspace_at(tx: Tx, path: str) -> str | None:
    """Return which workspace a public path belongs to."""
    return tx.value(SQL["workspace_at"], path=path)


def find_key(tx: Tx, hashed: bytes) -> Key | None:
    """Return what a key opens."""
    return tx.one(SQL["find_key"], Key, hash=hashed)


def get_or_add_secret(tx: Tx, name: str, fresh: bytes) -> bytes:
    """Return a secret; the first who asks makes it."""
    tx.run(SQL["add_secret"], name=name, value=fresh)
    return bytes(tx.value(SQL["get_secret"], name=name))


def add_person(tx: Tx, email: str, name: str) -> int:
    """Make a person, or find them by e-mail; return their id."""
    return tx.value(SQL["add_person"], email=email, name=name)


def add_role(tx: Tx, person_id: int, workspace: str, role: str) -> None:
    """Give a person a role."""
    tx.run(SQL["add_role"], person_id=person_id, workspace=workspace, role=role)


def find_person(tx: Tx, email: str) -> int | None:
    """Return a person's id by e-mail; for '' the first who has a role."""
    return tx.value(SQL["find_person"], email=email)


def add_login_link(tx: Tx, hashed: bytes, person_id: int, expires_at: datetime) -> None:
    """Keep a log-in link."""
    tx.run(SQL["add_login_link"], hash=hashed, person_id=person_id, expires_at=expires_at)


def login_link_lives(tx: Tx, hashed: bytes, now: datetime) -> bool:
    """Return whether a log-in link can still be used."""
    return bool(tx.value(SQL["login_link_lives"], hash=hashed, now=now))


def burn_login_link(tx: Tx, hashed: bytes, now: datetime) -> int | None:
    """Use a log-in link up; return whose it was, or None."""
    return tx.value(SQL["burn_login_link"], hash=hashed, now=now)


def sweep(tx: Tx, now: datetime) -> None:
    """Forget links and sessions that are over."""
    tx.run(SQL["sweep"], now=now)


def end_sessions(tx: Tx) -> None:
    """End every session and every log-in link."""
    tx.run(SQL["end_sessions"])
