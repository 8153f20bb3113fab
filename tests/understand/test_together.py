"""What is bought together, from events to rules: whose orders count, when it is made anew, and what is not said."""

import weakref
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.market import counted_one_by_one
from tests.understand.test_with_remember import Story

from regulars.access.audit import open_audit
from regulars.hear.identities import intern
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.rounds import hold_due
from regulars.remember import erasure_records as erasures
from regulars.remember import restrictions
from regulars.store.log import NewEvent, append
from regulars.understand import together
from regulars.understand.baskets import Rule
from regulars.understand.together import Which


class Shop(Story):
    """A shop in which customers buy."""

    def buys(self, orders, kind="Order Completed"):
        """Let customers buy: (who, order, products) each."""
        with self.tx() as tx:
            users = intern(tx, [("user", who) for who, _, _ in orders])
            told = [
                (who, {"order_id": order, "products": [{"product_id": one, "name": f"The {one}"} for one in products]})
                for who, order, products in orders
            ]
            append(tx, [NewEvent(users["user", who], self.now, kind, msgspec.json.encode(one)) for who, one in told])
        self.follow()
        return {who: users["user", who] for who, _, _ in orders}

    def make(self, later=timedelta()):
        together.make_anew(self.database, self.workspace, self.now + later)

    def made(self):
        with self.tx() as tx:
            return together.made(tx)

    def rules(self, which=Which(), q="", by="lift"):  # noqa: B008 (it is never changed)
        with self.tx() as tx:
            found = together.find(tx, which, q, by, limit=500)
            assert together.count(tx, which, q) == len(found)
        return {(*one.given, one.follows): one for one in found}


@pytest.fixture
def shop(database, workspace, now):
    shop = Shop(database, workspace, now)
    shop.buys([(f"u{n}", f"tea-{n}", ["cup", "pot"]) for n in range(6)] + [("u9", f"o-{n}", ["hat"]) for n in range(6)])
    return shop


def test_what_is_bought_together_is_said_with_how_often(shop):
    shop.make()
    rules = shop.rules()
    assert set(rules) == {("cup", "pot"), ("pot", "cup")}
    one = rules["cup", "pot"]
    assert (one.orders, one.given_orders, one.follows_orders, one.all_orders, one.customers) == (6, 6, 6, 12, 6)
    assert (one.support, one.confidence, one.lift) == (0.5, 1.0, 2.0)
    assert (shop.made().orders, shop.made().cut) == (12, [])


def test_nothing_is_said_that_rests_on_fewer_than_five_customers(shop):
    shop.buys([(f"u{n % 4}", f"four-{n}", ["ring", "bow"]) for n in range(40)])
    shop.make()
    assert set(shop.rules()) == {("cup", "pot"), ("pot", "cup")}
    shop.buys([("u5", "fifth", ["ring", "bow"])])
    shop.make(timedelta(hours=1))
    assert ("ring", "bow") in shop.rules()


def test_what_came_back_was_not_bought(shop):
    shop.buys([("u0", "tea-0", ["cup"])], "Order Refunded")
    shop.buys([("u1", "tea-1", [])], "Order Cancelled")
    shop.make()
    assert not shop.rules()
    assert shop.made().orders == 11


def test_who_is_restricted_is_left_out_until_that_is_lifted(shop):
    ids = shop.buys([(f"u{n}", f"new-{n}", ["hat"]) for n in range(2)])
    for who in ids.values():
        with shop.tx() as tx:
            restrictions.change(tx, who, "Keep it, do not use it.", "by telephone", shop.now, restricted=True)
    shop.follow()
    shop.make()
    assert not shop.rules()
    with shop.tx() as tx:
        restrictions.change(tx, ids["u0"], "Use it.", "by telephone", shop.now + timedelta(minutes=1), restricted=False)
    shop.follow()
    shop.make(timedelta(hours=1))
    assert shop.rules()["cup", "pot"].customers == 5


