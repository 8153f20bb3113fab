"""When a campaign goes: at once, at a moment, or when the clock shows a time where each customer is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.speak.rows import ENTERING, SCHEDULED, Campaign
from regulars.words.errors import Invalid, concerning

_EARLIEST = ZoneInfo("Pacific/Kiritimati")
"""Where a day begins first."""
_GRACE = timedelta(hours=1)


def check_time(campaign: Campaign) -> None:
    """Raise Invalid for a time, or for people, that do not go together."""
    with concerning("whom"):
        if campaign.whom not in {ENTERING, SCHEDULED}:
            raise Invalid("A campaign addresses its segment 'once', or also those who are 'entering' it later.")
    with concerning("goes_at"):
        if campaign.goes_at is None and campaign.by_clock:
            raise Invalid("Say at what time it goes by each customer's own clock.")
        if campaign.goes_at and campaign.ends_at and campaign.ends_at <= campaign.goes_at:
            raise Invalid("What it offers would be over before it goes. Let it go earlier, or end later.")
    with concerning("by_clock"):
        if campaign.by_clock and campaign.whom != SCHEDULED:
            raise Invalid("Only a campaign that addresses its segment once can go by each customer's own clock.")


def starts_at(campaign: Campaign, home: ZoneInfo, now: datetime) -> datetime:
    """Return when a campaign that is launched now goes: with clocks of their own, when the first of them shows it."""
    if campaign.goes_at is None:
        return now
    if not campaign.by_clock:
        return max(campaign.goes_at, now)
    return max(_shown(campaign.goes_at, home, _EARLIEST), now)


def own_moment(goes_at: datetime, home: ZoneInfo, theirs: ZoneInfo, launched_at: datetime) -> datetime:
    """Return when a customer's own clock shows a time that was said by the clock of `home`.

    Where it had passed by more than an hour when the campaign was launched, it is that time of the next day. A time
    that a clock leaves out in spring is as long after midnight as it would have been (PEP 495).
    """
    days = 0
    while (moment := _shown(goes_at, home, theirs, days)) < launched_at - _GRACE:
        days += max((launched_at - moment).days, 1)
    return moment


def _shown(goes_at: datetime, home: ZoneInfo, theirs: ZoneInfo, days: int = 0) -> datetime:
    wall = goes_at.astimezone(home).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=theirs).astimezone(UTC)
