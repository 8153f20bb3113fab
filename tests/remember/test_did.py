"""Computed facts: counted by identity, folded by customer; merging, replaying and forgetting come out right."""

from datetime import timedelta

import pytest

from regulars.remember import catalogue, commerce, correcting, facts, merging
from regulars.remember.did import DID
from regulars.remember.followers import FOLLOWERS
from regulars.store.follow import rewind

MUG = {"product_id": "mug", "name": "Mug", "price": 10, "quantity": 2, "category": "Kitchen"}


def order(number, total=20.0, products=(MUG,), currency="GBP"):
    return {"order_id": number, "total": total, "currency": currency, "products": list(products)}


def did(story, identity):
    return {one.name: one.value for one in story.ask(facts.current, identity) if one.source == "did"}


@pytest.fixture
def anna(story):
    return story.id("user", "anna")


def test_what_somebody_bought_becomes_facts_by_name(story, anna):
    card = {"product_id": "card", "name": "Card", "price": 2.5, "quantity": 1, "category": "Paper"}
    story.tell("Order Completed", anna, order("1"), at=story.now - timedelta(days=20))
    story.tell("Order Completed", anna, order("2", 22.5, [MUG, card]), at=story.now - timedelta(days=10))
    story.tell("Product Viewed", anna, card)
    story.follow()
    assert did(story, anna) == {
        "first_seen": "2026-04-13", "last_seen": "2026-05-03", "products_viewed": 1, "category_viewed_most": "Paper",
        "orders": 2, "first_order": "2026-04-13", "last_order": "2026-04-23", "days_between_orders": 10,
        "spent_gbp": 42.5, "average_order_gbp": 21.25, "favourite_product": "Mug", "favourite_category": "Kitchen",
    }  # fmt: skip
    words = {one.name: one.words for one in story.ask(facts.current, anna)}
    assert words["spent_gbp"] == "42.50 GBP"


def test_a_refund_and_a_cancelled_order_count_for_less(story, anna):
    story.tell("Order Refunded", anna, {"order_id": "1", "total": 5, "currency": "GBP"})
    story.tell("Order Completed", anna, order("1"), at=story.now - timedelta(days=1))
    story.tell("Order Completed", anna, order("2", 100))
    story.tell("Order Cancelled", anna, {"order_id": "2"})
    story.follow()
    assert (did(story, anna)["orders"], did(story, anna)["spent_gbp"]) == (1, 15)


def test_an_order_of_which_nobody_knows_what_it_came_to_is_in_no_average(story, anna):
    story.tell("Order Completed", anna, {"order_id": "1", "total": "much", "currency": "GBP"})
    story.follow()
    assert did(story, anna).keys() & {"orders", "spent_gbp", "average_order_gbp"} == {"orders"}
    story.tell("Order Completed", anna, order("2", 30))
    story.follow()
    known = did(story, anna)
    assert (known["orders"], known["spent_gbp"], known["average_order_gbp"]) == (2, 30, 30)
    story.tell("Order Updated", anna, {"order_id": "1", "total": 10, "currency": "GBP"})
    story.follow()
    assert did(story, anna)["average_order_gbp"] == 20


def test_two_who_turn_out_to_be_one_have_what_both_did(story, anna):
    email = story.id("email", "anna@x.lv")
    story.tell("Order Completed", anna, order("1"))
    story.tell("Order Completed", email, order("2", 5))
    story.tell("page", email)
    story.follow()
    assert (did(story, anna)["orders"], did(story, email)["orders"]) == (1, 1)
    story.identify(anna, links=[email])
    story.follow()
    assert did(story, anna) == did(story, email)
    assert (did(story, anna)["orders"], did(story, anna)["spent_gbp"], did(story, anna)["pages_seen"]) == (2, 25, 1)
    assert story.sql("select count(distinct customer_id) from remember_current where source = 'did'") == [(1,)]


def test_two_who_are_taken_apart_again_have_what_each_did(story, anna):
    email = story.id("email", "anna@x.lv")
    story.tell("Order Completed", anna, order("1"))
    story.tell("Order Completed", email, order("2", 5))
    story.follow()
    before = did(story, anna), did(story, email)
    story.identify(anna, links=[email])
    story.follow()
    (tie,) = story.ask(merging.joined, anna)
    story.ask(merging.split, anna, tie.seq, tie.other, story.now)
    story.follow()
    assert (did(story, anna), did(story, email)) == before


def test_a_browser_brings_its_orders_along_when_it_signs_in(story, anna):
    browser = story.id("anonymous", "b-1")
    story.tell("Order Completed", anna, order("1"))
    story.tell("Order Refunded", browser, {"order_id": "1", "total": 5, "currency": "GBP"})
    story.follow()
    assert did(story, anna)["spent_gbp"] == 20, "anybody can know the number of an order"
    story.identify(anna, links=[browser])
    story.follow()
    assert did(story, anna)["spent_gbp"] == 15


