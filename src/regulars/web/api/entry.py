"""The way into `/api`: whose key it is and what it opens, and what all lists have in common.

A key with scope `read` or `admin` may ask; only one with scope `admin` may change anything.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from anyio.to_thread import run_sync
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from regulars.access.audit import Who
from regulars.access.links import unsigned
from regulars.hear.protocol import EVENT_BYTES
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.limits import STANDING, Limits
from regulars.web.i18n import negotiate
from regulars.web.noting import give_slip, note_refused
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, NoKey, Refused
from regulars.words.ids import hash_of_secret

T = TypeVar("T")

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
_READERS = frozenset({"read", "admin"})
_ONLY = "only"
ADMIN = {_ONLY: "admin"}
"""The `opt` of what only an admin key may even see."""
_MOST = 500
_LONGEST_CURSOR = 500

Limit = Annotated[int, QueryParameter(ge=1, le=_MOST)]
Cursor = Annotated[str, QueryParameter(max_length=_LONGEST_CURSOR)]
AnyRequest = Request[Any, Any, Any]


class Listing(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list: some items, how many there are in all, and the cursor of what follows (null at the end)."""

    items: list[T]
    total: int
    next: str | None


async def with_key(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let nobody in without a key of the right scope; keep its workspace, and what is sent, with the request."""
    scheme, _, text = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text or len(text) > EVENT_BYTES:
        raise NoKey("A key is missing. Send 'Authorization: Bearer KEY'; make one with 'regulars key create'.")
    house: House = connection.app.state.house
    key = house.keys.known(text.strip()) or await run_sync(house.keys.check, text.strip())
    await _within_limits(connection, hash_of_secret(text.strip()))
    who = Who("key", key.name or key.scope)
    if key.scope not in _READERS:
        await note_refused(connection, handler, who, key.workspace)
        raise Refused("A '{scope}' key cannot read. Use a read or an admin key.", scope=key.scope)
    if handler.opt.get(_ONLY) == "admin" and key.scope != "admin":
        await note_refused(connection, handler, who, key.workspace)
        raise Refused("A '{scope}' key cannot see this. Use an admin key.", scope=key.scope)
    connection.state.workspace = key.workspace
    connection.state.key = key.id
    connection.state.scope = key.scope
    give_slip(connection, handler, who, [key.workspace])
    if connection.scope.get("method") in _ASKING or not isinstance(connection, Request):
        return
    if key.scope != "admin":
        await note_refused(connection, handler, who, key.workspace)
        raise Refused("A '{scope}' key can change nothing. Use an admin key.", scope=key.scope)
    connection.state.body = await connection.body()


def acts(request: AnyRequest) -> bool:
    """Whether a key may act for customers, and so have the links by which they do."""
    return request.state.scope == "admin"


def letter(request: AnyRequest, message: str) -> str:
    """Return a message, HTML or text; its links act for its customer, so they are only for who may."""
    return message if acts(request) else unsigned(message)


async def _within_limits(connection: ASGIConnection[Any, Any, Any, Any], key: bytes) -> None:
    limits: Limits = connection.app.state.limits
    now = utc_now()
    standing = limits.spend(key, now) or await run_sync(limits.take, key, now)
    connection.state[STANDING] = standing
    if standing.wait:
        raise limits.refusal(standing)


def opened(request: AnyRequest) -> AbstractContextManager[Tx]:
    """Open a transaction in the workspace of the request's key."""
    house: House = request.app.state.house
    return house.database.workspace(request.state.workspace)


def part_of(whole: Sequence[T], limit: int, cursor: str, mark: Callable[[T], str]) -> Listing[T]:
    """Return a part of a list that is short enough to be read whole; the cursor is the mark of the last one read."""
    marks = [mark(one) for one in whole]
    start = cursors.behind(marks, cursor)
    if start is None:
        raise Invalid("What this cursor stood behind is gone. Begin again without one.")
    some = whole[start : start + limit]
    following = cursors.made(marks[start + limit - 1]) if start + limit < len(whole) else None
    return Listing(list(some), len(whole), following)


def part(found: Sequence[T], total: int, limit: int, place: Callable[[T], tuple[object, ...]]) -> Listing[T]:
    """Return a part of a list of which one more than `limit` was read: that one only says that it goes on."""
    some = list(found[:limit])
    return Listing(some, total, cursors.made(*place(some[-1])) if len(found) > limit else None)


def reader_of(request: AnyRequest) -> str:
    """Return the locale for what is said in words: that of Accept-Language, English without it."""
    return negotiate(request.headers.get("accept-language", ""))
