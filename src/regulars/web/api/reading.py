"""`GET /api/...`: what the house knows, as JSON, for machines. A key with scope `read` or `admin` opens it.

A customer is named by number, or by an identifier: `user:u-17`, `email:ieva@example.com`. Lists take `limit` and
`cursor`, and tell their `total`; `next` is the cursor of what follows, null at the end.
"""

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from regulars.hear.identities import Identity
from regulars.remember import customers, facts, timeline
from regulars.remember.rows import Customer, Fact
from regulars.speak import messages
from regulars.speak.messages import Message
from regulars.store import records
from regulars.store.records import Event
from regulars.understand import segments
from regulars.understand.explaining import Explanation, explain
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now

_SEEN = notes("customer.seen", "customer")


class Known(msgspec.Struct, frozen=True):
    """One customer, with everything that is known now."""

    customer: Customer
    identities: list[Identity]
    facts: list[Fact]
    segments: list[str]


@get("/events", sync_to_thread=True, opt=told(query={"name": "identify", "limit": 10}) | notes("events.read"))
def list_events(
    request: AnyRequest, name: FromQuery[str | None] = None, limit: Limit = 50, cursor: Cursor = None
) -> Listing[Event]:
    """List events, the newest first; of one kind if named."""
    with opened(request) as tx:
        events = records.list_events(tx, kind=name, before=cursor, limit=limit)
        following = events[-1].seq if len(events) == limit else None
        return Listing(events, records.count_events(tx, kind=name), following)


@get("/customers", sync_to_thread=True, opt=told(query={"q": "kalnina"}) | notes("customers.listed"))
def list_customers(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = None
) -> Listing[Customer]:
    """List customers, the newest first; those found by a piece of a name or identifier if `q` is given."""
    with opened(request) as tx:
        page = customers.search(tx, q[:200], limit=limit, offset=cursor or 0)
    slip_of(request).tell(action="customers.searched" if q else None, after={"shown": len(page.customers)})
    return part(page.customers, page.total, cursor)


@get("/customers/{ref:str}", sync_to_thread=True, opt=told(ref="user:u-1") | _SEEN)
def get_customer(request: AnyRequest, ref: FromPath[str]) -> Known:
    """Return one customer: identifiers, facts as they are now, and segments."""
    with opened(request) as tx:
        customer = customers.get_customer(tx, customer_in(request, tx, ref))
        return Known(
            customer,
            customers.identities_of(tx, customer.id),
            facts.current(tx, customer.id),
            segments.segments_of(tx, customer.id),
        )


@get("/customers/{ref:str}/facts/{name:str}", sync_to_thread=True, opt=told(ref="user:u-1", name="gift_for") | _SEEN)
def list_statements(
    request: AnyRequest, ref: FromPath[str], name: FromPath[str], limit: Limit = 50, cursor: Cursor = None
) -> Listing[Fact]:
    """List every statement of one fact of a customer: the one that holds, then what it replaced."""
    with opened(request) as tx:
        return part_of(facts.history(tx, customer_in(request, tx, ref), name), limit, cursor)


@get(
    "/customers/{ref:str}/segments/{name:str}",
    sync_to_thread=True,
    opt=told(ref="user:u-1", name="for-mothers") | _SEEN,
)
def get_reasons(request: AnyRequest, ref: FromPath[str], name: FromPath[str]) -> Explanation:
    """Return why a customer is in a segment, or is not, condition by condition."""
    with opened(request) as tx:
        return explain(tx, name, customer_in(request, tx, ref), utc_now())


@get("/customers/{ref:str}/timeline", sync_to_thread=True, opt=told(ref="user:u-1", query={"limit": 10}) | _SEEN)
def get_timeline(
    request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: FromQuery[str] = ""
) -> Listing[Event]:
    """List a customer's events by when they happened, the newest first."""
    before = timeline.point(cursor) if cursor else None
    with opened(request) as tx:
        customer = customer_in(request, tx, ref)
        events = timeline.timeline(tx, customer, before=before, limit=limit)
        following = timeline.mark(events[-1]) if len(events) == limit else None
        return Listing(events, timeline.count(tx, customer), following)


@get("/customers/{ref:str}/messages", sync_to_thread=True, opt=told(ref="user:u-1") | _SEEN)
def get_messages(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = None) -> Listing[Message]:
    """List what was said to a customer, the newest first."""
    with opened(request) as tx:
        customer = customer_in(request, tx, ref)
        some = messages.of_customer(tx, customer, before=cursor, limit=limit)
        following = some[-1].id if len(some) == limit else None
        return Listing(list(some), messages.count_of_customer(tx, customer), following)


HANDLERS = [
    list_events,
    list_customers,
    get_customer,
    list_statements,
    get_reasons,
    get_timeline,
    get_messages,
]
