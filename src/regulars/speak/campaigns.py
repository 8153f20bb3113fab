"""Campaigns: a segment is addressed with a template; each customer at most once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import structs

from regulars.decide import intents
from regulars.decide.contact import check_held_out
from regulars.decide.intents import HIGH, LOW, NORMAL, NewIntent, intend, intend_for_segment
from regulars.decide.policy import CHANNELS, Asked, Reach, foresee
from regulars.decide.whereabouts import home_zone
from regulars.remember.catalogue import check_use
from regulars.speak import broadcast_records, records
from regulars.speak.clocks import check_time, starts_at
from regulars.speak.library import asking_about, usable
from regulars.speak.pressure import full
from regulars.speak.rows import ENTERING, SCHEDULED, UNDER_WAY, Campaign, Held, Standing, Utm, utm_of
from regulars.speak.templates import facts_of
from regulars.speak.tracking import check_utm
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand.editing import delete_segment
from regulars.understand.segments import facts_used, stamp
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown, concerning
from regulars.words.names import check_name, check_purpose

__all__ = [
    "CHANGEABLE",
    "ENTERING",
    "LATER",
    "PRIORITIES",
    "SAY",
    "SCHEDULED",
    "UNDER_WAY",
    "Campaign",
    "Held",
    "Reach",
    "Utm",
    "change",
    "counts",
    "create",
    "enter",
    "get",
    "go",
    "hold",
    "launch",
    "list_campaigns",
    "reach",
    "reasons",
    "stop",
]  # fmt: skip

SAY = "say"
"""The verb of the intents that `speak` carries out."""
CHANGEABLE = (
    "title", "segment", "template", "purpose", "channel", "priority", "utm", "ends_at", "held_out",
    "whom", "goes_at", "by_clock",
)  # fmt: skip
"""What one says of a campaign when making it, and can change while it is a draft."""
LATER = frozenset({"title", "priority", "ends_at"})
"""What can change after the launch, too."""
PRIORITIES = (LOW, NORMAL, HIGH)
LONGEST_TITLE = 200
LOOKED_AT = 10_000
"""The most members of a segment of whom `reach` asks, those who came last: a page must not wait for a million."""


def create(
    tx: Tx, name: str, *, title: str, segment: str, template: str, purpose: str, channel: str = "email",
    priority: int = NORMAL, utm: Utm | None = None, ends_at: datetime | None = None,
    held_out: int = 0, whom: str = ENTERING, goes_at: datetime | None = None, by_clock: bool = False,
) -> Campaign:  # fmt: skip
    """Make a campaign, not yet live. `utm`: what is added to its links; None is what is usual.

    Raise Invalid for a title, purpose or priority that cannot be, Unknown where segment or template are not there,
    Conflict for a name that is taken and a template that is archived.
    """
    with concerning("name"):
        check_name(name)
    added = utm_of(name, channel, None) if utm is None else utm
    campaign = Campaign(
        name, title, segment, template, purpose, channel, "draft", None,
        priority=priority, utm=added, ends_at=ends_at, held_out=held_out,
        whom=whom, goes_at=goes_at, by_clock=by_clock,
    )  # fmt: skip
    _check(tx, campaign)
    with concerning("name"):
        if not records.add_campaign(tx, campaign):
            raise Conflict("There is a campaign '{name}' already. Choose another name.", name=name)
    return get(tx, name)


def _check(tx: Tx, campaign: Campaign) -> None:
    _check_title(campaign.title)
    with concerning("purpose"):
        check_purpose(campaign.purpose)
    with concerning("channel"):
        if campaign.channel not in CHANNELS:
            raise Invalid(
                "There is no channel '{channel}'. There are: {names}.",
                channel=campaign.channel,
                names=", ".join(CHANNELS),
            )
    _check_priority(campaign)
    check_time(campaign)
    check_utm(campaign.utm)
    check_held_out(campaign.held_out)
    _check_use(tx, campaign)


def _check_priority(campaign: Campaign) -> None:
    with concerning("priority"):
        if campaign.priority not in PRIORITIES:
            raise Invalid("A campaign's priority is 1 (low), 2 (normal) or 3 (high).")


def _check_use(tx: Tx, campaign: Campaign) -> None:
    """Raise Invalid where the segment or the template uses a fact that is not for the campaign's purpose."""
    with concerning("segment"):
        check_use(tx, facts_used(tx, campaign.segment), campaign.purpose)
    with concerning("template"):
        check_use(tx, facts_of(usable(tx, campaign.template)), campaign.purpose)


