"""What rows of speak's tables are in Python."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from regulars.decide.intents import NORMAL
from regulars.speak.context import Context
from regulars.speak.templates import Template

UNDER_WAY = frozenset({"planned", "live", "paused"})
"""The states of a campaign that was launched and may still say something."""
ENTERING, SCHEDULED = "entering", "once"
"""Whom a campaign addresses: who is in the segment and whoever enters it later; or only who is in it when it goes."""
PARKED = datetime(9999, 1, 1, tzinfo=UTC)
"""When messages of a campaign that is paused are due: not before somebody lets it go on."""


class Utm(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is added to the links of a campaign, from which the shop's own statistics know it; an empty one is not."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""


def utm_of(campaign: str, channel: str, kept: dict[str, str] | None) -> Utm:
    """Return what is added to the links of a campaign: what was kept, or what is usual."""
    return Utm("regulars", channel, campaign) if kept is None else msgspec.convert(kept, Utm)


class Campaign(msgspec.Struct, frozen=True):
    """A segment that is addressed with a template.

    `state` is draft, planned (launched, and its time has not come), live, paused, stopped, or cancelled (for ever).
    """

    name: str
    title: str
    segment: str
    template: str
    purpose: str
    channel: str
    state: str
    launched_at: datetime | None
    version: int = 1
    priority: int = NORMAL
    """Which message goes first where several compete for one customer: 1 low, 2 normal, 3 high."""
    utm: Utm = msgspec.field(default_factory=Utm)
    ends_at: datetime | None = None
    """From this moment on what it offers is over, and nothing of it is sent any more; None: it is good for ever."""
    held_out: int = 0
    """The share of those whom it could reach, in percent, to whom it does not write, to compare."""
    whom: str = ENTERING
    """`entering`: who is in the segment, and whoever enters it later; `once`: only who is in it when it goes."""
    goes_at: datetime | None = None
    """It goes at this moment; None: when it is launched."""
    by_clock: bool = False
    """It goes when the clock shows that time where each customer is; where it has passed there, the next day."""


class Label(msgspec.Struct, frozen=True):
    """A template as lists name it, without what it says: they may have ten thousand, and show fifty."""

    name: str
    title: str
    subject: str
    version: int
    ask: str | None
    composed: bool
    """Whether it was composed of blocks."""
    archived: bool


class Sending(msgspec.Struct, frozen=True):
    """A campaign as whoever archives a template needs it."""

    name: str
    template: str
    state: str


class Held(msgspec.Struct, frozen=True):
    """How many messages of a campaign were refused, or are held, for one reason; the code of words/reasons.py."""

    state: str
    reason: str
    count: int
    due: datetime | None = None
    """When the first of those that are held is looked at again."""


class Standing(msgspec.Struct, frozen=True):
    """A campaign as the follower of segments needs it."""

    name: str
    segment: str
    state: str
    priority: int
    whom: str


class Notice(msgspec.Struct, frozen=True):
    """A message of service to an address that is nobody's yet: it asks whether it is the reader's."""

    address: str
    subject: str
    html: str
    text: str


class Due(msgspec.Struct, frozen=True):
    """A message that is due."""

    id: int
    campaign: str
    customer_id: int
    cause: int | None
    attempts: int
    valid_until: datetime | None
    priority: int
    due: datetime
    notice: Notice | None = None


class Plan(msgspec.Struct, frozen=True):
    """A campaign with the newest version of its template."""

    name: str
    state: str
    purpose: str
    channel: str
    id: int
    template: str
    version: int
    subject: str
    html: str
    text: str
    ask: str | None
    utm: dict[str, str] | None
    ends_at: datetime | None
    held_out: int
    goes_at: datetime | None
    by_clock: bool
    launched_at: datetime | None

    def as_template(self) -> Template:
        """Return the template alone."""
        return Template(self.id, self.template, self.version, self.subject, self.html, self.text, self.ask)


class Told(msgspec.Struct, frozen=True):
    """What a customer said about one thing."""

    customer_id: int
    name: str
    words: str
    value: Any
    seq: int
    purposes: list[str] | None
    """What it may be used for; None: for everything."""


class Claim(msgspec.Struct, frozen=True):
    """What becomes of a message when a sender takes it: it is claimed, refused, or held until it is due again."""

    id: int
    state: str
    reason: str | None = None
    identity_id: int | None = None
    template_id: int | None = None
    used: Context | None = None
    consent_seq: int | None = None
    due: datetime | None = None
    tracked: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What came of a message that was handed over."""

    id: int
    state: str
    reason: str | None = None
    sent_at: datetime | None = None
    due: datetime | None = None
    tried: int = 1
    dead: bool = False
    """Whether the address is at fault."""


class Message(msgspec.Struct, frozen=True):
    """A message: waiting, on its way, or said."""

    id: int
    campaign: str
    customer_id: int
    cause: int | None
    state: str
    reason: str | None
    identity_id: int | None
    address: str | None
    template: str | None
    version: int | None
    used: dict[str, Any] | None
    notice: dict[str, Any] | None
    consent_seq: int | None
    attempts: int
    due: datetime
    sent_at: datetime | None
    created_at: datetime
    tracked: bool
    """Whether it was counted who opened it and followed its links."""


class Learned(msgspec.Struct, frozen=True):
    """Where and when a fact was learned, and in which words it stands now (none: it is not held any more)."""

    name: str
    at: datetime | None
    origin: str
    label: str
    computed: bool
    now_words: str | None


class Proof(msgspec.Struct, frozen=True):
    """A statement of consent with its proof."""

    seq: int
    at: datetime
    granted: bool
    proof: dict[str, Any]
    purpose: str
    channel: str


class CampaignOf(msgspec.Struct, frozen=True):
    """The campaign of a message, with its segment's title."""

    name: str
    title: str
    segment: str
    segment_title: str | None
    purpose: str
    channel: str
