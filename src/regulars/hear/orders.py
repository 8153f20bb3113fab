"""Orders of the past, from a file whose columns call themselves as shops' do: one historical event for each order."""

from pathlib import Path

import msgspec

from regulars.hear.imports.guessing import guess
from regulars.hear.imports.orders import COMPLETED, REFUNDED
from regulars.hear.imports.running import Import, Outcome, Progress
from regulars.store.database import Database
from regulars.words.clock import utc_now

__all__ = ["COMPLETED", "REFUNDED", "import_orders"]


def import_orders(
    database: Database,
    workspace: str,
    path: Path,
    *,
    progress: Progress | None = None,
    currency: str = "GBP",
    zone: str = "Europe/London",
) -> Outcome:
    """Import a file of order lines. Importing it again, also after a crash half-way, takes only what is new.

    Times without an offset are read by the clock of `zone`. Raise Invalid where the file as a whole cannot be read.
    """
    plan = guess(path, "orders").plan
    reading = msgspec.structs.replace(plan.reading, zone=zone, currency=currency)
    plan = msgspec.structs.replace(plan, reading=reading)
    return Import(path, plan, utc_now()).run(database, workspace, progress=progress)
