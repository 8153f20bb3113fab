"""Customers: the list with search, and one customer as a conversation beside what we remember."""

from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from regulars.measure.talk import talk
from regulars.remember import consents, customers, facts, timeline
from regulars.remember.memory import memory
from regulars.understand.segments import titles
from regulars.web.console.desk import AtDesk
from regulars.web.noting import notes

PAGE = 50
TALK = 50


@get("/customers", sync_to_thread=True, opt=notes("customers.listed"))
def customer_list(desk: AtDesk, q: FromQuery[str] = "", page: FromQuery[int] = 1) -> Response[str]:
    """Show a page of customers, those who match a search if there is one."""
    page = max(page, 1)
    with desk.tx() as tx:
        found = customers.search(tx, q, limit=PAGE, offset=(page - 1) * PAGE)
    desk.slip.tell(action="customers.searched" if q else None, after={"page": page, "shown": len(found.customers)})
    return desk.page(
        "customers.html",
        q=q,
        found=found,
        page_number=page,
        pages=max(1, -(-found.total // PAGE)),
        address=f"{desk.home}/customers?{urlencode({'q': q})}&" if q else f"{desk.home}/customers?",
    )


@get("/customers/{customer_id:int}", sync_to_thread=True, opt=notes("customer.seen", "customer", by="customer_id"))
def one_customer(desk: AtDesk, customer_id: FromPath[int], before: FromQuery[str] = "") -> Response[str]:
    """Show the conversation with a customer: the newest part, or the one before a point."""
    with desk.tx() as tx:
        customer = customers.get_customer(tx, customer_id)
        desk.slip.tell(customer.id)
        events = timeline.timeline(tx, customer.id, before=timeline.point(before) if before else None, limit=TALK + 1)
        earlier = events[TALK - 1] if len(events) > TALK else None
        known = facts.current(tx, customer.id)
        return desk.page(
            "customer.html",
            customer=customer,
            identities=customers.identities_of(tx, customer.id),
            talk=talk(tx, events[:TALK][::-1], known),
            memory=memory(known, facts.catalogue(tx)),
            consents=consents.newest(tx, customer.id),
            earlier=timeline.mark(earlier) if earlier else None,
            titles=titles(tx),
            later=bool(before),
        )


ROUTES = [customer_list, one_customer]
