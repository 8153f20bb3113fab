"""The files of the mirror, written by DuckDB: events by month, and snapshots; each is whole before it has its name."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from regulars.loop.mirror_columns import EVENT_ROWS, SNAPSHOT_ORDERS, SNAPSHOT_QUERIES, SNAPSHOT_ROWS, batch, learned
from regulars.loop.mirror_records import Reader
from regulars.store.backup import sync_folder
from regulars.store.mirror import EventFile, Mirror, Property, private, quoted, reading

SMALL, FEW, FULL = 250_000, 8, 1_000_000
"""Of files with fewer rows than this, so many of a month become one, with about so many rows at most."""
_GONE = {"customer": "gone", "identity": "gone", "event": "changed"}
"""By which columns of a snapshot it is told that a row speaks of somebody who went."""
_WRITTEN = "format parquet, compression zstd, row_group_size 122880"


class Files:
    """What one filling writes: nothing of it counts before a manifest names it."""

    def __init__(
        self,
        mirror: Mirror,
        duck: duckdb.DuckDBPyConnection,
        generation: int,
        properties: Mapping[str, Property],
        between: Callable[[], None] = lambda: None,
    ) -> None:
        """`between` is called before each file that is written; what it raises breaks the filling off."""
        self._mirror = mirror
        self._duck = duck
        self._generation = generation
        self._between = between
        self._written = 0
        self.properties = dict(properties)

    def add(self, read: Reader) -> list[EventFile]:
        """Write events, a file for each month of them."""
        self._take(read)
        months = self._values("select distinct month from batch order by month")
        query = "from (select * exclude (month) from batch where month = {})"
        return [self._write(f"events/month={month}", query.format(quoted(month))) for month in months]

    def renew(self, files: Sequence[EventFile], seqs: Sequence[int], read: Reader) -> list[EventFile]:
        """Write those of some files anew that have one of the events; return all files as they are then."""
        self._take(read)
        self._duck.execute("create or replace temp table stale as select unnest(?::bigint[]) as seq", [list(seqs)])
        low, high = min(seqs), max(seqs)
        found: list[EventFile] = []
        for file in files:
            there = reading([self._mirror.path(file.file)])
            stale = f"select count(*) from {there} where seq in (select seq from stale)"
            if file.first > high or file.last < low or not self._values(stale)[0]:
                found.append(file)
                continue
            columns = self._columns_of([file])
            kept = f"select {columns} from {there} where seq not in (select seq from stale)"
            fresh = f"select * exclude (month) from batch where seq in (select seq from {there})"
            found.append(self._write(file.folder, f"from ({kept} union all by name {fresh})"))
        return found

    def compact(self, files: Sequence[EventFile]) -> list[EventFile]:
        """Make few files of many small ones of a month; return all files as they are then."""
        small: dict[str, list[EventFile]] = {}
        for file in files:
            if file.rows < SMALL:
                small.setdefault(file.folder, []).append(file)
        merged = {folder: some for folder, some in small.items() if len(some) >= FEW}
        gone = {file.file for some in merged.values() for file in some}
        found = [file for file in files if file.file not in gone]
        for folder, some in merged.items():
            for part in _parts(some):
                there = reading([self._mirror.path(file.file) for file in part])
                found.append(self._write(folder, f"from (select {self._columns_of(part)} from {there})"))
        return found

    def snapshot(self, name: str, sources: Mapping[str, Reader]) -> str:
        """Write a snapshot of what is read, each source a table of its own; return its file."""
        for source, read in sources.items():
            self._load(source, SNAPSHOT_ROWS[source], read)
        file = self._copy(name, f"{SNAPSHOT_QUERIES[name]} order by {SNAPSHOT_ORDERS[name]}")
        for source in sources:
            self._duck.execute(f"drop table {source}")
        return file

    def without(self, snapshots: Mapping[str, str], gone: Reader, changed: Reader) -> dict[str, str]:
        """Write snapshots anew without those who went and without what changed events said; return their files."""
        self._load("gone", {"number": "bigint"}, gone)
        self._load("changed", {"number": "bigint"}, changed)
        return {name: self._copy(name, self._left(name, file)) for name, file in snapshots.items()}

    def _left(self, name: str, file: str) -> str:
        there = reading([self._mirror.path(file)])
        columns = [row[0] for row in self._duck.execute(f"describe select * from {there}").fetchall()]
        stays = [f"({one} in (from {_GONE[one]})) is not true" for one in columns if one in _GONE]
        return f"select * from {there} where {' and '.join(stays)} order by {SNAPSHOT_ORDERS[name]}"

    def months(self, files: Sequence[EventFile]) -> dict[str, tuple[Any, ...]]:
        """Return figures by month that differ where an event does; `months` in mirror.sql says the same of the log."""
        if not files:
            return {}
        there = reading([self._mirror.path(file.file) for file in files])
        rows = self._duck.execute(
            f"""select strftime(happened_at, '%Y-%m'), count(*), cast(sum(seq) as varchar),
            cast(sum(identity) as varchar), count(*) filter (where whole), cast(sum(length(kind)) as varchar)
            from {there} group by 1"""
        )
        return {row[0]: row[1:] for row in rows.fetchall()}

    def _take(self, read: Reader) -> None:
        """Read events into `batch`, with a column for each property that always has values of one type."""
        self._load("fresh", EVENT_ROWS, read)
        shapes = self._values("select distinct json_structure(props) from fresh")
        self.properties = learned(self.properties, shapes)
        self._duck.execute(f"create or replace temp table batch as {batch(self._typed())}")

    def _typed(self) -> dict[str, Property]:
        return {name: one for name, one in self.properties.items() if one.column}

    def _columns_of(self, files: Sequence[EventFile]) -> str:
        """Return those columns of some files that still hold: a property's goes when its values come to differ."""
        there = reading([self._mirror.path(file.file) for file in files])
        held = {one.column for one in self._typed().values()}
        names = [row[0] for row in self._duck.execute(f"describe select * from {there}").fetchall()]
        return ", ".join(f'"{name}"' for name in names if not name.startswith("p_") or name in held)

    def _write(self, folder: str, source: str) -> EventFile:
        file = self._copy(folder, f"select * {source} order by kind, seq")
        [(rows, first, last)] = self._duck.execute(
            f"select count(*), min(seq), max(seq) from {reading([self._mirror.path(file)])}"
        ).fetchall()
        return EventFile(file, rows, first, last)

    def _copy(self, folder: str, query: str) -> str:
        """Write what a query gives to a new file, and return its name; it is on the disk then."""
        self._between()
        self._written += 1
        place = self._mirror.folder / folder
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = f"{folder}/{self._generation}-{self._written}.parquet"
        part = self._mirror.folder / f"{file}.part"
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        self._duck.execute(f"copy ({query}) to {quoted(str(part))} ({_WRITTEN})")
        _on_disk(part)
        part.replace(self._mirror.folder / file)
        sync_folder(place)
        return file

    def _load(self, table: str, columns: Mapping[str, str], read: Reader) -> None:
        """Read rows into a table, by way of a file: what is written by PostgreSQL as CSV, DuckDB reads as CSV."""
        passing = self._mirror.folder / f"{uuid4().hex}.csv"
        named = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        try:
            with open(passing, "wb", opener=private) as out:
                read(out)
            self._duck.execute(
                f"create or replace temp table {table} as select * from read_csv({quoted(str(passing))}, "
                f"columns = {{{named}}}, header = false, auto_detect = false, delim = ',', quote = '\"', "
                f"escape = '\"', nullstr = '', allow_quoted_nulls = false, parallel = false, "
                f"max_line_size = {_LONGEST})"
            )
        finally:
            passing.unlink(missing_ok=True)

    def _values(self, query: str) -> list[Any]:
        return [row[0] for row in self._duck.execute(query).fetchall()]


_LONGEST = 64_000_000
"""Bytes of one row."""


def sweep(mirror: Mirror, kept: Collection[str]) -> None:
    """Remove every file that does not count and is not kept."""
    for file in _all_files(mirror.folder):
        if str(file.relative_to(mirror.folder)) not in kept:
            with suppress(OSError):
                file.unlink()
    for folder in mirror.folder.glob("events/*"):
        with suppress(OSError):
            folder.rmdir()


def _all_files(folder: Path) -> Iterable[Path]:
    return (file for file in folder.rglob("*") if file.suffix in (".parquet", ".csv", ".part", ".tmp"))


def _parts(files: Sequence[EventFile]) -> list[list[EventFile]]:
    """Return files in lots that have about as many rows as a file should at most."""
    found: list[list[EventFile]] = [[]]
    for file in files:
        if found[-1] and sum(one.rows for one in found[-1]) + file.rows > FULL:
            found.append([])
        found[-1].append(file)
    return found


def _on_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
