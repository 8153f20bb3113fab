"""Workspaces, and the public names they hold: made, closed, taken back, and at last dropped."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from regulars.access import records, workspace_records
from regulars.access.brands import LANGUAGES_OF_ALL, check_languages, check_sender, check_title, check_zone
from regulars.access.records import Workspace
from regulars.access.workspace_records import Place
from regulars.store.database import Database, Tx, schema_of
from regulars.store.erasures import WORKSPACE, Erasure, note
from regulars.store.migrate import drop_workspace, migrate_workspace
from regulars.words.errors import Conflict, Invalid, Refused, Unknown

__all__ = ["Place", "Workspace", "claim_address", "create_workspace", "delete_workspace", "get_workspace"]

KEPT = timedelta(days=7)
"""How long a workspace that was deleted can be taken back."""
RESERVED = frozenset({"account", "invitation", "join", "login", "logout", "me", "new", "sessions", "workspaces"})
"""Names that pages of the console have already."""
_LONGEST_NAME = 41


def create_workspace(
    database: Database,
    name: str,
    title: str,
    *,
    delivery: str = "sandbox",
    sender: str = "",
    languages: Sequence[str] = LANGUAGES_OF_ALL,
    zone: str = "UTC",
) -> Workspace:
    """Make a workspace with its own schema; raise Conflict where the name is taken.

    `delivery` is the channel that carries its e-mail; `sender` the From of it, 'Name <address>',
    or nothing: then it is made of the title and our address when mail is sent.
    """
    schema_of(name)
    if name in RESERVED:
        raise Invalid("'{name}' is the name of a page of the console. Choose another.", name=name)
    chosen, clock = tuple(check_languages(languages)), check_zone(zone)
    workspace = Workspace(name, check_title(title), delivery, check_sender(sender), languages=chosen, zone=clock)
    with database.shared() as tx:
        if records.get_workspace(tx, name) is not None:
            raise _taken(name)
    migrate_workspace(database, name)
    with database.shared() as tx:
        if not records.add_workspace(tx, workspace):
            raise _taken(name)
    return workspace


def _taken(name: str) -> Conflict:
    return Conflict("There is a workspace '{name}' already. Choose another name.", name=name)


def name_of(title: str) -> str:
    """Return the name that a title suggests; nothing where it has no letter from a to z."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).lstrip("_0123456789")
    return words[:_LONGEST_NAME].rstrip("_")


def get_workspace(database: Database, name: str) -> Workspace:
    """Return a workspace; raise Unknown where there is none, and Refused for one that is closed."""
    return _open(find_workspace(database, name), name)


def workspace_in(tx: Tx, name: str) -> Workspace:
    """Do what `get_workspace` does, in a transaction in which more is asked."""
    return _open(records.get_workspace(tx, name), name)


def _open(workspace: Workspace | None, name: str) -> Workspace:
    if workspace is None:
        raise Unknown("There is no workspace '{name}'.", name=name)
    if workspace.closed_at is not None:
        raise Refused("The workspace '{name}' was deleted. Its owner can take it back within seven days.", name=name)
    return workspace


def find_workspace(database: Database, name: str) -> Workspace | None:
    """Return a workspace, closed or not; None where there is none."""
    with database.shared() as tx:
        return records.get_workspace(tx, name)


def list_workspaces(database: Database) -> list[Workspace]:
    """Return all workspaces that are not closed, by name."""
    return [one for one in all_workspaces(database) if one.closed_at is None]


def all_workspaces(database: Database) -> list[Workspace]:
    """Return all workspaces, those that are closed among them."""
    with database.shared() as tx:
        return records.list_workspaces(tx)


def workspaces_of(database: Database, person_id: int) -> list[Place]:
    """Return the workspaces that somebody has a role in; those that are closed come last."""
    with database.shared() as tx:
        return workspace_records.workspaces_of(tx, person_id)


def close_workspace(tx: Tx, name: str, who: str, now: datetime) -> None:
    """Close a workspace: from now on it answers nobody, sends nothing, and nobody comes in.

    Raise Conflict where it is closed already, Unknown where there is none.
    """
    if workspace_records.close_workspace(tx, name, who, now):
        return
    if records.get_workspace(tx, name) is None:
        raise Unknown("There is no workspace '{name}'.", name=name)
    raise Conflict("The workspace '{name}' is deleted already.", name=name)


def take_back(tx: Tx, name: str) -> None:
    """Open a workspace that was closed; raise Conflict where it is open, Unknown where it is gone."""
    if workspace_records.open_workspace(tx, name):
        return
    if records.get_workspace(tx, name) is None:
        raise Unknown("There is no workspace '{name}' any more.", name=name)
    raise Conflict("The workspace '{name}' is not deleted.", name=name)


def drop_closed(database: Database, now: datetime) -> list[str]:
    """Drop what was closed longer ago than it is kept; return the names. No backup brings it back."""
    with database.shared() as tx:
        gone = workspace_records.closed_before(tx, now - KEPT)
        if gone:
            note(tx, [Erasure(now, name, WORKSPACE) for name in gone], now)
        for name in gone:
            _drop(tx, name)
    return gone


def delete_workspace(database: Database, name: str) -> None:
    """Remove a workspace with everything in it, at once."""
    with database.shared() as tx:
        _drop(tx, name)


def _drop(tx: Tx, name: str) -> None:
    records.remove_workspace(tx, name)
    drop_workspace(tx, name)


def claim_address(tx: Tx, path: str, workspace: str) -> None:
    """Take a public path ('f/gift-quiz') for a workspace; raise Conflict where another one has it."""
    if not records.claim_address(tx, path, workspace):
        raise Conflict("The public name '{path}' is taken on this installation. Choose another.", path=path)


def workspace_at(database: Database, path: str) -> str:
    """Return which workspace a public path belongs to; raise Unknown for none."""
    with database.shared() as tx:
        workspace = records.workspace_at(tx, path)
    if workspace is None:
        raise Unknown("There is nothing at this address. Look at the link once more, or ask who gave it to you.")
    return workspace