def _check_title(title: str) -> None:
    with concerning("title"):
        if not 0 < len(title.strip()) <= LONGEST_TITLE:
            raise Invalid("A campaign's title has 1 to {most} characters.", most=LONGEST_TITLE)


def change(tx: Tx, name: str, wanted: Campaign, *, replaces: int | None = None) -> Campaign:
    """Let a campaign be what is wanted, as far as its state allows: all of it as a draft, and later what is in `LATER`.

    Raise as `create` does; Conflict for what cannot change any more, Overtaken where it was begun from the version it
    `replaces` and that is not the newest any more.
    """
    held = hold(tx, name)
    if replaces is not None and held.version != replaces:
        raise Overtaken("Somebody else saved the campaign '{name}' just now. Look at it, then save again.", name=name)
    wanted = structs.replace(held, **{field: getattr(wanted, field) for field in CHANGEABLE})
    if wanted == held:
        return held
    if held.state == "draft":
        _check(tx, wanted)
    elif structs.replace(wanted, **{field: getattr(held, field) for field in LATER}) != held:
        raise Conflict(
            "The campaign '{name}' was launched, so only its title, its priority and its end can change. Make another "
            "campaign for the rest.",
            name=name,
        )
    else:
        _check_title(wanted.title)
        _check_priority(wanted)
        check_time(wanted)
    records.keep_campaign(tx, wanted)
    if held.state != "draft" and wanted.priority != held.priority:
        broadcast_records.put_priority(tx, name, wanted.priority)
        intents.put_priority(tx, SAY, name, wanted.priority)
    return get(tx, name)


def get(tx: Tx, name: str) -> Campaign:
    """Return a campaign; raise Unknown where there is none."""
    return _there(records.get_campaign(tx, name), name)


def hold(tx: Tx, name: str) -> Campaign:
    """Return a campaign as it is once nobody else is changing it, held to the end of the transaction."""
    return _there(records.hold_campaign(tx, name), name)


def _there(campaign: Campaign | None, name: str) -> Campaign:
    if campaign is None:
        raise Unknown("There is no campaign '{name}'.", name=name[:80])
    return campaign


def list_campaigns(tx: Tx, among: Collection[str] | None = None) -> list[Campaign]:
    """Return all campaigns, or each of those named, newest first."""
    return records.list_campaigns(tx, among)


