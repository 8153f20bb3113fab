"""Campaigns: a segment is addressed with a template; each customer at most once."""

from collections.abc import Sequence
from datetime import datetime

from regulars.decide.intents import NewIntent, intend, intend_for_segment
from regulars.decide.policy import CHANNELS
from regulars.speak import records
from regulars.speak.library import get_template
from regulars.speak.rows import Campaign
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand.segments import get_segment
from regulars.words.errors import Conflict, Invalid, Unknown
from regulars.words.names import check_name

__all__ = ["SAY", "Campaign", "counts", "create", "enter", "get", "launch", "list_campaigns", "stop"]

SAY = "say"
"""The verb of the intents that `speak` carries out."""
_LONGEST = 200


def create(
    tx: Tx, name: str, *, title: str, segment: str, template: str, purpose: str, channel: str = "email"
) -> Campaign:
    """Make a campaign, not yet live.

    Raise Unknown where segment or template are not there, Conflict for a name that is taken.
    """
    check_name(name)
    if not title or not purpose:
        raise Invalid("A campaign needs a title and a purpose, such as 'marketing'.")
    if max(len(title), len(purpose)) > _LONGEST:
        raise Invalid("A campaign's title and purpose have {most} characters at most.", most=_LONGEST)
    if channel not in CHANNELS:
        raise Invalid(
            "There is no channel '{channel}'. There are: {names}.", channel=channel, names=", ".join(CHANNELS)
        )
    get_segment(tx, segment)
    get_template(tx, template)
    given = {"segment": segment, "template": template, "purpose": purpose, "channel": channel}
    if not records.add_campaign(tx, name=name, title=title, **given):
        raise Conflict("There is a campaign '{name}' already. Choose another name.", name=name)
    return get(tx, name)


def get(tx: Tx, name: str) -> Campaign:
    """Return a campaign; raise Unknown where there is none."""
    campaign = records.get_campaign(tx, name)
    if campaign is None:
        raise Unknown("There is no campaign '{name}'.", name=name[:80])
    return campaign


def list_campaigns(tx: Tx) -> list[Campaign]:
    """Return all campaigns, newest first."""
    return records.list_campaigns(tx)


def counts(tx: Tx, name: str) -> dict[str, int]:
    """Return how many messages of a campaign are in which state."""
    return records.count_states(tx, name)


def launch(tx: Tx, name: str, now: datetime) -> int:
    """Address everybody who is in the segment, and from now on whoever enters it; return how many that is now.

    A stopped campaign goes on. The row is taken first: the follower of segments waits for this transaction and then
    sees the campaign live, or was there before and its members are among those addressed here. Nobody falls between.
    """
    campaign = get(tx, name)
    records.launch_campaign(tx, name, now)
    return intend_for_segment(tx, verb=SAY, name=name, segment=campaign.segment, now=now)


def stop(tx: Tx, name: str) -> None:
    """Send nothing more; messages that still wait are refused when their turn comes."""
    get(tx, name)
    records.stop_campaign(tx, name)


def enter(tx: Tx, entered: Sequence[Event], now: datetime) -> int:
    """Address customers who entered a segment by each live campaign on it; return how many messages that makes."""
    live: dict[str, list[str]] = {}
    for campaign in records.campaigns_on(tx, {event.props["segment"] for event in entered}):
        if campaign.state == "live":
            live.setdefault(campaign.segment, []).append(campaign.name)
    return intend(
        tx,
        [
            NewIntent(event.props["customer"], SAY, name, now, cause=event.seq)
            for event in entered
            for name in live.get(event.props["segment"], ())
        ],
    )
