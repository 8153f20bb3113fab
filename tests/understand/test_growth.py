"""How a segment grew: what its days come to is who is in it, whatever happened."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.understand_shop import House, declare, happened, know, meet

from regulars.store.gone import NOBODY, Gone
from regulars.understand import gone_records, growth_records, lists, segments, turning
from regulars.understand.editing import delete_segment, save_segment, take_back
from regulars.understand.growth import GrowthDay, growth

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
KNOWN = {"fact": "gift_for", "known": True}


def day(number):
    return START + timedelta(days=number - 1)


@pytest.fixture
def house(database, workspace):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text")
        for identity in range(1, 6):
            meet(tx, identity)
        for identity in (1, 2, 3):
            know(tx, identity, "gift_for", "mother")
    house.follow(START)
    with database.workspace(workspace) as tx:
        segments.create_segment(tx, "givers", "Givers", KNOWN, START)
        lists.make(tx, "vips", "VIPs", START)
    return house


def say(house, customer, now):
    with house.database.workspace(house.workspace) as tx:
        know(tx, customer, "gift_for", "friend", seq=happened(tx, customer, "form.answered", now, {}))
    house.follow(now)


def grown(house, name, now, days=3650):
    with house.database.workspace(house.workspace) as tx:
        return growth(tx, name, now, days)


def test_it_is_right_from_the_day_it_was_made(house):
    assert grown(house, "givers", START) == [GrowthDay(date(2026, 5, 1), 0, 0, 3, 3, None)]
    assert grown(house, "vips", START) == [GrowthDay(date(2026, 5, 1), 0, 0, 0, 0, None)]


def test_who_comes_and_leaves_is_counted_on_their_day_and_days_between_are_there(house):
    say(house, 4, day(3))
    with house.database.workspace(house.workspace) as tx:
        tx.connection.execute("delete from remember_fact where holds_for in (1, 2)")
        for customer in (1, 2):
            happened(tx, customer, "restriction.changed", day(4), {})
    house.follow(day(4))
    assert grown(house, "givers", day(5)) == [
        GrowthDay(date(2026, 5, 1), 0, 0, 3, 3, None),
        GrowthDay(date(2026, 5, 2), 0, 0, 0, 3, None),
        GrowthDay(date(2026, 5, 3), 1, 0, 0, 4, None),
        GrowthDay(date(2026, 5, 4), 0, 2, 0, 2, None),
        GrowthDay(date(2026, 5, 5), 0, 0, 0, 2, None),
    ]
    assert grown(house, "givers", day(5), days=2) == grown(house, "givers", day(5))[-2:]


def test_a_rule_that_changes_is_marked_on_its_day_and_a_title_is_not(house):
    with house.database.workspace(house.workspace) as tx:
        save_segment(tx, "givers", "Who gives", KNOWN, day(2))
        save_segment(tx, "givers", "Who gives", {"fact": "gift_for", "is": "father"}, day(3))
        save_segment(tx, "givers", "Who gives", {"none": [KNOWN]}, day(3))
    assert grown(house, "givers", day(3))[1:] == [
        GrowthDay(date(2026, 5, 2), 0, 0, 0, 3, None),
        GrowthDay(date(2026, 5, 3), 0, 0, -1, 2, 4),
    ]


def test_whom_everybody_being_asked_moves_is_counted(house):
    with house.database.workspace(house.workspace) as tx:
        tx.connection.execute("delete from remember_fact where holds_for = 1")
        know(tx, 5, "gift_for", "mother")
        turning.ask_again(tx)
        turning.turn(tx, day(2))
    assert grown(house, "givers", day(2))[-1] == GrowthDay(date(2026, 5, 2), 1, 1, 0, 3, None)


def test_who_is_forgotten_has_left(house):
    with house.database.workspace(house.workspace) as tx:
        gone_records.STEPS[3].clear(tx, Gone([1], NOBODY), 100)
    with house.database.workspace(house.workspace) as tx:
        assert segments.count(tx, "givers") == 2
        assert (
            sum(one.left for one in growth_records.growth(tx, segments.get_segment(tx, "givers").id, START.date())) == 1
        )


def test_a_segment_that_was_deleted_for_a_while_has_whom_it_has(house):
    with house.database.workspace(house.workspace) as tx:
        number = delete_segment(tx, "givers", day(2))
    say(house, 4, day(3))
    with house.database.workspace(house.workspace) as tx:
        take_back(tx, number, day(4))
    assert grown(house, "givers", day(4))[-1] == GrowthDay(date(2026, 5, 4), 0, 0, 1, 4, None)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(("say", "put", "off", "edit", "again")), st.integers(1, 5), st.integers(0, 2)),
        max_size=12,
    )
)
def test_what_its_days_come_to_is_who_is_in_it_whatever_happens(house, deeds):
    now = getattr(house, "now", START)  # the house stays from one example to the next
    names = ("givers", "vips")
    for deed, customer, days in deeds:
        now = house.now = now + timedelta(days=days)
        if deed == "say":
            say(house, customer, now)
        with house.database.workspace(house.workspace) as tx:
            match deed:
                case "put" | "off":
                    lists.put(tx, "vips", [customer], "Greta", now, on=deed == "put")
                case "edit":
                    rule = KNOWN if customer % 2 else {"any": [KNOWN, {"segment": "vips"}]}
                    save_segment(tx, "givers", "Givers", rule, now)
                case "again":
                    turning.ask_again(tx)
                    turning.turn(tx, now)
        house.follow(now)
        for name in names:
            with house.database.workspace(house.workspace) as tx:
                found, size = growth(tx, name, now), segments.count(tx, name)
            assert found[-1].size == size
            assert all(one.size == before.size + one.joined - one.left + one.anew for before, one in pairwise(found))
