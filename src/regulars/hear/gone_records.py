"""The identifiers of somebody who goes: whoever comes by one is somebody new. And what was not taken of them."""

from collections.abc import Collection
from contextlib import suppress
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
    """Return the step that removes the files that were brought, and what is shown of them; not of one under way.

    A file is a copy of many, as an export is. Without a folder there are no files: a backup has none.
    """

    def drop(tx: Tx, gone: Gone, limit: int) -> int:
        del gone, limit
        workspace = tx.workspace or ""
        dropped = tx.run(SQL["drop_understood"], workspace=workspace)
        if folder is None:
            return dropped
        for (number,) in tx.rows(SQL["idle_imports"], workspace=workspace):
            brought = imports.get(tx, workspace, number)
            for name in (brought.stored, brought.rejects):
                with suppress(FileNotFoundError):
                    (folder / name).unlink()
        return dropped

    return Step("imports", drop, at_end=True)


STEPS = (Step("set aside", _rejected),)
