"""Parquet, read by DuckDB in batches: typed columns, memory flat in the size of the file.

A text that stands in a million rows is written once, so a small file can be long to read: how long a row is, is asked
before its texts are.
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
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "preserve_insertion_order": "true",
}


class Parquet:
    """An open Parquet file."""

    def __init__(self, reader: duckdb.DuckDBPyConnection, path: Path) -> None:
        counted = reader.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
        self._total = int(counted[0]) if counted else 0
        described = reader.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
        self.columns = named(column[0] for column in described)
        self._table = reader.execute(_asked([(name, kind) for name, kind, *_ in described]), [str(path)])
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
                        raise broken(self._done, "has a row that is longer than any table's")
                    self._done += 1
                    yield tuple(row)


def _asked(columns: list[tuple[str, str]]) -> str:
    """Return what asks for the rows, each with the bytes of its texts behind it; where those are too many, without."""
    lengths, cells = ["0"], []
    for name, kind in columns:
        column = '"' + name.replace('"', '""') + '"'
        length = _length(column, kind)
        cells.append(f"case when l.long <= {_LONGEST_ROW} then t.{column} end" if length else f"t.{column}")
        lengths += [f"coalesce({length}, 0)"] if length else []
    return f"select {', '.join(cells)}, l.long from read_parquet(?) t, lateral (select {' + '.join(lengths)}) l (long)"


def _length(column: str, kind: str) -> str:
    if kind == "BLOB":
        return f"octet_length(t.{column})"
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"strlen(t.{column}::varchar)"
    return f"strlen(t.{column})" if kind in ("VARCHAR", "JSON") or kind.startswith("ENUM") else ""


@contextmanager
def open_parquet(path: Path) -> Generator[Parquet]:
    """Open a Parquet file; raise Invalid where it is none, or damaged."""
    reader = duckdb.connect(config=_LIMITS)
    try:
        with _said():
            found = Parquet(reader, path)
        yield found
    finally:
        reader.close()


@contextmanager
def _said() -> Generator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise Invalid("The Parquet file is damaged, or of a kind that cannot be read.") from error
