"""What the API tells in several of its areas. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any, Literal

import msgspec


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of consent with its proof: the words agreed to, and the form and response or who said so."""

    identity_id: int
    purpose: str
    channel: str
    seq: int
    at: datetime
    granted: bool
    proof: dict[str, Any]


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """A customer behind a number."""

    customer_id: int
    name: str


class Utm(msgspec.Struct, frozen=True, kw_only=True):
    """What is added to the links of a campaign, from which the shop's own statistics know it; an empty one is not."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that is addressed with a template."""

    name: str
    title: str
    segment: str
    template: str
    purpose: str
    channel: str
    state: str
    launched_at: datetime | None
    version: int = 1
    priority: int = 2
    utm: Utm
    ends_at: datetime | None = None
    held_out: int = 0
    whom: str = "entering"
    goes_at: datetime | None = None
    by_clock: bool = False


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer, by the name to show: empty where nobody told us one. `created_at` is when we first met."""

    id: int
    name: str
    created_at: datetime


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the log."""

    seq: int
    identity_id: int
    at: datetime
    kind: str
    props: dict[str, Any]
    cause: int | None
    depth: int
    historical: bool
    public: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers they are, and how many of them have ordered since."""

    customers: int
    ordered: int


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages of a campaign were refused, or are held, for one reason; the code of words/reasons.py."""

    state: str
    reason: str
    count: int
    due: datetime | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier that points to a customer: its number, its kind and what it says."""

    id: int
    kind: str
    value: str


class LiftingCompared(msgspec.Struct, frozen=True, kw_only=True):
    """Those who got a campaign, and those who were held out."""

    written: Group
    held_out: Group


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says."""

    subject: str
    html: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
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


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How the cells of a file are read."""

    format: Literal["csv", "excel", "ndjson", "parquet"] = "csv"
    encoding: str = "utf-8"
    separator: str = ","
    sheet: str = ""
    decimal: Literal[",", "."] = "."
    dates: Literal["dmy", "mdy", "ymd"] = "ymd"
    zone: str = "UTC"
    currency: str = "EUR"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is read, what each of its columns is, and what holds for all its rows."""

    what: Literal["customers", "events", "orders"]
    reading: Reading
    columns: dict[str, str]
    event: str = ""
    purpose: str = "marketing"
    channel: str = "email"
    source: str = ""
    as_of: datetime | None = None
    on_list: str = ""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate says of many customers."""

    asked: int
    allowed: int
    unwilling: int
    paused: int
    unreachable: int
    held_out: int = 0
    complaining: int = 0
    waiting: int = 0


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with a name, and how many customers match it now."""

    id: int
    name: str
    title: str
    rule: dict[str, Any]
    version: int
    created_at: datetime
    built: bool
    size: int


class SegmentsGone(msgspec.Struct, frozen=True, kw_only=True):
    """What is no more, and the number by which it can be taken back for 30 days."""

    id: int
    name: str


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign, and how many of its messages came to what; `reach` is for a draft: whom it would find now."""

    campaign: Campaign
    messages: dict[str, int]
    reach: Reach | None = None
    reasons: list[Held] = []
    compared: LiftingCompared | None = None
