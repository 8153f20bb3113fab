"""`POST /v1/{identify,track,page,batch}`: plain ASGI, without any middleware of the pages, because it is the hot path.

It decodes on the event loop, hands the drafts to the door and answers when they are on disk.
"""

import asyncio
from base64 import b64decode
from binascii import Error as Base64Error
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from regulars.access.keys import Keys
from regulars.access.records import Key
from regulars.hear.door import Door
from regulars.hear.protocol import BATCH_BYTES, TYPES, Draft, Rejected, read_batch, read_call
from regulars.web.statuses import PROBLEM, problem, status_of
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, NoKey, Refused, RegularsError, TooLarge, Unknown

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PREFIX = "/v1/"
_WRITING = frozenset({"write", "browser", "admin"})
_JSON: Headers = [(b"content-type", b"application/json")]
_PROBLEM: Headers = [(b"content-type", PROBLEM.encode())]
_CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"86400"),
]
_DONE = b'{"success":true}'


class _WriteKey(msgspec.Struct, rename="camel"):
    write_key: str | None = None


_WRITE_KEY = msgspec.json.Decoder(_WriteKey)


class _Answers:
    """Brings the writer thread's answers to the event loop, many at one call."""

    def __init__(self) -> None:
        self._ready: deque[tuple[asyncio.Future[None], RegularsError | None]] = deque()
        self._loop = asyncio.get_running_loop()

    def awaited(self) -> tuple[asyncio.Future[None], Callable[[RegularsError | None], None]]:
        """Return a future, and what settles it from another thread."""
        future: asyncio.Future[None] = self._loop.create_future()

        def answer(error: RegularsError | None) -> None:
            first = not self._ready
            self._ready.append((future, error))
            if first:
                self._loop.call_soon_threadsafe(self._settle)

        return future, answer

    def _settle(self) -> None:
        while self._ready:
            future, error = self._ready.popleft()
            if not future.done():
                if error is None:
                    future.set_result(None)
                else:
                    future.set_exception(error)


class Ingest:
    """The ASGI application under /v1."""

    def __init__(self, door: Door, keys: Keys) -> None:
        self._door = door
        self._keys = keys
        self._answers: _Answers | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "OPTIONS":
            await _reply(send, 204, b"", _CORS)
            return
        try:
            rejected = await self._take(scope, receive)
        except RegularsError as error:
            await _refuse(send, error)
        else:
            body = _DONE if not rejected else msgspec.json.encode({"success": True, "rejected": rejected})
            await _reply(send, 200, body, _JSON + _CORS)

    async def _take(self, scope: Scope, receive: Receive) -> list[Rejected]:
        kind = str(scope["path"]).removeprefix(PREFIX).rstrip("/")
        if kind not in TYPES and kind != "batch":
            raise Unknown("There is no /v1/{kind}. Use identify, track, page or batch.", kind=kind[:40])
        if scope["method"] != "POST":
            raise Invalid("Send events with POST.")
        headers: Headers = scope["headers"]
        body = await _body(headers, receive)
        key = await self._key(headers, body)
        if key.scope not in _WRITING:
            raise Refused("A '{scope}' key cannot write events. Use a write or a browser key.", scope=key.scope)
        drafts, rejected = _read(kind, body, public=key.scope == "browser")
        if drafts:
            await self._write(key.workspace, drafts)
        return rejected

    async def _write(self, workspace: str, drafts: list[Draft]) -> None:
        if self._answers is None:
            self._answers = _Answers()
        future, answer = self._answers.awaited()
        self._door.post(workspace, drafts, answer)
        await future

    async def _key(self, headers: Headers, body: bytes) -> Key:
        text = _basic(headers) or _in_body(body)
        if not text:
            raise NoKey("A key is missing. Send it as the user name of Basic authentication, or as writeKey.")
        return self._keys.known(text) or await asyncio.to_thread(self._keys.check, text)


def _read(kind: str, body: bytes, *, public: bool) -> tuple[list[Draft], list[Rejected]]:
    if kind != "batch":
        return [read_call(body, kind, public=public, now=utc_now())], []
    drafts, rejected = read_batch(body, public=public, now=utc_now())
    if rejected and not drafts:
        raise Invalid("No event of this batch can be taken. The first: {reason}", reason=rejected[0].reason)
    return drafts, rejected


async def _body(headers: Headers, receive: Receive) -> bytes:
    for name, value in headers:
        if name == b"content-encoding" and value not in {b"", b"identity"}:
            raise Invalid("The body is compressed. Send it as it is.")
        if name == b"content-length" and value.isdigit() and int(value) > BATCH_BYTES:
            raise TooLarge("A body may have {most} bytes. Send it in parts.", most=BATCH_BYTES)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("The request ended before its body did.")
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > BATCH_BYTES:
            raise TooLarge("A body may have {most} bytes. Send it in parts.", most=BATCH_BYTES)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _basic(headers: Headers) -> str | None:
    """Return the user name of Basic authentication (RFC 7617), which is where Segment's clients put the key."""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, rest = value.partition(b" ")
            if scheme.lower() == b"bearer":
                return rest.strip().decode("latin-1")
            try:
                return b64decode(rest.strip(), validate=True).decode().partition(":")[0]
            except (Base64Error, UnicodeDecodeError) as error:
                raise NoKey("The Authorization header cannot be read. Use Basic with the key as user name.") from error
    return None


def _in_body(body: bytes) -> str | None:
    try:
        return _WRITE_KEY.decode(body).write_key
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Invalid("The body is not JSON: {problem}.", problem=str(error)) from error


async def _refuse(send: Send, error: RegularsError) -> None:
    status = HTTPStatus.BAD_REQUEST if isinstance(error, TooLarge) else status_of(error)  # as Segment answers
    body, headers = problem(error, status)
    more = [(name.encode(), value.encode()) for name, value in headers.items()]
    await _reply(send, status, body, _PROBLEM + _CORS + more)


_SAFE: Headers = [(b"x-content-type-options", b"nosniff"), (b"content-security-policy", b"default-src 'none'")]
"""No browser is to take an answer for a page."""


async def _reply(send: Send, status: int, body: bytes, headers: Headers) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_SAFE, length]})
    await send({"type": "http.response.body", "body": body})
