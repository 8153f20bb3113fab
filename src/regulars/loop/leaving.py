"""What goes when its time is over: workspaces that were deleted seven days ago, with their files, exports, and more."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog

from regulars.access.workspaces import drop_closed
from regulars.engage import stopping
from regulars.loop.export_rounds import sweep_exports
from regulars.loop.import_rounds import sweep_imports
from regulars.store.database import Database

log = structlog.get_logger()


def sweep_house(
    database: Database,
    now: datetime,
    exports: Path | None,
    archives: Sequence[Path] = (),
    imports: Path | None = None,
) -> list[str]:
    """Drop workspaces whose time is over, and remove files that nobody keeps; return the names of the workspaces."""
    gone = drop_closed(database, now)
    for name in gone:
        log.info("a deleted workspace is dropped", workspace=name)
        for archive in archives:
            shutil.rmtree(archive / name, ignore_errors=True)
    stopping.forget(database, now)
    if exports is not None:
        sweep_exports(database, exports, now)
    if imports is not None:
        sweep_imports(database, imports, now)
    return gone
