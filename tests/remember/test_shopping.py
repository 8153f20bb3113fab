"""What of a shop's event is ignored is what nobody reads: without it everything is understood as with it."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from regulars.remember.shopping import ORDERS, PRODUCTS, ignored, order_in, products_in
from regulars.store.records import Event
from regulars.words.money import NAMES as MONEY
from regulars.words.money import amount, currency

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-9_999, 9_999), st.floats(-9_999, 9_999),
    st.sampled_from(["", " ", "abc", "12.50", "gbp", "GBP", "https://a.example/x", "1e16"]),
    st.just({"a": 1}), st.just([]),
)  # fmt: skip
NAMES = [
    "total", "revenue", "value", "currency", "coupon", "order_id", "orderId", "refund_id", "product_id", "sku", "id",
    "name", "price", "quantity", "category", "image_url", "imageUrl", "url",
]  # fmt: skip
READ = dict.fromkeys((*MONEY, "price"), (amount, 7.25)) | {"currency": (currency, "EUR")}
"""How money is read, and what can be."""
SAID = st.dictionaries(st.sampled_from(NAMES), VALUES)


def _event(kind: str, props: dict[str, Any]) -> Event:
    return Event(1, 1, datetime(2026, 5, 3, tzinfo=UTC), kind, props, None, 0, historical=False)


def _understood(kind: str, props: dict[str, Any]) -> tuple[Any, Any]:
    return order_in(_event(kind, props)), products_in(_event(kind, props))


def _changed(props: dict[str, Any], place: str, value: Any = None) -> dict[str, Any]:
    """Return an event's properties with another value at a place, such as `products[0].price`."""
    changed = deepcopy(props)
    at, _, name = place.rpartition(".")
    (changed["products"][int(at[len("products[") : -1])] if at else changed)[name] = value
    return changed


@given(st.sampled_from(sorted(PRODUCTS | ORDERS.keys())), SAID, st.one_of(VALUES, st.lists(SAID, max_size=3)))
@example("Product Viewed", {"product_id": "a", "image_url": "abc", "imageUrl": "https://a.example/x"}, None)
def test_what_is_ignored_changes_nothing(kind: str, said: dict[str, Any], products: Any) -> None:
    props = said | {"products": products}
    for one in ignored(kind, props):
        if not one.property.endswith("]"):
            assert _understood(kind, props) == _understood(kind, _changed(props, one.property)), one


@given(st.sampled_from(sorted(PRODUCTS | ORDERS.keys())), SAID, st.one_of(VALUES, st.lists(SAID, max_size=3)))
@example("Cart Viewed", {"currency": "abc"}, [{"product_id": "a"}])
@example("Order Completed", {"product_id": "a", "price": "abc"}, None)
def test_money_that_would_be_read_and_cannot_be_is_ignored(kind: str, said: dict[str, Any], products: Any) -> None:
    props = said | {"products": products}
    told = {one.property for one in ignored(kind, props)}
    listed = products if isinstance(products, list) else []
    inside = [(f"products[{n}].{name}", value) for n, item in enumerate(listed) for name, value in item.items()]
    for place, value in [*said.items(), *inside]:
        read, fine = READ.get(place.rpartition(".")[2], (None, None))
        if read and read(value) is None and value is not None and str(value).strip():
            without, mended = _changed(props, place), _changed(props, place, fine)
            assert place in told or _understood(kind, without) == _understood(kind, mended), place
