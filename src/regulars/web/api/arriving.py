"""What a request of the protocol brings, before it is read: its body, unpacked within bounds, and its key."""

import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

import msgspec

from regulars.hear.protocol import BATCH_BYTES
from regulars.words.errors import Invalid, NoKey, TooLarge

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Headers = list[tuple[bytes, bytes]]

_GZIP = 31
"""What zlib calls gzip, with the largest window (zlib manual, inflateInit2)."""


class _WriteKey(msgspec.Struct, rename="camel"):
    write_key: str | None = None


_WRITE_KEY = msgspec.json.Decoder(_WriteKey)


async def body_of(headers: Headers, receive: Receive) -> bytes:
    """Return a request's body, unpacked; raise TooLarge for more than a batch may have, packed or unpacked."""
    packed = False
    for name, value in headers:
        if name == b"content-encoding" and value not in {b"", b"identity"}:
            if value.strip().lower() not in {b"gzip", b"x-gzip"}:
                raise Invalid("The body is packed in a way we do not know. Send it as it is, or with gzip.")
            packed = True
        if name == b"content-length" and value.isdigit() and int(value) > BATCH_BYTES:
            raise _too_large()
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("The request ended before its body did.")
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > BATCH_BYTES:
            raise _too_large()
        parts.append(part)
        if not message.get("more_body"):
            body = b"".join(parts)
            return unpacked(body) if packed else body


def unpacked(body: bytes) -> bytes:
    """Return what gzip has packed (RFC 1952), never more than a batch may have: a bomb is refused, not blown up."""
    reader = zlib.decompressobj(_GZIP)
    try:
        text = reader.decompress(body, BATCH_BYTES + 1)
    except zlib.error as error:
        raise Invalid("The body says it is packed with gzip and is not.") from error
    if len(text) > BATCH_BYTES:
        raise _too_large()
    if not reader.eof or reader.unused_data:
        raise Invalid("The body says it is packed with gzip, and its end is missing or something follows it.")
    return text


def _too_large() -> TooLarge:
    return TooLarge("A body may have {most} bytes. Send it in parts.", most=BATCH_BYTES)


def key_of(headers: Headers, body: bytes) -> str | None:
    """Return the key that a request came with: in the header, or as `writeKey` in its body."""
    return _in_header(headers) or _in_body(body)


def _in_header(headers: Headers) -> str | None:
    for name, value in headers:
        if name == b"authorization":
            return _authorized(value)
    return None


@lru_cache(maxsize=1_000)
def _authorized(value: bytes) -> str:
    """Return the user name of Basic authentication (RFC 7617), which is where Segment's clients put the key."""
    scheme, _, rest = value.partition(b" ")
    if scheme.lower() == b"bearer":
        return rest.strip().decode("latin-1")
    try:
        return b64decode(rest.strip(), validate=True).decode().partition(":")[0]
    except (Base64Error, UnicodeDecodeError) as error:
        raise NoKey("The Authorization header cannot be read. Use Basic with the key as user name.") from error


def _in_body(body: bytes) -> str | None:
    try:
        return _WRITE_KEY.decode(body).write_key
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Invalid("The body is not JSON: {problem}.", problem=str(error)) from error
