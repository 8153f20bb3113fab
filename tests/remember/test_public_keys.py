"""What comes with a browser key anybody could have said: it takes nothing from others and puts no words into mails."""

from datetime import timedelta

import pytest

from regulars.remember import commerce, did, facts
from regulars.remember.followers import FOLLOWERS
from regulars.store.follow import rewind

MUG = {"product_id": "mug", "name": "Mug", "price": 10, "quantity": 2, "category": "Kitchen"}
FORGED = {"product_id": "mug", "name": "Win at evil.example", "category": "Evil", "url": "https://evil.example"}


def order(number, total=20.0, products=(MUG,)):
    return {"order_id": number, "total": total, "currency": "GBP", "products": list(products)}


def owner(story, number):
    (one, *_) = story.ask(commerce.get_order, number)
    return one.identity_id, one.total


def computed(story, identity):
    return {one.name: (one.value, one.origin) for one in story.ask(facts.current, identity) if one.source == "did"}


def replay(story, name):
    with story.tx() as tx:
        rewind(tx, next(one for one in FOLLOWERS if one.name == name), FOLLOWERS)
    story.follow()


@pytest.fixture
def anna(story):
    return story.id("user", "anna")


@pytest.fixture
def browser(story):
    return story.id("anonymous", "b-1")


@pytest.fixture
def stranger(story):
    return story.id("anonymous", "b-2")


def test_what_a_signed_in_browser_says_is_known(story, anna, browser, stranger):
    story.tell("Order Completed", stranger, order("1", 1), at=story.now - timedelta(days=9999), public=True)
    story.tell("Order Completed", browser, order("1"), public=True)
    story.follow()
    assert owner(story, "1") == (stranger, 100)
    story.identify(anna, links=[browser])
    story.follow()
    assert owner(story, "1") == (browser, 2000)
    assert computed(story, anna)["spent_gbp"] == (20, "")
    assert "spent_gbp" not in computed(story, stranger)
    for name in ("orders", "did"):
        replay(story, name)
        assert owner(story, "1") == (browser, 2000)
        assert computed(story, anna)["spent_gbp"] == (20, "")


def test_of_two_strangers_the_first_in_the_log_has_the_order(story, browser, stranger):
    story.tell("Order Completed", browser, order("1"), public=True)
    story.tell("Order Completed", stranger, order("1", 1), at=story.now - timedelta(days=9999), public=True)
    story.follow()
    assert owner(story, "1") == (browser, 2000)


def test_a_browser_key_renames_no_product_of_which_a_server_spoke(story, anna, stranger):
    story.tell("Product Viewed", stranger, FORGED | {"brand": "Seen"}, at=story.now + timedelta(hours=1), public=True)
    story.follow()
    assert story.ask(commerce.get_product, "mug").name == "Win at evil.example"
    story.tell("Product Added", anna, MUG)
    story.tell("Product Viewed", stranger, FORGED, at=story.now + timedelta(hours=1), public=True)
    story.follow()
    mug = story.ask(commerce.get_product, "mug")
    assert (mug.name, mug.category, mug.brand, mug.url, mug.views) == (
        "Mug", "Kitchen", "Seen", "https://evil.example", 2,
    )  # fmt: skip
    replay(story, "orders")
    assert story.ask(commerce.get_product, "mug") == mug


def test_what_only_a_browser_key_said_is_marked_and_what_a_server_says_is_not(story, anna, browser, stranger):
    story.identify(anna, links=[browser])
    story.tell("Order Completed", browser, order("1", products=[FORGED | {"price": 3}]), public=True)
    story.tell("Product Viewed", browser, FORGED, public=True)
    story.follow()
    forged = computed(story, anna)
    assert forged["favourite_product"] == ("Win at evil.example", "browser")
    assert forged["favourite_category"] == forged["category_viewed_most"] == ("Evil", "browser")
    story.tell("Order Completed", anna, order("2"))
    story.follow()
    assert computed(story, anna)["favourite_product"] == ("Mug", "")
    assert computed(story, anna)["favourite_category"] == ("Kitchen", "")


def test_a_product_that_a_server_names_not_is_not_called_as_a_browser_key_says(story, anna, stranger):
    story.tell("Product Viewed", stranger, FORGED, public=True)
    story.tell("Order Completed", anna, order("1", products=[{"product_id": "mug", "price": 10}]))
    story.follow()
    assert computed(story, anna)["favourite_product"] == ("mug", "")


def test_of_an_order_only_so_much_is_kept_that_browser_keys_say(story, anna, browser, stranger, monkeypatch):
    monkeypatch.setattr(commerce, "MOST_OWN", 3)
    monkeypatch.setattr(commerce, "MOST_SAID", 5)
    for number in range(6):
        for who in (browser, stranger):
            story.tell("Order Updated", who, {"order_id": "1", "total": number}, public=True)
        story.tell("Order Updated", anna, {"order_id": "1", "total": 100 + number})
    story.follow()
    kept = "select identity_id, count(*) from remember_order_said group by identity_id order by identity_id"
    expected = story.sql(kept)
    assert dict(expected) == {browser: 3, stranger: 2, anna: 6}
    story.runner._size[story.workspace, "orders"] = 1
    replay(story, "orders")
    assert story.sql(kept) == expected


def test_of_an_identity_only_so_many_categories_are_counted(story, browser, monkeypatch):
    monkeypatch.setattr(did, "MOST_CATEGORIES", 3)
    for number in (1, 0, 4, 2, 0, 3, 0):
        story.tell("Product Viewed", browser, {"product_id": "p", "category": f"c{number}"}, public=True)
    story.follow()
    counted = "select about, count from remember_did where what = 'category' order by about"
    assert story.sql(counted) == [("c0", 3), ("c1", 1), ("c4", 1)]
    story.runner._size[story.workspace, "did"] = 1
    replay(story, "did")
    assert story.sql(counted) == [("c0", 3), ("c1", 1), ("c4", 1)]


def test_a_browser_key_adds_no_product_to_a_full_catalogue(story, anna, browser, monkeypatch):
    monkeypatch.setattr(commerce, "MOST_PUBLIC_PRODUCTS", 2)
    for number in range(4):
        story.tell("Product Viewed", browser, {"product_id": f"b{number}"}, public=True)
    story.tell("Product Viewed", anna, {"product_id": "a"})
    story.follow()
    assert story.sql("select id from remember_product order by id") == [("a",), ("b0",), ("b1",)]


def test_money_that_is_nobodys_puts_nothing_into_quarantine(story, browser):
    dear = {"product_id": "p", "price": 1e15, "quantity": 1e9}
    story.tell("Order Completed", browser, {"order_id": "1", "currency": "CLF", "products": [dear]}, public=True)
    for number in range(3):
        story.tell(
            "Order Completed", browser, {"order_id": f"o{number}", "total": 1e15, "currency": "JPY"}, public=True
        )
    story.tell("Order Completed", browser, order("4") | {"currency": "ZZQ"}, public=True)
    story.follow()
    assert story.sql("select follower, error from store_quarantine") == []
    assert computed(story, browser)["spent_jpy"] == (1_000_000_000_000_000, "")
    assert not [name for name in computed(story, browser) if "zzq" in name]
