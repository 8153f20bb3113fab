"""Somebody who goes, in what the house notes of itself: the audit log, and the files of exports.

Of an entry about them it stays who did what, and when (docs/adr/0027). An export is a copy of everything: its file is
removed, and one that is being written is begun anew.
"""

import re
from contextlib import suppress
from pathlib import Path

import msgspec

from regulars.access.audit import Audit
from regulars.access.audit_records import Signed
from regulars.access.export_records import Export
from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "gone.sql")

ASKED = "customer.erasing.asked"
ERASED = "customer.erased"
ANONYMISED = "customer.anonymised"
_KEPT = [ASKED, ERASED, ANONYMISED]
"""What shows that somebody was forgotten when they asked for it: it holds no more than their number."""


def audit_step(audit: Audit) -> Step:
    """Return the step that blanks entries about somebody, so that their chains can still be read through."""

    def blank(tx: Tx, gone: Gone, limit: int) -> int:
        rows = tx.rows(
            SQL["entries_on"], identities=gone.identities, patterns=gone.patterns, kept=_KEPT, limit=limit
        )  # fmt: skip
        numbers = {str(one) for one in gone.identities}
        for chain, *row in rows:
            entry = Signed(*row)
            named = entry.name if entry.name in numbers or not _names(entry.name, gone.patterns) else ""
            emptied: dict[str, str | None] = {"label": "", "before": None, "after": None, "request": "", "address": ""}
            left = msgspec.structs.replace(entry, name=named, **emptied)
            tx.run(SQL["blank_entry"], chain=chain, n=entry.n, name=named, blanked=audit.sign_blanked(tx, chain, left))
        return len(rows)

    return Step("audit log", blank)


def exports_step(folder: Path) -> Step:
    """Return the step that removes the files in which everything of the workspace was taken along."""

    def drop(tx: Tx, gone: Gone, limit: int) -> int:
        del gone, limit
        tx.run(SQL["restart_exports"], workspace=tx.workspace)
        dropped = tx.all(SQL["drop_exports"], Export, workspace=tx.workspace)
        for one in dropped:
            with suppress(FileNotFoundError):
                (folder / one.file).unlink()
        return len(dropped)

    return Step("exports", drop, at_end=True)


def _names(text: str, patterns: list[str]) -> bool:
    value = msgspec.json.encode(text).decode()
    return any(re.search(one, value, re.IGNORECASE) for one in patterns)
