"""Orders and products, as they were read from a shop's events."""

from datetime import datetime

from litestar import Response, get
from litestar.params import FromQuery

from regulars.remember import commerce, customers
from regulars.remember.commerce import MOST_COUNTED, Which
from regulars.web import cursors
from regulars.web.console.desk import AtDesk
from regulars.web.console.listing import Way
from regulars.web.console.together import chart
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.web.wording import order_states

PAGE = 50


@get("/orders", sync_to_thread=True, opt=notes("orders.listed"))
def order_list(
    desk: AtDesk,
    q: FromQuery[str] = "",
    only: FromQuery[str] = "",
    product: FromQuery[str] = "",
    customer: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show orders, those that changed last first; `after` is a place in the list."""
    states = order_states(translator(desk.locale).gettext)
    way = Way(f"{desk.home}/orders", {"q": q.strip(), "only": only, "product": product, "customer": customer})
    number = number_in(customer)
    with desk.tx() as tx:
        person = customers.get_customer(tx, number) if number is not None else None
        mine = commerce.of_customer(tx, person.id).identities if person else None
        which = Which(mine, only if only in states else "", q.strip(), product)
        found = commerce.orders(tx, which, before=cursors.read(after, tuple[datetime, str]), limit=PAGE + 1)
        total = commerce.orders_count(tx, which)
    chips = [way.chip(desk.quoted(q.strip()), "q")] if q.strip() else []
    chips += [way.chip(states[only], "only")] if only in states else []
    chips += [way.chip(product, "product")] if product else []
    chips += [way.chip(person.name or f"#{person.id}", "customer")] if person else []
    desk.slip.tell(after={"shown": min(len(found), PAGE)})
    last = found[PAGE - 1] if len(found) > PAGE else None
    return desk.page(
        "orders.html",
        q=q.strip(),
        chips=chips,
        states=states,
        only=only,
        kept={"product": product, "customer": customer},
        orders=found[:PAGE],
        total=total,
        more=total >= MOST_COUNTED,
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(last.changed_at, last.id)) if last else "",
    )


@get("/order", sync_to_thread=True, opt=notes("order.seen", "order"))
def one_order(desk: AtDesk, number: FromQuery[str]) -> Response[str]:
    """Show an order: its lines, what came back, and the events it was read from."""
    with desk.tx() as tx:
        order, lines, told = commerce.get_order(tx, number)
    desk.slip.tell(order.id)
    return desk.page(
        "order.html", order=order, lines=lines, told=told, states=order_states(translator(desk.locale).gettext)
    )


@get("/products", sync_to_thread=True)
def product_list(
    desk: AtDesk, q: FromQuery[str] = "", category: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show products, those seen last first; `after` is a place in the list."""
    words = q.strip()
    way = Way(f"{desk.home}/products", {"q": words, "category": category})
    with desk.tx() as tx:
        before = cursors.read(after, tuple[datetime, str])
        found = commerce.products(tx, words, category, before=before, limit=PAGE + 1)
        total, categories = commerce.products_count(tx, words, category), commerce.categories(tx)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return desk.page(
        "products.html",
        q=words,
        category=category,
        categories=categories,
        chips=[
            *([way.chip(desk.quoted(words), "q")] if words else []),
            *([way.chip(category, "category")] if category else []),
        ],
        products=found[:PAGE],
        total=total,
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(last.last_seen, last.id)) if last else "",
    )


@get("/product", sync_to_thread=True)
def one_product(desk: AtDesk, number: FromQuery[str]) -> Response[str]:
    """Show a product, the orders that have it, and what is bought with it."""
    with desk.tx() as tx:
        product = commerce.get_product(tx, number)
        which = Which(product=product.id)
        orders, beside = commerce.orders_count(tx, which), chart(tx, product.id)
    return desk.page("product.html", product=product, orders=orders, beside=beside)


ROUTES = [order_list, one_order, product_list, one_product]
