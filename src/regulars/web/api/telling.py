"""What a handler tells of itself to the document of the API: what it takes and gives, and an example that works."""

from collections.abc import Mapping
from typing import Any

import msgspec

_UNDER = "told"


class Told(msgspec.Struct, frozen=True):
    """What stands beside a handler; `gives` is None where its return annotation says it, `file` the type of a file."""

    path: Mapping[str, str]
    query: Mapping[str, str | int]
    takes: type | None
    gives: Any
    status: int
    body: Any
    file: str = ""


def told(
    *,
    takes: type | None = None,
    gives: Any = None,
    status: int = 200,
    body: Any = None,
    query: Mapping[str, str | int] | None = None,
    file: str = "",
    **path: str,
) -> dict[str, Any]:
    """Return the `opt` of a handler. `path`, `query` and `body` are the example: the tests send it."""
    return {_UNDER: Told(path, query or {}, takes, gives, status, body, file)}


def told_by(opt: Mapping[str, Any]) -> Told:
    """Return what a handler tells of itself; what takes no example needs to say nothing."""
    found = opt.get(_UNDER)
    return found if isinstance(found, Told) else Told({}, {}, None, None, 200, None)
