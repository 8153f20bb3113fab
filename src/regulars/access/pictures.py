"""Pictures that somebody gives us to show to others: taken only where they are whole and of a kind that holds no code.

A picture is read from its first byte to its last: what is hidden behind its end, or pretends to be one, is refused.
An SVG is a document that can load and run things, and mail programs do not show it: it is refused too.
"""

from struct import error as not_enough
from struct import unpack
from zlib import crc32

import msgspec

from regulars.words.errors import Invalid, TooLarge

LARGEST = 200_000
"""Bytes of a picture: customers on the road load it."""
WIDEST = 2_000
_PNG = b"\x89PNG\r\n\x1a\n"
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of JPEG that tell a picture's size (ITU T.81, table B.1)."""
_START_OF_SCAN = 0xDA


class Picture(msgspec.Struct, frozen=True):
    """What a picture is: its kind, which is also the ending of its name, and its size."""

    kind: str
    width: int
    height: int


def read_picture(image: bytes) -> Picture:
    """Return what a picture is; raise TooLarge for one that is, and Invalid for what is no whole PNG, JPEG or WebP."""
    if len(image) > LARGEST:
        raise TooLarge(
            "The picture has {size} kB; at most {most} kB. Save it smaller, 400 pixels wide is plenty.",
            size=len(image) // 1000,
            most=LARGEST // 1000,
        )
    try:
        found = _png(image) or _jpeg(image) or _webp(image)
    except (ValueError, IndexError, not_enough):
        found = None
    if found is None:
        if b"<svg" in image[:1000].lower():
            raise Invalid("Mail programs show no SVG. Save the logo as PNG or WebP, twice as large as it is shown.")
        raise Invalid("This is no picture that we can show. Send a PNG, a JPEG or a WebP.")
    if not (0 < found.width <= WIDEST and 0 < found.height <= WIDEST):
        raise Invalid(
            "The picture has {width} × {height} pixels; at most {most} each way.",
            width=found.width,
            height=found.height,
            most=WIDEST,
        )
    return found


def _png(image: bytes) -> Picture | None:
    """Walk the chunks of a PNG (W3C PNG, 5.3): each has its checksum, and the last ends the file."""
    if not image.startswith(_PNG):
        return None
    at, kind = len(_PNG), b""
    while at < len(image) and kind != b"IEND":
        length = int.from_bytes(image[at : at + 4], "big")
        kind, body = image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        at += 12 + length
        if crc32(kind + body) != int.from_bytes(image[at - 4 : at], "big"):
            return None
    if kind != b"IEND" or at != len(image) or image[12:16] != b"IHDR":
        return None
    return Picture("png", *unpack(">II", image[16:24]))


def _jpeg(image: bytes) -> Picture | None:
    """Walk the segments of a JPEG up to its scan (ITU T.81, annex B); it ends with its end."""
    if not (image.startswith(b"\xff\xd8\xff") and image.endswith(b"\xff\xd9")):
        return None
    at, size = 2, None
    while image[at] == 0xFF and image[at + 1] != _START_OF_SCAN:  # noqa: PLR2004 (what begins every marker)
        if image[at + 1] in _SIZES:
            height, width = unpack(">HH", image[at + 5 : at + 9])
            size = (width, height)
        at += 2 + int.from_bytes(image[at + 2 : at + 4], "big")
    return Picture("jpg", *size) if size and image[at] == 0xFF else None  # noqa: PLR2004


def _webp(image: bytes) -> Picture | None:
    """Read the first chunk of a WebP (RFC 9649), whose container says how long it is."""
    if image[:4] != b"RIFF" or image[8:12] != b"WEBP" or int.from_bytes(image[4:8], "little") + 8 != len(image):
        return None
    kind, body = image[12:16], image[20:]
    if kind == b"VP8X":
        return Picture("webp", *(int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7)))
    if kind == b"VP8L" and body[0] == 0x2F:  # noqa: PLR2004 (its signature)
        bits = int.from_bytes(body[1:5], "little")
        return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return Picture("webp", *(side & 0x3FFF for side in unpack("<HH", body[6:10])))
    return None
