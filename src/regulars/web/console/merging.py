"""Who is who, on a customer's page: a merge undone, two customers joined, and told apart."""

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.remember import customers, merging
from regulars.store.database import Tx
from regulars.web.console import undoing
from regulars.web.console.customers import customer_page
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Conflict, Invalid, Unknown, concerning


@post(
    "/customers/{customer_id:int}/split",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("customer.split", "customer", by="customer_id"),
)
def split(desk: AtDesk, customer_id: FromPath[int]) -> Redirect:
    """Undo a merge."""
    seq, linked = (number_in(desk.form.get(field, "")) or 0 for field in ("seq", "other"))
    with desk.noted() as tx:
        customer = customers.get_customer(tx, customer_id)
        tie = merging.split(tx, customer.id, seq, linked, desk.now)
        desk.slip.tell(customer.id, label=customer.name, after={"one": tie.one, "other": tie.other, "merge": seq})
        done = _did(desk, tx, "customer.split", customer, tie.one, tie.other)
    return _back(desk, customer.id, done)


@post(
    "/customers/{customer_id:int}/join",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("customer.joined", "customer", by="customer_id"),
)
def join(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Make another customer this one."""
    try:
        with desk.noted() as tx:
            customer = customers.get_customer(tx, customer_id)
            with concerning("other"):
                other = _other(desk, tx)
                merging.join(tx, customer.id, other, desk.now)
            desk.slip.tell(customer.id, label=customer.name, after={"other": other})
            done = _did(desk, tx, "customer.joined", customer, customer.id, other)
    except (Conflict, Invalid, Unknown) as error:
        if error.field != "other":
            raise
        page = customer_page(desk, customer_id, {"other": say(error, desk.locale)})
        desk.slip.shows("customer.seen", "customer", customer_id)
        return page
    return _back(desk, customer.id, done)


@post(
    "/customers/{customer_id:int}/apart",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("customer.apart", "customer", by="customer_id"),
)
def tell_apart(desk: AtDesk, customer_id: FromPath[int]) -> Redirect:
    """Say that another customer is not this one."""
    with desk.noted() as tx:
        customer = customers.get_customer(tx, customer_id)
        other = _other(desk, tx)
        merging.tell_apart(tx, customer.id, other, desk.now)
        desk.slip.tell(customer.id, label=customer.name, after={"other": other})
    return _back(desk, customer.id)


def _other(desk: Desk, tx: Tx) -> int:
    """Return the other customer, typed as a number or as an address by which exactly one is known."""
    typed = desk.form.get("other", "").strip()
    if (number := number_in(typed)) is not None:
        return customers.get_customer(tx, number).id
    if not typed:
        raise Invalid("Say which customer: a number, a name or an address.")
    found = customers.search(tx, typed, limit=2)
    if found.total != 1:
        raise Unknown("'{typed}' finds {count} customers. Send the number of the one you mean.",
                      typed=typed[:60], count=found.total)  # fmt: skip
    return found.customers[0].id


def _did(desk: Desk, tx: Tx, kind: str, customer: customers.Customer, one: int, other: int) -> int:
    kept = {"customer": customer.id, "one": one, "other": other}
    return undoing.did(desk, tx, kind, [customer.name or str(customer.id)], kept=kept)


def _back(desk: Desk, customer: int, done: int = 0) -> Redirect:
    desk.house.waker.poke(desk.workspace.name)
    path = f"/customers/{customer}#known-by"
    return undoing.land(desk, path, done) if done else desk.go(path)


ROUTES = [split, join, tell_apart]