def test_the_orders_of_somebody_who_is_forgotten_go(shop):
    shop.buys([("u0", "gone", ["cup", "pot"])])
    shop.make()
    assert shop.rules()["cup", "pot"].orders == 7
    with shop.tx() as tx:
        erasures.ask(tx, intern(tx, [("user", "u0")])["user", "u0"], "erase", shop.now)
    audit = open_audit(shop.database)
    Forgetting(shop.database, all_steps(audit), audit, lambda: shop.now).carry_out_next(shop.workspace)
    shop.make(timedelta(hours=1))
    assert shop.rules()["cup", "pot"].orders == 5
    assert shop.made().orders == 11


def test_customers_who_turn_out_to_be_one_are_one(shop):
    shop.make()
    assert shop.rules()
    shop.happens(("user", "u0"), "identify", {"links": [], "verified": True})
    with shop.tx() as tx:
        ids = intern(tx, [("anonymous", "b-1"), ("anonymous", "b-2"), ("email", "one@post.example")])
        mail = ids["email", "one@post.example"]
        said = {"traits": {}, "links": [mail], "verified": True}
        append(
            tx, [NewEvent(ids["anonymous", f"b-{n}"], shop.now, "identify", msgspec.json.encode(said)) for n in (1, 2)]
        )
    shop.follow()
    before = shop.made().stand
    shop.make(timedelta(hours=1))
    assert shop.made().stand != before


def test_it_is_made_anew_only_when_orders_have_changed_and_by_the_hour(shop):
    shop.make()
    first = shop.made().made_at
    shop.make(timedelta(hours=2))
    assert shop.made().made_at == first
    shop.buys([("u7", "one-more", ["cup", "pot"])])
    shop.make(timedelta(minutes=30))
    assert shop.made().made_at == first
    shop.make(timedelta(hours=1))
    assert shop.made().made_at == first + timedelta(hours=1)
    shop.buys([("u8", f"file-{n}", ["cup", "pot"]) for n in range(5)])
    shop.make(timedelta(hours=1, minutes=10))  # a tenth more of them: a file was taken in
    assert shop.made().made_at == first + timedelta(hours=1, minutes=10)


def test_beyond_the_orders_that_are_read_a_tenth_more_is_a_tenth_of_all(shop, monkeypatch):
    monkeypatch.setattr(together, "_MOST_ORDERS", 5)
    shop.make()
    first = shop.made().made_at
    assert (shop.made().orders, shop.made().cut) == (5, ["orders"])
    shop.buys([("u7", "one-more", ["cup", "pot"])])
    shop.make(timedelta(minutes=10))
    assert shop.made().made_at == first
    shop.buys([("u8", "another", ["cup", "pot"])])
    shop.make(timedelta(minutes=20))
    assert shop.made().made_at == first + timedelta(minutes=20)


def test_orders_without_products_are_no_growth(shop):
    shop.buys([(f"u{n}", f"empty-{n}", []) for n in range(8)])
    shop.make()
    first = shop.made().made_at
    assert shop.made().orders == 12
    shop.buys([("u7", "one-more", ["cup", "pot"])])
    shop.make(timedelta(minutes=10))
    assert shop.made().made_at == first


def test_sets_of_three_are_bounded_by_how_many_orders_each_is_looked_for_in(shop, monkeypatch):
    shop.buys([(f"u{n}", f"six-{n}", list("abcdef")) for n in range(7)])
    monkeypatch.setattr(together, "_MOST_WORK", 19 * 18)  # 6 products; and 18 sets of three of the 20 that they make
    shop.make()
    assert shop.made().orders == 19
    assert shop.made().cut == ["looks", "products"]


class Seen(Rule, frozen=True, weakref=True):
    """A rule that is missed when it is let go of."""


