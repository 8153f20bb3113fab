"""The identifiers of somebody who goes: whoever comes by one is somebody new. And what was not taken of them."""

from collections.abc import Collection
from pathlib import Path

from regulars.hear import import_records as imports
from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear", "gone.sql")


def let_go(tx: Tx, ids: Collection[int]) -> None:
    """Let go of identifiers; every process that keeps their numbers in mind asks anew with its next transaction."""
    tx.run(SQL["let_go"], ids=list(ids))
    tx.run(SQL["count_letting_go"])


def _rejected(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_rejected"], patterns=gone.patterns, limit=limit)


def imports_step(folder: Path | None) -> Step:
    """Return the step that removes the files that were brought, and what is shown of them, and stops imports under way.

    A file is a copy of many, as an export is. It goes before somebody is cut off: no row of it can bring them back.
    Without a folder there are no files: a backup has none.
    """

    def drop(tx: Tx, gone: Gone, limit: int) -> int:
        del gone, limit
        workspace = tx.workspace or ""
        stopped = tx.run(SQL["stop_imports"], workspace=workspace, problem=imports.REMOVED)
        dropped = tx.run(SQL["drop_understood"], workspace=workspace)
        brought = {f"{workspace}-{number}" for (number,) in tx.rows(SQL["brought"], workspace=workspace)}
        for file in folder.glob(f"{workspace}-*") if folder else ():
            if file.name.partition(".")[0] in brought:
                file.unlink(missing_ok=True)
        return stopped + dropped

    return Step("imports", drop, before=True)


STEPS = (Step("set aside", _rejected),)
