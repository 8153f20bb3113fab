"""Work processes write the exports that were asked for, one after the other, and sweep those that were kept enough."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from uuid import uuid4

import structlog

from regulars.access import export_records as exports
from regulars.access.export_records import Export
from regulars.loop.exporting import write_export
from regulars.store.database import Database
from regulars.words.errors import RegularsError, Unavailable

log = structlog.get_logger()

_LOOK = 2.0
_TELL = 1.0
"""Seconds between two looks for work, and between two words on how far it is."""
_ABANDONED = timedelta(days=1)
"""A file half written that nobody has touched for so long belongs to nobody."""


class _BrokenOffError(Exception):
    """Somebody else writes it now, or this process ends."""


def hold_exports(database: Database, folder: Path, clock: Callable[[], datetime], stop: Event) -> None:
    """Write what is asked for, until told to stop."""
    while not stop.wait(_LOOK):
        try:
            while not stop.is_set() and write_next(database, folder, clock, stop):
                pass
        except Unavailable:
            log.info("exports wait for the database")
        except Exception as error:
            log.exception("exports stopped; they are tried again", exc_info=error)


def write_next(database: Database, folder: Path, clock: Callable[[], datetime], stop: Event) -> bool:
    """Write the next export that was asked for; return whether there was one."""
    writer = uuid4().hex
    with database.shared() as tx:
        export = exports.claim(tx, writer, clock())
    if export is None:
        return False
    part = folder / f"{export.file}.{writer}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb", opener=_private) as out:
            write_export(database, export.workspace, out, clock(), _teller(database, export, writer, clock, stop))
        size = part.stat().st_size
        part.replace(folder / export.file)
        _end(database, export, writer, "done", size, clock())
    except _BrokenOffError:
        _end(database, export, writer, "waiting", 0, clock())
    except Unavailable:
        raise  # it stays ours until we have been silent too long; then it is begun anew
    except (RegularsError, OSError) as error:
        log.warning("an export failed", workspace=export.workspace, number=export.number, problem=str(error))
        _end(database, export, writer, "failed", 0, clock())
    except Exception as error:
        log.exception("an export failed", workspace=export.workspace, number=export.number, exc_info=error)
        _end(database, export, writer, "failed", 0, clock())
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return True


def sweep_exports(database: Database, folder: Path, now: datetime) -> None:
    """Give up what was kept long enough, and remove every file of this folder that no export has any more."""
    files = [one for one in folder.glob("*.zip*") if one.is_file()] if folder.is_dir() else []
    with database.shared() as tx:
        kept = exports.expire(tx, now)
    for file in files:
        with suppress(OSError):  # another worker was here first
            half = file.suffix == ".part"
            if (half and file.stat().st_mtime < (now - _ABANDONED).timestamp()) or (not half and file.name not in kept):
                file.unlink()


def _teller(
    database: Database, export: Export, writer: str, clock: Callable[[], datetime], stop: Event
) -> Callable[[int, int], None]:
    said = monotonic() - _TELL

    def told(done: int, total: int) -> None:
        nonlocal said
        if stop.is_set():
            raise _BrokenOffError
        if monotonic() - said < _TELL and done:
            return
        said = monotonic()
        with database.shared() as tx:
            if not exports.beat(tx, export, writer, done, total, clock()):
                raise _BrokenOffError

    return told


def _end(database: Database, export: Export, writer: str, state: str, size: int, now: datetime) -> None:
    with database.shared() as tx:
        exports.end(tx, export, writer, state, size, now)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
