"""What a form sends: its files go to the disk, and its fields into memory, of which they may take so much."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import MultipartError, MultipartSegment, PushMultipartParser

LONGEST = 2_000_000
"""Bytes of all that a form sends and is no file."""
_MOST_PARTS = 1_000

AnyRequest = Request[Any, Any, Any]


class Sent(NamedTuple):
    """The fields of a form, and its files."""

    fields: dict[str, str]
    files: dict[str, UploadFile]


async def read_sent(request: AnyRequest) -> Sent:
    """Read what a form sends, once; raise RequestEntityTooLarge where its fields are longer than any form's."""
    sent: Sent | None = getattr(request.state, "sent", None)
    if sent is None:
        sent = request.state.sent = await _read(request)
    return sent


def has_files(request: AnyRequest) -> bool:
    """Return whether a form is sent as one with files is."""
    return request.content_type[0] == RequestEncodingType.MULTI_PART


async def _read(request: AnyRequest) -> Sent:
    kind, options = request.content_type
    if kind == RequestEncodingType.MULTI_PART:
        return await _parts(request.stream(), options.get("boundary", ""))
    if kind != RequestEncodingType.URL_ENCODED:
        return Sent({}, {})
    body = bytearray()
    async for piece in request.stream():
        body += piece
        _check(len(body))
    return Sent(dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)), {})


async def _parts(pieces: AsyncIterator[bytes], boundary: str) -> Sent:
    sent, held, size = Sent({}, {}), bytearray(), 0
    name, file = "", None
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS) as parser:
            async for piece in pieces:
                if parser.closed:
                    break
                for part in parser.parse(piece):
                    if isinstance(part, MultipartSegment):
                        name, file, held = part.name or "", _file(part), bytearray()
                    elif part and file:
                        await file.write(bytes(part))
                    elif part:
                        size += len(part)
                        _check(size)
                        held += part
                    elif file:
                        await file.seek(0)
                        sent.files[name] = file
                    else:
                        sent.fields[name] = held.decode(errors="replace")
    except MultipartError as error:
        raise ClientException("Invalid multipart/form-data") from error
    return sent


def _file(part: MultipartSegment) -> UploadFile | None:
    if not part.filename:
        return None
    return UploadFile(content_type=part.content_type or "", filename=part.filename)


def _check(size: int) -> None:
    if size > LONGEST:
        raise RequestEntityTooLarge
