"""Customers: the list, one with all that is known, what was said between us, and what it rests on.

A customer is named by number, or by an identifier: `user:u-17`, `email:ieva@example.com`.
"""

from datetime import datetime

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from regulars.hear.identities import Identity
from regulars.measure.talk import Day, talk
from regulars.remember import consents, customers, facts, frequencies, pauses, restrictions, timeline
from regulars.remember.consents import Agreed
from regulars.remember.memory import memory
from regulars.remember.rows import Customer, Fact, FactName
from regulars.speak import messages
from regulars.speak.messages import Message
from regulars.store.records import Event
from regulars.understand import finding, segments
from regulars.understand.explaining import Explanation, explain
from regulars.understand.finding import Seen, Wanted
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of, reader_of
from regulars.web.api.messages import lettered
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.fact_words import called_within
from regulars.web.i18n import translator
from regulars.web.noting import notes, slip_of
from regulars.web.taking import given, of_team
from regulars.words.clock import utc_now

_SEEN = notes("customer.seen", "customer")
_LONGEST_SEARCH = 200


class Known(msgspec.Struct, frozen=True):
    """One customer, with everything that is known now.

    `facts` are all, `consents` the statement that decides for each purpose and channel, `paused_until` when
    a pause from messages is over (null where there is none), `one_in_days` in how many days they want one message at
    most (null: as it comes), `restricted` whether all this is kept and not used,
    `missing` some things to ask for.
    """

    customer: Customer
    identities: list[Identity]
    facts: list[Fact]
    consents: list[Agreed]
    paused_until: datetime | None
    one_in_days: int | None
    restricted: bool
    segments: list[str]
    missing: list[FactName]


@get("/customers", sync_to_thread=True, opt=told(query={"q": "kalnina"}) | notes("customers.listed"))
def list_customers(
    request: AnyRequest,
    q: FromQuery[str] = "",
    segment: FromQuery[str] = "",
    fact: FromQuery[str] = "",
    value: FromQuery[str] = "",
    consent: FromQuery[str] = "",
    seen: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Seen]:
    """List customers, the newest first; only those of whom all holds that is asked for.

    Where something narrows the list, `total` stops at 10,001.
    """
    (after,) = cursors.read(cursor, tuple[int]) or (None,)
    wanted = Wanted(q[:_LONGEST_SEARCH], segment, fact, value, consent, seen)
    now = utc_now()
    with opened(request) as tx:
        page, total = finding.find_and_count(tx, wanted, now, limit=limit, after=after)
    following = cursors.made(page.customers[-1].id) if page.later and page.customers else None
    shown = {"shown": len(page.customers), **wanted.noted}
    slip_of(request).tell(action="customers.searched" if wanted.said else None, after=shown)
    return Listing(page.customers, total, following)


@get("/customers/{ref:str}", sync_to_thread=True, opt=told(ref="user:u-1") | _SEEN)
def get_customer(request: AnyRequest, ref: FromPath[str]) -> Known:
    """Return one customer: identifiers, facts and consents as they are now, segments, and what could be asked."""
    with opened(request) as tx:
        customer = customers.get_customer(tx, customer_in(request, tx, ref))
        known = facts.current(tx, customer.id)
        return Known(
            customer,
            customers.identities_of(tx, customer.id),
            known,
            consents.deciding(tx, customer.id),
            pauses.lasts_until(tx, customer.id, utc_now()),
            frequencies.days_of(tx, customer.id),
            restrictions.stands(tx, customer.id),
            segments.segments_of(tx, customer.id),
            memory(known, facts.catalogue(tx)).missing,
        )


@get("/customers/{ref:str}/facts/{name:str}", sync_to_thread=True, opt=told(ref="user:u-1", name="gift_for") | _SEEN)
def list_statements(
    request: AnyRequest, ref: FromPath[str], name: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Fact]:
    """List every statement of one fact of a customer: the one that holds, then what it replaced."""
    with opened(request) as tx:
        history = facts.history(tx, customer_in(request, tx, ref), name)
        return part_of(history, limit, cursor, lambda one: f"{one.identity_id} {one.seq}")


@get(
    "/customers/{ref:str}/segments/{name:str}",
    sync_to_thread=True,
    opt=told(ref="user:u-1", name="for-mothers") | _SEEN,
)
def get_reasons(request: AnyRequest, ref: FromPath[str], name: FromPath[str]) -> Explanation:
    """Return why a customer is in a segment, or is not, condition by condition."""
    with opened(request) as tx:
        locale = reader_of(request)
        words, called = translator(locale), called_within(tx, locale)
        return explain(tx, name, customer_in(request, tx, ref), utc_now(), words, called)


@get("/customers/{ref:str}/timeline", sync_to_thread=True, opt=told(ref="user:u-1", query={"limit": 10}) | _SEEN)
def get_timeline(
    request: AnyRequest,
    ref: FromPath[str],
    only: FromQuery[str] = "",
    channel: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Event]:
    """List a customer's events by when they happened, the newest first. `total` counts all of them.

    `only` is said, spoken, bought or looked; `channel` is the channel of messages and consents.
    """
    before = cursors.read(cursor, tuple[datetime, int])
    with opened(request) as tx:
        customer = customer_in(request, tx, ref)
        events = timeline.timeline(tx, customer, before=before, limit=limit + 1, only=only, channel=channel)
        return part(events, timeline.count(tx, customer), limit, lambda one: (one.at, one.seq))


@get("/customers/{ref:str}/conversation", sync_to_thread=True, opt=told(ref="user:u-1", query={"limit": 10}) | _SEEN)
def get_conversation(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Day]:
    """List the days of the conversation with a customer: what they said, what we said, and what happened.

    The newest part comes first, and is told in the order in which it happened. `limit` and `total` count events.
    """
    before = cursors.read(cursor, tuple[datetime, int])
    with opened(request) as tx:
        customer = customer_in(request, tx, ref)
        events = timeline.timeline(tx, customer, before=before, limit=limit + 1)
        shown = part(events, timeline.count(tx, customer), limit, lambda one: (one.at, one.seq))
        days = talk(tx, shown.items[::-1], facts.current(tx, customer))
        return Listing(days, shown.total, shown.next)


@get("/customers/{ref:str}/messages", sync_to_thread=True, opt=told(ref="user:u-1") | _SEEN)
def list_messages(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Message]:
    """List what was said to a customer, the newest first."""
    (before,) = cursors.read(cursor, tuple[int]) or (None,)
    with opened(request) as tx:
        customer = customer_in(request, tx, ref)
        some = messages.of_customer(tx, customer, before=before, limit=limit + 1)
        some = [lettered(request, one) for one in some]
        return part(some, messages.count_of_customer(tx, customer), limit, lambda one: (one.id,))


@get(
    "/customers/{ref:str}/export",
    sync_to_thread=True,
    opt=told(ref="user:u-1", file="application/zip") | notes("customer.taken", "customer"),
)
def export_customer(request: AnyRequest, ref: FromPath[str]) -> Stream:
    """Give everything of one customer to take along: a zip of JSON, and of a CSV file for each kind of thing."""
    with opened(request) as tx:
        customer = customer_in(request, tx, ref)
        return given(of_team(tx, customer), f"customer-{customer}")


HANDLERS = [
    list_customers,
    get_customer,
    list_statements,
    get_reasons,
    get_timeline,
    get_conversation,
    list_messages,
    export_customer,
]
