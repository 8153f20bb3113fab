"""What is unusual at this time of the week: silence and falls are found, chance and the clocks are not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.traffic import AWAKE, Traffic

from regulars.measure.usual import HOUR, surprise

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SUNDAY = START + 7 * WEEK - timedelta(days=1) + timedelta(hours=12)  # 14:00 in Riga


def stopped_at(traffic, stop, after):
    """When a stop is found; None if not within a time."""
    now = stop
    while now <= stop + after:
        if found := traffic.look(now):
            return now, found
        now += after / 24
    return None, None


@pytest.mark.parametrize(
    ("hourly", "within"),
    [(300, timedelta(hours=1)), (30, timedelta(hours=2)), (5, timedelta(hours=26))],
    ids=["a busy shop", "a shop", "a small shop"],
)
def test_a_stop_is_found_as_soon_as_chance_allows(hourly, within):
    stop = SUNDAY + timedelta(minutes=5)
    traffic = Traffic(1, hourly=hourly).flow(START, stop)
    now, found = stopped_at(traffic, stop, within)
    assert now, "it was not found"
    assert found.shape == "stopped"
    assert stop - HOUR < found.since <= stop
    assert found.last == found.since
    assert hourly * 0.5 < found.usual < hourly * 1.5


def test_nothing_is_said_before_there_is_enough_silence():
    stop = SUNDAY + timedelta(minutes=5)
    assert Traffic(1, hourly=30).flow(START, stop).look(stop + timedelta(minutes=15)) is None


def test_it_is_over_when_events_come_again():
    stop, again = SUNDAY, SUNDAY + timedelta(hours=4)
    traffic = Traffic(2, hourly=60).flow(START, stop).flow(again, again + timedelta(hours=3))
    assert traffic.look(again).shape == "stopped"
    assert traffic.look(again + timedelta(hours=2, minutes=5)) is None


def test_a_fall_to_a_quarter_is_found_within_hours():
    fall = SUNDAY
    traffic = Traffic(3, hourly=60).flow(START, fall).flow(fall, fall + timedelta(hours=6), factor=0.2)
    found = traffic.look(fall + timedelta(hours=4))
    assert found is not None
    assert found.shape == "fell"
    assert found.seen < found.usual / 2


def test_a_sudden_rise_is_found_where_it_is_asked_for():
    rise = SUNDAY
    traffic = Traffic(4, hourly=30).flow(START, rise).flow(rise, rise + timedelta(hours=3), factor=12)
    found = traffic.look(rise + timedelta(hours=2, minutes=1))
    assert found is not None
    assert found.shape == "rose"
    assert traffic.look(rise + timedelta(hours=2, minutes=1), rises=False) is None


@pytest.mark.parametrize("hourly", [1, 8, 40])
def test_eight_weeks_of_steady_traffic_give_no_alarm(hourly):
    traffic = Traffic(11, hourly=hourly, days=0.15, hours=0.1).flow(START, START + 14 * WEEK)
    found = []
    now = START + 6 * WEEK
    while now < START + 14 * WEEK:
        if (unusual := traffic.look(now)) is not None:
            found.append(unusual)
        now += timedelta(hours=5, minutes=25)
    assert found == []


def test_shops_whose_days_differ_by_half_are_seldom_alarmed():
    alarms = 0
    traffic = Traffic(9, hourly=40, days=0.4, hours=0.2).flow(START, START + 14 * WEEK)
    now = START + 6 * WEEK
    while now < START + 14 * WEEK:
        alarms += traffic.look(now) is not None
        now += timedelta(hours=11, minutes=35)
    assert alarms <= 2


def test_the_clocks_change_and_nobody_is_alarmed():
    """In Riga they went forward on 29 March 2026; the shop opens by its clock, not by the sun."""
    begin = datetime(2026, 2, 9, tzinfo=UTC)
    traffic = Traffic(5, hourly=120).flow(begin, datetime(2026, 4, 6, tzinfo=UTC))
    now = datetime(2026, 3, 28, tzinfo=UTC)
    while now < datetime(2026, 4, 6, tzinfo=UTC):
        assert traffic.look(now) is None, now
        now += timedelta(minutes=175)


def test_a_young_workspace_is_silent():
    traffic = Traffic(6, hourly=60).flow(START, START + timedelta(days=19))
    assert traffic.look(START + timedelta(days=20)) is None


def test_one_week_without_orders_changes_nothing_of_what_is_usual():
    """A holiday, or an outage, among the six."""
    week = START + 4 * WEEK
    traffic = Traffic(7, hourly=40).flow(START, week).flow(week + WEEK, SUNDAY)
    now, found = stopped_at(traffic, SUNDAY, timedelta(hours=2))
    assert now
    assert found.usual > 20


def test_orders_that_come_in_bunches_are_not_silent_in_between():
    traffic = Traffic(8, hourly=40)
    at = START
    while at < START + 8 * WEEK:
        traffic.slots[at] = 40
        at += HOUR
    for minute in range(0, 120, 5):
        assert traffic.look(START + 8 * WEEK + timedelta(hours=-2, minutes=minute)) is None


def test_while_the_house_itself_was_away_nobody_is_called_silent():
    stop = SUNDAY
    traffic = Traffic(1, hourly=300).flow(START, stop)
    asleep = {stop - back * HOUR: AWAKE for back in range(1, 200)}
    assert traffic.look(stop + timedelta(hours=9), asleep) is None
    assert traffic.look(stop + timedelta(hours=9)).shape == "stopped"


@given(st.floats(0.1, 1e6), st.integers(0, 10**6))
@settings(deadline=None)
def test_surprise_is_never_negative_and_nought_where_nothing_is_odd(expected, seen):
    assert surprise(seen, expected) >= -1e-6
    assert surprise(max(seen, 1), max(seen, 1)) == pytest.approx(0, abs=1e-6)
