"""Bytes of a file, unpacked on the way where it is packed by gzip or xz."""

import gzip
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any

from regulars.words.errors import Invalid

MOST_EMPTY = 100_000
"""Lines without anything, one after the other: a file may unpack to millions, and who looks at it waits for each."""
_MUCH = 2_000_000_000
_TIMES = 250
"""A file that unpacks to more than both is made to fill somebody's machine: tables pack to a tenth."""


class Packed:
    """An open file; what is read of it is unpacked, `done` counts the bytes as they lie."""

    def __init__(self, raw: BufferedReader, size: int) -> None:
        self._raw = raw
        self.size = size
        self.bytes: Any = _unpacked(raw)

    @property
    def done(self) -> int:
        """How much has been read, as it lies; raise Invalid where it unpacks to more than it can mean."""
        done = self._raw.tell()
        if self.bytes is not self._raw and (loose := self.bytes.tell()) > _MUCH and loose > done * _TIMES:
            raise Invalid("The file unpacks to more than {most} times its size. It was not read on.", most=_TIMES)
        return done

    @property
    def whole(self) -> bool:
        """Whether any place can be gone to at once: it is not packed."""
        return self.bytes is self._raw

    def peek(self, size: int) -> bytes:
        """Return the first bytes; the next reading begins with them again."""
        with unbroken(0):
            return bytes(self.bytes.peek(size)[:size])


@contextmanager
def unbroken(rows: int) -> Generator[None]:
    """Say in words that a file is damaged, and behind which row."""
    try:
        yield
    except (EOFError, OSError, zlib.error) as error:
        raise broken(rows, "is damaged or cut off") from error


def broken(rows: int, problem: str) -> Invalid:
    """Return that a file cannot be read on, and what to do."""
    return Invalid(
        "After line {line} the file {problem}. Mend it and import it again: nothing is taken twice.",
        line=rows + 1,
        problem=problem,
    )


def _unpacked(raw: BufferedReader) -> Any:
    start = raw.peek(6)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if start.startswith(b"\xfd7zXZ\x00"):
        return _unpacked_xz(raw)
    return raw


def _unpacked_xz(raw: BufferedReader) -> Any:
    try:
        from regulars.hear.imports.xz import open_xz  # noqa: PLC0415 (a Python built without lzma can do all else)
    except ImportError as error:
        raise Invalid("This Python cannot unpack .xz files. Unpack the file first, or use .gz.") from error
    return open_xz(raw)
