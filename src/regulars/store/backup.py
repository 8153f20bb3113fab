"""Backups: the whole installation as it was in one moment, in one file, taken while it runs.

The file is a zip of two entries: `database.dump`, PostgreSQL's own custom format, and `notes.json`: the moment, every
table's count of rows and every log's last sequence, all seen through the one snapshot that the dump was taken from. So
whoever loads it can tell whether everything has arrived.
"""

import fcntl
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from regulars.store.database import SHARED, Database
from regulars.store.programs import tools
from regulars.store.statements import load
from regulars.words.errors import Conflict, Invalid, Unavailable

SQL = load(__package__ or "regulars.store", "backup.sql")

DUMP = "database.dump"
_NOTES = "notes.json"
_FORMAT = 1
_PIECE = 1 << 20
_LOCKS = "60s"
"""How long we wait for a table that a migration holds."""

Progress = Callable[[int, int], None]
"""Is told how many bytes are done, of how many; 0: nobody knows."""


def unseen(_done: int, _whole: int) -> None:
    """Show no progress."""


class Notes(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    taken_at: datetime
    regulars: str
    postgres: int
    """The server's version, as PostgreSQL numbers it: 180004."""
    size: int
    """Bytes the tables took: about what a server needs that loads them."""
    heads: dict[str, int]
    """The last sequence of each log, by schema."""
    counts: dict[str, int]
    """The rows of each table, by schema and name."""
    erasures: str = ""
    """Where the list of erasures lay that goes on after it."""
    format: int = _FORMAT

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(self.counts.values())


class Made(msgspec.Struct, frozen=True):
    """A backup that was made."""

    taken_at: datetime
    ended_at: datetime
    bytes: int
    checked: bool
    place: str


def back_up(database: Database, file: Path, progress: Progress = unseen) -> Notes:
    """Write a backup of everything to a file, which appears under its name when it is whole.

    An older backup of that name is replaced; raise Conflict for any other file. `progress` is told the bytes written.
    """
    if file.exists() and not is_backup(file):
        raise Conflict("{file} is there already and is no backup. Choose another name.", file=file)
    with _written(file) as out, database.direct() as connection:
        connection.execute("begin transaction isolation level repeatable read, read only")
        connection.execute("set local idle_in_transaction_session_timeout = 0")
        (moment, snapshot), schemas = _one(connection, "snapshot"), schemas_of(connection)
        if SHARED not in schemas:
            raise Invalid("There is nothing in this database to back up.")
        heads, counts = state_of(connection, schemas)
        notes = Notes(
            taken_at=moment,
            regulars=version("regulars"),
            postgres=connection.info.server_version,
            size=_one(connection, "size", schemas=schemas)[0],
            heads=heads,
            counts=counts,
            erasures=str(database.erasures.path) if database.erasures else "",
        )
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as parts:
            with parts.open(DUMP, "w", force_zip64=True) as entry:
                _dump(database.url, snapshot, schemas, entry, progress)
            parts.writestr(_NOTES, msgspec.json.encode(notes))
    return notes


def note_backup(database: Database, backup: Made) -> None:
    """Note in the database that a backup was made, or that one was found whole."""
    with database.shared() as tx:
        tx.run(SQL["note_backup"], **msgspec.structs.asdict(backup))


def schemas_of(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the schemas of ours that a database has; none: it is new."""
    return [row[0] for row in connection.execute(SQL["schemas"], {"shared": SHARED})]


def state_of(connection: psycopg.Connection[Any], schemas: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the last sequence of every log, and the count of every table's rows."""
    tables = connection.execute(SQL["tables"], {"schemas": list(schemas)}).fetchall()
    heads: dict[str, int] = {}
    counts: dict[str, int] = {}
    for schema, table in tables:
        place = sql.Identifier(schema, table)
        counts[f"{schema}.{table}"] = _number(connection, sql.SQL("select count(*) from {}").format(place))
        if table == "store_event":
            heads[schema] = _number(connection, sql.SQL("select coalesce(max(seq), 0) from {}").format(place))
    return heads, counts


def is_backup(file: Path) -> bool:
    """Tell whether a file is a backup of ours."""
    try:
        read_notes(file)
    except Invalid:
        return False
    return True


def read_notes(file: Path) -> Notes:
    """Return what a backup says of itself; raise Invalid for what is none, or not whole."""
    try:
        with zipfile.ZipFile(file) as parts:
            notes = msgspec.json.decode(parts.read(_NOTES), type=Notes)
            parts.getinfo(DUMP)
    except OSError as error:
        raise Invalid("{file} cannot be read: {problem}.", file=file, problem=error.strerror or str(error)) from error
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError) as error:
        raise Invalid("{file} is no backup made by Regulars, or not a whole one.", file=file) from error
    if notes.format > _FORMAT:
        raise Invalid("{file} was made by Regulars {made_by}; this is older.", file=file, made_by=notes.regulars)
    return notes


def run_program(command: Sequence[str | Path], url: str, **streams: Any) -> "subprocess.Popen[bytes]":
    """Start a program of PostgreSQL's on a database. A password stands in its environment, not on its command line."""
    known = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(known.pop("password"))} if "password" in known else {}
    whole = [*command, "--dbname", make_conninfo("", **known)]
    environment = {**os.environ, "LC_ALL": "C", **secret}
    return cast("subprocess.Popen[bytes]", subprocess.Popen([str(part) for part in whole], env=environment, **streams))  # noqa: S603


