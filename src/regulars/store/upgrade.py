"""From one PostgreSQL to the next: everything is written out by the old one, loaded by the new one, and compared.

The old files are not touched. They are put aside only when the new ones are whole, and nothing is ever removed of them.
"""

import shutil
from pathlib import Path

import msgspec
import psycopg

from regulars.store.backup import Notes, Progress, back_up, unseen
from regulars.store.cluster import FRESH, version_of
from regulars.store.database import Database
from regulars.store.embedded import start_postgres
from regulars.store.programs import MAJOR
from regulars.store.restore import load
from regulars.words.errors import Invalid

_FILE = "upgrading.backup"
_WITH_FILE = 2.3
"""How much of the tables' size is needed: the file, the new tables, and the log of changes for a while."""


class Upgraded(msgspec.Struct, frozen=True):
    """What was moved."""

    before: int
    now: int
    aside: Path
    """Where the old files are kept."""
    notes: Notes | None
    """What was moved; None where only the last step was still to be done."""


def upgrade(data: Path, written: Progress = unseen, loaded: Progress = unseen) -> Upgraded | None:
    """Bring the files of a data folder, which the caller holds, to our PostgreSQL; None where they are there already.

    It may be cut short at any moment, and run again.
    """
    before = version_of(data)
    if before is None:
        return _finish(data)
    if before == MAJOR:
        _sweep(data)
        return None
    if before > MAJOR:
        raise Invalid(
            "{data} was made by PostgreSQL {made_by}, and this Regulars brings {major}. Install a later one.",
            data=data,
            made_by=before,
            major=MAJOR,
        )
    _stop_left(data)
    _sweep(data)
    notes = _write(data, before, written)
    server = start_postgres(data / FRESH)
    try:
        load(data / _FILE, notes, server.url, loaded)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("analyze")
    finally:
        server.stop()
    aside = _aside(data, before)
    (data / "postgres").rename(aside)
    (data / FRESH / "postgres").rename(data / "postgres")
    _sweep(data)
    return Upgraded(before, MAJOR, aside, notes)


def _write(data: Path, before: int, written: Progress) -> Notes:
    server = start_postgres(data, major=before)
    try:
        database = Database(server.url, connections=2)
        try:
            _check_room(data, database)
            return back_up(database, data / _FILE, written)
        finally:
            database.close()
    finally:
        server.stop()


def _check_room(data: Path, database: Database) -> None:
    with database.direct() as connection:
        size = connection.execute("select pg_database_size(current_database())").fetchone()
    free, needed = shutil.disk_usage(data).free, int((size[0] if size else 0) * _WITH_FILE)
    if free < needed:
        raise Invalid(
            "The upgrade takes {needed} MB in {data} for a while, and {free} MB are free there. Make room.",
            needed=needed >> 20,
            data=data,
            free=free >> 20,
        )


def _finish(data: Path) -> Upgraded | None:
    """Do the last step of an upgrade that was cut short just before it."""
    if not (data / FRESH / "postgres").exists():
        return None
    before = max(int(path.name.split("-")[1]) for path in data.glob("postgres-[0-9]*"))
    (data / FRESH / "postgres").rename(data / "postgres")
    _sweep(data)
    return Upgraded(before, MAJOR, _newest(data, before), None)


def _aside(data: Path, before: int) -> Path:
    places = [data / f"postgres-{before}", *(data / f"postgres-{before}-{number}" for number in range(2, 100))]
    return next(place for place in places if not place.exists())


def _newest(data: Path, before: int) -> Path:
    return max(data.glob(f"postgres-{before}*"), key=lambda path: path.stat().st_ctime)


def _stop_left(data: Path) -> None:
    """End what a killed upgrade left running."""
    if version_of(data / FRESH) == MAJOR:
        start_postgres(data / FRESH).stop()


def _sweep(data: Path) -> None:
    (data / _FILE).unlink(missing_ok=True)
    if (data / FRESH).exists():
        shutil.rmtree(data / FRESH)
