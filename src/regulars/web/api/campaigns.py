"""Campaigns: the list, one with its numbers, and to whom it went; a new one, launched and stopped."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.access.workspaces import workspace_in
from regulars.decide.intents import NORMAL
from regulars.measure.campaigns import Addressed, count_people, numbers, people, people_found
from regulars.measure.lifting import Compared, compared
from regulars.measure.results import DAYS, Results, results
from regulars.remember.folding import holds
from regulars.speak import campaigns
from regulars.speak.campaigns import Campaign, Held, Reach, Utm
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now

_TAKEN_OFF = {"ends_at", "goes_at"}
"""What null takes off again."""


Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment says by which clock: with its offset, or Z."""


class NewCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign to make: whom it addresses, with what, and for which purpose they must have agreed to it.

    `utm`: what is added to its links as `utm_source` and so on, where they have none; {} is nothing. Left out, it is
    `regulars`, the channel and the campaign's name.
    """

    name: str
    title: str
    segment: str
    template: str
    purpose: str
    channel: str = "email"
    priority: int = NORMAL
    """Which message goes first where several compete for one customer: 1 low, 2 normal, 3 high."""
    utm: Utm | None = None
    ends_at: Moment | None = None
    """From this moment on nothing of it is sent any more; without one it is good for ever."""
    held_out: int = 0
    """The share of those whom it could reach, in percent, to whom it does not write, to compare."""
    whom: str = campaigns.ENTERING
    """`entering`: who is in the segment, and whoever enters it later; `once`: only who is in it when it goes."""
    goes_at: Moment | None = None
    """It goes at this moment; without one, when it is launched."""
    by_clock: bool = False
    """It goes when the clock shows that time where each customer is; where it has passed there, the next day."""


class OtherCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a campaign shall be from now on; what is left out stays.

    Once it was launched, only its title, its priority and its end can change.

    `ends_at` and `goes_at` are taken off again by null.

    `replaces`: the version that it was begun from. Where a newer one has been saved since, it is refused with 409 and
    overwrites nothing; without it, it holds whatever was saved.
    """

    title: str | None = None
    segment: str | None = None
    template: str | None = None
    purpose: str | None = None
    channel: str | None = None
    priority: int | None = None
    utm: Utm | None = None
    ends_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    held_out: int | None = None
    whom: str | None = None
    goes_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    by_clock: bool | None = None
    replaces: int | None = None


class Standing(msgspec.Struct, frozen=True):
    """A campaign, and how many of its messages came to what; `reach` is for a draft: whom it would find now.

    `reasons`: why messages were refused, or wait, and how many for each reason ('': for others). `compared`: how many
    ordered of those who got it and of those who were held out, where there are both.
    """

    campaign: Campaign
    messages: dict[str, int]
    reach: Reach | None = None
    reasons: list[Held] = []
    compared: Compared | None = None


class Launched(msgspec.Struct, frozen=True):
    """A campaign that is live, and how many were addressed by this launch."""

    campaign: Campaign
    addressed: int


@get("/campaigns", sync_to_thread=True, opt=told(query={"q": "spring"}))
def list_campaigns(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Campaign]:
    """List campaigns, the newest first: all, or those of a title (`q`)."""
    with opened(request) as tx:
        found = [one for one in campaigns.list_campaigns(tx) if holds(q, one.title, one.name)]
        return part_of(found, limit, cursor, lambda one: one.name)


@get("/campaigns/{name:str}", sync_to_thread=True, opt=told(name="spring"))
def get_campaign(request: AnyRequest, name: FromPath[str]) -> Standing:
    """Return one campaign with its numbers."""
    with opened(request) as tx:
        campaign = campaigns.get(tx, name)
        drafted = campaign.state == "draft" and campaign.segment in segments.titles(tx)
        reach = campaigns.reach(tx, campaign, utc_now()) if drafted else None
        return Standing(
            campaign, numbers(tx, [name])[name].by_state, reach, campaigns.reasons(tx, name), compared(tx, name)
        )


@get("/campaigns/{name:str}/results", sync_to_thread=True, opt=told(name="spring", query={"days": 30}))
def get_results(request: AnyRequest, name: FromPath[str], days: FromQuery[int] = DAYS) -> Results:
    """Return what came of a campaign; orders count that were placed within `days` after the message."""
    with opened(request) as tx:
        campaigns.get(tx, name)
        return results(tx, name, workspace_in(tx, request.state.workspace).zone, days)


