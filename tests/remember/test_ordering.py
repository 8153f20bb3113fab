"""Orders: the same whatever arrives first, twice or late; money exact in minor units."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.remember.ordering import fold
from regulars.remember.shopping import Heard, order_in, products_in
from regulars.store.records import Event
from regulars.words.money import MOST_UNITS, amount, currency, major, minor

START = datetime(2026, 5, 3, tzinfo=UTC)
BOUGHT = {
    "order_id": "50314",
    "total": 27.5,
    "currency": "USD",
    "products": [
        {"product_id": "mug", "name": "Mug", "price": 10, "quantity": 2, "category": "Kitchen"},
        {"product_id": "card", "name": "Card", "price": 7.5},
    ],
}
REFUNDS = [
    {"order_id": "50314"},
    {"order_id": "50314", "total": 10, "currency": "USD", "products": [{"product_id": "mug", "quantity": 1}]},
    {"order_id": "50314", "products": [{"product_id": "card", "quantity": 1}]},
    {"order_id": "50314", "total": -5, "currency": "usd", "refund_id": "r-1"},
    {"order_id": "50314", "total": 3, "currency": "EUR"},
]


def heard(kind, props, *, days=0, seq=1, identity=1, known=True, public=False):
    at = START + timedelta(days=days)
    said = order_in(Event(seq, identity, at, kind, props, None, 0, historical=False))
    return Heard(said.order, seq, identity, at, known, identity, said, public)


def bare(order):
    return msgspec.structs.replace(order, seq=0)


def test_an_order_holds_its_money_in_minor_units():
    order = fold([heard("Order Completed", BOUGHT)])
    assert (order.total, order.currency, order.state) == (2750, "USD", "placed")
    assert [(line.product, line.price, line.quantity) for line in order.lines] == [("mug", 1000, 2), ("card", 750, 1)]


def test_a_refund_that_names_nothing_is_the_whole_order():
    order = fold([heard("Order Completed", BOUGHT), heard("Order Refunded", REFUNDS[0], days=1, seq=2)])
    assert (order.state, order.refunded, order.net) == ("refunded", 2750, 0)
    assert [line.refunded for line in order.lines] == [2, 1]


def test_a_refund_of_lines_without_an_amount_costs_what_they_cost():
    order = fold([heard("Order Refunded", REFUNDS[2], days=1, seq=2), heard("Order Completed", BOUGHT)])
    assert (order.state, order.refunded, [line.refunded for line in order.lines]) == ("partly_refunded", 750, [0, 1])


def test_a_refund_before_its_order_is_a_credit_and_no_more_once_the_order_is_here():
    late = heard("Order Refunded", {"order_id": "50314", "total": 99, "currency": "USD"}, days=1)
    assert (fold([late]).state, fold([late]).net) == ("credit", -9900)
    order = fold([late, heard("Order Completed", BOUGHT, seq=2)])
    assert (order.state, order.net) == ("refunded", 0)


def test_a_refund_in_another_currency_takes_no_money_off():
    assert fold([heard("Order Completed", BOUGHT), heard("Order Refunded", REFUNDS[4], days=1, seq=2)]).refunded == 0


def test_an_update_that_names_no_products_leaves_them():
    update = heard("Order Updated", {"order_id": "50314", "total": 20}, days=1, seq=2)
    order = fold([update, heard("Order Completed", BOUGHT)])
    assert (order.total, order.currency, len(order.lines), order.placed_at) == (2000, "USD", 2, START)


def test_a_browser_that_nobody_signed_in_on_cannot_touch_the_order_of_somebody_known():
    order = heard("Order Completed", BOUGHT, days=2, identity=7)
    forged = heard("Order Refunded", REFUNDS[0], days=3, seq=2, identity=9, known=False)
    earlier = heard("Order Completed", BOUGHT | {"total": 1}, identity=9, seq=3, known=False)
    assert bare(fold([order, forged, earlier])) == bare(fold([order]))


def test_of_browsers_nobody_knows_the_first_in_the_log_has_the_order_whatever_time_the_others_name():
    order = heard("Order Completed", BOUGHT, days=2, identity=7, seq=1, known=False, public=True)
    forged = heard("Order Completed", BOUGHT | {"total": 1}, days=-9000, identity=9, seq=2, known=False, public=True)
    assert fold([order, forged]) == fold([order])


def test_what_somebody_known_says_by_a_browser_key_does_not_touch_an_order_that_a_server_spoke_of():
    order = heard("Order Completed", BOUGHT, days=2, identity=7, seq=2)
    forged = heard("Order Completed", BOUGHT | {"total": 1}, days=-9000, identity=9, public=True)
    assert fold([order, forged]) == fold([order])


def test_what_an_order_came_to_is_known_by_its_total_or_by_the_prices_of_its_lines():
    def known(**said):
        return fold([heard("Order Completed", {"order_id": "1", **said})]).total_known

    assert known(total=0)
    assert known(products=[{"product_id": "mug", "price": 10}, {"product_id": "card"}])
    assert not known(total="much")
    assert not known(products=[{"product_id": "mug"}])
    assert fold([heard("Order Refunded", {"order_id": "1", "total": 5})]).total_known, "a credit says what it is"


def test_an_order_is_worth_no_more_than_is_anybodys_money():
    line = {"product_id": "mug", "price": 1e15, "quantity": 1e9}
    order = fold([heard("Order Completed", {"order_id": "50314", "currency": "CLF", "products": [line]})])
    assert (order.total, order.total_known, order.lines[0].price) == (0, False, None)
    dear = {"order_id": "50314", "currency": "JPY", "products": [line]}
    assert fold([heard("Order Completed", dear)]).total == 0
    assert fold([heard("Order Completed", dear | {"total": 1e15})]).total == MOST_UNITS
    refunds = [heard("Order Refunded", dear | {"refund_id": str(n)}, seq=n) for n in range(3)]
    assert fold(refunds).refunded == MOST_UNITS


STORIES = st.lists(
    st.one_of(
        st.tuples(st.just("Order Refunded"), st.sampled_from(REFUNDS), st.integers(0, 3)),
        st.tuples(st.just("Order Cancelled"), st.just({"order_id": "50314"}), st.integers(0, 3)),
        st.tuples(
            st.sampled_from(["Order Completed", "Order Updated"]),
            st.sampled_from(
                [BOUGHT, BOUGHT | {"total": "30.005"}, {"order_id": "50314", "total": 9, "currency": "JPY"}]
            ),
            st.integers(0, 3),
        ),
    ),
    min_size=1,
    max_size=7,
)


@given(STORIES, st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_of_arrival_and_duplicates_do_not_matter(story, random, again):
    whole = [heard(kind, props, days=days, seq=seq) for seq, (kind, props, days) in enumerate(story, start=1)]
    arrived = [
        msgspec.structs.replace(one, seq=seq) for seq, one in enumerate(random.sample(whole, len(whole)) * again)
    ]
    assert bare(fold(arrived)) == bare(fold(whole))
    order = fold(whole)
    assert order.placed_at is None or 0 <= order.refunded <= max(order.total, 0)
    assert all(0 <= line.refunded <= line.quantity for line in order.lines)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_comes_back_as_it_was_written(value):
    assert major(minor(value, "GBP"), "GBP") == value


@pytest.mark.parametrize(("code", "units"), [("JPY", 20), ("EUR", 1999), ("KWD", 19990)])
def test_currencies_have_their_own_minor_units(code, units):
    assert minor(Decimal("19.99"), code) == units


@pytest.mark.parametrize("value", [None, True, "ten", float("nan"), float("inf"), 1e300, [], "1e999"])
def test_what_is_no_money_is_none(value):
    assert amount(value) is None


def test_a_currency_is_three_letters_of_iso_4217():
    assert [currency(text) for text in ("gbp ", "€", "pounds", 12, "zzq")] == ["GBP", None, None, None, None]


def test_a_part_of_a_piece_keeps_its_price():
    cheese = {"product_id": "cheese", "price": 12, "quantity": 0.25}
    (line,) = products_in(Event(1, 1, START, "Product Added", cheese, None, 0, historical=False))
    assert (line.quantity, line.price) == (1, "3.00")
