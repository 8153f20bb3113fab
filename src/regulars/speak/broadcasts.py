"""Campaigns in their course: they go when their time comes, are paused and go on, or are cancelled for ever."""

from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.decide.whereabouts import home_zone
from regulars.speak import broadcast_records
from regulars.speak.campaigns import Campaign, go, hold
from regulars.speak.clocks import starts_at
from regulars.store.database import Tx
from regulars.words.errors import Conflict


def go_due(tx: Tx, now: datetime) -> list[str]:
    """Let planned campaigns go whose time has come, each once; return their names.

    Whom they address is settled now. One whose offer ended meanwhile goes too, and its messages are refused.
    """
    gone: list[str] = []
    for campaign in _come(tx, now):
        go(tx, campaign, now)
        gone.append(campaign.name)
    return gone


def stop_past(tx: Tx, now: datetime) -> list[str]:
    """Stop planned campaigns whose time has come, after a restore: they may have gone; return their names."""
    stopped = [campaign.name for campaign in _come(tx, now)]
    for name in stopped:
        broadcast_records.put_campaign(tx, name, "stopped")
    return stopped


def _come(tx: Tx, now: datetime) -> list[Campaign]:
    names = broadcast_records.planned(tx, now)
    home = ZoneInfo(home_zone(tx)) if names else ZoneInfo("UTC")
    held = [hold(tx, name) for name in names]  # somebody may just have taken its plan back
    return [one for one in held if one.state == "planned" and starts_at(one, home, now) <= now]


def pause(tx: Tx, name: str) -> Campaign:
    """Hold what waits of a live campaign until it goes on; raise Conflict for one that is not live."""
    campaign = hold(tx, name)
    if campaign.state != "live":
        raise Conflict("The campaign '{name}' is not live, so there is nothing to pause.", name=name)
    broadcast_records.put_campaign(tx, name, "paused")
    return hold(tx, name)


def resume(tx: Tx, name: str) -> Campaign:
    """Let a paused campaign go on; raise Conflict for one that is not paused."""
    campaign = hold(tx, name)
    if campaign.state != "paused":
        raise Conflict("The campaign '{name}' is not paused, so it cannot go on.", name=name)
    broadcast_records.put_campaign(tx, name, "live")
    broadcast_records.unpark(tx, name)
    return hold(tx, name)


def cancel(tx: Tx, name: str) -> Campaign:
    """Never send anything more of a campaign: what waits is refused, and it is launched no more."""
    hold(tx, name)
    broadcast_records.put_campaign(tx, name, "cancelled")
    broadcast_records.unpark(tx, name)
    return hold(tx, name)