@given(st.lists(st.tuples(st.integers(2, 9), st.booleans(), st.integers(0, 99)), unique=True, max_size=60))
def test_of_very_many_rules_the_best_are_kept_and_few_are_held(told):
    rules = [((f"p{n:02}", *(["q"] if long else [])), orders) for orders, long, n in told]
    held, most = weakref.WeakSet(), 0

    def come():
        nonlocal most
        for given_, orders in rules:
            one = Seen(given_, "then", orders, 10, 10, 1_000)
            held.add(one)
            most = max(most, len(held))
            yield one
            del one

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "_MOST_PAIRS", 5)
        patch.setattr(together, "_MOST_LONGER", 3)
        kept, more = together._pick(come())
    best = sorted(rules, key=lambda one: (-one[1], one[0]))
    pairs, longer = ([one for one in best if len(one[0]) == size] for size in (1, 2))
    assert [(one.given, one.together) for one in kept] == [*pairs[:5], *longer[:3]]
    assert more == (len(pairs) > 5 or len(longer) > 3)
    assert most <= 2 * (5 + 3) + 2


def test_it_is_dropped_and_made_again_the_same_by_a_round(shop):
    shop.make()
    whole = shop.rules()
    with shop.tx() as tx:
        tx.connection.execute("truncate understand_together, understand_together_made")
    assert "together" in hold_due(shop.database, shop.workspace, shop.now)
    assert shop.rules() == whole


def test_a_list_is_narrowed_and_read_on(shop):
    shop.buys([(f"u{n}", f"set-{n}", ["hat", "bow", "pin"]) for n in range(5)])
    shop.make()
    rules = shop.rules()
    assert ("bow", "hat", "pin") in {tuple(sorted(one)) for one in rules}
    assert set(shop.rules(q="the hat")) == {one for one in rules if "hat" in one}
    assert set(shop.rules(Which(product="pin"))) == {one for one in rules if "pin" in one}
    assert {one[0] for one in shop.rules(Which(given="pin"))} == {"pin"}
    assert {len(one) for one in shop.rules(Which(only="pairs"))} == {2}
    assert {len(one) for one in shop.rules(Which(only="more"))} == {3}
    assert not shop.rules(Which(lift=1000.0))
    assert not shop.rules(Which(orders=7))
    strongest = shop.rules(Which(strongest=True))
    assert sorted(map(sorted, strongest)) == sorted(map(list, {tuple(sorted(one)) for one in rules}))
    for by in together.ORDERS_BY:
        with shop.tx() as tx:
            every = together.find(tx, Which(), by=by, limit=500)
            read, before = [], None
            while some := together.find(tx, Which(), by=by, before=before, limit=2):
                read += some
                before = (some[-1].rank, some[-1].id)
        assert read == every
        ranks = [getattr(one, by) for one in every]
        assert ranks == sorted(ranks, reverse=True)


WHO = st.sampled_from([f"u{n}" for n in range(6)])
ORDERS = st.lists(st.tuples(WHO, st.frozensets(st.sampled_from("abcd"), min_size=1)), min_size=1, max_size=40)


@given(ORDERS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_kept_is_what_the_orders_say(database, workspace, now, orders):
    shop = Shop(database, workspace, now)
    with shop.tx() as tx:
        tx.connection.execute("truncate understand_together, understand_together_made, remember_order cascade")
        tx.connection.execute("truncate remember_order_said")
    shop.buys([(who, f"o-{n}", sorted(products)) for n, (who, products) in enumerate(orders)])
    shop.make()
    baskets = [products for _, products in orders]
    expected = {
        one for one in counted_one_by_one(baskets, 5, (0, 1), 3)
        if len({who for who, products in orders if one[0] | {one[1]} <= products}) >= 5
        and one[2] * len(orders) > one[3] * one[4] and (len(one[0]) == 1 or one[2] * 5 >= one[3])
    }  # fmt: skip
    kept = {(frozenset(one.given), one.follows, one.orders, one.given_orders, one.follows_orders)
            for one in shop.rules().values()}  # fmt: skip
    assert kept == expected
