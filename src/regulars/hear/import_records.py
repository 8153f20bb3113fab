"""The files that were brought, each a row with its state.

A table is all the queue there is (docs/adr/0017): whoever takes a file in says how far it is with every chunk, in the
chunk's own transaction, and another goes on from there where somebody has been silent for too long.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from regulars.hear.imports.plan import Plan
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.errors import Conflict, Invalid, LinkDead, NoKey, Unknown

SQL = load(__package__ or "regulars.hear", "imports.sql")

KEPT = timedelta(days=7)
"""How long a file that was brought, and the one of its rejected rows, are kept."""
SILENT = timedelta(minutes=1)
"""After this whoever says nothing is taken for dead."""
REMOVED = Invalid("Somebody was forgotten who may stand in this file, so it was removed. Bring a fresh one.").text
"""Why an import can go no further; as an error it is a text of the catalogue."""
_ALL = 2**31 - 1


class Brought(msgspec.Struct, frozen=True):
    """A file that was brought: a draft, being tried, tried, waiting, running, done, failed, or cancelled."""

    workspace: str
    number: int
    asked_by: str
    asked_at: datetime
    file: str
    bytes: int
    plan: dict[str, Any]
    state: str
    place: int
    """How far the file was read, of `size`."""
    size: int
    outcome: dict[str, Any]
    """What came of it until now: `running.Outcome`."""
    rejected_bytes: int
    problem: str
    finished_at: datetime | None

    @property
    def stored(self) -> str:
        """What its file is called in the folder of imports."""
        return f"{self.workspace}-{self.number}.file"

    @property
    def rejects(self) -> str:
        """What the file of its rejected rows is called there."""
        return f"{self.workspace}-{self.number}.rejected.csv"

    @property
    def removed(self) -> bool:
        """Whether its file had to go, and it can go no further."""
        return self.problem == REMOVED

    @property
    def busy(self) -> bool:
        """Whether it is being tried or taken in, or waits for it."""
        return self.state in {"trying", "waiting", "running"}

    def planned(self) -> Plan:
        """Return how it is read and understood."""
        return msgspec.convert(self.plan, Plan)


class Label(msgspec.Struct, frozen=True):
    """An import as a search looks at it."""

    number: int
    file: str
    asked_by: str
    state: str


def add(tx: Tx, workspace: str, file: str, size: int, plan: Plan, who: str, now: datetime) -> Brought:
    """Keep that a file was brought."""
    tx.value(SQL["hold_workspace"], workspace=workspace)
    given = {"workspace": workspace, "file": file, "bytes": size, "plan": _json(plan), "who": who, "now": now}
    return get(tx, workspace, tx.value(SQL["add_import"], **given))


def await_file(tx: Tx, workspace: str, key: int, until: datetime, now: datetime) -> UUID:
    """Let one file be brought by whoever has a key; raise NoKey where that is revoked. Return its number."""
    tx.run(SQL["forget_awaited"], now=now)
    number = uuid4()
    if not tx.run(SQL["await_file"], id=number, workspace=workspace, key=key, until=until):
        raise NoKey("This key is revoked.")
    return number


def take_awaited(tx: Tx, workspace: str, number: UUID, now: datetime) -> None:
    """Use up that a file may be brought; raise LinkDead where it was, or the key is revoked that asked for it."""
    if not tx.run(SQL["take_awaited"], workspace=workspace, id=number, now=now):
        raise LinkDead("This link was used already, or its key is revoked. Go back and take a fresh one.")


def get(tx: Tx, workspace: str, number: int) -> Brought:
    """Return an import of a workspace; raise Unknown where there is none."""
    found = tx.one(SQL["get_import"], Brought, workspace=workspace, number=number)
    if found is None:
        raise Unknown("There is no import {number}.", number=number)
    return found


def list_imports(
    tx: Tx, workspace: str, *, before: int | None = None, limit: int, among: Collection[int] | None = None
) -> list[Brought]:
    """Return the imports of a workspace before some number, or those among some, the newest first."""
    some = None if among is None else list(among)
    return tx.all(SQL["list_imports"], Brought, workspace=workspace, before=before or _ALL, most=limit, among=some)


def labels(tx: Tx, workspace: str) -> list[Label]:
    """Return every import of a workspace as a search looks at it, the newest first."""
    return tx.all(SQL["import_labels"], Label, workspace=workspace)


def change_plan(tx: Tx, brought: Brought, plan: Plan) -> None:
    """Read a file another way; raise Conflict while it is being taken in, or was."""
    if not tx.run(SQL["plan_import"], workspace=brought.workspace, number=brought.number, plan=_json(plan)):
        raise Conflict("This file is being taken in, or was. Bring it again to read it another way.")


def ask(tx: Tx, brought: Brought, *, dry: bool) -> None:
    """Have a file tried, or taken in; raise Conflict where that is under way, or was done."""
    state = "trying" if dry else "waiting"
    given = {"workspace": brought.workspace, "number": brought.number, "state": state, "removed": REMOVED}
    if not tx.run(SQL["ask_import"], **given):
        raise Conflict("This file is being taken in, or was. Bring it again to read it another way.")


def cancel(tx: Tx, brought: Brought, now: datetime) -> None:
    """Stop taking a file in, what was taken stays; raise Conflict where nobody is at it."""
    if not tx.run(SQL["cancel_import"], workspace=brought.workspace, number=brought.number, now=now):
        raise Conflict("This import is not under way.")


def under_way(tx: Tx, workspace: str) -> bool:
    """Return whether a file of a workspace is being tried or taken in, or waits for it."""
    return tx.value(SQL["under_way"], workspace=workspace)


def claim(tx: Tx, worker: str, now: datetime) -> Brought | None:
    """Take an import; None where there is nothing to do."""
    return tx.one(SQL["claim_import"], Brought, worker=worker, now=now, silent=now - SILENT)


def beat(
    tx: Tx, brought: Brought, worker: str, outcome: Any, rejected: int, far: tuple[int, int], now: datetime
) -> bool:
    """Say how far an import is; return whether it is still this worker's."""
    place, size = far
    given = {"outcome": _json(outcome), "rejected": rejected, "place": place, "size": size, "now": now}
    return tx.run(SQL["beat_import"], **_whose(brought, worker), **given) > 0


def end(tx: Tx, brought: Brought, worker: str, to: str, problem: str, now: datetime) -> bool:
    """Say what became of an import, or that it waits again; return whether it was still this worker's."""
    over = None if to in {"waiting", "trying"} else now
    return tx.run(SQL["end_import"], **_whose(brought, worker), to=to, problem=problem, now=over) > 0


def drop_understood(tx: Tx, now: datetime) -> None:
    """Let go of the rows that are shown of imports whose files are kept no more."""
    tx.run(SQL["drop_understood_then"], until=now - KEPT)


def kept(tx: Tx, now: datetime) -> set[str]:
    """Return the names, without endings, of the files that are kept."""
    return {f"{workspace}-{number}" for workspace, number in tx.rows(SQL["kept_imports"], after=now - KEPT)}


def _whose(brought: Brought, worker: str) -> dict[str, Any]:
    return {"workspace": brought.workspace, "number": brought.number, "state": brought.state, "worker": worker}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
