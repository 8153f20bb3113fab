"""Workspaces, and the public names they hold."""

from regulars.access import records
from regulars.access.records import Workspace
from regulars.store.database import Database, Tx, schema_of
from regulars.store.migrate import drop_workspace, migrate_workspace
from regulars.words.errors import Conflict, Unknown

__all__ = ["Workspace", "claim_address", "create_workspace", "delete_workspace", "get_workspace"]


def create_workspace(
    database: Database, name: str, title: str, *, delivery: str = "sandbox", sender: str = ""
) -> Workspace:
    """Make a workspace with its own schema; raise Conflict where the name is taken.

    `delivery` is the channel that carries its e-mail; `sender` the From of it, 'Name <address>',
    or nothing: then it is made of the title and our address when mail is sent.
    """
    schema_of(name)
    workspace = Workspace(name, title, delivery, sender)
    migrate_workspace(database, name)
    with database.shared() as tx:
        if not records.add_workspace(tx, workspace):
            raise Conflict("There is a workspace '{name}' already. Choose another name.", name=name)
    return workspace


def get_workspace(database: Database, name: str) -> Workspace:
    """Return a workspace; raise Unknown where there is none."""
    with database.shared() as tx:
        workspace = records.get_workspace(tx, name)
    if workspace is None:
        raise Unknown("There is no workspace '{name}'.", name=name)
    return workspace


def list_workspaces(database: Database) -> list[Workspace]:
    """Return all workspaces, by name."""
    with database.shared() as tx:
        return records.list_workspaces(tx)


def delete_workspace(database: Database, name: str) -> None:
    """Remove a workspace with everything in it."""
    with database.shared() as tx:
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
