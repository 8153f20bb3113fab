from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.hours import awake, minutes, opens
from regulars.decide.law import HOURS
from regulars.words.errors import Invalid

NIGHT = awake("21:00", "08:00")
ZONES = ["UTC", "Europe/Riga", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda one: f"{one // 60:02}:{one % 60:02}")


def at(zone, text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "opened"),
    [
        ("2026-05-03 07:59", "2026-05-03 08:00"),
        ("2026-05-03 08:00", None),
        ("2026-05-03 20:59", None),
        ("2026-05-03 21:00", "2026-05-04 08:00"),
        ("2026-03-29 02:00", "2026-03-29 08:00"),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_a_night_is_the_customers_own(zone, clock, opened):
    assert opens([NIGHT], ZoneInfo(zone), at(zone, clock)) == (at(zone, opened) if opened else None)


def test_a_siesta_is_quiet_in_the_middle_of_a_day():
    siesta = awake("13:00", "15:00")
    assert opens([siesta], ZoneInfo("Europe/Madrid"), at("Europe/Madrid", "2026-05-03 14:00")) == at(
        "Europe/Madrid", "2026-05-03 15:00"
    )
    assert opens([siesta], ZoneInfo("Europe/Madrid"), at("Europe/Madrid", "2026-05-03 23:59")) is None
    assert opens([siesta], ZoneInfo("Europe/Madrid"), at("Europe/Madrid", "2026-05-03 00:00")) is None


@pytest.mark.parametrize(
    ("country", "zone", "clock", "opened"),
    [
        ("US", "America/New_York", "2026-05-03 21:00", "2026-05-04 08:00"),
        ("FR", "Europe/Paris", "2026-05-04 13:30", "2026-05-04 14:00"),
        ("FR", "Europe/Paris", "2026-05-01 20:00", "2026-05-04 10:00"),
        ("IT", "Europe/Rome", "2026-05-02 09:30", "2026-05-02 10:00"),
        ("AU", "Australia/Sydney", "2026-05-03 12:00", "2026-05-04 09:00"),
        ("CA", "America/Toronto", "2026-05-04 21:29", None),
        ("IN", "Asia/Kolkata", "2026-05-03 09:00", "2026-05-03 10:00"),
        ("ES", "Europe/Madrid", "2026-05-02 12:00", "2026-05-04 09:00"),
    ],
)
def test_the_hours_of_a_law(country, zone, clock, opened):
    assert opens([HOURS[country]], ZoneInfo(zone), at(zone, clock)) == (at(zone, opened) if opened else None)


def is_open(week, zone, moment):
    there = moment.astimezone(zone)
    minute = there.hour * 60 + there.minute
    return any(start <= minute < end for start, end in week[there.weekday()])


@given(
    start=CLOCKS,
    stop=CLOCKS,
    country=st.sampled_from(sorted(HOURS)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    moment=st.integers(0, 366 * 24 * 60).map(lambda one: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=one)),
)
def test_what_waits_goes_as_soon_as_all_is_open_and_never_before(start, stop, country, zone, moment):
    weeks = [HOURS[country]] if start == stop else [awake(start, stop), HOURS[country]]
    opened = opens(weeks, zone, moment)
    if opened is None:
        assert all(is_open(week, zone, moment) for week in weeks)
        return
    assert opened > moment
    step = timedelta(minutes=7)
    for n in range(int(min(opened - moment, timedelta(days=3)) / step)):
        assert not all(is_open(week, zone, moment + n * step) for week in weeks)
    if opened < moment + timedelta(days=14):
        assert all(is_open(week, zone, opened) for week in weeks)


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (ContactPolicy(quiet_from="21:00"), "quiet_until"),
        (ContactPolicy(quiet_until="08:00"), "quiet_from"),
        (ContactPolicy(quiet_from="25:00", quiet_until="08:00"), "quiet_from"),
        (ContactPolicy(quiet_from="late", quiet_until="08:00"), "quiet_from"),
        (ContactPolicy(quiet_from="08:00", quiet_until="08:00"), "quiet_until"),
    ],
)
def test_hours_that_cannot_be_are_said_beside_their_field(policy, field):
    with pytest.raises(Invalid) as error:
        contact.check(policy)
    assert error.value.field == field


def test_a_law_holds_for_what_rings_and_for_mail_where_it_is_wanted():
    nothing, strict = ContactPolicy(), ContactPolicy(by_law=True)
    assert contact.weeks(nothing, "email", "FR") == []
    assert contact.weeks(strict, "email", "FR") == contact.weeks(nothing, "sms", "FR") == [HOURS["FR"]]
    assert contact.weeks(strict, "email", "LV") == []
    assert not contact.quiets(nothing, "email")


def test_minutes_are_read_as_they_are_written():
    assert (minutes("00:00"), minutes("23:59")) == (0, 24 * 60 - 1)
