"""Parquet, read by DuckDB in batches: typed columns, memory flat in the size of the file.

A text that stands in a million rows is written once, so a small file can be long to read: how long rows are, is asked
before their texts are. DuckDB hands over 2,048 rows at once.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from regulars.hear.imports.headers import named
from regulars.hear.imports.packing import broken
from regulars.words.errors import Invalid

_AT_ONCE = 50
_LONGEST_ROW = 1_000_000
"""Bytes of the texts of a row, as of a line of NDJSON."""
_TOGETHER = 2_048
_LONGEST_TOGETHER = 64_000_000
"""Bytes of the texts of so many rows: as many events as long as the longest."""
_BEGINNING = 2_000
"""Characters of a text, where only its beginning is looked at; lists and the like that are longer are left out then."""
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "preserve_insertion_order": "true",
}


class Parquet:
    """An open Parquet file: all of it, or the beginnings of its texts."""

    def __init__(self, reader: duckdb.DuckDBPyConnection, path: Path, *, whole: bool) -> None:
        counted = reader.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
        self._total = int(counted[0]) if counted else 0
        described = reader.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
        self.columns = named(column[0] for column in described)
        columns = [_Column(name, kind) for name, kind, *_ in described]
        if whole:
            self._check(reader, path, columns)
        self._table = reader.execute(_asked(columns, whole=whole), [str(path)])
        self._done = 0

    @property
    def read(self) -> tuple[int, int]:
        """Rows read, of so many."""
        return self._done, self._total

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the cells of each row."""
        with _said():
            while some := self._table.fetchmany(_AT_ONCE):
                for *row, size in some:
                    if size > _LONGEST_ROW:
                        raise _too_long(self._done)
                    self._done += 1
                    yield tuple(row)

    def _check(self, reader: duckdb.DuckDBPyConnection, path: Path, columns: "list[_Column]") -> None:
        """Raise Invalid where rows that are handed over at once are too long together."""
        sizes = f"select {_long(columns)} as long, row_number() over () - 1 as place from read_parquet(?) t"
        asked = f"select place - place % {_TOGETHER} as begins from ({sizes}) group by 1"
        found = reader.execute(f"{asked} having sum(long) > {_LONGEST_TOGETHER} order by 1 limit 1", [str(path)])
        if row := found.fetchone():
            raise _too_long(row[0])


class _Column:
    """A column as SQL names it, and what asks how long a cell of it is; '' for what is always short."""

    def __init__(self, name: str, kind: str) -> None:
        self.name = 't."' + name.replace('"', '""') + '"'
        self.text = kind in ("VARCHAR", "JSON") or kind.startswith("ENUM")
        if kind == "BLOB":
            self.long = f"octet_length({self.name})"
        elif kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
            self.long = f"strlen({self.name}::varchar)"
        else:
            self.long = f"strlen({self.name})" if self.text else ""

    def asked(self, *, whole: bool) -> str:
        """Return what asks for its cells, or their beginnings: where a row is too long, for none."""
        if not self.long:
            return self.name
        if whole:
            return f"case when l.long <= {_LONGEST_ROW} then {self.name} end"
        if self.text:
            return f"left({self.name}::varchar, {_BEGINNING})"
        return f"case when {self.long} <= {_BEGINNING} then {self.name} end"


def _long(columns: list[_Column]) -> str:
    return " + ".join(["0", *(f"coalesce({one.long}, 0)" for one in columns if one.long)])


def _asked(columns: list[_Column], *, whole: bool) -> str:
    """Return what asks for the rows, each with the bytes of its texts behind it."""
    cells = ", ".join(one.asked(whole=whole) for one in columns)
    return f"select {cells}, l.long from read_parquet(?) t, lateral (select {_long(columns)}) l (long)"


def _too_long(rows: int) -> Invalid:
    return broken(rows, "has a row that is longer than any table's")


@contextmanager
def open_parquet(path: Path, *, whole: bool = True) -> Generator[Parquet]:
    """Open a Parquet file; raise Invalid where it is none, or damaged."""
    reader = duckdb.connect(config=_LIMITS)
    try:
        with _said():
            found = Parquet(reader, path, whole=whole)
        yield found
    finally:
        reader.close()


@contextmanager
def _said() -> Generator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise Invalid("The Parquet file is damaged, or of a kind that cannot be read.") from error
