"""The API's campaigns. Made by tools/make_client.py: do not edit."""

from datetime import date, datetime

import msgspec

from regulars.client.areas.shapes import Campaign, Standing, Utm
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a campaign has addressed, and what became of the message."""

    message_id: int
    customer_id: int | None
    customer: str
    state: str
    reason: str
    at: datetime
    due: datetime | None
    reason_code: str = ""
    reason_values: dict[str, str]


class Launched(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that is live, and how many were addressed by this launch."""

    campaign: Campaign
    addressed: int


class LinkFollowed(msgspec.Struct, frozen=True, kw_only=True):
    """A link: how many people followed it, how often they did, and of how many messages machines did."""

    link: str
    people: int
    times: int
    by_machines: int


class OrderedAfter(msgspec.Struct, frozen=True, kw_only=True):
    """What was ordered in one currency ('' where nobody said which): `net` is in its minor units."""

    currency: str
    orders: int
    customers: int
    net: int


class ResultDay(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a campaign on one day; a message is counted on the day on which it was opened first."""

    day: date
    sent: int
    opened: int
    clicked: int
    answered: int


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a campaign, in messages, which is customers: each gets one."""

    sent: int
    delivered: int
    counted: int
    opened: int
    clicked: int
    answered: int
    bought: int
    unsubscribed: int
    complained: int
    bounced: int
    opened_by_machines: int
    clicked_by_machines: int
    days: int
    orders: list[OrderedAfter]
    links: list[LinkFollowed]
    by_day: list[ResultDay]
    forms: list[str]


class CampaignsApi:
    """What can be asked and done about campaigns."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[Campaign]:
        """List campaigns, the newest first: all, or those of a title (`q`)."""
        return self._line.pages("/api/campaigns", Campaign, {"q": q, "limit": limit})

    def create(
        self,
        *,
        name: str,
        title: str,
        segment: str,
        template: str,
        purpose: str,
        channel: str = "email",
        priority: int = 2,
        utm: Utm | None = None,
        ends_at: datetime | None = None,
        held_out: int = 0,
        whom: str = "entering",
        goes_at: datetime | None = None,
        by_clock: bool = False,
        once: str | None = None,
    ) -> Campaign:
        """Make a campaign, not yet live."""
        return self._line.change(
            "POST",
            "/api/campaigns",
            Campaign,
            {
                "name": name,
                "title": title,
                "segment": segment,
                "template": template,
                "purpose": purpose,
                "channel": channel,
                "priority": priority,
                "utm": utm,
                "ends_at": ends_at,
                "held_out": held_out,
                "whom": whom,
                "goes_at": goes_at,
                "by_clock": by_clock,
            },
            once,
        )

    def get(self, name: str) -> Standing:
        """Return one campaign with its numbers."""
        return self._line.ask(f"/api/campaigns/{place(name)}", Standing)

    def change(
        self,
        name: str,
        *,
        ends_at: datetime | None,
        goes_at: datetime | None,
        title: str | None = None,
        segment: str | None = None,
        template: str | None = None,
        purpose: str | None = None,
        channel: str | None = None,
        priority: int | None = None,
        utm: Utm | None = None,
        held_out: int | None = None,
        whom: str | None = None,
        by_clock: bool | None = None,
        replaces: int | None = None,
        once: str | None = None,
    ) -> Campaign:
        """Change a campaign: all of it while it is a draft; its title, priority and end at any time."""
        return self._line.change(
            "POST",
            f"/api/campaigns/{place(name)}",
            Campaign,
            {
                "ends_at": ends_at,
                "goes_at": goes_at,
                "title": title,
                "segment": segment,
                "template": template,
                "purpose": purpose,
                "channel": channel,
                "priority": priority,
                "utm": utm,
                "held_out": held_out,
                "whom": whom,
                "by_clock": by_clock,
                "replaces": replaces,
            },
            once,
        )

    def results(self, name: str, *, days: int | None = None) -> Results:
        """Return what came of a campaign; orders count that were placed within `days` after the message."""
        return self._line.ask(f"/api/campaigns/{place(name)}/results", Results, {"days": days})

    def people(
        self, name: str, *, q: str | None = None, only: str | None = None, limit: int | None = None
    ) -> Pages[Addressed]:
        """List to whom a campaign went, the newest first: all, or whom a search (`q`) finds; `only` of a state."""
        return self._line.pages(
            f"/api/campaigns/{place(name)}/people", Addressed, {"q": q, "only": only, "limit": limit}
        )

    def launch(self, name: str, *, once: str | None = None) -> Launched:
        """Address everybody who is in the segment, and from now on whoever enters it; each customer once."""
        return self._line.change("POST", f"/api/campaigns/{place(name)}/launch", Launched, {}, once)

    def stop(self, name: str, *, once: str | None = None) -> Campaign:
        """Send nothing more: what still waits is refused when its turn comes. What is planned is a draft again."""
        return self._line.change("POST", f"/api/campaigns/{place(name)}/stop", Campaign, {}, once)
