"""Who comes back: told slowly, by pandas of real sales, and of whom it is that is counted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.market import RETAIL
from tests.understand.test_with_remember import Story
from tests.understand.till import orders_of, ring_up, sales

from regulars.hear.identities import intern
from regulars.remember import restrictions
from regulars.store.follow import register
from regulars.store.log import NewEvent, append
from regulars.understand import cohorts, reckoning, segments, walking
from regulars.understand.cohorts import Asked, Cohort
from regulars.words.errors import Invalid, Unknown

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
EVERYTHING = "truncate remember_order, remember_order_said, store_event, understand_rollup, understand_reckoned cascade"


class Door(Story):
    """A shop that people come back to."""

    def come(self, *visits):
        """Let customers do things: (who, kind, when) each; orders get numbers of their own."""
        with self.tx() as tx:
            users = intern(tx, [("user", who) for who, *_ in visits])
            append(
                tx,
                [
                    NewEvent(users["user", who], at, kind, msgspec.json.encode(said(kind, n)), historical=True)
                    for n, (who, kind, at) in enumerate(visits)
                ],
            )
        self.follow()
        return {who: users["user", who] for who, *_ in visits}

    def found(self, now=NOW, **asked):
        with self.tx() as tx:
            return {one.began: one for one in cohorts.find(tx, Asked(**asked), now)[0].cohorts}

    def people(self, began, after, **asked):
        with self.tx() as tx:
            found, more = cohorts.people(tx, Asked(**asked), began, after)
        assert more is None
        return [one.customer_id for one in found]

    def clock(self, zone):
        with self.database.shared() as tx:
            tx.connection.execute("update access_workspace set zone = %s where name = %s", (zone, self.workspace))


def said(kind, n):
    order = {"order_id": f"{kind} {n}", "total": 5, "currency": "GBP"}
    return order if kind == "Order Completed" else {}


@pytest.fixture
def door(database, workspace, now):
    return Door(database, workspace, now)


def at(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_whoever_came_first_in_a_month_comes_back_in_the_next_ones(door):
    ids = door.come(
        ("u1", "Order Completed", at(3, 2)),
        ("u1", "Order Completed", at(3, 9)),
        ("u1", "Order Completed", at(5, 1)),
        ("u2", "Order Completed", at(3, 31)),
        ("u2", "Order Completed", at(4, 1)),
        ("u3", "Order Completed", at(4, 5)),
    )
    found = door.found()
    assert found == {
        date(2026, 4, 1): Cohort(date(2026, 4, 1), 1, [0]),
        date(2026, 3, 1): Cohort(date(2026, 3, 1), 2, [1, 1]),
    }
    assert door.people(date(2026, 3, 1), 0) == sorted([ids["u1"], ids["u2"]])
    assert door.people(date(2026, 3, 1), 1) == [ids["u2"]]
    assert door.people(date(2026, 3, 1), 2) == [ids["u1"]]
    assert door.people(date(2026, 4, 1), 1) == []


def test_the_curve_asks_only_those_whose_time_has_come(door):
    door.come(
        *((f"u{n}", "Order Completed", at(2, 2)) for n in range(4)),
        *((f"v{n}", "Order Completed", at(3, 2)) for n in range(2)),
        *((f"w{n}", "Order Completed", at(4, 2)) for n in range(9)),
        ("u0", "Order Completed", at(3, 2)),
        ("v0", "Order Completed", at(4, 2)),
        ("u1", "Order Completed", at(4, 2)),
        ("v1", "Order Completed", at(5, 2)),
    )
    with door.tx() as tx:
        found, _ = cohorts.find(tx, Asked(), NOW)
    assert [(one.after, one.customers, one.back) for one in cohorts.curve(found)] == [(1, 6, 2), (2, 4, 1)]


def test_a_month_and_a_week_begin_by_the_clock_of_the_workspace(door):
    door.come(("u1", "page", at(3, 31, 22)), ("u1", "page", at(5, 1)))
    assert list(door.found(of="visits")) == [date(2026, 3, 1)]
    assert list(door.found(of="visits", every="week")) == [date(2026, 3, 30)]
    door.clock("Europe/Riga")
    assert list(door.found(of="visits")) == [date(2026, 4, 1)]
    door.come(("u2", "page", at(4, 5, 22)))
    assert set(door.found(of="visits", every="week")) == {date(2026, 3, 30), date(2026, 4, 6)}
    assert len(door.people(date(2026, 4, 6), 0, of="visits", every="week")) == 1


def test_what_is_asked_for_decides_what_is_the_first(door):
    door.come(
        ("u1", "page", at(2, 1)),
        ("u1", "Song Played", at(3, 1)),
        ("u1", "Order Completed", at(4, 1)),
        ("u2", "segment.entered", at(1, 1)),
    )
    first = {of: min(door.found(of=of)) for of in ("orders", "visits", "anything", "event:Song Played")}
    assert {of: day.month for of, day in first.items()} == {
        "orders": 4, "visits": 2, "anything": 2, "event:Song Played": 3,
    }  # fmt: skip


def test_merged_customers_count_once_and_who_is_restricted_or_not_in_the_segment_not_at_all(door):
    ids = door.come(
        ("u1", "page", at(3, 1)), ("u2", "page", at(3, 2)), ("u3", "page", at(3, 3)), ("u4", "page", at(4, 3))
    )
    with door.tx() as tx:
        visitor = intern(tx, [("anonymous", "b-1")])["anonymous", "b-1"]
        append(tx, [NewEvent(visitor, at(2, 1), "page", b"{}")])
    door.happens(("user", "u4"), "identify", {"traits": {"vip": "yes"}, "links": [visitor], "verified": True}, at(4, 4))
    door.follow()
    found = door.found(of="visits")
    assert {day.month: (one.customers, one.back) for day, one in found.items()} == {
        2: (1, [0, 1, 0]), 3: (3, [0, 0]),
    }  # fmt: skip
    with door.tx() as tx:
        restrictions.change(tx, ids["u1"], "Keep it.", "by telephone", NOW, restricted=True)
        segments.create_segment(tx, "vip", "VIP", {"fact": "vip", "is": "yes"}, NOW)
    door.follow()
    assert door.found(of="visits")[date(2026, 3, 1)].customers == 2
    assert ids["u1"] not in door.people(date(2026, 3, 1), 0, of="visits")
    assert {day.month: one.customers for day, one in door.found(of="visits", segment="vip").items()} == {2: 1}
    assert door.people(date(2026, 2, 1), 2, of="visits", segment="vip") == door.people(date(2026, 2, 1), 2, of="visits")
    assert door.people(date(2026, 3, 1), 0, of="visits", segment="vip") == []


def test_a_list_of_people_is_walked_in_parts(door, monkeypatch):
    ids = door.come(*((f"u{n}", "page", at(3, 1)) for n in range(7)), ("u5", "page", at(2, 1)))
    monkeypatch.setattr(walking, "FIRST", 2)
    monkeypatch.setattr(walking, "MOST", 2)
    seen, place = [], 0
    while place is not None:
        with door.tx() as tx:
            some, place = cohorts.people(tx, Asked("visits"), date(2026, 3, 1), 0, place, 3)
        seen += [one.customer_id for one in some]
        assert len(some) <= 3
    assert seen == sorted(set(ids.values()) - {ids["u5"]})


def test_what_cannot_be_asked_is_refused(door):
    door.come(("u1", "Song Played", at(3, 1)))
    with door.tx() as tx, pytest.raises(Invalid, match="Did you mean Song Played"):
        cohorts.find(tx, Asked("event:Song Plaid"), NOW)
    with door.tx() as tx, pytest.raises(Invalid, match="Nobody has ever done 'orders of magnitude'"):
        cohorts.find(tx, Asked("orders of magnitude"), NOW)
    with door.tx() as tx, pytest.raises(Unknown):
        cohorts.find(tx, Asked(segment="nobody"), NOW)
    for began, after in ((date(2026, 3, 2), 0), (date(2026, 3, 1), 99), (date(2026, 3, 1), -1), (date(1, 1, 1), 0)):
        with door.tx() as tx, pytest.raises(Invalid):
            cohorts.people(tx, Asked(), began, after)


def test_of_a_large_log_the_last_answer_is_shown_until_a_round_has_reckoned_anew(door, monkeypatch):
    monkeypatch.setattr(reckoning, "SMALL", 0)
    door.come(("u1", "Order Completed", at(3, 1)))

    def look(now):
        with door.tx() as tx:
            return cohorts.find(tx, Asked(), now)

    found, about = look(NOW)
    assert (found, about.made_at, about.waits) == (None, None, True)
    rounds = {cohorts.KIND: cohorts.reckon}
    reckoning.reckon_on(door.database, door.workspace, NOW, rounds)
    found, about = look(NOW)
    assert (len(found.cohorts), about.made_at, about.waits) == (1, NOW, False)
    door.come(*((f"v{n}", "page", at(4, 1)) for n in range(9)))
    monkeypatch.setattr(reckoning, "_GROWN", 99)
    assert not look(NOW + timedelta(minutes=1))[1].waits
    monkeypatch.undo()
    monkeypatch.setattr(reckoning, "SMALL", 0)
    assert look(NOW + timedelta(minutes=2))[1].waits
    found, about = look(NOW + timedelta(hours=2))
    assert (len(found.cohorts), about.made_at, about.waits) == (1, NOW, True)
    later = NOW + timedelta(hours=2)
    reckoning.reckon_on(door.database, door.workspace, later, rounds)
    assert look(later)[1].made_at == later


def test_what_takes_too_long_says_so_and_keeps_what_was_known(door, monkeypatch):
    monkeypatch.setattr(reckoning, "SMALL", 0)
    monkeypatch.setattr(reckoning, "_LONGEST", 1)
    door.come(("u1", "Order Completed", at(3, 1)))

    def slow(tx, question, now):
        tx.connection.execute("select pg_sleep(5)")

    with door.tx() as tx:
        cohorts.find(tx, Asked(), NOW)
    reckoning.reckon_on(door.database, door.workspace, NOW, {cohorts.KIND: slow})
    with door.tx() as tx:
        found, about = cohorts.find(tx, Asked(), NOW)
    assert (found, about.too_long, about.waits) == (None, True, False)
    with door.tx() as tx:
        about = cohorts.find(tx, Asked(), NOW + timedelta(hours=1))[1]
    assert about.waits


VISITS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3", "u4"]),
        st.sampled_from(["page", "screen", "Order Completed", "Song Played"]),
        st.integers(0, 200 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
    ),
    min_size=1,
    max_size=25,
)


@given(VISITS, st.sampled_from(["month", "week"]), st.sampled_from(["UTC", "Europe/Riga", "America/Los_Angeles"]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_is_what_counting_by_hand_gives(database, workspace, now, visits, every, zone):
    door = Door(database, workspace, now)
    with door.tx() as tx:
        tx.connection.execute(EVERYTHING)
    door.clock(zone)
    ids = door.come(("u0", "Song Played", NOW - timedelta(days=900)), *visits)
    kinds = {
        "orders": {"Order Completed"}, "visits": {"page", "screen"}, "event:Song Played": {"Song Played"},
    }  # fmt: skip
    for of, counted in kinds.items():
        told = slowly([one for one in visits if one[1] in counted], every, ZoneInfo(zone))
        found = door.found(of=of, every=every)
        assert {day: (one.customers, one.back) for day, one in found.items()} == {
            day: (len(cohort[0]), [len(some) for some in cohort[1:]]) for day, cohort in told.items()
        }
        for day, cohort in told.items():
            for n, some in enumerate(cohort[:4]):
                assert door.people(day, n, of=of, every=every) == sorted(ids[who] for who in some)


def slowly(visits, every, zone):
    """Who came first in each month or week, and who of them in each one after, one visit after the other."""
    own = {}
    for who, _, moment in visits:
        own.setdefault(who, set()).add(began(moment.astimezone(zone).date(), every))
    found = {}
    until = began(NOW.astimezone(zone).date(), every)
    for day in {min(days) for days in own.values()}:
        cohort, there = [], day
        while there <= until:
            cohort.append({who for who, days in own.items() if min(days) == day and there in days})
            there = began(there + timedelta(days=31), every) if every == "month" else there + timedelta(days=7)
        if day >= earliest(until, every):
            found[day] = cohort
    return found


def earliest(until, every):
    return until - timedelta(weeks=26) if every == "week" else date(until.year - 2, until.month, 1)


def began(day, every):
    return day.replace(day=1) if every == "month" else day - timedelta(days=day.weekday())


@pytest.mark.skipif(not RETAIL.exists(), reason="the data are not beside the checkout")
def test_pandas_counts_the_same_of_online_retail(door):
    lines = sales()
    orders = orders_of(lines)
    with door.tx() as tx:
        register(tx, ())
        ring_up(tx, lines, orders)
    door.clock("Europe/London")
    now = datetime(2011, 12, 9, 12, tzinfo=UTC)
    for every, rule in (("month", "M"), ("week", "W-SUN")):
        with door.tx() as tx:
            found = cohorts.reckon(tx, {"of": "orders", "every": every}, now)
        each = orders.assign(began=orders["at"].dt.tz_localize(None).dt.to_period(rule))
        each["first"] = each.groupby("customer").began.transform("min")
        counted = each.groupby(["first", "began"]).customer.nunique()
        told = {}
        for (first, then), customers in counted.items():
            told.setdefault(first.start_time.date(), {})[(then - first).n] = int(customers)
        assert {
            one.began: {n: back for n, back in enumerate([one.customers, *one.back]) if back} for one in found.cohorts
        } == {first: some for first, some in told.items() if first >= min(one.began for one in found.cohorts)}
        assert len(found.cohorts) == {"month": 13, "week": 27}[every]
