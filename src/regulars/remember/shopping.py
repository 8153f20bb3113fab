"""What a shop's events say of orders and products, by their usual names and properties.

The names are those of Segment's ecommerce specification (v2), and the older ones that it replaced. What cannot be read
as money, a currency or an address on the web is left out: an event is never refused for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from regulars.store.records import Event
from regulars.words.kinds import HOUSE
from regulars.words.money import NAMES, NO_CURRENCY, amount, currency, money, units

What = Literal["completed", "updated", "refunded", "cancelled"]

Why = Literal["amount", "number", "currency", "id", "text", "address", "product", "list", "too_many"]
"""What something should have been: an amount of money, a number that is not sent as a text, a code of ISO 4217, a text
or whole number, a text, an address on the web, something that names a product, a list; or one of fewer."""
_Reading = tuple[tuple[str, ...], Callable[[Any], object], Why]
"""Names of which the first is read that can be, what reads it, and what it should be."""

ORDERS: Mapping[str, What] = {
    "Order Completed": "completed",
    "Completed Order": "completed",
    "Order Updated": "updated",
    "Updated Order": "updated",
    "Order Refunded": "refunded",
    "Refunded Order": "refunded",
    "Order Cancelled": "cancelled",
    "Order Canceled": "cancelled",
}
"""The events that an order is folded from."""
VIEWED = frozenset({"Product Viewed", "Viewed Product"})
PRODUCTS = VIEWED | {
    "Product Added", "Added Product", "Product Removed", "Removed Product", "Product Clicked", "Product Shared",
    "Product Reviewed", "Product Added to Wishlist", "Product Removed from Wishlist", "Wishlist Product Added to Cart",
    "Product List Viewed", "Product List Filtered", "Products Searched", "Cart Viewed", "Checkout Started",
    "Order Completed", "Completed Order", "Order Updated", "Updated Order",
}  # fmt: skip
"""The events from which the catalogue of products learns."""
SHOPPING = PRODUCTS | ORDERS.keys()

LONGEST_ID = 200
_LONGEST_TEXT = 500
_LONGEST_URL = 2000
_MOST_LINES = 2000
_SHOWN = 80
"""Characters of what was not understood."""
_MOST_PIECES = 10**9
_NUMBERED = ("product_id", "productId", "sku", "id")


class LineSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an order, or one product, as an event says it."""

    product: str
    quantity: int = 1
    name: str = ""
    category: str = ""
    brand: str = ""
    price: str | None = None
    """For one piece, as it was written."""
    currency: str | None = None
    image: str = ""
    url: str = ""


class OrderSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one event says of an order; amounts as they were written, None where it does not say."""

    order: str
    what: What
    total: str | None = None
    currency: str | None = None
    coupon: str = ""
    refund: str = ""
    """The number of the refund, where the shop gives it one."""
    lines: tuple[LineSaid, ...] | None = None

    @property
    def digest(self) -> str:
        """Tells apart what two events say of the same moment, whichever came first."""
        return blake2b(msgspec.json.encode(self), digest_size=16).hexdigest()


def order_in(event: Event) -> OrderSaid | None:
    """Return what an event says of an order, or None. An order without a number is one of its own."""
    what = ORDERS.get(event.kind)
    if what is None:
        return None
    props = event.props
    total = next((read for name in NAMES if (read := amount(props.get(name))) is not None), None)
    listed = props.get("products")
    lines = tuple(_lines(listed)) if isinstance(listed, list) else None
    return OrderSaid(
        order=_id(props.get("order_id"), props.get("orderId")) or f"#{event.seq}",
        what=what,
        total=_written(abs(total) if what == "refunded" else total) if total is not None else None,
        currency=currency(props.get("currency")),
        coupon=_text(props.get("coupon")),
        refund=_id(props.get("refund_id"), props.get("refundId")),
        lines=lines or None,
    )


def products_in(event: Event) -> list[LineSaid]:
    """Return the products that an event names."""
    if event.kind not in PRODUCTS:
        return []
    listed = event.props.get("products")
    found = list(_lines(listed if isinstance(listed, list) else [event.props]))
    money = currency(event.props.get("currency"))
    return [msgspec.structs.replace(one, currency=one.currency or money) for one in found]


def _lines(listed: list[Any]) -> Iterator[LineSaid]:
    for item in listed[:_MOST_LINES]:
        if not isinstance(item, dict):
            continue
        if product := _named(item):
            yield _line(product, item)


def _named(item: Mapping[str, Any]) -> str:
    found = _id(*(item.get(name) for name in _NUMBERED)) or _text(item.get("name"))
    return found[:LONGEST_ID]


def _line(product: str, item: Mapping[str, Any]) -> LineSaid:
    """Read a line; of a part of a piece (half a kilo) the price is what the part costs."""
    pieces, price = amount(item.get("quantity", 1)), amount(item.get("price"))
    pieces = Decimal(1) if pieces is None else min(abs(pieces), Decimal(_MOST_PIECES))
    if pieces != pieces.to_integral_value():
        price = None if price is None else price * pieces
        pieces = Decimal(1)
    return LineSaid(
        product=product,
        quantity=int(pieces),
        name=_text(item.get("name")),
        category=_text(item.get("category")),
        brand=_text(item.get("brand")),
        price=None if price is None else _written(price),
        currency=currency(item.get("currency")),
        image=_address(item.get("image_url")) or _address(item.get("imageUrl")),
        url=_address(item.get("url")),
    )


def _written(value: Decimal) -> str:
    return format(value, "f")


def _id(*given: Any) -> str:
    for one in given:
        if isinstance(one, str | int) and not isinstance(one, bool) and (text := str(one).strip()):
            return text[:LONGEST_ID]
    return ""


def _text(given: Any) -> str:
    return " ".join(given.split())[:_LONGEST_TEXT] if isinstance(given, str) else ""


def _address(given: Any) -> str:
    text = given.strip() if isinstance(given, str) else ""
    return text if text.startswith(("https://", "http://")) and len(text) <= _LONGEST_URL else ""


class Ignored(msgspec.Struct, frozen=True):
    """A property that was taken with its event and could not be understood; of `said`, as JSON, the beginning.

    `property` names one of a product with its place: `products[0].price`.
    """

    property: str
    said: str
    why: Why


def ignored(kind: str, props: Mapping[str, Any]) -> list[Ignored]:
    """Return what of an event is left out where orders, products and money are read: by what reads them."""
    if kind not in SHOPPING:
        unread = kind not in HOUSE and money(props) is None
        return [_left(name, props[name], "number") for name in NAMES[:2] if unread and _said(props.get(name))]
    listed, code = props.get("products"), currency(props.get("currency"))
    found = list(_unread(props, _of_order(code) if kind in ORDERS else _CURRENCY))
    if isinstance(listed, list):
        if len(listed) > _MOST_LINES:
            found.append(_left("products", len(listed), "too_many"))
        for n, item in enumerate(listed[:_MOST_LINES]):
            if not isinstance(item, dict) or not _named(item):
                found.append(_left(f"products[{n}]", item, "product"))
            else:
                found += _unread(item, _of_product(code), f"products[{n}].")
    else:
        found += [_left("products", listed, "list")] if _said(listed) else []
        found += _unread(props, _of_product(code)) if kind not in ORDERS or _named(props) else ()
    return list(dict.fromkeys(found))


_CURRENCY: Sequence[_Reading] = ((("currency",), currency, "currency"),)


def _of_order(code: str | None) -> Sequence[_Reading]:
    return (
        (NAMES, lambda said: _payable(said, code), "amount"),
        *_CURRENCY,
        (("order_id", "orderId"), _id, "id"),
        (("refund_id", "refundId"), _id, "id"),
        (("coupon",), _text, "text"),
    )


def _of_product(code: str | None) -> Sequence[_Reading]:
    return (
        (_NUMBERED, _id, "id"),
        (("price",), lambda said: _payable(said, code), "amount"),
        (("quantity",), amount, "amount"),
        *_CURRENCY,
        *(((name,), _text, "text") for name in ("name", "category", "brand")),
        (("image_url", "imageUrl"), _address, "address"),
        (("url",), _address, "address"),
    )


def _unread(given: Mapping[str, Any], readings: Sequence[_Reading], at: str = "") -> Iterator[Ignored]:
    """Yield what is said under each of some names, up to the first that can be read."""
    for names, read, why in readings:
        for name in names:
            said = given.get(name)
            if _said(said):
                if read(said) not in (None, ""):
                    break
                yield _left(f"{at}{name}", said, why)


def _said(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _payable(said: Any, code: str | None) -> Decimal | None:
    read = amount(said)
    return None if read is None or units(read, code or NO_CURRENCY) is None else read


def _left(name: str, said: Any, why: Why) -> Ignored:
    return Ignored(name, msgspec.json.encode(said).decode()[:_SHOWN], why)


class Heard(msgspec.Struct, frozen=True):
    """What was said of an order, by whom and when.

    `known` is false for a browser that nobody has signed in on; `public` is that a browser key said.
    """

    order: str
    seq: int
    identity_id: int
    at: datetime
    known: bool
    customer_id: int | None
    said: OrderSaid
    public: bool = False
