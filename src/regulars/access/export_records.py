"""Everything of a workspace in a file: asked for here, written by a work process, kept for some days.

A table is all the queue there is (docs/adr/0017): whoever writes an export says so every second or two, and one whose
writer has been silent for minutes is begun anew by another.
"""

from datetime import datetime, timedelta

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.errors import Conflict, Unknown

SQL = load(__package__ or "regulars.access", "exports.sql")

KEPT = timedelta(days=7)
"""How long a file is kept."""
SILENT = timedelta(minutes=5)
"""After this a writer that says nothing is taken for dead."""


class Export(msgspec.Struct, frozen=True):
    """An export: waiting, running, done, failed, or gone when its file has been swept."""

    workspace: str
    number: int
    asked_by: str
    asked_at: datetime
    state: str
    done: int
    total: int
    bytes: int
    finished_at: datetime | None

    @property
    def file(self) -> str:
        """What its file is called."""
        return f"{self.workspace}-{self.number}.zip"

    @property
    def until(self) -> datetime | None:
        """Until when its file is kept."""
        return self.finished_at + KEPT if self.finished_at and self.state == "done" else None


def ask(tx: Tx, workspace: str, who: str, now: datetime) -> Export:
    """Ask for everything of a workspace; raise Conflict while one is being written."""
    tx.value(SQL["hold_workspace"], workspace=workspace)
    number = tx.value(SQL["ask_export"], workspace=workspace, who=who, now=now)
    if number is None:
        raise Conflict("An export is being written already. Wait until it is done.")
    return get(tx, workspace, number)


def get(tx: Tx, workspace: str, number: int) -> Export:
    """Return an export of a workspace; raise Unknown where there is none."""
    found = tx.one(SQL["get_export"], Export, workspace=workspace, number=number)
    if found is None:
        raise Unknown("There is no export {number}.", number=number)
    return found


def list_exports(tx: Tx, workspace: str) -> list[Export]:
    """Return the exports of a workspace, the newest first."""
    return tx.all(SQL["list_exports"], Export, workspace=workspace)


def claim(tx: Tx, writer: str, now: datetime) -> Export | None:
    """Take an export to write; None where there is nothing to do."""
    return tx.one(SQL["claim_export"], Export, writer=writer, now=now, silent=now - SILENT)


def beat(tx: Tx, export: Export, writer: str, done: int, total: int, now: datetime) -> bool:
    """Say how far an export is; return whether it is still this writer's."""
    given = {"workspace": export.workspace, "number": export.number, "writer": writer}
    return tx.run(SQL["beat_export"], **given, done=done, total=total, now=now) > 0


def end(tx: Tx, export: Export, writer: str, state: str, size: int, now: datetime) -> bool:
    """Say what became of an export: done, failed, or waiting again; return whether it was still this writer's."""
    given = {"workspace": export.workspace, "number": export.number, "writer": writer}
    finished = None if state == "waiting" else now
    return tx.run(SQL["end_export"], **given, state=state, bytes=size, now=finished) > 0


def expire(tx: Tx, now: datetime) -> set[str]:
    """Give up files that were kept long enough; return the names of those that stay, or are being written."""
    tx.run(SQL["expire_exports"], before=now - KEPT)
    return {one.file for one in tx.all(SQL["kept_exports"], Export)}
