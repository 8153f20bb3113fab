"""`/v1/...`, Segment's HTTP tracking protocol: plain ASGI, without any middleware of the pages, for it is the hot path.

It decodes on the event loop, hands the drafts to the door and answers when they are on disk. As with Segment, what is
well-formed is answered with 200; an event that cannot be taken is kept aside with its reason, which the answer tells.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from regulars.access.keys import Keys
from regulars.access.records import Key
from regulars.hear.aside import Aside
from regulars.hear.door import Door
from regulars.hear.drafts import Draft
from regulars.hear.protocol import TYPES, Envelope, Rejected, read_batch, read_call, texts_of
from regulars.web.api.arriving import Headers, Receive, body_of, key_of
from regulars.web.statuses import PROBLEM, problem, status_of
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, NoKey, Refused, RegularsError, TooLarge, Unknown

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PREFIX = "/v1/"
_SHORT = {"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias", "b": "batch"}
"""The addresses of analytics.js: the first letter of the call."""
_MEASURES = "m"
"""Where analytics.js says how it is doing itself. It is answered, and nothing is kept."""
_BATCHES = frozenset({"batch", "import"})
_WRITING = frozenset({"write", "browser", "admin"})
_JSON: Headers = [(b"content-type", b"application/json")]
_PROBLEM: Headers = [(b"content-type", PROBLEM.encode())]
_CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (b"access-control-allow-headers", b"authorization, content-encoding, content-type, x-retry-count"),
    (b"access-control-expose-headers", b"retry-after"),
    (b"access-control-max-age", b"86400"),
]
_ALLOW: Headers = [(b"allow", b"POST, OPTIONS")]
_FOUND_ALONE = 50
"""Events of a request that are told apart from their neighbours when the log does not take them."""
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_DONE = b'{"success":true}'


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

    def __init__(self, door: Door, aside: Aside, keys: Keys, base_url: str) -> None:
        self._door = door
        self._aside = aside
        self._keys = keys
        self._base_url = base_url
        self._answers: _Answers | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = scope["method"]
        if method == "OPTIONS":
            await _reply(send, 204, b"", _CORS)
            return
        kind = str(scope["path"]).removeprefix(PREFIX).rstrip("/")
        try:
            if kind.startswith("projects/") and method in {"GET", "HEAD"}:
                body = await self._settings(kind)
                await _reply(send, 200, body if method == "GET" else b"", _JSON + _CORS, length=len(body))
                return
            if method != "POST":
                await _refuse(send, Invalid("Send events with POST."), HTTPStatus.METHOD_NOT_ALLOWED, _ALLOW)
                return
            rejected = await self._take(_SHORT.get(kind, kind), scope["headers"], receive)
        except RegularsError as error:
            await _refuse(send, error)
        else:
            await _reply(send, 200, _told(rejected), _JSON + _CORS)

    async def _take(self, kind: str, headers: Headers, receive: Receive) -> list[Rejected]:
        if kind not in TYPES and kind not in _BATCHES and kind != _MEASURES:
            raise Unknown(
                "There is no /v1/{kind}. Use {types}, batch or import.", kind=kind[:40], types=", ".join(TYPES)
            )
        body = await body_of(headers, receive)
        if kind == _MEASURES:
            return []
        key = await self._key(key_of(headers, body))
        if key.scope not in _WRITING:
            raise Refused("A '{scope}' key cannot write events. Use a write or a browser key.", scope=key.scope)
        public = key.scope == "browser"
        if public and kind == "import":
            raise Refused("A browser key cannot import what happened before. Use a write key, on a server.")
        now = utc_now()
        drafts, rejected = _read(kind, body, Envelope(public, now, kind == "import", source=key.id))
        if drafts:
            wrong = await self._in_parts(key.workspace, drafts, [])
            if any(wrong):
                rejected = _with_refused(rejected, wrong, texts_of(body) if kind in _BATCHES else [body])
        if rejected:
            self._aside.keep(key.workspace, key.id, "" if kind in _BATCHES else kind, rejected, now)
        return rejected

    async def _in_parts(self, workspace: str, drafts: Sequence[Draft], found: list[Invalid]) -> list[Invalid | None]:
        """Write what can be taken of what was refused as a whole, by halves; return of each what was wrong with it.

        Only so many are `found` on their own, then parts go whole: a stranger must not cost a transaction an event.
        """
        try:
            await self._write(workspace, drafts)
        except Invalid as error:
            if len(drafts) == 1 or len(found) >= _FOUND_ALONE:
                found.append(error)
                return [error] * len(drafts)
            half = len(drafts) // 2
            first = await self._in_parts(workspace, drafts[:half], found)
            return [*first, *await self._in_parts(workspace, drafts[half:], found)]
        return [None] * len(drafts)

    async def _write(self, workspace: str, drafts: Sequence[Draft]) -> None:
        if self._answers is None:
            self._answers = _Answers()
        future, answer = self._answers.awaited()
        self._door.post(workspace, drafts, answer)
        await future

    async def _key(self, text: str | None) -> Key:
        if not text:
            raise NoKey("A key is missing. Send it as the user name of Basic authentication, or as writeKey.")
        return self._keys.known(text) or await asyncio.to_thread(self._keys.check, text)

    async def _settings(self, path: str) -> bytes:
        """Return what analytics.js asks for before it begins: that it is to send everything here, and nowhere else."""
        text = unquote(path.removeprefix("projects/").removesuffix("/settings"))
        if not path.endswith("/settings") or "/" in text:
            raise Unknown("There is no such address. Use /v1/projects/KEY/settings.")
        key = await self._key(text)
        if key.scope != "browser":
            raise Refused("A '{scope}' key does not belong in a page. Use a browser key.", scope=key.scope)
        return msgspec.json.encode(segment_settings(self._base_url, text))


def segment_settings(base_url: str, key: str) -> dict[str, Any]:
    """Return the settings of a source, as Segment's CDN gives them to analytics.js (its browser/settings.ts)."""
    place = urlsplit(base_url)
    own = {
        "apiKey": key,
        "apiHost": f"{place.netloc}{place.path}/v1",
        "protocol": place.scheme,
        "unbundledIntegrations": [],
        "addBundledMetadata": False,
        "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
    }
    everything = {"__default": {"enabled": True, "integrations": {}}}
    return {
        "integrations": {"Segment.io": own},
        "plan": dict.fromkeys(("track", "identify", "group"), everything),
        "edgeFunction": {},
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "remotePlugins": [],
        "metrics": {"sampleRate": 0},
        "analyticsNextEnabled": True,
        "legacyVideoPluginsEnabled": False,
    }


