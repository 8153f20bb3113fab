"""How long a pause is: whole days by a clock, so that it says the same however often it is said on one day."""

from datetime import UTC, datetime

import pytest

from regulars.engage.pausing import LENGTHS, after, end_of
from regulars.words.errors import Invalid

EVENING = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)


def test_a_pause_ends_as_a_day_begins_where_the_shop_is():
    assert end_of("week", EVENING, "UTC").isoformat() == "2026-12-05T00:00:00+00:00"
    assert end_of("week", EVENING, "Europe/Riga").isoformat() == "2026-12-06T00:00:00+02:00", "there it is Sunday"
    assert end_of("month", EVENING, "UTC").date().isoformat() == "2026-12-28"


def test_three_months_are_three_of_the_calendar_and_end_with_a_short_one():
    assert end_of("quarter", EVENING, "UTC").date().isoformat() == "2027-02-28"
    assert end_of("quarter", datetime(2026, 11, 30, tzinfo=UTC), "UTC").date().isoformat() == "2027-02-28"
    assert end_of("quarter", datetime(2026, 2, 3, tzinfo=UTC), "UTC").date().isoformat() == "2026-05-03"


def test_the_clocks_that_are_changed_meanwhile_move_no_midnight():
    assert after(7, datetime(2026, 3, 25, 12, tzinfo=UTC), "Europe/Riga").isoformat() == "2026-04-01T00:00:00+03:00"


@pytest.mark.parametrize("length", ["", "year", "WEEK", "\0"])
def test_another_length_is_refused(length):
    assert length not in LENGTHS
    with pytest.raises(Invalid):
        end_of(length, EVENING, "UTC")


@pytest.mark.parametrize("days", [0, -1, 367, 10**12])
def test_no_days_and_too_many_are_refused(days):
    with pytest.raises(Invalid):
        after(days, EVENING, "UTC")