def counts(tx: Tx, names: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return of each campaign how many messages are in which state."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, state, count in records.count_states(tx, found) if found else ():
        found[name][state] = count
    return found


def reasons(tx: Tx, name: str) -> list[Held]:
    """Return why messages of a campaign were not sent, or not yet, the most frequent first; of many, a minute ago."""
    return tx.counts.get(
        (tx.log_id, "reasons", name),
        lambda: records.count_reasons(tx, name),
        lambda found: sum(one.count for one in found),
    )


def reach(tx: Tx, campaign: Campaign, now: datetime) -> Reach:
    """Return how many of the campaign's segment the gate would let through now; of very many, a minute ago."""
    asked = Asked(campaign.segment, campaign.purpose, campaign.channel, campaign.name, campaign.held_out)
    key = (tx.log_id, "reach", asked, stamp(tx, campaign.segment))
    return tx.counts.get(key, lambda: foresee(tx, asked, now, most=LOOKED_AT, full=full), lambda found: found.asked)


def launch(tx: Tx, name: str, now: datetime, *, looked_at: int | None = None) -> int:
    """Address everybody who is in the segment, and from now on whoever enters it; return how many that is now.

    Of one that addresses its segment once, nobody who enters it later. One whose time has not come is planned, and
    addresses nobody yet. A stopped campaign goes on. The row is taken first: an edit that is being saved is waited for
    and holds, and the follower of segments waits for this transaction and then sees the campaign live, or was there
    before and its members are among those addressed here. Nobody falls between. Raise Unknown where the segment has
    been deleted meanwhile, Conflict where the template has been archived, the offer is over or it was cancelled,
    Overtaken where the version that somebody looked at is another.
    """
    campaign = hold(tx, name)
    if looked_at not in {None, campaign.version}:
        raise Overtaken(
            "Somebody else changed the campaign '{name}' since you looked at it. Look at it again, then launch it.",
            name=name,
        )
    if campaign.ends_at is not None and campaign.ends_at <= now:
        raise Conflict(
            "What the campaign '{name}' offers is over, so nobody would get it. Choose a later end, or make another.",
            name=name,
        )
    if campaign.state == "cancelled":
        raise Conflict("The campaign '{name}' was cancelled for ever. Make another one.", name=name)
    _check_use(tx, campaign)
    if starts_at(campaign, ZoneInfo(home_zone(tx)), now) > now:
        broadcast_records.put_campaign(tx, name, "planned")
        return 0
    return go(tx, campaign, now)


def go(tx: Tx, campaign: Campaign, now: datetime) -> int:
    """Let a campaign be live and address everybody who is in the segment; return how many are new."""
    name = campaign.name
    records.launch_campaign(tx, name, now)
    broadcast_records.unpark(tx, name)
    return intend_for_segment(tx, verb=SAY, name=name, segment=campaign.segment, now=now, priority=campaign.priority)


def stop(tx: Tx, name: str) -> None:
    """Send nothing more; messages that still wait are refused when their turn comes.

    One that is planned and has addressed nobody is a draft again. Raise Conflict for one that is cancelled.
    """
    campaign = hold(tx, name)
    if campaign.state == "cancelled":
        raise Conflict("The campaign '{name}' was cancelled for ever. Make another one.", name=name)
    unsaid = campaign.state == "planned" and campaign.launched_at is None
    broadcast_records.put_campaign(tx, name, "draft" if unsaid else "stopped")
    broadcast_records.unpark(tx, name)


def delete_unused_segment(tx: Tx, name: str, now: datetime) -> int:
    """Delete a segment; return the number by which it can be taken back.

    Raise Conflict while a live campaign addresses it (one being launched is waited for), and while a template in use
    asks who is in it: what it says to them would be said to nobody, and nothing would tell.
    """
    for campaign in records.campaigns_on(tx, [name]):
        if campaign.state in UNDER_WAY:
            raise Conflict(
                "The campaign '{campaign}' is live and writes to this segment. Stop it first.", campaign=campaign.name
            )
    for template in asking_about(tx, name):
        raise Conflict(
            "The template '{template}' says something only to who is in this segment. Take that out, or archive it.",
            template=template.name,
        )
    return delete_segment(tx, name, now)


def enter(tx: Tx, entered: Sequence[Event], now: datetime) -> int:
    """Address customers who entered a segment by each live campaign on it; return how many messages that makes."""
    live: dict[str, list[Standing]] = {}
    for campaign in records.campaigns_on(tx, {event.props["segment"] for event in entered}):
        if campaign.state in {"live", "paused"} and campaign.whom == ENTERING:
            live.setdefault(campaign.segment, []).append(campaign)
    return intend(
        tx,
        [
            NewIntent(event.props["customer"], SAY, one.name, now, cause=event.seq, priority=one.priority)
            for event in entered
            for one in live.get(event.props["segment"], ())
        ],
    )
