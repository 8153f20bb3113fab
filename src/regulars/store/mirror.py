"""The mirror: events and what is known of customers as Parquet files, for big questions and for analysts.

A workspace has a folder. Its `manifest.json` names the files that count and the event up to which they are true; it is
replaced in one go, so whoever reads it sees one moment. docs/mirror.md describes the files.
"""

import fcntl
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import duckdb
import msgspec

from regulars.store.backup import sync_folder
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.errors import Invalid, Unavailable

SQL = load(__package__ or "regulars.store", "mirror.sql")

FORMAT = 1
SNAPSHOTS = ("customers", "identities", "facts", "consents", "memberships", "stages")
"""What is written whole each time, a file each."""
Kind = Literal["number", "text", "boolean", "mixed"]
_MANIFEST = "manifest.json"
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "false",
}


class Property(msgspec.Struct, frozen=True):
    """What events say under a name: its values' type as long as all have the same, and the column that has them."""

    type: Kind
    column: str = ""
    """'' where there is none: `props` has all of it."""


class EventFile(msgspec.Struct, frozen=True):
    """A file of events, all of one month, and the first and the last that it has."""

    file: str
    rows: int
    first: int
    last: int

    @property
    def folder(self) -> str:
        """The month's folder."""
        return self.file.rpartition("/")[0]


class Manifest(msgspec.Struct, frozen=True):
    """What the mirror is just now."""

    id: UUID
    generation: int
    upto: int
    """The last event it accounts for; the snapshots are of the same moment."""
    at: datetime
    rewritten: int = 0
    """The last change of an event in place that it accounts for."""
    took: float = 0.0
    """Seconds that it took to fill it last."""
    properties: dict[str, Property] = {}
    events: tuple[EventFile, ...] = ()
    snapshots: dict[str, str] = {}
    retired: dict[str, datetime] = {}
    """Files that count no more, and since when: whoever began to read them may come to their end."""
    format: int = FORMAT

    @property
    def files(self) -> set[str]:
        """Every file that counts."""
        return {one.file for one in self.events} | set(self.snapshots.values())


class Filled(msgspec.Struct, frozen=True):
    """What the database knows of its mirror."""

    id: UUID
    generation: int


class Mirror:
    """The mirror of one workspace, in its folder."""

    def __init__(self, root: Path, workspace: str) -> None:
        self.workspace = workspace
        self.folder = root / workspace

    @property
    def there(self) -> bool:
        """Whether anything was ever written."""
        return self.folder.is_dir()

    def read(self) -> Manifest | None:
        """Return the manifest; None where nothing was written yet."""
        try:
            found = msgspec.json.decode((self.folder / _MANIFEST).read_bytes(), type=Manifest)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise Invalid(
                "The mirror's {file} cannot be read. Run 'regulars mirror rebuild'.", file=self.folder / _MANIFEST
            ) from error
        if found.format > FORMAT:
            raise Invalid("The mirror {folder} was written by a newer Regulars.", folder=self.folder)
        return found

    def write(self, manifest: Manifest) -> None:
        """Let a manifest hold from now on; the files it names are on the disk."""
        part = self.folder / f"{_MANIFEST}.part"
        with open(part, "wb", opener=private) as out:
            out.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            out.flush()
            os.fsync(out.fileno())
        part.replace(self.folder / _MANIFEST)
        sync_folder(self.folder)

    def remove(self) -> None:
        """Let nothing count any more."""
        (self.folder / _MANIFEST).unlink(missing_ok=True)

    def path(self, file: str) -> str:
        """Return where a file of the manifest lies."""
        return str(self.folder / file)

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold the folder for writing. Raise Unavailable where another process does."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with open(self.folder / "lock", "wb", opener=private) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Unavailable("The mirror is being written just now. Try again in a moment.") from error
            yield

    @contextmanager
    def opened(self, *, threads: int | None = None) -> Generator[duckdb.DuckDBPyConnection]:
        """Open a DuckDB in memory that reads and writes this folder, and spills into it what memory has no room for."""
        limits = _LIMITS | {"temp_directory": str(self.folder / "spilled")}
        connection = duckdb.connect(config=limits | ({} if threads is None else {"threads": str(threads)}))
        try:
            connection.execute("set timezone = 'UTC'")
            yield connection
        finally:
            connection.close()


def events(mirror: Mirror, manifest: Manifest) -> str:
    """Return what DuckDB reads the events from."""
    return reading([mirror.path(one.file) for one in manifest.events])


def snapshot(mirror: Mirror, manifest: Manifest, name: str) -> str:
    """Return what DuckDB reads a snapshot from."""
    return reading([mirror.path(manifest.snapshots[name])])


def reading(files: list[str]) -> str:
    """Return a table function over some Parquet files, whose columns may differ."""
    listed = ", ".join(quoted(one) for one in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def quoted(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def private(path: str, flags: int) -> int:
    """Open a file that only its owner reads."""
    return os.open(path, flags, 0o600)


def filled(tx: Tx) -> Filled | None:
    """Return what the database knows of its mirror; None for nothing."""
    return tx.one(SQL["filled"], Filled)


def fill(tx: Tx, number: UUID, generation: int) -> None:
    """Note that the mirror of this id is being filled for the so-manieth time.

    Whatever reads the log afterwards sees what was changed before without being noted.
    """
    tx.run(SQL["lock_rewritten"])
    tx.run(SQL["fill"], id=str(number), generation=generation)


def note_rewritten(tx: Tx, seqs: list[int]) -> None:
    """Note that events were changed in place, where there is a mirror that may have them.

    Others who change some wait from here to the commit: nobody waits for anybody else after it.
    """
    tx.run(SQL["lock_rewritten"])
    tx.run(SQL["note_rewritten"], seqs=seqs)


def rewritten(tx: Tx, after: int, limit: int) -> list[tuple[int, int]]:
    """Return changes behind one, as (number of the change, event), in the order in which they were committed."""
    return [(row[0], row[1]) for row in tx.rows(SQL["rewritten"], after=after, limit=limit)]


def forget_rewritten(tx: Tx, upto: int) -> None:
    """Forget changes that the mirror accounts for."""
    tx.run(SQL["forget_rewritten"], upto=upto)


def forget(tx: Tx) -> None:
    """Note that there is no mirror."""
    tx.run(SQL["lock_rewritten"])
    tx.run(SQL["forget"])


def ahead(tx: Tx, after: int, upto: int) -> int:
    """Return how many events there are behind one, up to another."""
    return tx.value(SQL["ahead"], after=after, upto=upto)


def piece(tx: Tx, after: int, upto: int, limit: int) -> tuple[int, int]:
    """Return up to where so many events reach that stand behind one, and how many there are."""
    [(last, many)] = tx.rows(SQL["piece"], after=after, upto=upto, limit=limit)
    return last, many


def belongs(manifest: Manifest, known: Filled | None) -> bool:
    """Whether files can be gone on with: a restored house does not know how far those went that it finds."""
    return known is not None and known.id == manifest.id and manifest.generation <= known.generation


def typed(manifest: Manifest) -> Mapping[str, Property]:
    """Return the properties that have a column of their own."""
    return {name: one for name, one in manifest.properties.items() if one.column}
