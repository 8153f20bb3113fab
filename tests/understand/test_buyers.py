"""Who buys, from orders to facts: which fifth somebody is in, who is new, and whose orders count."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.market import RETAIL
from tests.understand.test_with_remember import ALL, Story
from tests.understand.till import LONDON, orders_of, ring_up, sales

from regulars.access.audit import open_audit
from regulars.hear.identities import intern
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.rounds import hold_due
from regulars.remember import correcting, erasure_records, facts, restrictions
from regulars.remember.customers import customer_of
from regulars.remember.did import DID
from regulars.store.follow import register, rewind
from regulars.store.log import NewEvent, append
from regulars.understand import buyers, buyers_records, segments
from regulars.words.money import major


class Till(Story):
    """A shop in which customers buy."""

    def buys(self, *orders):
        """Let customers buy: (who, order, days ago, money, currency) each."""
        with self.tx() as tx:
            users = intern(tx, [("user", who) for who, *_ in orders])
            for who, order, back, money, currency in orders:
                told = {"order_id": order, "total": money, "currency": currency}
                at = self.now - timedelta(days=back)
                append(tx, [NewEvent(users["user", who], at, "Order Completed", msgspec.json.encode(told))])
        self.follow()
        return {who: users["user", who] for who, *_ in orders}

    def make(self, later=timedelta()):
        buyers.make_anew(self.database, self.workspace, self.now + later)

    def known(self, customer):
        """What is known of a customer of those facts that come from here."""
        with self.tx() as tx:
            return {one.name: one.value for one in facts.current(tx, customer) if one.name in buyers.NAMES}

    def ranks(self):
        with self.tx() as tx:
            rows = tx.connection.execute("select customer_id, recency, frequency, money from understand_buyer")
            return {row[0]: row[1:] for row in rows}

    def months(self):
        with self.tx() as tx:
            return buyers.months(tx)


@pytest.fixture
def till(database, workspace, now):
    return Till(database, workspace, now)


def five(till):
    """Let five customers buy, each later, more often and for more than the one before."""
    return till.buys(*((f"u{n}", f"o-{n}-{m}", 10 * (6 - n) + m, 10 * n, "GBP") for n in range(1, 6) for m in range(n)))


def test_the_best_of_five_is_in_the_best_fifth_of_each(till):
    ids = five(till)
    till.make()
    assert till.ranks() == {ids[f"u{n}"]: (n, n, n) for n in range(1, 6)}
    assert till.known(ids["u5"]) == {
        "new_or_returning": "returning", "rfm": "5-5-5", "rfm_recency": 5, "rfm_frequency": 5, "rfm_money": 5,
    }  # fmt: skip
    assert till.known(ids["u1"])["new_or_returning"] == "new"
    with till.tx() as tx:
        kinds = {name: one.kind for name, one in facts.catalogue(tx).items()}
        found = buyers.people(tx, 5, 5)
    assert (kinds["rfm"], kinds["rfm_money"]) == ("text", "number")
    assert [(one.customer_id, one.orders, one.net, one.currency) for one in found] == [(ids["u5"], 5, 25_000, "GBP")]


def test_of_four_nobody_is_ranked_but_who_is_new_is_known(till):
    ids = till.buys(*((f"u{n}", f"o-{n}", n, 10, "GBP") for n in range(4)))
    till.make()
    assert till.known(ids["u1"]) == {"new_or_returning": "new"}


def test_money_is_ranked_within_its_currency_and_never_added(till):
    five(till)
    ids = till.buys(
        *((f"e{n}", f"e-{n}", 1, 1 + n / 100, "EUR") for n in range(5)),
        ("e0", "other", 1, 9_000, "GBP"),
        ("e0", "more", 1, 0, "EUR"),
    )
    till.make()
    assert [till.known(ids[f"e{n}"])["rfm_money"] for n in range(1, 5)] == [2, 3, 4, 5]
    with till.tx() as tx:
        cells = buyers.cells(tx)
    assert {code for one in cells for code in one.net} == {"GBP", "EUR"}
    (month,) = {one.month for one in till.months()[:1]}
    assert {one.currency for one in till.months() if one.month == month} >= {None, "EUR", "GBP"}


def test_a_segment_follows_what_the_round_found(till):
    ids = five(till)
    till.make()
    with till.tx() as tx:
        segments.create_segment(tx, "best", "Best", {"fact": "rfm_recency", "at_least": 5}, till.now)
    assert till.members("best") == {ids["u5"]}
    till.buys(("u1", "late", 0, 5, "GBP"))
    till.make(timedelta(hours=1))
    assert till.members("best") == {ids["u1"]}
    till.follow()
    with till.tx() as tx:
        rows = tx.connection.execute(
            """select e.identity_id, k.name from store_event e join store_kind k on k.id = e.kind
            where k.name like 'segment.%'"""
        ).fetchall()
    assert sorted(rows) == sorted([(ids["u1"], "segment.entered"), (ids["u5"], "segment.left")])


def test_the_month_begins_by_the_clock_of_the_workspace(till):
    at = datetime(2026, 3, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    till.buys(*((f"u{n}", f"o-{n}", 0, 1, "GBP") for n in range(2)))
    till.now = at
    till.buys(("u9", "night", 0, 2, "GBP"))
    with till.database.shared() as tx:
        tx.connection.execute("update access_workspace set zone = 'Europe/Riga' where name = %s", (till.workspace,))
    till.make()
    assert "2026-04-01" in {str(one.month) for one in till.months()}
    assert "2026-03-01" not in {str(one.month) for one in till.months() if one.new_net == 200}


def test_who_is_restricted_is_ranked_no_more_and_what_is_forgotten_stays_so(till):
    ids = five(till)
    till.buys(*((f"v{n}", f"v-{n}", 3, 5, "GBP") for n in range(3)))
    till.make()
    with till.tx() as tx:
        restrictions.change(tx, ids["u5"], "Keep it, do not use it.", "by telephone", till.now, restricted=True)
        known = [one for one in facts.current(tx, ids["u4"]) if one.name == "rfm"]
        correcting.forget(tx, ids["u4"], known, till.now + timedelta(minutes=1))
    till.follow()
    assert "rfm" not in till.known(ids["u4"])
    till.make(timedelta(hours=1))
    assert till.known(ids["u5"]) == {}
    assert ids["u5"] not in till.ranks()
    assert "rfm" not in till.known(ids["u4"])
    assert "rfm_money" in till.known(ids["u4"])


def test_nothing_stays_of_who_is_forgotten_whole(till):
    ids = five(till)
    till.make()
    with till.tx() as tx:
        erasure_records.ask(tx, ids["u5"], "erase", till.now)
    audit = open_audit(till.database)
    Forgetting(till.database, all_steps(audit), audit, lambda: till.now).carry_out_next(till.workspace)
    assert ids["u5"] not in till.ranks()
    till.make(timedelta(hours=1))
    with till.tx() as tx:
        assert buyers.made(tx).customers == 4
        assert not tx.connection.execute(
            "select 1 from remember_computed where customer_id = %s", (ids["u5"],)
        ).rowcount


def test_two_who_turn_out_to_be_one_are_ranked_as_one(till):
    ids = five(till)
    till.make()
    till.buys(("u6", "o-6", 1, 5, "GBP"))
    with till.tx() as tx:
        visitor = intern(tx, [("anonymous", "b-1")])["anonymous", "b-1"]
        bought = {"order_id": "a-1", "total": 4, "currency": "GBP"}
        append(tx, [NewEvent(visitor, till.now, "Order Completed", msgspec.json.encode(bought))])
    till.follow()
    till.make(timedelta(hours=1))
    assert till.known(visitor)["new_or_returning"] == till.known(ids["u1"])["new_or_returning"] == "new"
    said = {"traits": {}, "links": [visitor], "verified": True}
    with till.tx() as tx:
        append(tx, [NewEvent(ids["u1"], till.now, "identify", msgspec.json.encode(said))])
    till.follow()
    till.make(timedelta(hours=2))
    with till.tx() as tx:
        (one,) = {customer_of(tx, who) for who in (visitor, ids["u1"])}
    (gone,) = {visitor, ids["u1"]} - {one}
    assert till.known(one)["new_or_returning"] == "returning"
    assert gone not in till.ranks()
    with till.tx() as tx:
        assert not tx.connection.execute("select 1 from remember_computed where customer_id = %s", (gone,)).rowcount


def test_a_replay_of_what_was_computed_before_leaves_these_facts(till):
    ids = five(till)
    till.make()
    before = till.known(ids["u3"])
    with till.tx() as tx:
        rewind(tx, DID, ALL)
    till.follow()
    assert till.known(ids["u3"]) == before
    with till.tx() as tx:
        assert {one.name: one.value for one in facts.current(tx, ids["u3"])}["orders"] == 3


def test_it_is_made_anew_only_when_orders_have_changed(till):
    five(till)
    till.make()
    with till.tx() as tx:
        first = buyers.made(tx)
    till.make(timedelta(hours=5))
    till.buys(("u9", "one-more", 0, 5, "GBP"))
    till.make(timedelta(minutes=10))
    with till.tx() as tx:
        assert buyers.made(tx) == first
    assert "buyers" in hold_due(till.database, till.workspace, till.now + timedelta(hours=6))
    with till.tx() as tx:
        assert buyers.made(tx).orders == first.orders + 1


def test_nobody_is_held_up_while_customers_are_ranked(till, monkeypatch):
    five(till)
    stood, read = [], buyers_records.bought

    def reading(*asked):
        who = till.buys(("late", "late", 0, 900, "GBP"))["late"]
        with till.tx() as tx:
            stood.append({one.name for one in facts.current(tx, who)})
        return read(*asked)

    monkeypatch.setattr(buyers_records, "bought", reading)
    till.make()
    assert "orders" in stood[0]


def test_a_long_walk_keeps_its_place_and_its_fifths(till, monkeypatch):
    ids = five(till)
    monkeypatch.setattr(buyers, "_AT_ONCE", 2)
    monkeypatch.setattr(buyers, "_SECONDS", 0.0)
    till.make()
    assert set(till.ranks()) == {ids["u1"], ids["u2"]}
    till.buys(("u5", "late", 0, 900, "GBP"), ("u0", "later", 0, 900, "GBP"))
    till.make(timedelta(hours=2))
    with till.tx() as tx:
        assert buyers.made(tx) is None
    assert "ranking" in hold_due(till.database, till.workspace, till.now)
    assert {who: rank for who, rank in till.ranks().items() if who in ids.values()} == {
        ids[f"u{n}"]: (n, n, n) for n in range(1, 6)
    }
    with till.tx() as tx:
        assert buyers.made(tx).customers == 6
    monkeypatch.undo()
    till.make(timedelta(hours=2))
    assert till.ranks()[ids["u1"]] == (1, 1, 1)
    assert till.ranks()[ids["u2"]] == (1, 2, 1)


ORDERS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 4), st.sampled_from(["GBP", "EUR", ""])),
    min_size=1,
    max_size=30,
)


@given(ORDERS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_everybody_is_in_the_fifth_that_counting_says(database, workspace, now, orders):
    till = Till(database, workspace, now)
    with till.tx() as tx:
        tx.connection.execute(
            "truncate understand_buyer, understand_buyers_made, understand_buyers_walk, remember_order cascade"
        )
        tx.connection.execute("truncate remember_order_said")
    told = [(f"u{who}", f"o-{n}", back, money, code) for n, (who, back, money, code) in enumerate(orders)]
    ids = till.buys(*told)
    till.make()
    own = {who: [one for one in told if one[0] == who] for who in ids}
    last = {who: -min(one[2] for one in some) for who, some in own.items()}
    often = {who: len(some) for who, some in own.items()}
    most = {who: _most(some) for who, some in own.items()}
    for who, customer in ids.items():
        peers = {other: money for other, (code, money) in most.items() if code == most[who][0]}
        assert till.ranks()[customer] == (_fifth(last, who), _fifth(often, who), _fifth(peers, who))


def _most(orders):
    codes = {code: [money for *_, money, other in orders if other == code] for *_, code in orders}
    return min(
        ((code, sum(some)) for code, some in codes.items()), key=lambda one: (-len(codes[one[0]]), -one[1], one[0])
    )


def _fifth(values, who):
    less = sum(value < values[who] for value in values.values())
    return 1 + 5 * less // len(values) if len(values) >= 5 else None


@pytest.mark.skipif(not RETAIL.exists(), reason="the data are not beside the checkout")
def test_online_retail_has_the_figures_that_are_known_and_pandas_ranks(till):
    lines = sales()
    orders = orders_of(lines)
    with till.tx() as tx:
        register(tx, ())
        ring_up(tx, lines, orders)
        tx.connection.execute("update access_workspace set zone = 'Europe/London' where name = %s", (till.workspace,))
    till.make()
    with till.tx() as tx:
        made, money, cells = buyers.made(tx), buyers.money(tx), buyers.cells(tx)
    assert (made.lines, made.customers, made.orders) == (397_884, 4_338, 18_532)
    assert [major(one.net, one.currency) for one in money] == [Decimal("8911407.90")]
    assert sum(one.customers for one in cells) == 4_338
    each = orders.assign(day=orders["at"].dt.tz_convert(LONDON).dt.date).groupby("customer")
    measured = each.agg(recency=("day", "max"), frequency=("pence", "size"), money=("pence", "sum"))
    ranks = measured.rank(method="min").sub(1).mul(5).floordiv(len(measured)).add(1).astype(int)
    assert till.ranks() == {int(one.Index): one[1:] for one in ranks.itertuples()}
    assert [_told(one) for one in till.months() if one.currency is None] == _by_month(orders)


def _told(one: buyers_records.Month):
    return str(one.month)[:7], one.new_customers, one.returning_customers, one.new_orders, one.returning_orders


def _by_month(orders):
    """What pandas says of each month, the last first: who is new and who returns, and in how many orders."""
    months = orders.assign(month=orders["at"].dt.strftime("%Y-%m"))
    months["new"] = months.month == months.groupby("customer").month.transform("min")
    counted = months.groupby(["month", "new"]).customer.agg(["nunique", "size"]).unstack(fill_value=0)
    return [
        (
            str(month),
            *(int(counted.loc[month].get((what, new), 0)) for what in ("nunique", "size") for new in (True, False)),
        )
        for month in sorted(counted.index, reverse=True)
    ]
