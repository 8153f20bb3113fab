"""Time moves members, whom it moves and nobody else; from day to day they are those that the slow way finds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.understand.any_rules import COUNTED, CUSTOMERS, KINDS, RULES, SEGMENTS
from tests.understand.test_compile import EMPTIED, put
from tests.understand.told_slowly import TODAY, Did, slow
from tests.understand.understand_shop import House, declare, happened, know, meet

from regulars.store.gone import Gone
from regulars.understand import records, turning
from regulars.understand.editing import save_segment
from regulars.understand.gone_records import STEPS as GONE
from regulars.understand.segments import create_segment, try_rule
from regulars.words.kinds import IDENTIFY

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
LATELY = {"event": "page", "within_days": 30}
QUIET = {"none": [LATELY]}
PASSING = st.sampled_from((1, 1, 1, 1, 2, 28))
DOING = st.tuples(st.integers(1, 3), st.sampled_from(KINDS), st.sampled_from(({}, {"category": "tea"}, {"total": 10})))
SOON = st.one_of(
    st.sampled_from((1, 2, 3)).map(lambda n: {"within_days": n}),
    st.sampled_from((1, 2, 3)).map(lambda n: {"older_than_days": n}),
    st.sampled_from(([0, 0], [1, 1], [1, 2], [0, 2], [2, 3])).map(lambda two: {"between_days": two}),
)
STEP = st.sampled_from(({"event": "page"}, {"event": "Order Completed"}))
MOVING = st.one_of(
    st.builds(lambda step, count, days: {**step, "count": count, **days}, STEP, COUNTED, SOON),
    st.builds(lambda step, since, days: {"sequence": [step], "never_since": since, **days}, STEP, STEP, SOON),
    st.builds(
        lambda two, apart, days: {"sequence": two, "apart_days": apart, **days},
        st.permutations([{"event": "page"}, {"event": "Order Completed"}]),
        st.sampled_from((1, 2, 29)),
        SOON,
    ),
    st.builds(lambda known, days: {"fact": "text", "known": known, **days}, st.booleans(), SOON),
)
"""Rules that a few days move."""


@pytest.fixture
def house(database, workspace):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text")
        for identity in range(1, 6):
            meet(tx, identity)
    return house


def tx_of(house):
    return house.database.workspace(house.workspace)


def make(house, name, rule, now):
    with tx_of(house) as tx:
        create_segment(tx, name, name.title(), rule, now)


def do(house, customer, now, kind="page"):
    with tx_of(house) as tx:
        happened(tx, customer, kind, now)
    house.follow(now)


def turn(house, now):
    """Turn until there is no more to do; return how many moved."""
    moved, more = 0, True
    while more:
        with tx_of(house) as tx:
            done = turning.turn(tx, now)
        moved, more = moved + done.moved, done.more
    house.follow(now)
    return moved


def settle_down(house, number, customer):
    """Let a customer have lived so far: what was learned of them was learned from events, as in life."""
    with tx_of(house) as tx:
        put(tx, number, {**customer, "events": []})
        learned = [
            Did(IDENTIFY, one.back, other=one.other)
            for told in customer["facts"].values()
            for one in (told.holds, *told.others)
        ]
        for one in (*customer["events"], *learned):
            happened(tx, 10_000 + number if one.other else number, one.kind, one.at, one.props)


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    rules=st.lists(st.one_of(RULES, MOVING, MOVING, MOVING), min_size=3, max_size=8),
    others=SEGMENTS,
    customers=st.lists(CUSTOMERS, min_size=3, max_size=3),
    story=st.lists(st.one_of(PASSING, PASSING, DOING), min_size=2, max_size=8),
)
def test_from_day_to_day_the_members_are_those_that_the_slow_way_finds(
    database, workspace, rules, others, customers, story
):
    house, now = House(database, workspace), NOON
    with tx_of(house) as tx:
        for table in (*EMPTIED, "understand_segment", "understand_turned", "understand_seen"):
            tx.connection.execute(f"delete from {table}")
    for number, customer in enumerate(customers, 1):
        settle_down(house, number, customer)
    house.follow(now)
    with tx_of(house) as tx:
        for name, rule in (*others.items(), *((f"s{n}", rule) for n, rule in enumerate(rules))):
            records.add_segment(tx, name, name, rule, now)
        turning.ask_everybody(tx, {*others, *(f"s{n}" for n in range(len(rules)))}, now)
    asked = {**others, **{f"s{n}": rule for n, rule in enumerate(rules)}}

    def found(day):
        return {
            (name, n)
            for name, rule in asked.items()
            for n, customer in enumerate(customers, 1)
            if slow(rule, customer, others, day)
        }

    before, said = found(TODAY), len(house.said())
    assert pairs(house) == before
    for one in story:
        if isinstance(one, int):
            now += timedelta(days=one)
        else:
            customer, kind, props = one
            now += timedelta(hours=1)
            customers[customer - 1]["events"].append(Did(kind, (TODAY - now.date()).days, props, hour=now.hour))
            do_with(house, customer, now, kind, props)
        turn(house, now)
        after = found(now.date())
        assert pairs(house) == after, one
        told = [(kind, name, customer) for kind, name, customer in house.said()[said:]]
        assert sorted(told) == sorted(
            [("entered", *pair) for pair in after - before] + [("left", *pair) for pair in before - after]
        )
        before, said = after, said + len(told)


def do_with(house, customer, now, kind, props):
    with tx_of(house) as tx:
        happened(tx, customer, kind, now, props)
    house.follow(now)


def pairs(house):
    return {(name, customer) for name, some in house.members().items() for customer in some}


def asked_by(monkeypatch):
    """Note whom the next turns ask."""
    asked = []
    settle = records.settle
    monkeypatch.setattr(
        records, "settle", lambda tx, rules, ids, *more: asked.append(sorted(ids)) or settle(tx, rules, ids, *more)
    )
    return asked


def test_only_those_are_asked_whose_window_the_new_day_moves(house, now, monkeypatch):
    make(house, "quiet", QUIET, now)
    for days, customer in ((0, 1), (1, 2), (2, 3)):
        do(house, customer, now + timedelta(days=days))
    for days in range(30):
        assert turn(house, now + timedelta(days=days)) == 0
    asked = asked_by(monkeypatch)
    assert [turn(house, now + timedelta(days=days)) for days in (30, 31, 32, 33)] == [1, 1, 1, 0]
    assert list(dict.fromkeys(map(tuple, asked))) == [(1,), (2,), (3,)]


def test_whoever_came_meanwhile_does_not_enter_when_the_day_comes(house, now):
    make(house, "quiet", QUIET, now)
    do(house, 1, now)
    do(house, 1, now + timedelta(days=5))
    assert [turn(house, now + timedelta(days=days)) for days in (30, 34, 35)] == [0, 0, 1]


def test_days_that_nobody_turned_are_made_up_for_at_once(house, now):
    make(house, "lately", LATELY, now)
    for days, customer in ((0, 1), (10, 2), (20, 3), (60, 4)):
        do(house, customer, now + timedelta(days=days))
    turn(house, now + timedelta(days=20))
    assert house.members() == {"lately": {1, 2, 3, 4}}
    assert turn(house, now + timedelta(days=70)) == 3
    assert house.members() == {"lately": {4}}


def test_a_turn_that_fails_half_way_moves_the_others_once(house, now, monkeypatch):
    make(house, "lately", {"event": "page", "within_days": 1}, now)
    for customer in range(1, 6):
        do(house, customer, now)
    monkeypatch.setattr(turning, "MOST_ASKED", 2)
    later = now + timedelta(days=1)
    with tx_of(house) as tx:
        assert turning.turn(tx, later) == turning.Turn(2, more=True)
    with pytest.raises(RuntimeError), tx_of(house) as tx:
        turning.turn(tx, later)
        raise RuntimeError
    assert turn(house, later) == 3
    assert house.members() == {}
    assert sorted(house.said()[5:]) == [("left", "lately", customer) for customer in range(1, 6)]


def test_while_the_turned_wait_the_members_answer_for_nobody(house, now, monkeypatch):
    make(house, "lately", {"event": "page", "within_days": 1}, now)
    for customer in range(1, 4):
        do(house, customer, now)
    monkeypatch.setattr(turning, "MOST_ASKED", 2)
    later = now + timedelta(days=1)
    with tx_of(house) as tx:
        turning.turn(tx, later)
    assert house.members() == {"lately": {3}}
    with tx_of(house) as tx:
        assert try_rule(tx, {"event": "page", "within_days": 1}, later).size == 0


def test_whoever_asks_with_a_clock_of_yesterday_undoes_nothing(house, now):
    make(house, "lately", {"event": "page", "within_days": 1}, now)
    do(house, 1, now)
    turn(house, now + timedelta(days=1))
    with tx_of(house) as tx:
        happened(tx, 1, "page", now - timedelta(days=3))
    house.follow(now)
    assert house.members() == {}


def test_an_edit_while_the_turned_wait_addresses_nobody(house, now):
    make(house, "lately", LATELY, now)
    do(house, 1, now)
    said = house.said()
    later = now + timedelta(days=30)
    with tx_of(house) as tx:
        save_segment(tx, "lately", "Lately", {"event": "page", "within_days": 29}, later)
    assert turn(house, later) == 0
    assert house.members() == {}
    assert house.said() == said


def test_what_is_known_grows_old_by_itself(house, now):
    make(house, "told", {"fact": "gift_for", "is": "mother", "within_days": 7}, now)
    make(house, "unasked", {"fact": "gift_for", "known": False, "within_days": 7}, now)
    with tx_of(house) as tx:
        know(tx, 1, "gift_for", "mother", seq=happened(tx, 1, "form.answered", now), at=now)
    house.follow(now)
    assert house.members() == {"told": {1}, "unasked": {2, 3, 4, 5}}
    assert [turn(house, now + timedelta(days=days)) for days in (6, 7)] == [0, 2]
    assert house.members() == {"unasked": {1, 2, 3, 4, 5}}


def test_who_is_forgotten_waits_no_more(house, now, monkeypatch):
    make(house, "lately", {"event": "page", "within_days": 1}, now)
    for customer in range(1, 4):
        do(house, customer, now)
    monkeypatch.setattr(turning, "MOST_ASKED", 1)
    with tx_of(house) as tx:
        turning.turn(tx, now + timedelta(days=1))
        for step in GONE:
            step.clear(tx, Gone([2]), 1000)
        waiting = tx.connection.execute("select customer_id from understand_turned").fetchall()
    assert waiting == [(3,)]
