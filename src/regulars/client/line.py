"""The line to a server: requests are sent, sent again where that may help, and read into shapes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from random import random
from time import sleep
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
import msgspec

from regulars.client.lists import Listing, Pages
from regulars.client.problems import Invalid, Problem, problem_of

T = TypeVar("T")

_AGAIN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE})
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 30.0


def place(part: object) -> str:
    """Return a part of a path, with whatever is in it quoted."""
    return quote(str(part), safe="")


class _Rejected(msgspec.Struct, frozen=True):
    reason: str


class _Taken(msgspec.Struct, frozen=True):
    """How events are answered: also with 200 where one was not taken (Segment's way)."""

    rejected: tuple[_Rejected, ...] = ()


class Line:
    """A connection with a key. Every change carries an Idempotency-Key, so sending it again does it once."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        attempts: int = 5,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        headers = {"authorization": f"Bearer {key}", "accept": "application/json, application/problem+json"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._attempts = max(1, attempts)
        self._wait = wait

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def ask(self, path: str, shape: type[T], query: Mapping[str, Any] | None = None) -> T:
        """Ask for something."""
        answer = self._send("GET", path, {}, None, query)
        return msgspec.json.decode(answer.content, type=shape)

    def file(self, path: str) -> bytes:
        """Fetch a file."""
        return self._send("GET", path, {}, None, None).content

    def pages(self, path: str, shape: type[T], query: Mapping[str, Any] | None = None) -> Pages[T]:
        """Return a list, which is fetched when it is read."""

        def fetch(cursor: str) -> Listing[T]:
            answer = self._send("GET", path, {}, None, {**(query or {}), "cursor": cursor or None})
            return msgspec.json.decode(answer.content, type=Listing[shape])  # type: ignore[valid-type]

        return Pages(fetch)

    def change(self, method: str, path: str, shape: type[T], body: Mapping[str, Any], once: str | None) -> T:
        """Change something: once, under a key of the caller's or one drawn by chance."""
        headers = {"idempotency-key": once or str(uuid4()), "content-type": "application/json"}
        answer = self._send(method, path, headers, msgspec.json.encode(body), None)
        return msgspec.json.decode(answer.content, type=shape)

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        """Send what may be sent twice, for it names itself (an event with its messageId)."""
        answer = self._send("POST", path, {"content-type": "application/json"}, msgspec.json.encode(body), None)
        if rejected := msgspec.json.decode(answer.content, type=_Taken).rejected:
            raise Invalid(answer.status_code, "Rejected", rejected[0].reason)

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, query: Mapping[str, Any] | None
    ) -> httpx.Response:
        params = {name: _plain(value) for name, value in (query or {}).items() if value is not None}
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            try:
                answer = self._http.request(method, path, headers=headers, content=body, params=params)
            except httpx.TransportError as error:
                if last:
                    raise Problem(0, "Unreachable", f"The server cannot be reached: {error}.") from error
                self._wait(_pause(attempt))
                continue
            if answer.is_success:
                return answer
            if last or answer.status_code not in _AGAIN:
                raise problem_of(answer)
            self._wait(_told_to_wait(answer) or _pause(attempt))
        raise AssertionError  # pragma: no cover


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _pause(attempt: int) -> float:
    """Return a wait that doubles, drawn by chance so that not everybody comes back at once."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)) * (0.5 + random() / 2)  # noqa: S311 (no secret)


def _told_to_wait(answer: httpx.Response) -> float | None:
    """Return how long Retry-After asks to wait: in seconds, or until a date."""
    said = answer.headers.get("retry-after", "")
    if said.isdigit():
        return min(_LONGEST_WAIT, float(said))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return min(_LONGEST_WAIT, max(0.0, (until - datetime.now(until.tzinfo)).total_seconds()))
