"""Purchase stages and kinds of product: what shows them, how time and orders move them, and who follows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understand.test_with_remember import Story

from regulars.access.audit import open_audit
from regulars.hear.identities import intern
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.rounds import hold_due
from regulars.remember import erasure_records, facts, restrictions
from regulars.remember.customers import customer_of
from regulars.store.log import NewEvent, append
from regulars.understand import segments, stages_records, staging
from regulars.understand.stages import Placed, Seen, stages, ways

ZONE = ZoneInfo("Europe/Riga")
TODAY = date(2026, 5, 3)


def at(back, hour=12):
    return datetime(2026, 5, 3, hour, tzinfo=UTC) - timedelta(days=back)


def stage(*signs, ordered=None, today=TODAY):
    """The stage after some signs, (what, days ago, product) each, and an order some days ago."""
    seen = [Seen(at(back), what, product, "tea") for what, back, product in signs]
    placed = [] if ordered is None else [Placed(at(ordered), "cup", "tea")]
    found = stages(seen, placed, ZONE, today)
    return found["tea"].stage if found else None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([("look", 1, "cup")], "intent"),
        ([("list", 1, "")], "intent"),
        ([("look", 29, "cup")], "intent"),
        ([("look", 30, "cup")], None),
        ([("look", 1, "cup"), ("look", 1, "pot")], "evaluation"),
        ([("look", 1, "cup"), ("look", 2, "cup")], "evaluation"),
        ([("look", 1, "cup"), ("look", 30, "pot")], "intent"),
        ([("compare", 1, "cup")], "evaluation"),
        ([("basket", 6, "cup")], "purchase"),
        ([("basket", 7, "cup")], "evaluation"),
        ([("basket", 2, "cup"), ("out", 1, "cup")], "evaluation"),
        ([("basket", 30, "cup")], None),
    ],
)
def test_what_was_looked_at_shows_the_stage(told, expected):
    assert stage(*told) == expected


@pytest.mark.parametrize(
    ("back", "expected"), [(0, "purchase"), (6, "purchase"), (7, "after_sale"), (89, "after_sale"), (90, None)]
)
def test_an_order_is_followed_by_the_time_after_it(back, expected):
    assert stage(ordered=back) == expected


def test_what_was_before_an_order_counts_no_more_and_comparing_after_it_begins_anew():
    assert stage(("look", 12, "cup"), ("look", 11, "pot"), ("basket", 11, "pot"), ordered=10) == "after_sale"
    assert stage(("look", 1, "pot"), ordered=10) == "after_sale"
    assert stage(("look", 1, "pot"), ("look", 1, "jug"), ordered=10) == "evaluation"
    assert stage(("basket", 1, "pot"), ordered=10) == "purchase"


def test_a_day_is_one_of_the_workspaces_clock():
    late, later = Seen(at(1, 20), "look", "cup", "tea"), Seen(at(1, 22), "look", "cup", "tea")
    assert stages([late, later], [], ZoneInfo("UTC"), TODAY)["tea"].stage == "intent"
    assert stages([late, later], [], ZONE, TODAY)["tea"].stage == "evaluation"  # 22:00 is tomorrow in Riga


SIGN = st.tuples(
    st.sampled_from(["look", "list", "compare", "basket", "out"]), st.integers(0, 35), st.sampled_from("ab")
)


@given(st.lists(SIGN, max_size=6), st.one_of(st.none(), st.integers(0, 95)))
def test_a_stage_stays_what_it_is_until_the_day_that_is_said(signs, ordered):
    seen = [Seen(at(back), what, product, "tea") for what, back, product in signs]
    placed = [] if ordered is None else [Placed(at(ordered), "cup", "tea")]
    found = stages(seen, placed, ZONE, TODAY)
    if not found:
        return
    day = TODAY
    while day < min(found["tea"].due, TODAY + timedelta(days=120)):
        assert stages(seen, placed, ZONE, day)["tea"].stage == found["tea"].stage
        day += timedelta(days=1)


def test_how_a_product_was_bought_is_told_by_what_was_seen_before():
    seen = [Seen(at(3), "look", "cup", "tea"), Seen(at(2), "look", "pot", "tea"), Seen(at(1), "look", "hat", "wear")]
    placed = [Placed(at(back), one, of) for back, one, of in ((1, "cup", "tea"), (0, "cup", "tea"), (0, "hat", "wear"))]
    found = ways(seen, placed, ZONE, at(300))
    assert [(one.orders, one.again, one.watched, one.compared) for one in map(found.get, ("cup", "hat"))] == [
        (2, 1, 1, 1),
        (1, 0, 1, 0),
    ]
    assert ways([], placed, ZONE, at(300))["hat"].watched == 0


class Counter(Story):
    """A shop in which customers look and buy."""

    def does(self, who, kind, back=0, identity=("user",), **props):
        with self.tx() as tx:
            key = (*identity, who)
            number = intern(tx, [key])[key]
            moment = self.now - timedelta(days=back)
            append(tx, [NewEvent(number, moment, kind, msgspec.json.encode(props))])
        return number

    def looks(self, who, *products, back=0, kind="Product Viewed", category="Tea"):
        for one in products:
            number = self.does(who, kind, back, product_id=one, name=f"The {one}", category=category)
        return number

    def orders(self, who, number, *products, back=0, category="Tea"):
        lines = [{"product_id": one, "category": category, "price": 5} for one in products]
        return self.does(who, "Order Completed", back, order_id=number, currency="GBP", products=lines)

    def make(self, later=timedelta()):
        self.follow()
        staging.walk_on(self.database, self.workspace, self.now + later)
        self.follow()

    def known(self, customer):
        with self.tx() as tx:
            return {one.name: one.value for one in facts.current(tx, customer) if one.name in staging.NAMES}

    def why(self, segment, customer):
        with self.tx() as tx:
            (why,) = [one.why for one in segments.members(tx, segment) if one.customer_id == customer]
        return [(one["condition"], one["holds"], one["source"]) for one in why]

    def kinds(self):
        with self.tx() as tx:
            return {one.product: one.kind for one in staging.kinds(tx)}


@pytest.fixture
def counter(database, workspace, now):
    return Counter(database, workspace, now)


def test_somebody_goes_from_intent_to_after_sale_and_segments_follow(counter):
    who = counter.looks("u1", "cup")
    counter.make()
    assert counter.known(who) == {"stage_intent": ["Tea"]}
    counter.looks("u2", "hat", kind="Product Added", category="Hats")
    counter.looks("u3", "hat", "cap", category="Hats")
    counter.make()
    with counter.tx() as tx:
        for name in ("evaluation", "purchase"):
            segments.create_segment(tx, name, name, {"stage": name, "category": "Tea"}, counter.now)
    counter.looks("u1", "pot")
    counter.make()
    assert counter.known(who) == {"stage_evaluation": ["Tea"]}
    assert counter.members("evaluation") == {who}
    assert counter.why("evaluation", who) == [({"fact": "stage_evaluation"}, True, "did")]
    counter.orders("u1", "o-1", "pot")
    counter.make()
    assert counter.known(who) == {"stage_purchase": ["Tea"]}
    assert (counter.members("evaluation"), counter.members("purchase")) == (set(), {who})
    counter.make(timedelta(days=7))
    assert counter.known(who) == {"stage_after_sale": ["Tea"]}
    assert counter.members("purchase") == set()
    counter.make(timedelta(days=91))
    assert counter.known(who) == {}


def test_a_basket_of_a_checkout_and_a_cancelled_order_are_read(counter):
    who = counter.does("u1", "Checkout Started", products=[{"product_id": "cup", "category": "Tea"}])
    other = counter.orders("u2", "o-2", "cup")
    counter.does("u2", "Order Cancelled", order_id="o-2")
    lister = counter.does("u3", "Product List Viewed", category="Tea")
    counter.make()
    assert counter.known(who) == {"stage_purchase": ["Tea"]}
    assert counter.known(other) == {}
    assert counter.known(lister) == {"stage_intent": ["Tea"]}
    with counter.tx() as tx:
        (tea,) = staging.counts(tx)
        assert (tea.category, tea.customers, tea.intent, tea.purchase) == ("Tea", 2, 1, 1)
        assert [one.customer_id for one in staging.people(tx, "Tea", "purchase")] == [who]


def test_what_a_browser_did_is_of_who_logs_in_on_it(counter):
    visitor = counter.does("b-1", "Product Viewed", identity=("anonymous",), product_id="cup", category="Tea")
    known = counter.looks("u1", "pot")
    counter.make()
    assert counter.known(visitor) == counter.known(known) == {"stage_intent": ["Tea"]}
    with counter.tx() as tx:
        said = {"traits": {}, "links": [visitor], "verified": True}
        append(tx, [NewEvent(known, counter.now, "identify", msgspec.json.encode(said))])
    counter.make()
    with counter.tx() as tx:
        (one,) = {customer_of(tx, who) for who in (visitor, known)}
        rows = tx.connection.execute("select customer_id, stage from understand_stage").fetchall()
    assert counter.known(one) == {"stage_evaluation": ["Tea"]}
    assert rows == [(one, "evaluation")]


def test_who_is_restricted_or_forgotten_is_at_no_stage(counter):
    first, second = counter.looks("u1", "cup"), counter.looks("u2", "cup")
    counter.make()
    with counter.tx() as tx:
        restrictions.change(tx, first, "Keep it, do not use it.", "by telephone", counter.now, restricted=True)
    counter.make()
    assert counter.known(first) == {}
    with counter.tx() as tx:
        erasure_records.ask(tx, second, "erase", counter.now)
    audit = open_audit(counter.database)
    Forgetting(counter.database, all_steps(audit), audit, lambda: counter.now).carry_out_next(counter.workspace)
    counter.make(timedelta(minutes=5))
    with counter.tx() as tx:
        for table in ("understand_stage", "understand_stage_due", "understand_way"):
            assert not tx.connection.execute(f"select 1 from {table}").fetchall()


def test_somebody_who_is_forgotten_before_it_is_seen_that_they_were_joined_holds_up_nobody(counter):
    visitor = counter.does("b-1", "Product Viewed", identity=("anonymous",), product_id="cup", category="Tea")
    known = counter.looks("u1", "pot")
    counter.follow()
    with counter.tx() as tx:
        said = {"traits": {}, "links": [visitor], "verified": True}
        append(tx, [NewEvent(known, counter.now, "identify", msgspec.json.encode(said))])
    counter.follow()
    with counter.tx() as tx:
        erasure_records.ask(tx, customer_of(tx, known), "erase", counter.now)
    audit = open_audit(counter.database)
    Forgetting(counter.database, all_steps(audit), audit, lambda: counter.now).carry_out_next(counter.workspace)
    other = counter.looks("u2", "cup")
    counter.make(timedelta(minutes=5))
    assert counter.known(other) == {"stage_intent": ["Tea"]}


def test_products_are_standard_compared_or_bought_at_sight(counter):
    for n in range(5):
        who = f"u{n}"
        counter.orders(who, f"s-{n}", "soap", back=40, category="Care")
        counter.orders(who, f"t-{n}", "soap", back=5, category="Care")
        counter.looks(who, "sofa", "chair", back=3, category="Room")
        counter.looks(who, "choc", back=2, category="Sweets")
        counter.orders(who, f"r-{n}", "sofa", back=1, category="Room")
        counter.orders(who, f"c-{n}", "choc", back=1, category="Sweets")
    for n in range(5, 10):
        counter.orders(f"u{n}", f"h-{n}", "hook", category="Wall")
    counter.orders("u1", "rare", "vase", category="Wall")
    counter.make()
    assert counter.kinds() == {"soap": "standard", "sofa": "compared", "choc": "at_sight", "hook": ""}


def test_only_those_who_did_something_are_looked_at_again(counter):
    first, second = counter.looks("u1", "cup"), counter.looks("u2", "cup")
    counter.make()
    with counter.tx() as tx:
        tx.connection.execute("delete from understand_stage")
    counter.looks("u2", "pot")
    counter.make()
    with counter.tx() as tx:
        assert tx.connection.execute("select customer_id from understand_stage").fetchall() == [(second,)]
    assert counter.known(first) == {"stage_intent": ["Tea"]}
    assert "stages" in hold_due(counter.database, counter.workspace, counter.now)


def test_what_only_a_browser_key_said_is_quoted_in_no_message(counter):
    with counter.tx() as tx:
        key = ("anonymous", "b-2")
        number = intern(tx, [key])[key]
        told = msgspec.json.encode({"product_id": "x", "category": "Buy at evil.example"})
        append(tx, [NewEvent(number, counter.now, "Product Viewed", told, public=True)])
    counter.make()
    with counter.tx() as tx:
        (one,) = [fact for fact in facts.current(tx, number) if fact.name == "stage_intent"]
    assert (one.value, one.origin) == (["Buy at evil.example"], "browser")


def test_what_is_no_shopping_is_read_once(counter):
    counter.does("u1", "Page Viewed")
    counter.make()
    with counter.tx() as tx:
        read = staging.made(tx).seq
        assert read == tx.connection.execute("select max(seq) from store_event").fetchone()[0]


def test_a_long_round_is_walked_on_in_the_next(counter, monkeypatch):
    monkeypatch.setattr(staging, "_AT_ONCE", 2)
    monkeypatch.setattr(staging, "_SECONDS", 0.0)
    who = [counter.looks(f"u{n}", "cup") for n in range(5)]
    counter.make()
    assert [bool(counter.known(one)) for one in who] == [True, True, False, False, False]
    counter.make()
    counter.make()
    assert all(counter.known(one) for one in who)
    for _ in range(3):
        assert any(counter.known(one) for one in who)
        counter.make(timedelta(days=30))
    assert not any(counter.known(one) for one in who)


def test_nobody_is_held_up_while_it_is_found_who_is_where(counter, monkeypatch):
    counter.looks("u1", "cup")
    stood, read = [], stages_records.signs

    def reading(*asked):
        number = counter.looks("u2", "pot")
        counter.follow()
        with counter.tx() as tx:
            stood.append({one.name for one in facts.current(tx, number)})
        return read(*asked)

    monkeypatch.setattr(stages_records, "signs", reading)
    counter.make()
    assert "products_viewed" in stood[0]


def test_kinds_follow_what_was_bought_since_they_were_made_though_nobody_buys_after(counter):
    counter.orders("u0", "o-0", "soap")
    counter.make()
    for n in range(1, 5):
        counter.orders(f"u{n}", f"o-{n}", "soap")
    counter.make(timedelta(minutes=5))
    assert counter.kinds() == {}
    counter.make(timedelta(hours=1))
    assert counter.kinds() == {"soap": ""}


def test_many_are_looked_at_some_at_a_time(counter, monkeypatch):
    monkeypatch.setattr(staging, "_IN_MIND", 2)
    who = [counter.looks(f"u{n}", "cup") for n in range(5)]
    asked = []
    signs = stages_records.signs
    monkeypatch.setattr(
        stages_records, "signs", lambda tx, some, *rest: asked.append(len(some)) or signs(tx, some, *rest)
    )
    counter.make()
    assert asked == [2, 2, 1]
    assert all(counter.known(one) == {"stage_intent": ["Tea"]} for one in who)
