"""Marks: a signed number in a mail's return path and head, by which what comes back is known and cannot be made up.

A mark is `<number>-<signature>`, both in letters and digits that survive whoever writes addresses in small letters
only (VERP; RFC 3834 and 5233 have the `+`). It is bound to its workspace and to what it is for.
"""

import re
from base64 import b32encode
from hmac import compare_digest, digest
from typing import Literal

import msgspec

Purpose = Literal["r", "u"]
"""r: where the mail is returned to; u: to write there is to unsubscribe."""
HEADER = "X-Regulars-Message"
_BYTES = 15
_LONGEST_NUMBER = 13
MARK = re.compile(r"\b([0-9a-z]{1,13})-([a-z2-7]{24})\b")
_IN_ADDRESS = re.compile(r"\+([ru])-([0-9a-z]{1,13}-[a-z2-7]{24})@", re.IGNORECASE)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 2**63


class Marks(msgspec.Struct, frozen=True):
    """What makes and reads the marks of a workspace."""

    secret: bytes
    workspace: str

    def of(self, message_id: int) -> str:
        """Return the mark of a message."""
        return f"{_written(message_id)}-{self._signature(message_id)}"

    def address(self, box: str, purpose: Purpose, message_id: int) -> str:
        """Return the address of a mailbox that names a message."""
        local, _, domain = box.rpartition("@")
        return f"{local}+{purpose}-{self.of(message_id)}@{domain}"

    def read(self, mark: str) -> int | None:
        """Return the message of a mark; None where it is not whole or was made elsewhere."""
        number, _, signature = mark.strip().lower().partition("-")
        if not MARK.fullmatch(f"{number}-{signature}"):
            return None
        message_id = int(number, 36)
        fits = message_id < _LARGEST and compare_digest(signature, self._signature(message_id))
        return message_id if fits else None

    def in_address(self, text: str) -> tuple[Purpose, int] | None:
        """Return what an address of ours, somewhere in a text, is for, and its message."""
        for purpose, mark in _IN_ADDRESS.findall(text):
            if (message_id := self.read(mark)) is not None:
                return ("u" if purpose.lower() == "u" else "r"), message_id
        return None

    def _signature(self, message_id: int) -> str:
        said = digest(self.secret, f"{self.workspace}\0{message_id}".encode(), "sha256")
        return b32encode(said[:_BYTES]).decode("ascii").lower()


def _written(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
