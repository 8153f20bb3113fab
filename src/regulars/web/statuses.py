"""The one table of errors and status codes (RFC 9110), and what a machine is told with them (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from regulars.words.errors import (
    Busy,
    Conflict,
    Invalid,
    NoKey,
    Overtaken,
    Refused,
    RegularsError,
    TooLarge,
    Unavailable,
    Unknown,
    Unreached,
)

_STATUS: dict[type[RegularsError], HTTPStatus] = {
    Invalid: HTTPStatus.BAD_REQUEST,
    NoKey: HTTPStatus.UNAUTHORIZED,
    Refused: HTTPStatus.FORBIDDEN,
    Unknown: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Busy: HTTPStatus.TOO_MANY_REQUESTS,
    Unreached: HTTPStatus.BAD_GATEWAY,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    RegularsError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
PROBLEM = "application/problem+json"


class Wrong(msgspec.Struct, frozen=True):
    """A field that cannot be taken: its place in what was sent, and why."""

    field: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a machine is told. `title` names the kind of error, `detail` says what to do; `errors` names fields.

    `stands`: what stands there now, where somebody else saved something since what is sent was begun.
    """

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    request_id: str = ""
    errors: tuple[Wrong, ...] = ()
    stands: Any = None


def status_of(error: RegularsError) -> HTTPStatus:
    """Return the status code of an error."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def problem(
    error: RegularsError, status: HTTPStatus, request_id: str = "", wrong: Sequence[Wrong] = ()
) -> tuple[bytes, dict[str, str]]:
    """Return what a machine is told of an error, in English: the body, and the headers that go with it."""
    headers: dict[str, str] = {}
    if isinstance(error, Busy | Unavailable):
        headers["retry-after"] = str(error.seconds)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Basic realm="Regulars"'
    named = tuple(wrong) or ((Wrong(error.field, str(error)),) if error.field else ())
    stands = error.stands if isinstance(error, Overtaken) else None
    told = Problem(status, status.phrase, str(error), request_id=request_id, errors=named, stands=stands)
    return msgspec.json.encode(told), headers
