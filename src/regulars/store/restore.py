"""Backups are loaded into an empty place: all of one or nothing, and what has arrived is counted."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from regulars.store.backup import (
    DUMP,
    Notes,
    Progress,
    last_words,
    pour,
    read_notes,
    run_program,
    schemas_of,
    state_of,
    unseen,
)
from regulars.store.database import Database
from regulars.store.embedded import account, make_folder, start_postgres
from regulars.store.programs import tools
from regulars.words.errors import Conflict, Invalid

_ENOUGH = 1.3
"""How much more disk loading takes than the tables took: the log of changes, for a while."""
_HASTE = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}
_BESIDE = "restoring"

Settle = Callable[[Database, Notes], None]
"""What is done with what was loaded, before anybody else meets it."""


def check_backup(file: Path, progress: Progress = unseen) -> Notes:
    """Load a backup into a PostgreSQL of its own that is thrown away, and compare. Raise Invalid where it differs."""
    notes = read_notes(file)
    with _scratch() as folder:
        _check_room(folder, notes)
        server = start_postgres(folder / "data", _HASTE)
        try:
            load(file, notes, server.url, progress)
        finally:
            server.stop()
    return notes


def restore_folder(file: Path, data: Path, settle: Settle, progress: Progress = unseen) -> Notes:
    """Load a backup into an empty data folder, which the caller holds.

    It is made beside its place and moved there whole: one that is cut short leaves nothing that could be started.
    """
    notes = read_notes(file)
    if (data / "postgres").exists():
        raise Conflict(
            "{data} is in use already: it has data of its own. Restore into an empty folder (--data NEW), look whether "
            "all is there, and start Regulars on that one.",
            data=data,
        )
    beside = data / _BESIDE
    if beside.exists():
        start_postgres(beside).stop()  # what a killed restore left may still run
        shutil.rmtree(beside)
    _check_room(data, notes)
    server = start_postgres(beside)
    try:
        load(file, notes, server.url, progress)
        _settle(server.url, notes, settle)
    finally:
        server.stop()
    (beside / "postgres").rename(data / "postgres")
    shutil.rmtree(beside)
    return notes


def restore_given(file: Path, url: str, settle: Settle, progress: Progress = unseen) -> Notes:
    """Load a backup into an empty database that somebody else runs.

    Until it is settled the database can only be read, so that nobody begins to work in it.
    """
    notes = read_notes(file)
    with psycopg.connect(url, autocommit=True) as connection:
        if schemas_of(connection):
            raise Conflict(
                "The database that REGULARS_DATABASE_URL names has data of Regulars already. Make an empty database, "
                "restore into that, and start Regulars on it."
            )
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("alter database {} set default_transaction_read_only = on").format(name))
    writing = make_conninfo(url, options="-c default_transaction_read_only=off")
    load(file, notes, writing, progress)
    _settle(writing, notes, settle)
    with psycopg.connect(writing, autocommit=True) as connection:
        connection.execute(sql.SQL("alter database {} reset default_transaction_read_only").format(name))
    return notes


def _settle(url: str, notes: Notes, settle: Settle) -> None:
    database = Database(url, connections=2)
    try:
        settle(database, notes)
    finally:
        database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


def load(file: Path, notes: Notes, url: str, progress: Progress = unseen) -> None:
    """Load a backup into an empty database in one transaction, and compare it with its notes."""
    command: list[str | Path] = [tools() / "pg_restore", "--single-transaction", "--exit-on-error", "--no-password"]
    command += ["--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as said, zipfile.ZipFile(file) as parts, parts.open(DUMP) as dump:
        with run_program(command, url, stdin=-1, stdout=said, stderr=said) as process:
            sink = process.stdin or said
            try:
                pour(dump, sink, progress, parts.getinfo(DUMP).file_size)
                sink.close()
            except BrokenPipeError:
                pass  # it has said why
            except zipfile.BadZipFile as error:
                process.kill()
                raise Invalid("{file} is damaged: what is in it is not what was written.", file=file) from error
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise Invalid("{file} cannot be loaded; pg_restore said: {problem}", file=file, problem=last_words(said))
    with psycopg.connect(url, autocommit=True) as connection:
        compare(notes, *state_of(connection, schemas_of(connection)))


def compare(notes: Notes, heads: dict[str, int], counts: dict[str, int]) -> None:
    """Raise Invalid where what was loaded is not what was there."""
    for what, noted, found in (("rows", notes.counts, counts), ("last event", notes.heads, heads)):
        for place in sorted(noted.keys() | found.keys()):
            if noted.get(place) != found.get(place):
                raise Invalid(
                    "The backup is not whole: {place} had {noted} ({what}) and has {found} when it is loaded. "
                    "Keep an older backup, and make a new one.",
                    place=place,
                    noted=noted.get(place, "none"),
                    found=found.get(place, "none"),
                    what=what,
                )


def _check_room(folder: Path, notes: Notes) -> None:
    free, needed = shutil.disk_usage(folder).free, int(notes.size * _ENOUGH)
    if free < needed:
        raise Invalid(
            "Loading this backup takes {needed} MB in {folder}, and {free} MB are free there. Make room, or name "
            "another place: --data for a restore, TMPDIR for a check.",
            needed=needed >> 20,
            folder=folder,
            free=free >> 20,
        )


@contextmanager
def _scratch() -> Generator[Path]:
    """Give a folder that PostgreSQL's own user can reach, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-check-"))
    try:
        make_folder(folder, account())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
