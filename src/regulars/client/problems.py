"""What goes wrong, as exceptions: the problem+json of an answer (RFC 9457), by what a program can do about it."""

from typing import Any

import httpx
import msgspec


class Wrong(msgspec.Struct, frozen=True):
    """A field that cannot be taken: its place in what was sent, and why."""

    field: str
    detail: str


class _Told(msgspec.Struct, frozen=True):
    status: int = 0
    title: str = ""
    detail: str = ""
    request_id: str = ""
    errors: tuple[Wrong, ...] = ()
    stands: Any = None


class Problem(Exception):
    """It was not done; `detail` says why, and what to do."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        request_id: str = "",
        errors: tuple[Wrong, ...] = (),
        stands: Any = None,
    ) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.errors = errors
        self.stands = stands


class Invalid(Problem):
    """What was sent cannot be taken; `errors` names the fields, where it is about some."""


class NotAllowed(Problem):
    """The key is missing or unknown, or its scope does not allow this."""


class NotFound(Problem):
    """There is no such thing."""


class Conflict(Problem):
    """It is there already, has changed meanwhile, or an Idempotency-Key was used twice.

    `stands`: what somebody else saved since what was sent was begun, where it has no versions to be read.
    """


class TooMany(Problem):
    """The key has asked too often, also when the request was sent again."""


class Failed(Problem):
    """The server could not do it now, also when the request was sent again."""


_KINDS: dict[int, type[Problem]] = {
    400: Invalid,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    405: Invalid,
    409: Conflict,
    413: Invalid,
    429: TooMany,
}


def problem_of(answer: httpx.Response) -> Problem:
    """Return what an answer says went wrong; an answer of somebody between says it as well as it can."""
    try:
        told = msgspec.json.decode(answer.content, type=_Told)
    except msgspec.DecodeError:
        told = _Told()
    kind = _KINDS.get(answer.status_code, Failed if answer.is_server_error else Problem)
    return kind(
        answer.status_code,
        told.title or answer.reason_phrase,
        told.detail or "The server said no more than that.",
        request_id=told.request_id or answer.headers.get("x-request-id", ""),
        errors=told.errors,
        stands=told.stands,
    )
