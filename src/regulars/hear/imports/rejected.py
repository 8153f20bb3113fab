"""The rows that were not taken, with why: a CSV file of the same columns, to be mended and brought again."""

import csv
import os
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from regulars.hear.imports.values import Values
from regulars.words.cells import marked

ROW, BECAUSE = "rejected row", "rejected because"
"""The columns in front. A file that has them already is read without them."""


class Rejects:
    """The file of rejected rows, opened where an import begins or goes on."""

    def __init__(self, path: Path, columns: Sequence[str], values: Values, size: int) -> None:
        new = size == 0
        self._raw = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        self._raw.truncate(size)
        self._raw.seek(size)
        self._text = TextIOWrapper(self._raw, "utf-8", "replace", newline="", write_through=False)
        self._rows = csv.writer(self._text)
        self._values = values
        self.count = 0
        if new:
            self._text.write("\ufeff")
            self._rows.writerow([ROW, BECAUSE, *map(marked, columns)])

    def add(self, number: int, rows: Sequence[Sequence[Any]], reason: str) -> None:
        """Write the rows of one item."""
        for at, row in enumerate(rows):
            self._rows.writerow([number + at, reason, *(marked(self._values.text(cell)) for cell in row)])
            self.count += 1

    def flush(self) -> int:
        """Write out what is held back, and return how long the file is."""
        self._text.flush()
        return self._raw.tell()

    def close(self) -> None:
        """Close the file."""
        self._text.close()
