"""What can be seen of a database's health: the server, and each log with its followers."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.store.backup import Made
from regulars.store.database import Database
from regulars.store.dedupe import broken_indexes
from regulars.store.erasures import known_since
from regulars.store.migrate import scripts
from regulars.store.round_records import Failing, failing
from regulars.store.statements import load

SQL = load(__package__ or "regulars.store", "checkup.sql")


class Standing(msgspec.Struct, frozen=True):
    """How a follower stands; `since` is when the first event that it has not taken was received."""

    name: str
    paused: bool
    note: str
    behind: int
    since: datetime | None


class LogState(msgspec.Struct, frozen=True):
    """How a workspace's log does."""

    followers: list[Standing]
    quarantined: dict[str, int]
    failing: list[Failing]
    refused: int
    """Events refused since the moment that was asked for."""
    newest: datetime | None
    broken_indexes: list[str]


def server_settings(database: Database) -> dict[str, str]:
    """Return the server's settings that our promises rest on; the version as `server_version_num`."""
    with database.shared() as tx:
        return dict(tx.rows(SQL["server"]))


def begun(database: Database) -> bool:
    """Return whether Regulars has ever been started on this database."""
    with database.shared() as tx:
        return tx.value(SQL["begun"])


def server_clock(database: Database) -> datetime:
    """Return what time it is at the server."""
    with database.shared() as tx:
        return tx.value(SQL["clock"])


def migrations(database: Database, workspace: str | None) -> tuple[list[str], list[str]]:
    """Return the migrations that a schema has not had yet, and those that it had of a newer Regulars."""
    place: Any = database.workspace(workspace) if workspace else database.shared()
    with place as tx:
        done = set(tx.values(SQL["applied"]))
    known = set(scripts("workspace" if workspace else "shared"))
    return sorted(known - done), sorted(done - known)


def last_backup(database: Database) -> Made | None:
    """Return the last backup that was made, or None where none ever was."""
    with database.shared() as tx:
        return tx.one(SQL["last_backup"], Made)


def unlisted_erasures(database: Database, since: datetime) -> int | None:
    """Return how many erasures since a moment are not on this machine's list, or None where it has no list."""
    heard = database.erasures.read() if database.erasures else None
    if heard is None:
        return None
    with database.shared() as tx:
        return len(known_since(tx, max(since, heard.since)) - {one.id for one in heard.erasures})


def log_state(database: Database, workspace: str, since: datetime) -> LogState:
    """Return how a workspace's log does; refused events count from a moment on."""
    with database.workspace(workspace) as tx:
        return LogState(
            followers=tx.all(SQL["waiting"], Standing),
            quarantined=dict(tx.rows(SQL["quarantined"])),
            failing=failing(tx, since),
            refused=tx.value(SQL["refused"], since=since),
            newest=tx.value(SQL["newest"]),
            broken_indexes=broken_indexes(tx),
        )
