"""What of a shop's event is ignored is what nobody reads: without it everything is understood as with it."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.remember.shopping import ORDERS, PRODUCTS, ignored, order_in, products_in
from regulars.store.records import Event

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-9_999, 9_999), st.floats(-9_999, 9_999),
    st.sampled_from(["", " ", "abc", "12.50", "gbp", "GBP", "https://a.example/x", "1e16"]),
    st.just({"a": 1}), st.just([]),
)  # fmt: skip
NAMES = [
    "total", "revenue", "value", "currency", "coupon", "order_id", "orderId", "refund_id", "product_id", "sku", "id",
    "name", "price", "quantity", "category", "image_url", "imageUrl", "url",
]  # fmt: skip
SAID = st.dictionaries(st.sampled_from(NAMES), VALUES)


def _event(kind: str, props: dict[str, Any]) -> Event:
    return Event(1, 1, datetime(2026, 5, 3, tzinfo=UTC), kind, props, None, 0, historical=False)


@given(st.sampled_from(sorted(PRODUCTS | ORDERS.keys())), SAID, st.one_of(VALUES, st.lists(SAID, max_size=3)))
def test_what_is_ignored_changes_nothing(kind: str, said: dict[str, Any], products: Any) -> None:
    props = said | {"products": products}
    for one in ignored(kind, props):
        if "[" not in one.property:
            rest = {name: value for name, value in props.items() if name != one.property}
            with_it, without = (_event(kind, told) for told in (props, rest))
            assert order_in(with_it) == order_in(without), one
            assert products_in(with_it) == products_in(without), one
