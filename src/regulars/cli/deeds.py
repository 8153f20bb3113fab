"""What a command changes in a workspace, in one transaction with its note in the audit log."""

from collections.abc import Generator
from contextlib import contextmanager

from regulars.access.audit import COMMAND_LINE, Deed, open_audit
from regulars.access.workspaces import get_workspace
from regulars.cli.place import opened, say_where
from regulars.settings import load
from regulars.store.database import Tx
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
