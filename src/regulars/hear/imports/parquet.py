"""Parquet, read by DuckDB in batches: typed columns, memory flat in the size of the file."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from regulars.hear.imports.headers import named
from regulars.words.errors import Invalid

_AT_ONCE = 2_000
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
        self._table = reader.execute("select * from read_parquet(?)", [str(path)])
        self.columns = named(column[0] for column in self._table.description or ())
        self._done = 0

    @property
    def read(self) -> tuple[int, int]:
        """Rows read, of so many."""
        return self._done, self._total

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the cells of each row."""
        with _said():
            while some := self._table.fetchmany(_AT_ONCE):
                for row in some:
                    self._done += 1
                    yield row


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
