"""The statements of what is measured: what processes counted, and what only the database knows."""

from datetime import datetime, timedelta

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load
from regulars.web.counting import Figures

SQL = load(__package__ or "regulars.web")
_SILENT = timedelta(hours=1)


def keep_figures(tx: Tx, name: str, figures: Figures, now: datetime) -> None:
    """Keep what a process has counted so far, and forget those that ended."""
    tx.run(SQL["forget_processes"], before=now - _SILENT)
    tx.run(SQL["keep_figures"], name=name, now=now, figures=Jsonb(msgspec.to_builtins(figures)))


def list_figures(tx: Tx) -> dict[str, Figures]:
    """Return what every process has counted, by its name."""
    return {name: msgspec.convert(figures, Figures) for name, figures in tx.rows(SQL["list_figures"])}


def quarantine_sizes(tx: Tx) -> dict[str, int]:
    """Return how many events each follower could not take."""
    return dict(tx.rows(SQL["quarantine_sizes"]))


def outbox_states(tx: Tx) -> dict[str, int]:
    """Return how many messages are in each state."""
    return dict(tx.rows(SQL["outbox_states"]))
