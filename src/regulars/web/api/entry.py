"""The way into `/api`: whose key it is and what it opens, and what all lists have in common.

A key with scope `read` or `admin` may ask; only one with scope `admin` may change anything.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from anyio.to_thread import run_sync
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from regulars.access.audit import Who
from regulars.hear.protocol import EVENT_BYTES
from regulars.store.database import Tx
from regulars.web.noting import give_slip
from regulars.wiring import House
from regulars.words.errors import NoKey, Refused

T = TypeVar("T")

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
_READERS = frozenset({"read", "admin"})
_MOST = 500
_FARTHEST = 2**62

Limit = Annotated[int, QueryParameter(ge=1, le=_MOST)]
Cursor = Annotated[int | None, QueryParameter(ge=0, le=_FARTHEST)]
AnyRequest = Request[Any, Any, Any]


class Listing(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list: some items, how many there are in all, and the cursor of what follows (null at the end)."""

    items: list[T]
    total: int
    next: int | str | None


async def with_key(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let nobody in without a key of the right scope; keep its workspace, and what is sent, with the request."""
    scheme, _, text = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text or len(text) > EVENT_BYTES:
        raise NoKey("A key is missing. Send 'Authorization: Bearer KEY'; make one with 'regulars key create'.")
    house: House = connection.app.state.house
    key = house.keys.known(text.strip()) or await run_sync(house.keys.check, text.strip())
    if key.scope not in _READERS:
        raise Refused("A '{scope}' key cannot read. Use a read or an admin key.", scope=key.scope)
    connection.state.workspace = key.workspace
    give_slip(connection, handler, Who("key", key.name or key.scope), [key.workspace])
    if connection.scope.get("method") in _ASKING or not isinstance(connection, Request):
        return
    if key.scope != "admin":
        raise Refused("A '{scope}' key can change nothing. Use an admin key.", scope=key.scope)
    connection.state.body = await connection.body()


def opened(request: AnyRequest) -> AbstractContextManager[Tx]:
    """Open a transaction in the workspace of the request's key."""
    house: House = request.app.state.house
    return house.database.workspace(request.state.workspace)


def part_of(whole: Sequence[T], limit: int, cursor: int | None) -> Listing[T]:
    """Return a part of a list that is short enough to be read whole."""
    return part(whole[(cursor or 0) : (cursor or 0) + limit], len(whole), cursor)


def part(some: Sequence[T], total: int, cursor: int | None) -> Listing[T]:
    """Return a part of a list that was read from a place on: the cursor counts what came before."""
    following = (cursor or 0) + len(some)
    return Listing(list(some), total, following if some and following < total else None)