def _read(kind: str, body: bytes, envelope: Envelope) -> tuple[list[Draft], list[Rejected]]:
    if kind in _BATCHES:
        return read_batch(body, envelope)
    try:
        return [read_call(body, kind, envelope)], []
    except Invalid as error:
        if not _is_object(body):
            raise
        return [], [Rejected(0, str(error), body)]


def _with_refused(
    rejected: list[Rejected], wrong: Sequence[Invalid | None], texts: Sequence[bytes]
) -> list[Rejected]:  # fmt: skip
    """Return what was rejected together with the drafts that the log did not take: those of the other places."""
    unread = {one.index for one in rejected}
    places = [index for index in range(len(texts)) if index not in unread]
    refused = [
        Rejected(index, str(error), texts[index])
        for index, error in zip(places, wrong, strict=True)
        if error is not None
    ]
    return sorted([*rejected, *refused], key=lambda one: one.index)


def _is_object(body: bytes) -> bool:
    """Return whether a body is well-formed: whether what is wrong is what it says, not how."""
    try:
        body.decode()
        _OBJECT.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _told(rejected: list[Rejected]) -> bytes:
    if not rejected:
        return _DONE
    reasons = [{"index": one.index, "reason": one.reason} for one in rejected]
    return msgspec.json.encode({"success": True, "rejected": reasons})


async def _refuse(
    send: Send, error: RegularsError, status: HTTPStatus | None = None, more: Headers | None = None
) -> None:
    if status is None:
        status = HTTPStatus.BAD_REQUEST if isinstance(error, TooLarge) else status_of(error)  # as Segment answers
    body, headers = problem(error, status)
    also = [(name.encode(), value.encode()) for name, value in headers.items()]
    await _reply(send, status, body, _PROBLEM + _CORS + also + (more or []))


_SAFE: Headers = [(b"x-content-type-options", b"nosniff"), (b"content-security-policy", b"default-src 'none'")]
"""No browser is to take an answer for a page."""


async def _reply(send: Send, status: int, body: bytes, headers: Headers, *, length: int | None = None) -> None:
    size = (b"content-length", str(len(body) if length is None else length).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_SAFE, size]})
    await send({"type": "http.response.body", "body": body})
