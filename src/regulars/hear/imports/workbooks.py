"""A workbook is read in a process of its own, which may have so much memory and no more.

What reads it makes a table as wide and as high as the cells farthest from each other: a file of 1 KB with two cells can
ask for more than any machine has, and the process that asks is ended. `python -m` this module reads one sheet and
writes it to its output in pieces, each with its length before it: first what it found, then rows, then no rows at all.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from struct import Struct
from typing import Any, BinaryIO

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from regulars.words.errors import Invalid

MEMORY = 2_000_000_000
"""Bytes that a process may have which reads a workbook."""
UNREADABLE, TOO_LARGE = 2, 3
"""How it ends where a workbook cannot be read, or takes more memory than it has."""
_LONGEST_ROW = 4_000_000
_PIECE = 100_000
_LONGEST_PIECE = _LONGEST_ROW + _PIECE + 100
_LENGTH = Struct(">I")
_MOMENTS = {1: datetime, 2: date, 3: time}


class Found(msgspec.Struct, frozen=True):
    """What a workbook has: its sheets, and the rows of the one that is read, None where it has no such sheet."""

    sheets: list[str]
    rows: int | None = None


def pieces_of(source: BinaryIO, kind: type[Any]) -> Iterator[Any]:
    """Yield what the process wrote, piece by piece; end early where it ended early, and where a piece is too long."""
    while len(head := source.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if length > _LONGEST_PIECE or len(piece := source.read(length)) < length:
            return
        yield msgspec.msgpack.decode(piece, type=kind, ext_hook=_moment)


def main(path: str, sheet: str) -> int:
    """Write the rows of a sheet to the output, of the first where none is named."""
    _hold_to(MEMORY)
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = book.sheet_names
        if sheet and sheet not in sheets:
            _write(Found(sheets))
            return 0
        opened: Any = book.get_sheet_by_name(sheet or sheets[0])
        _write(Found(sheets, int(opened.total_height)))
        _write_rows(opened.iter_rows())
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, IndexError, OSError, Invalid):
        return UNREADABLE
    return 0


def _write_rows(rows: Iterator[Sequence[Any]]) -> None:
    waiting: list[msgspec.Raw] = []
    size = 0
    for row in rows:
        written = msgspec.msgpack.encode([_told(cell) for cell in row])
        if len(written) > _LONGEST_ROW:
            raise Invalid("A row is longer than any table's.")
        waiting.append(msgspec.Raw(written))
        size += len(written)
        if size > _PIECE:
            _write(waiting)
            waiting, size = [], 0
    if waiting:
        _write(waiting)
    _write([])


def _write(what: Any) -> None:
    piece = msgspec.msgpack.encode(what)
    sys.stdout.buffer.write(_LENGTH.pack(len(piece)) + piece)
    sys.stdout.buffer.flush()


def _told(cell: Any) -> Any:
    """Return a cell as MessagePack can say it; how long something takes is text."""
    if isinstance(cell, timedelta):
        return str(cell)
    for code, kind in _MOMENTS.items():
        if isinstance(cell, kind):
            return msgspec.msgpack.Ext(code, cell.isoformat().encode())
    return cell


def _moment(code: int, written: memoryview) -> Any:
    return _MOMENTS[code].fromisoformat(bytes(written).decode())


def _hold_to(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 (Windows has none)
    except ImportError:
        return
    least = min(one for one in (memory, *resource.getrlimit(resource.RLIMIT_AS)) if one != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (least, least))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