def test_a_replay_comes_to_the_same(story, anna):
    for number in range(5):
        story.tell("Order Completed", anna, order(str(number), 10 + number), at=story.now - timedelta(days=number))
    story.tell("Order Refunded", anna, {"order_id": "3"})
    story.follow()
    before = did(story, anna), story.sql("select id, net, state from remember_order order by id")
    for name in ("orders", "facts", "did"):
        with story.tx() as tx:
            rewind(tx, next(one for one in FOLLOWERS if one.name == name), FOLLOWERS)
        story.follow()
        assert (did(story, anna), story.sql("select id, net, state from remember_order order by id")) == before


def test_a_computed_fact_that_was_forgotten_is_not_computed_again(story, anna):
    story.tell("Order Completed", anna, order("1"))
    story.follow()
    known = [one for one in story.ask(facts.current, anna) if one.name == "spent_gbp"]
    story.ask(correcting.forget, anna, known, story.now)
    story.follow()
    story.tell("Order Completed", anna, order("2"))
    story.follow()
    assert "spent_gbp" not in did(story, anna)
    assert did(story, anna)["orders"] == 2


def test_what_others_say_by_the_name_of_a_computed_fact_does_not_hold(story, anna):
    bert = story.id("user", "bert")
    story.identify(bert, {"orders": 7, "city": "Riga"})
    story.identify(anna, {"orders": "many"})
    story.follow()
    assert did(story, anna).keys() == {"first_seen", "last_seen"}
    story.tell("Order Completed", anna, order("1"))
    story.follow()
    story.identify(anna, {"orders": 99}, at=story.now + timedelta(minutes=1))
    story.follow()
    assert did(story, anna)["orders"] == 1
    assert story.ask(facts.catalogue)["orders"].kind == "number"
    assert {one.name for one in story.ask(facts.current, bert)} == {"city", "first_seen", "last_seen"}
    assert [one.value for one in story.ask(facts.history, bert, "orders")] == [7]


def test_the_catalogue_says_since_when_what_others_say_does_not_count(story, anna):
    story.identify(anna, {"orders": "many"})
    story.follow()
    assert story.ask(catalogue.get_entry, "orders").outranked_at is None
    story.tell("Order Completed", anna, order("1"))
    story.follow()
    known = story.ask(catalogue.entries)
    assert known["orders"].outranked_at is not None, "it was there before"
    assert known["spent_gbp"].outranked_at is None, "nobody says it"
    story.identify(anna, {"spent_gbp": 900}, at=story.now + timedelta(minutes=1))
    story.follow()
    assert story.ask(catalogue.get_entry, "spent_gbp").outranked_at is not None, "it came later"


def test_facts_change_only_when_what_they_say_does(story, anna):
    story.tell("Order Completed", anna, order("1"))
    story.follow([one for one in FOLLOWERS if one is not DID])
    story.follow()
    seq = {one.name: one.seq for one in story.ask(facts.current, anna)}
    story.tell("page", anna)
    story.follow()
    now = {one.name: one.seq for one in story.ask(facts.current, anna)}
    assert (now["orders"], now["last_seen"]) == (seq["orders"], seq["last_seen"])
    assert now["pages_seen"] > seq["last_seen"]


def test_products_are_what_was_said_of_them_last(story, anna):
    story.tell("Product Viewed", anna, MUG | {"price": 12, "currency": "GBP", "url": "https://x.lv/mug"})
    story.tell("Product Added", anna, MUG | {"price": 9, "currency": "GBP"}, at=story.now - timedelta(days=3))
    story.tell("Product List Viewed", anna, {"products": [{"sku": "card", "name": "Card", "url": "javascript:1"}]})
    story.tell("Order Completed", anna, order("1"), at=story.now - timedelta(days=9))
    story.follow()
    (mug,) = story.ask(commerce.products, "MUG kitch")
    assert (mug.price, mug.currency, mug.url, mug.views, mug.sold) == (1200, "GBP", "https://x.lv/mug", 1, 2)
    assert mug.first_seen == story.now - timedelta(days=9)
    card = story.ask(commerce.get_product, "card")
    assert (card.name, card.url, card.price) == ("Card", "", None)
    assert story.ask(commerce.products_count) == 2


def test_orders_are_read_by_pages_and_by_customer(story, anna):
    bert = story.id("user", "bert")
    for number in range(5):
        who = bert if number == 4 else anna
        story.tell("Order Completed", who, order(str(number)), at=story.now - timedelta(days=number))
    story.follow()
    mine = story.ask(commerce.of_customer, anna)
    first = story.ask(commerce.orders, mine, limit=2)
    rest = story.ask(commerce.orders, mine, before=(first[-1].changed_at, first[-1].id))
    assert [one.id for one in [*first, *rest]] == ["0", "1", "2", "3"]
    assert story.ask(commerce.orders_count, commerce.Which(product="mug")) == 5
    found, lines, told = story.ask(commerce.get_order, "4")
    assert (found.customer_id, lines[0].price, told[0].what) == (bert, 1000, "completed")
