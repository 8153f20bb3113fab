"""xz, unpacked as it is read. Python's own reader of such files takes as much memory as a file says that it needs."""

import lzma
from io import BufferedReader, RawIOBase
from typing import cast

_MEMORY = 128_000_000
"""Bytes for unpacking: `xz -9` needs 65 MB. A file may ask for 4 GB."""
_PIECE = 64_000


class _Unpacked(RawIOBase):
    def __init__(self, packed: BufferedReader) -> None:
        self._packed = packed
        self._stream = _stream()
        self._given = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._given

    def readinto(self, into: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill in what comes next; raise OSError where it is damaged, and EOFError where it is cut off."""
        try:
            piece = self._next(len(into))
        except lzma.LZMAError as error:
            raise OSError(str(error)) from error
        into[: len(piece)] = piece
        self._given += len(piece)
        return len(piece)

    def _next(self, most: int) -> bytes:
        while True:
            if self._stream.eof:
                more = self._stream.unused_data or self._packed.read(_PIECE)
                while more and not (more := more.lstrip(b"\0")):
                    more = self._packed.read(_PIECE)
                if not more:
                    return b""
                self._stream = _stream()
            else:
                more = self._packed.read(_PIECE) if self._stream.needs_input else b""
                if self._stream.needs_input and not more:
                    raise EOFError("The file is cut off.")
            if piece := self._stream.decompress(more, most):
                return piece


def open_xz(packed: BufferedReader) -> BufferedReader:
    """Return what is unpacked of a file; reading raises OSError or EOFError where it is damaged, or needs too much."""
    return BufferedReader(cast("RawIOBase", _Unpacked(packed)))


def _stream() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