def last_words(said: IO[bytes]) -> str:
    """Return the first complaint that a program wrote to a file."""
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    return next((line for line in lines if "error:" in line), lines[0] if lines else "it said nothing")[:300]


def pour(source: IO[bytes], into: IO[bytes], progress: Progress, whole: int = 0) -> None:
    """Copy a stream, saying how many bytes have been copied."""
    done = 0
    while piece := source.read(_PIECE):
        into.write(piece)
        done += len(piece)
        progress(done, whole)


def _dump(url: str, snapshot: str, schemas: Sequence[str], entry: IO[bytes], progress: Progress) -> None:
    command: list[str | Path] = [tools() / "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-password"]
    command += ["--no-owner", "--no-privileges", f"--lock-wait-timeout={_LOCKS}", "--encoding=UTF8"]
    command += [f"--schema={schema}" for schema in schemas]
    with tempfile.TemporaryFile() as said:
        with run_program(command, url, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said) as process:
            try:
                pour(process.stdout or said, entry, progress)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise Unavailable("The backup was not made; pg_dump said: {problem}", problem=last_words(said))


@contextmanager
def _written(file: Path) -> Generator[IO[bytes]]:
    """Give a file to write, ours alone, that takes its name when the block ends well and goes when it does not."""
    part = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Invalid(
            "{file} cannot be written: {problem}. Name a file in a folder that is there and is yours.",
            file=file,
            problem=error.strerror or str(error),
        ) from error
    with os.fdopen(descriptor, "r+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("Another backup is just being written to {file}.", file=file) from error
        try:
            os.fchmod(out.fileno(), 0o600)
            out.truncate()
            yield out
            out.flush()
            os.fsync(out.fileno())
            part.replace(file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Invalid(
                "{file} could not be written: {problem}.", file=file, problem=error.strerror or str(error)
            ) from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync_folder(file.parent)


def sweep_parts(folder: Path, pattern: str) -> None:
    """Remove what killed backups left unfinished in a folder."""
    for part in folder.glob(f"{pattern}.part"):
        with suppress(OSError), part.open("r+b") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def sync_folder(folder: Path) -> None:
    """Have a folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _one(connection: psycopg.Connection[Any], name: str, **params: object) -> tuple[Any, ...]:
    return connection.execute(SQL[name], params).fetchone() or ()


def _number(connection: psycopg.Connection[Any], query: sql.Composed) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0
