"""Excel (xlsx, xls, xlsb) and OpenDocument, read by calamine: what the cells show, never the formulas behind them.

A workbook is read whole, so it may not be large; what it unpacks to is measured before it is opened.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from python_calamine import CalamineError, CalamineWorkbook

from regulars.hear.imports.headers import named
from regulars.words.errors import Invalid, TooLarge

LARGEST = 50_000_000
"""Bytes of a workbook, as it lies."""
LOOSEST = 300_000_000
"""Bytes of a workbook, unpacked: some 600,000 rows of ten columns."""
_PIECE = 1_000_000
_NOT_A_WORKBOOK = "This is a zip file, but no workbook. Unpack it, and import the files inside one by one."


class Workbook:
    """One sheet of a workbook."""

    def __init__(self, sheet: Any) -> None:
        self._rows = sheet.iter_rows()
        self._total = int(sheet.total_height)
        self._done = 0
        first: Sequence[Any] = next(self._rows, [])
        self.columns = named(first)

    @property
    def read(self) -> tuple[int, int]:
        """Rows read, of so many."""
        return self._done, self._total

    def rows(self) -> Iterator[list[Any]]:
        """Yield the cells of each row; rows without any are none."""
        for cells in self._rows:
            self._done += 1
            row = [str(cell) if isinstance(cell, timedelta) else cell for cell in cells]
            if any(cell not in ("", None) for cell in row):
                yield row


def open_workbook(path: Path, sheet: str) -> Workbook:
    """Open a sheet of a workbook, the first where none is named; raise Invalid or TooLarge where it cannot be."""
    _check_size(path)
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet and sheet not in names:
            raise Invalid("The workbook has no sheet '{sheet}'. It has: {names}.", sheet=sheet, names=", ".join(names))
        return Workbook(book.get_sheet_by_name(sheet or names[0]))
    except (CalamineError, IndexError, OSError, BadZipFile) as error:
        raise Invalid("The workbook is damaged, locked by a password, or of a kind that cannot be read.") from error


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
                raise _too_loose()
            loose = 0
            for one in packed.infolist():
                with packed.open(one) as part:
                    while piece := part.read(_PIECE):
                        loose += len(piece)
                        if loose > LOOSEST:
                            raise _too_loose()
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Invalid("The workbook is damaged, locked by a password, or of a kind that cannot be read.") from error


def _too_loose() -> TooLarge:
    return TooLarge(
        "The workbook unpacks to more than {most} MB. Save it as CSV, which may be as long as it likes.",
        most=LOOSEST // 10**6,
    )
