"""A file as a table: columns by name, and rows one after the other, however it is written. Memory stays flat."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol

from regulars.hear.imports.excel import open_workbook
from regulars.hear.imports.lines import Lines
from regulars.hear.imports.packing import Packed
from regulars.hear.imports.parquet import open_parquet
from regulars.hear.imports.plan import Format, Reading
from regulars.hear.imports.text import Text
from regulars.words.errors import Invalid

_HEAD = 8
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


class Sheet(Protocol):
    """An open table."""

    columns: list[str]

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield the cells of each row, in the order of the columns; raise Invalid where it cannot be read on."""
        ...

    @property
    def read(self) -> tuple[int, int]:
        """How far it was read, of how much: bytes, or rows."""
        ...


@contextmanager
def opened(path: Path) -> Generator[BufferedReader]:
    """Open a file; raise Invalid where it cannot be."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Invalid("The file '{path}' cannot be opened: {problem}.", path=path, problem=error.strerror) from error
    with raw:
        yield raw


def format_of(path: Path) -> Format:
    """Return what a file is, by its first bytes; raise Invalid where it is nothing that we read."""
    with opened(path) as raw:
        packed = Packed(raw, path.stat().st_size)
        head = packed.peek(_HEAD)
    if not head:
        raise Invalid("The file is empty.")
    if head.startswith((_ZIP, _OLD_EXCEL)):
        return "excel"
    if head.startswith(b"PAR1"):
        return "parquet"
    return "ndjson" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")) else "csv"


@contextmanager
def open_sheet(path: Path, reading: Reading, *, whole: bool = True) -> Generator[Sheet]:
    """Open a file as a table; of long texts the beginnings will do where it is not read `whole`."""
    with opened(path) as raw:
        match reading.format:
            case "excel":
                with open_workbook(path, reading.sheet) as sheet:
                    yield sheet
            case "parquet":
                with open_parquet(path, whole=whole) as sheet:
                    yield sheet
            case "ndjson":
                yield Lines(Packed(raw, path.stat().st_size))
            case "csv":
                yield Text(Packed(raw, path.stat().st_size), reading.encoding, reading.separator)
