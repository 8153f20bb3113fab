"""Funnels: what a chain is, told slowly; who stopped where; and funnels that are kept under a name."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.any_rules import STEPS
from tests.understand.test_cohorts import Door
from tests.understand.told_slowly import Did, is_step

from regulars.hear.identities import intern
from regulars.remember import restrictions
from regulars.store.log import NewEvent, append
from regulars.understand import funnels, funnels_kept, reckoning, segments, walking
from regulars.understand.funnels import StepFound
from regulars.understand.rules import Days
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
EVERYTHING = "truncate remember_order, remember_order_said, store_event, understand_rollup, understand_reckoned cascade"
BUYING = {"steps": [{"event": "page"}, {"event": "Product Added"}, {"event": "Order Completed"}], "window_days": 2}


class Street(Door):
    """A shop whose visitors go one way."""

    def does(self, *deeds):
        """Let customers do things: (who, kind, hours after noon of 1 May, what the event says) each."""
        with self.tx() as tx:
            users = intern(tx, [("user", who) for who, *_ in deeds])
            events = [
                NewEvent(users["user", who], moment(hours), kind, msgspec.json.encode(props), historical=True)
                for who, kind, hours, props in deeds
            ]
            append(tx, events)
        self.follow()
        return {who: users["user", who] for who, *_ in deeds}

    def comes_to(self, funnel, now=NOW, **more):
        with self.tx() as tx:
            parsed = funnels.parse(funnel | more, segments.known(tx))
            assert funnels.parse(funnels.written(parsed), None) == parsed
            return funnels.find(tx, parsed, now)[0]

    def who(self, funnel, step, *, stopped, now=NOW):
        with self.tx() as tx:
            found, more = funnels.people(tx, funnels.parse(funnel, None), step, now, stopped=stopped)
        assert more is None
        return {one.customer_id for one in found}


def moment(hours):
    return datetime(2026, 5, 1, 12, tzinfo=UTC) + timedelta(hours=hours)


@pytest.fixture
def street(database, workspace, now):
    return Street(database, workspace, now)


def plain(*deeds):
    return [(who, kind, hours, {}) for who, kind, hours in deeds]


def test_each_step_has_its_customers_its_middle_time_and_who_stopped_there(street):
    ids = street.does(
        *plain(
            ("a", "page", 0), ("a", "Product Added", 1), ("a", "Order Completed", 4),
            ("b", "page", 0), ("b", "Product Added", 3),
            ("c", "page", 0), ("c", "Order Completed", 1),
            ("d", "Product Added", 0), ("d", "page", 1),
        )
    )  # fmt: skip
    assert street.comes_to(BUYING) == [StepFound(4, None), StepFound(2, 7200.0), StepFound(1, 10800.0)]
    assert street.who(BUYING, 1, stopped=True) == {ids["c"], ids["d"]}
    assert street.who(BUYING, 2, stopped=True) == {ids["b"]}
    assert street.who(BUYING, 2, stopped=False) == {ids["a"], ids["b"]}
    assert street.who(BUYING, 3, stopped=True) == {ids["a"]}


def test_the_window_is_counted_from_the_first_step_and_a_later_beginning_may_reach_further(street):
    street.does(
        *plain(
            ("a", "page", 0), ("a", "Product Added", 40), ("a", "page", 45), ("a", "Product Added", 46),
            ("a", "Order Completed", 50),
            ("b", "page", 0), ("b", "Product Added", 1), ("b", "Order Completed", 48),
            ("c", "page", 0), ("c", "Product Added", 1), ("c", "Order Completed", 48.001),
        )
    )  # fmt: skip
    found = street.comes_to(BUYING, moment(60))
    assert [one.customers for one in found] == [3, 3, 2]
    assert found[2].seconds == median([4 * 3600, 47 * 3600])


def test_the_same_event_is_never_two_steps_and_what_it_says_must_hold(street):
    tea = {"property": "category", "is": "tea"}
    ids = street.does(
        ("a", "page", 0, {"category": "tea"}),
        ("b", "page", 0, {"category": "tea"}), ("b", "page", 1, {"category": "coffee"}),
        ("c", "page", 0, {"category": "coffee"}), ("c", "page", 1, {"category": "tea"}),
        ("c", "page", 2, {"category": "tea"}),
    )  # fmt: skip
    twice = {"steps": [{"event": "page", "where": [tea]}, {"event": "page"}], "window_days": 1}
    assert [one.customers for one in street.comes_to(twice)] == [3, 2]
    assert street.who(twice, 1, stopped=True) == {ids["a"]}


def test_the_first_step_is_done_on_days_of_the_workspaces_clock_and_others_may_come_later(street):
    street.does(
        ("a", "page", 9, {}), ("a", "Order Completed", 30, {}),
        ("b", "page", 40, {}), ("b", "Order Completed", 41, {}),
    )  # fmt: skip
    funnel = {"steps": [{"event": "page"}, {"event": "Order Completed"}], "window_days": 2}
    days = {"from": "2026-05-01", "until": "2026-05-01"}
    assert [one.customers for one in street.comes_to(funnel, **days)] == [1, 1]
    street.clock("Europe/Riga")
    assert [one.customers for one in street.comes_to(funnel, **days)] == [0, 0]
    assert [one.customers for one in street.comes_to(funnel, **{"from": "2026-05-02", "until": "2026-05-02"})] == [1, 1]
    assert [one.customers for one in street.comes_to(funnel, within_days=1)] == [1, 1]


def test_days_are_those_that_rules_name():
    riga, now = ZoneInfo("Europe/Riga"), datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    midnight = {day: datetime(2026, 5, day, tzinfo=riga) for day in range(1, 6)}
    for days, told in (
        (Days(), (None, None)),
        (Days(within=1), (midnight[4], midnight[5])),
        (Days(within=2), (midnight[3], midnight[5])),
        (Days(older_than=1), (None, midnight[3])),
        (Days(between=(1, 2)), (midnight[2], midnight[4])),
        (Days(since="2026-05-01", until="2026-05-02"), (midnight[1], midnight[3])),
        (Days(until="9999-12-31"), (None, None)),
    ):
        assert funnels.range_of(days, now, riga) == told


def test_whoever_is_merged_walks_as_one_and_who_is_restricted_or_not_in_the_segment_not_at_all(street):
    ids = street.does(*plain(("a", "page", 0), ("b", "page", 0), ("b", "Order Completed", 1), ("c", "page", 0)))
    funnel = {"steps": [{"event": "page"}, {"event": "Order Completed"}]}
    with street.tx() as tx:
        phone = intern(tx, [("anonymous", "p")])["anonymous", "p"]
        append(tx, [NewEvent(phone, moment(2), "Order Completed", b'{"order_id": "p"}')])
    street.follow()
    assert [one.customers for one in street.comes_to(funnel)] == [3, 1]
    street.happens(("user", "a"), "identify", {"traits": {"vip": "yes"}, "links": [phone], "verified": True})
    street.follow()
    assert [one.customers for one in street.comes_to(funnel)] == [3, 2]
    with street.tx() as tx:
        restrictions.change(tx, ids["b"], "Keep it.", "by telephone", NOW, restricted=True)
        segments.create_segment(tx, "vip", "VIP", {"fact": "vip", "is": "yes"}, NOW)
    street.follow()
    assert [one.customers for one in street.comes_to(funnel)] == [2, 1]
    assert street.who(funnel, 2, stopped=False) == {ids["a"]}
    assert [one.customers for one in street.comes_to(funnel, segment="vip")] == [1, 1]
    assert street.who(funnel | {"segment": "vip"}, 1, stopped=True) == set()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"steps": []}, "steps: must be a list of 2 to 10 events"),
        ({"steps": [{"event": "page"}] * 11}, "steps: must be a list of 2 to 10 events"),
        ({"steps": "page"}, "steps: must be a list"),
        ({"steps": [{"event": "page"}, {"event": "Oder Completed"}]}, "steps\\[1\\].event: nobody has ever done"),
        ({"window_days": -3}, "window_days: must be a whole number of 1 or more"),
        ({"window_days": 10_000}, "window_days: must be a whole number of 1 or more"),
        ({"from": "2026-05-02", "until": "2026-05-01"}, "until: from 2026-05-02 until 2026-05-01 is no day"),
        ({"within_days": 3, "from": "2026-05-02"}, "from: must have one of"),
        ({"segment": "nobody"}, "segment: there is no segment 'nobody'"),
        ({"segments": "x"}, "segments: is not known here"),
        (
            {"steps": [{"event": "page"}, {"event": "Order Completed", "where": [{"property": "x"}]}]},
            "steps\\[1\\].where\\[0\\]: must have exactly one test",
        ),
    ],
)
def test_what_cannot_be_a_funnel_is_refused_with_its_place(street, wrong, said):
    street.does(*plain(("a", "page", 0), ("a", "Order Completed", 1)))
    funnel = {"steps": [{"event": "page"}, {"event": "Order Completed"}]}
    with pytest.raises(Invalid, match=said):
        street.comes_to(funnel | wrong)
    with pytest.raises(Invalid, match="funnel: must be an object"), street.tx() as tx:
        funnels.parse([funnel], segments.known(tx))


def test_what_events_said_longer_ago_than_they_are_kept_cannot_be_asked(street):
    street.does(*plain(("a", "page", 0), ("a", "Order Completed", 1)))
    tea = {"event": "page", "where": [{"property": "category", "is": "tea"}]}
    funnel = {"steps": [tea, {"event": "Order Completed"}]}
    known = segments.Known(facts={}, events=frozenset({"page", "Order Completed"}), days={"page": 30})
    with pytest.raises(Invalid, match=r"steps\[0\].where: events 'page' keep what they say for 30 days"):
        funnels.parse(funnel, known)
    assert funnels.parse(funnel | {"within_days": 28}, known)


def test_a_rule_says_who_stopped_where_it_can(street):
    ids = street.does(*plain(("a", "page", 0), ("b", "page", 0), ("b", "Product Added", 1), ("c", "Product Added", 0)))
    with street.tx() as tx:
        street.now = NOW
        parsed = funnels.parse({**BUYING, "steps": BUYING["steps"][:2], "within_days": 9}, None)
        for step, stopped, told in ((1, True, {"a"}), (2, True, {"b"}), (1, False, {"a", "b"})):
            rule = funnels.rule_of(parsed, step, stopped=stopped)
            found = segments.try_rule(tx, rule, NOW)
            assert {one.customer_id for one in found.sample} == {ids[who] for who in told}
        long = funnels.parse({"steps": [{"event": "page"}] * 7}, None)
        assert funnels.rule_of(long, 4, stopped=True)
        assert funnels.rule_of(long, 5, stopped=True) is None


def test_a_list_of_people_is_walked_in_parts(street, monkeypatch):
    ids = street.does(*plain(*((f"u{n}", "page", 0) for n in range(7)), ("u3", "Product Added", 1)))
    monkeypatch.setattr(walking, "FIRST", 2)
    monkeypatch.setattr(walking, "MOST", 2)
    seen, place = set(), 0
    with street.tx() as tx:
        while place is not None:
            some, place = funnels.people(tx, funnels.parse(BUYING, None), 1, NOW, stopped=True, after=place, limit=2)
            seen |= {one.customer_id for one in some}
    assert seen == set(ids.values()) - {ids["u3"]}


def test_of_a_large_log_a_round_reckons_and_a_composer_waits_for_it(street, monkeypatch):
    monkeypatch.setattr(reckoning, "SMALL", 0)
    street.does(*plain(("a", "page", 0)))
    funnel = funnels.parse({"steps": [{"event": "page"}, {"event": "page"}]}, None)
    with street.tx() as tx:
        assert funnels.find(tx, funnel, NOW)[1].waits
    reckoning.reckon_on(street.database, street.workspace, NOW, {funnels.KIND: funnels.reckon})
    with street.tx() as tx:
        assert funnels.find(tx, funnel, NOW)[0] == [StepFound(1, None), StepFound(0, None)]
        other = funnels.parse({"steps": [{"event": "page"}, {"event": "page"}], "window_days": 3}, None)
        assert funnels.find(tx, other, NOW, patience=5)[0] == [StepFound(1, None), StepFound(0, None)]
    with street.tx() as tx:
        assert funnels.find(tx, other, NOW)[1].made_at == NOW


def test_a_funnel_has_a_name_versions_and_a_way_back(street):
    street.does(*plain(("a", "page", 0), ("a", "Product Added", 1), ("a", "Order Completed", 2)))
    with street.tx() as tx:
        first = funnels_kept.create(tx, "buying", " Buying ", BUYING, NOW)
        assert (first.title, first.version, first.funnel["window_days"]) == ("Buying", 1, 2)
        assert funnels_kept.sentence(funnels.parse(first.funnel, None)) == (
            "“page”, then “Product Added”, then “Order Completed”, within 2 days of the first"
        )
        for wrong, error in (("buying", Conflict), ("no name", Invalid)):
            with pytest.raises(error), tx.connection.transaction():
                funnels_kept.create(tx, wrong, "Other", BUYING, NOW)
        shorter = {**BUYING, "window_days": 1}
        assert funnels_kept.save(tx, "buying", "Buying", shorter, NOW, replaces=1).version == 2
        assert funnels_kept.save(tx, "buying", "Buying", shorter, NOW).version == 2
        with pytest.raises(Overtaken):
            funnels_kept.save(tx, "buying", "Buying", BUYING, NOW, replaces=1)
        assert funnels_kept.restore(tx, "buying", 1, NOW).funnel["window_days"] == 2
        assert [one.version for one in funnels_kept.versions(tx, "buying")] == [3, 2, 1]
        with pytest.raises(Unknown):
            funnels_kept.restore(tx, "buying", 9, NOW)
        number = funnels_kept.delete(tx, "buying", NOW)
        assert funnels_kept.list_funnels(tx) == []
        assert [one.name for one in funnels_kept.deleted(tx, NOW)] == ["buying"]
        assert funnels_kept.take_back(tx, number, NOW).version == 3
        with pytest.raises(Unknown):
            funnels_kept.take_back(tx, number, NOW)
        number = funnels_kept.delete(tx, "buying", NOW)
        funnels_kept.create(tx, "buying", "Again", BUYING, NOW)
        with pytest.raises(Conflict):
            funnels_kept.take_back(tx, number, NOW)
        with pytest.raises(Unknown):
            funnels_kept.take_back(tx, number, NOW + timedelta(days=31))


PEOPLE = st.lists(
    st.lists(
        st.builds(
            Did,
            st.sampled_from(("Order Completed", "page")),
            st.sampled_from((0, 1, 1, 2, 29)),
            st.fixed_dictionaries({}, optional={"category": st.sampled_from(("tea", 1)), "total": st.just(3.5)}),
            st.booleans(),
            st.sampled_from((0, 11, 12, 23)),
        ),
        max_size=7,
    ),
    min_size=1,
    max_size=4,
)
DAYS = st.sampled_from(
    (
        {},
        {"within_days": 2},
        {"between_days": [1, 2]},
        {"older_than_days": 1},
        {"from": "2026-05-02", "until": "2026-05-02"},
    )
)


@given(PEOPLE, st.lists(STEPS, min_size=2, max_size=4), st.sampled_from((1, 2, 29)), DAYS)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_is_what_trying_out_every_chain_gives(database, workspace, now, people, steps, window, days):
    street = Street(database, workspace, now)
    with street.tx() as tx:
        tx.connection.execute(EVERYTHING)
        users = intern(tx, [("user", f"{n} {other}") for n in range(len(people)) for other in (0, 1)])
        rows = [
            (users["user", f"{n} {other}"], users["user", f"{n} 0"]) for n in range(len(people)) for other in (0, 1)
        ]
        for identity, customer in rows:
            tx.connection.execute(
                """insert into remember_identity (identity_id, customer_id, seq, met_at) values (%s, %s, 0, now())
                on conflict (identity_id) do update set customer_id = excluded.customer_id""",
                (identity, customer),
            )
        events = [
            NewEvent(
                users["user", f"{n} {int(one.other)}"],
                one.at,
                one.kind,
                msgspec.json.encode(one.props),
                historical=True,
            )
            for n, did in enumerate(people)
            for one in did
        ]
        if events:
            append(tx, events)
        funnel = {"steps": steps, "window_days": window, **days}
        parsed = funnels.parse(funnel, None)
        found = funnels.reckon(tx, funnels.written(parsed), NOW)
        told = [slowly(did, steps, window, funnels.range_of(parsed.days, NOW, ZoneInfo("UTC"))) for did in people]
    assert [one.customers for one in found] == [sum(len(chain) > n for chain in told) for n in range(len(steps))]
    for n, one in enumerate(found[1:], 1):
        times = [(chain[n] - chain[n - 1]).total_seconds() for chain in told if len(chain) > n]
        assert one.seconds == (median(times) if times else None)


def slowly(did, steps, window, within):
    """Of all chains from each first step, tried out one by one, when each step was done in the one that counts."""
    since, until = within
    rows = sorted(did, key=lambda one: one.at)
    best = []
    for n, one in enumerate(rows):
        begins = (since is None or one.at >= since) and (until is None or one.at < until)
        if not begins or not is_step(steps[0], one):
            continue
        last = one.at + timedelta(hours=24 * window)
        chains = [chain for chain in every_chain(rows, steps, [n]) if rows[chain[-1]].at <= last]
        furthest = max(len(chain) for chain in chains)
        earliest = min(chain for chain in chains if len(chain) == furthest)
        if furthest > len(best):
            best = [rows[place].at for place in earliest]
    assert all(earlier <= later for earlier, later in pairwise(best))
    return best


def every_chain(rows, steps, chain):
    """Yield a chain, and all that can be made of it by adding steps."""
    yield chain
    if len(chain) < len(steps):
        for n in range(chain[-1] + 1, len(rows)):
            if is_step(steps[len(chain)], rows[n]):
                yield from every_chain(rows, steps, [*chain, n])
