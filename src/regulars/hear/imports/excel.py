"""Excel (xlsx, xls, xlsb) and OpenDocument, read by calamine: what the cells show, never the formulas behind them.

A workbook is read whole, so it may not be large; what it unpacks to is measured before it is opened, and it is opened
in a process of its own (workbooks.py).
"""

import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from regulars.hear.imports.headers import named
from regulars.hear.imports.workbooks import MEMORY, TOO_LARGE, Found, pieces_of
from regulars.words.errors import Invalid, TooLarge

LARGEST = 50_000_000
"""Bytes of a workbook, as it lies."""
LOOSEST = 300_000_000
"""Bytes of a workbook, unpacked: some 600,000 rows of ten columns."""
_PIECE = 1_000_000
_ENDS = 10.0
"""Seconds that a process has to end which has closed its output."""
_UNREADABLE = "The workbook is damaged, locked by a password, or of a kind that cannot be read."
_NOT_A_WORKBOOK = "This is a zip file, but no workbook. Unpack it, and import the files inside one by one."


class Workbook:
    """One sheet of a workbook."""

    def __init__(self, process: "subprocess.Popen[bytes]", source: BinaryIO, sheet: str) -> None:
        self._process = process
        self._source = source
        found: Found | None = next(pieces_of(source, Found), None)
        if found is None:
            raise self._problem()
        if found.rows is None:
            names = ", ".join(found.sheets)
            raise Invalid("The workbook has no sheet '{sheet}'. It has: {names}.", sheet=sheet, names=names)
        self._total = found.rows
        self._done = 0
        self._rows = self._read()
        self.columns = named(next(self._rows, []))

    @property
    def read(self) -> tuple[int, int]:
        """Rows read, of so many."""
        return self._done, self._total

    def rows(self) -> Iterator[list[Any]]:
        """Yield the cells of each row; rows without any are none."""
        for row in self._rows:
            self._done += 1
            if any(cell not in ("", None) for cell in row):
                yield row

    def _read(self) -> Iterator[list[Any]]:
        for rows in pieces_of(self._source, list[list[Any]]):
            if not rows:
                return
            yield from rows
        raise self._problem()

    def _problem(self) -> Invalid | TooLarge:
        """Return why the process ended early: out of memory, it is ended by a signal, or says so itself."""
        self._source.close()
        code = self._process.wait(_ENDS)
        return _too_loose(MEMORY) if code < 0 or code == TOO_LARGE else Invalid(_UNREADABLE)


@contextmanager
def open_workbook(path: Path, sheet: str) -> Generator[Workbook]:
    """Open a sheet of a workbook, the first where none is named; raise Invalid or TooLarge where it cannot be."""
    _check_size(path)
    command = [sys.executable, "-P", "-m", "regulars.hear.imports.workbooks", str(path.absolute()), sheet]
    nothing, out = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, stdin=nothing, stdout=out, stderr=nothing) as process:  # noqa: S603 (our own module)
        try:
            yield Workbook(process, cast("BinaryIO", process.stdout), sheet)
        finally:
            process.kill()


def _check_size(path: Path) -> None:
    """Unpack it once, counting: what its directory says of itself may be a lie."""
    if path.stat().st_size > LARGEST:
        raise TooLarge(
            "A workbook may have {most} MB. Save it as CSV, which may be as long as it likes.", most=LARGEST // 10**6
        )
    if not is_zipfile(path):
        return
    try:
        with ZipFile(path) as packed:
            if not any(name in ("[Content_Types].xml", "content.xml") for name in packed.namelist()):
                raise Invalid(_NOT_A_WORKBOOK)
            if sum(one.file_size for one in packed.infolist()) > LOOSEST:
                raise _too_loose(LOOSEST)
            loose = 0
            for one in packed.infolist():
                with packed.open(one) as part:
                    while piece := part.read(_PIECE):
                        loose += len(piece)
                        if loose > LOOSEST:
                            raise _too_loose(LOOSEST)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Invalid(_UNREADABLE) from error


def _too_loose(most: int) -> TooLarge:
    return TooLarge(
        "The workbook unpacks to more than {most} MB. Save it as CSV, which may be as long as it likes.",
        most=most // 10**6,
    )
