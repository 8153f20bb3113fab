"""`GET /api/...`: what the house knows, as JSON, for machines. A key with scope `read` or `admin` opens it.

A customer is named by number, or by an identifier: `user:u-17`, `email:ieva@example.com`. Lists take `limit` and
`cursor`, and tell their `total`; `next` is the cursor of what follows, null at the end.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from regulars.hear.identities import Identity, find, tidy
from regulars.hear.protocol import EVENT_BYTES
from regulars.remember import customers, facts, timeline
from regulars.remember.rows import Customer, Fact
from regulars.speak import messages
from regulars.store import records
from regulars.store.database import Tx
from regulars.store.follow import Lag, lags
from regulars.store.records import Event
from regulars.understand import segments
from regulars.understand.explaining import Explanation, explain
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, NoKey, Refused, Unknown

_READING = frozenset({"read", "admin"})
_MOST = 500

Limit = Annotated[int, QueryParameter(ge=1, le=_MOST)]
Cursor = Annotated[int | None, QueryParameter(ge=0)]
AnyRequest = Request[Any, Any, Any]


class Listing(msgspec.Struct, frozen=True):
    """A part of a list: some items, how many there are in all, and the cursor of what follows."""

    items: list[Any]
    total: int
    next: int | None


class Known(msgspec.Struct, frozen=True):
    """One customer, with everything that is known now."""

    customer: Customer
    identities: list[Identity]
    facts: list[Fact]
    segments: list[str]


def with_key(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let nobody in without a reading key; keep its workspace with the request."""
    scheme, _, text = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text or len(text) > EVENT_BYTES:
        raise NoKey("A key is missing. Send 'Authorization: Bearer KEY'; make one with 'regulars key create'.")
    house: House = connection.app.state.house
    key = house.keys.check(text.strip())
    if key.scope not in _READING:
        raise Refused("A '{scope}' key cannot read. Use a read or an admin key.", scope=key.scope)
    connection.state.workspace = key.workspace


def _open(request: AnyRequest) -> Any:
    house: House = request.app.state.house
    return house.database.workspace(request.state.workspace)


def _customer(tx: Tx, ref: str) -> int:
    kind, separator, value = ref.partition(":")
    if not separator:
        if not ref.isascii() or not ref.isdigit() or len(ref) > len(str(2**63)) - 1:
            raise Invalid("'{ref}' names no customer. Send a number, or an identifier like user:u-17.", ref=ref[:60])
        return customers.get_customer(tx, int(ref)).id
    identity = find(tx, tidy(kind, value))
    customer = None if identity is None else customers.customer_of(tx, identity)
    if customer is None:
        raise Unknown("There is no customer with the {kind} '{value}'.", kind=kind[:20], value=value[:60])
    return customer


@get("/events", sync_to_thread=True)
def list_events(
    request: AnyRequest, name: FromQuery[str | None] = None, limit: Limit = 50, cursor: Cursor = None
) -> Listing:
    """List events, the newest first; of one kind if named."""
    with _open(request) as tx:
        events: list[Event] = records.list_events(tx, kind=name, before=cursor, limit=limit)
        return Listing(events, records.count_events(tx, kind=name), _after(events, limit))


@get("/customers", sync_to_thread=True)
def list_customers(request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = None) -> Listing:
    """List customers, the newest first; those found by a piece of a name or identifier if `q` is given."""
    offset = cursor or 0
    with _open(request) as tx:
        page = customers.search(tx, q[:200], limit=limit, offset=offset)
    following = offset + len(page.customers)
    return Listing(page.customers, page.total, following if following < page.total else None)


@get("/customers/{ref:str}", sync_to_thread=True)
def get_customer(request: AnyRequest, ref: FromPath[str]) -> Known:
    """Return one customer: identifiers, facts as they are now, and segments."""
    with _open(request) as tx:
        customer = customers.get_customer(tx, _customer(tx, ref))
        return Known(
            customer,
            customers.identities_of(tx, customer.id),
            facts.current(tx, customer.id),
            segments.segments_of(tx, customer.id),
        )


@get("/customers/{ref:str}/facts/{name:str}", sync_to_thread=True)
def get_fact(request: AnyRequest, ref: FromPath[str], name: FromPath[str]) -> list[Fact]:
    """Return every statement of one fact of a customer: the one that holds, then what it replaced."""
    with _open(request) as tx:
        return facts.history(tx, _customer(tx, ref), name)


@get("/customers/{ref:str}/segments/{name:str}", sync_to_thread=True)
def get_reasons(request: AnyRequest, ref: FromPath[str], name: FromPath[str]) -> Explanation:
    """Return why a customer is in a segment, or is not, condition by condition."""
    with _open(request) as tx:
        return explain(tx, name, _customer(tx, ref), utc_now())


@get("/customers/{ref:str}/timeline", sync_to_thread=True)
def get_timeline(
    request: AnyRequest,
    ref: FromPath[str],
    limit: Limit = 50,
    before: FromQuery[datetime | None] = None,
    seq: Cursor = None,
) -> list[Event]:
    """Return a customer's events, the newest first; before a point (its `at` and `seq`) if given."""
    point = (before, seq) if before is not None and seq is not None else None
    with _open(request) as tx:
        return timeline.timeline(tx, _customer(tx, ref), before=point, limit=limit)


@get("/customers/{ref:str}/messages", sync_to_thread=True)
def get_messages(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = None) -> Listing:
    """List what was said to a customer, the newest first."""
    with _open(request) as tx:
        customer = _customer(tx, ref)
        some = messages.of_customer(tx, customer, before=cursor, limit=limit)
        following = some[-1].id if len(some) == limit else None
        return Listing(list(some), messages.count_of_customer(tx, customer), following)


@get("/segments", sync_to_thread=True)
def list_segments(request: AnyRequest) -> list[Any]:
    """List segments with their rules."""
    with _open(request) as tx:
        return list(segments.list_segments(tx))


@get("/segments/{name:str}/members", sync_to_thread=True)
def list_members(request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = None) -> Listing:
    """List the members of a segment."""
    offset = cursor or 0
    with _open(request) as tx:
        some = segments.members(tx, name, limit, offset)
        total = segments.count(tx, name)
    following = offset + len(some)
    return Listing(list(some), total, following if following < total else None)


@get("/followers", sync_to_thread=True)
def list_followers(request: AnyRequest) -> list[Lag]:
    """List the followers of the log, each with how far it is behind."""
    with _open(request) as tx:
        return lags(tx)


def _after(events: list[Event], limit: int) -> int | None:
    return events[-1].seq if len(events) == limit else None


API = Router(
    path="/api",
    guards=[with_key],
    route_handlers=[
        list_events,
        list_customers,
        get_customer,
        get_fact,
        get_reasons,
        get_timeline,
        get_messages,
        list_segments,
        list_members,
        list_followers,
    ],
)