@get(
    "/campaigns/{name:str}/people",
    sync_to_thread=True,
    opt=told(name="spring", query={"q": "ieva", "only": "sent"}) | notes("campaign.people.seen", "campaign", by="name"),
)
def list_people(
    request: AnyRequest,
    name: FromPath[str],
    q: FromQuery[str] = "",
    only: FromQuery[str | None] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Addressed]:
    """List to whom a campaign went, the newest first: all, or whom a search (`q`) finds; `only` of a state.

    Or those of whose message something came: `opened`, `clicked`, `answered`, `unsubscribed`, `complained`, `bounced`.
    """
    (before,) = cursors.read(cursor, tuple[int]) or (None,)
    with opened(request) as tx:
        campaigns.get(tx, name)
        if q.strip():
            shown, total = people_found(tx, name, q, only, limit=limit + 1, before=before)
        else:
            shown, total = people(tx, name, only, limit=limit + 1, before=before), count_people(tx, name, only)
        found = [one.in_english() for one in shown]
        return part(found, total, limit, lambda one: (one.message_id,))


@post(
    "/campaigns",
    sync_to_thread=True,
    opt=told(
        takes=NewCampaign,
        status=201,
        gives=Campaign,
        body={
            "name": "summer",
            "title": "Summer",
            "segment": "for-mothers",
            "template": "remember",
            "purpose": "marketing",
        },
    )
    | notes("campaign.made", "campaign"),
)
def create_campaign(request: AnyRequest) -> Response[bytes]:
    """Make a campaign, not yet live."""

    def create(tx: Tx, said: NewCampaign) -> Campaign:
        return campaigns.create(tx, **msgspec.structs.asdict(said))

    return once(request, NewCampaign, create)


@post(
    "/campaigns/{name:str}",
    sync_to_thread=True,
    opt=told(name="spring", takes=OtherCampaign, gives=Campaign, body={"title": "Spring, once more", "replaces": 1})
    | notes("campaign.changed", "campaign", by="name"),
)
def change_campaign(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Change a campaign: all of it while it is a draft; its title, priority and end at any time."""

    def change(tx: Tx, said: OtherCampaign) -> Campaign:
        before = campaigns.get(tx, name)
        given = _given(said)
        after = campaigns.change(tx, name, msgspec.structs.replace(before, **given), replaces=said.replaces)
        kept = msgspec.to_builtins({field: getattr(before, field) for field in given})
        changed = msgspec.to_builtins(given)
        slip_of(request).tell(label=after.title, before=kept, after={**changed, "version": after.version})
        return after

    return once(request, OtherCampaign, change)


def _given(said: OtherCampaign) -> dict[str, Any]:
    found = {field: getattr(said, field) for field in campaigns.CHANGEABLE}
    return {
        field: value
        for field, value in found.items()
        if value is not msgspec.UNSET and (value is not None or field in _TAKEN_OFF)
    }


@post(
    "/campaigns/{name:str}/launch",
    sync_to_thread=True,
    opt=told(name="spring", takes=Nothing, gives=Launched) | notes("campaign.launched", "campaign", by="name"),
)
def launch(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Address everybody who is in the segment, and from now on whoever enters it; each customer once.

    Of one that addresses its segment `once`, only who is in it when it goes. Before its time it is planned.
    """

    def begin(tx: Tx, _: Nothing) -> Launched:
        addressed = campaigns.launch(tx, name, utc_now())
        return Launched(campaigns.get(tx, name), addressed)

    return once(request, Nothing, begin)


@post(
    "/campaigns/{name:str}/stop",
    sync_to_thread=True,
    opt=told(name="spring", takes=Nothing, gives=Campaign) | notes("campaign.stopped", "campaign", by="name"),
)
def stop(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Send nothing more: what still waits is refused when its turn comes. What is planned is a draft again."""

    def end(tx: Tx, _: Nothing) -> Campaign:
        campaigns.stop(tx, name)
        return campaigns.get(tx, name)

    return once(request, Nothing, end)


HANDLERS = [list_campaigns, get_campaign, get_results, list_people, create_campaign, change_campaign, launch, stop]
