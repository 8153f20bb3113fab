"""What a command changes in a workspace, in one transaction with its note in the audit log."""

from collections.abc import Generator
from contextlib import contextmanager

from regulars.access.audit import COMMAND_LINE, Deed, open_audit
from regulars.access.records import find_person
from regulars.access.team import list_members
from regulars.access.workspaces import get_workspace, list_workspaces
from regulars.cli.place import opened, say_where
from regulars.settings import load
from regulars.store import checkup
from regulars.store.database import Database, Tx
from regulars.store.migrate import migrate_workspace
from regulars.words.clock import utc_now


@contextmanager
def changing(data: str | None, workspace: str) -> Generator[tuple[Tx, list[Deed]]]:
    """Open a workspace to change something; the deeds that are put into the list are noted as the command line's."""
    settings = load(data=data)
    say_where(settings, data)
    deeds: list[Deed] = []
    with opened(settings) as database:
        name = get_workspace(database, workspace).name
        migrate_workspace(database, name)
        audit = open_audit(database)
        with database.workspace(name) as tx:
            yield tx, deeds
            for deed in deeds:
                audit.note(tx, COMMAND_LINE, deed, utc_now())


def note_done(database: Database, workspace: str, deed: Deed) -> None:
    """Note what a command has done in a workspace."""
    migrate_workspace(database, workspace)
    audit = open_audit(database)
    with database.workspace(workspace) as tx:
        audit.note(tx, COMMAND_LINE, deed, utc_now())


def note_everywhere(database: Database, deed: Deed) -> None:
    """Note in every workspace what a command did with the whole house; one that was not brought up to date is left."""
    for workspace in list_workspaces(database):
        missing, _ = checkup.migrations(database, workspace.name)
        if not missing:
            note_done(database, workspace.name, deed)


def note_link(database: Database, email: str) -> None:
    """Note that a log-in link was made, in every workspace of whom it is for; '' is the first of the team."""
    with database.shared() as tx:
        person = find_person(tx, email.strip().casefold())
    for workspace in list_workspaces(database):
        with database.workspace(workspace.name) as tx:
            found = [one for one in list_members(tx, workspace.name) if one.id == person]
        for one in found:
            note_done(database, workspace.name, Deed("login.link.made", "person", one.email))
