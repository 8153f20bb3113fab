"""How often something may be tried: never more than so many in a window, in whatever order they come."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.access.pace import Growing, Steady, Tally

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
GROWING = Growing(5, 30 * SECOND, HOUR, 24 * HOUR)
STEADY = Steady(10, MINUTE)
PAUSES = st.lists(
    st.one_of(st.just(0.0), st.floats(0, 90), st.floats(0, 4_000), st.floats(80_000, 100_000)), min_size=1, max_size=120
)


def passing(pace, pauses):
    """The moments of the tries that passed, where somebody tries after each of these pauses, in seconds."""
    tally, now, passed = Tally(0, START), START, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not pace.wait(tally, now):
            tally = pace.counted(tally, now)
            passed.append(now)
    return passed


def most_in(moments, window):
    return max((sum(first <= one < first + window for one in moments) for first in moments), default=0)


@given(PAUSES)
def test_a_growing_wait_lets_only_so_many_through_in_an_hour_and_in_a_day(pauses):
    """Five are free; then 30 s, 1, 2, 4, 8, 16 and 32 minutes make the hour, and a day has 23 hours more."""
    moments = passing(GROWING, pauses)
    assert most_in(moments, HOUR) <= 5 + 6
    assert most_in(moments, 24 * HOUR) <= 5 + 7 + 23


@given(PAUSES)
def test_a_steady_pace_lets_only_so_many_through_in_any_window(pauses):
    moments = passing(STEADY, pauses)
    for window in (MINUTE, 10 * MINUTE, HOUR):
        assert most_in(moments, window) <= STEADY.free + window / STEADY.every


@pytest.mark.parametrize("pace", [GROWING, STEADY])
@given(pauses=PAUSES)
def test_whoever_waits_as_long_as_they_are_told_may_try_again(pace, pauses):
    tally, now = Tally(0, START), START
    for pause in pauses:
        now += timedelta(seconds=pause)
        if wait := pace.wait(tally, now):
            assert pace.wait(tally, now + wait / 2)
            now += wait
        assert not pace.wait(tally, now)
        tally = pace.counted(tally, now)


@pytest.mark.parametrize("pace", [GROWING, STEADY])
@given(pauses=PAUSES)
def test_a_tally_that_is_forgotten_says_what_a_new_one_says(pace, pauses):
    tally, now = Tally(0, START), START
    for pause in pauses:
        now += timedelta(seconds=pause)
        if now >= pace.forgotten_at(tally):
            new = Tally(0, now)
            assert pace.wait(tally, now) == pace.wait(new, now)
            assert pace.counted(tally, now) == pace.counted(new, now) or pace is STEADY
        tally = pace.counted(tally, now)


@given(st.integers(0, 100))
def test_tries_that_were_right_leave_no_trace_on_a_steady_pace(count):
    tally = Tally(0, START)
    for _ in range(count):
        assert not STEADY.wait(tally, START)
        tally = STEADY.forgiven(STEADY.counted(tally, START))


def test_who_was_right_begins_anew_where_the_wait_grows():
    tally = Tally(0, START)
    for _ in range(12):
        tally = GROWING.counted(tally, START)
    assert GROWING.wait(tally, START) == HOUR
    assert not GROWING.wait(GROWING.forgiven(tally), START)


def test_each_wait_is_twice_the_one_before_up_to_the_longest():
    tally, waits = Tally(0, START), []
    for _ in range(14):
        tally = GROWING.counted(tally, START)
        waits.append(GROWING.wait(tally, START) / SECOND)
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
