"""A customer taken along whole, or forgotten whole: asked once by typing their number, then done in the background."""

from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream

from regulars.access.rights import Right
from regulars.remember import customers
from regulars.remember import erasure_records as erasures
from regulars.web import cursors
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import FEW, PAGE, Way
from regulars.web.i18n import say
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.web.taking import given, of_team
from regulars.words.errors import Invalid


@get(
    "/customers/{customer_id:int}/everything.zip",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("customer.taken", "customer", by="customer_id"),
)
def take_along(desk: AtDesk, customer_id: FromPath[int]) -> Stream:
    """Give everything of one customer, as they get it on their own page, with the segments and who of us looked."""
    with desk.tx() as tx:
        customer = customers.get_customer(tx, customer_id)
        desk.slip.tell(customer.id)
        return given(of_team(tx, customer.id), f"customer-{customer.id}")


@get(
    "/customers/{customer_id:int}/forget",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("customer.seen", "customer", by="customer_id"),
)
def ask_whether(desk: AtDesk, customer_id: FromPath[int]) -> Response[str]:
    """Say what goes and what stays, and ask."""
    return _page(desk, customer_id, {})


@post(
    "/customers/{customer_id:int}/forget",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("customer.erasing.asked", "customer", by="customer_id"),
)
def ask_for_it(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Have the customer forgotten; nobody takes it back."""
    mode, errors = desk.form.get("mode", ""), dict[str, str]()
    if mode not in {"erase", "anonymise"}:
        errors["mode"] = say(Invalid("Choose what is to be left."), desk.locale)
    if desk.form.get("number", "").strip() != str(customer_id):
        errors["number"] = say(Invalid("This is not the number. Type: {number}", number=customer_id), desk.locale)
    if errors:
        page = _page(desk, customer_id, errors)
        desk.slip.shows("customer.seen", "customer", customer_id)
        return page
    with desk.noted() as tx:
        asked = erasures.ask(tx, customer_id, "erase" if mode == "erase" else "anonymise", desk.now)
        desk.slip.tell(asked.customer_id)
    return desk.go("/erasures")


@get("/erasures", sync_to_thread=True, opt=needs(Right.MANAGE))
def show_erasures(desk: AtDesk, q: FromQuery[str] = "", after: FromQuery[str] = "") -> Response[str]:
    """Show who was forgotten, and how far it is: everybody, or one by number, which is all that is left of them."""
    place, q = cursors.read(after, tuple[datetime, UUID]), q.strip()
    way = Way(f"{desk.home}/erasures", {"q": q})
    number = number_in(q) if q else None
    with desk.tx() as tx:
        nobody = bool(q) and number is None
        found = [] if nobody else erasures.list_erasures(tx, before=place, limit=PAGE + 1, customer=number)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return desk.page(
        "erasures.html",
        erasures=found[:PAGE],
        q=q,
        searched=bool(q or place) or len(found) > FEW,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
        earlier=way.but() if place else "",
        later=way.but(after=cursors.made(last.asked_at, last.id)) if last else "",
        busy=any(one.state != "done" for one in found),
    )


def _page(desk: Desk, customer_id: int, errors: dict[str, str]) -> Response[str]:
    with desk.tx() as tx:
        customer = customers.get_customer(tx, customer_id)
        desk.slip.tell(customer.id)
        going = erasures.open_of(tx, customer.id)
    status = 400 if errors else 200
    return desk.page(
        "customer_forget.html", status=status, customer=customer, going=going, form=desk.form, errors=errors
    )


ROUTES = [take_along, ask_whether, ask_for_it, show_erasures]
