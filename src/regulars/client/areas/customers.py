"""The API's customers. Made by tools/make_client.py: do not edit."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from regulars.client.areas.shapes import Agreed, Customer, Event, Identity, Message
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something known about a customer, with the event it was learned from; `value` is None where words do not fit."""

    name: str
    value: Any
    words: str
    source: str
    verified: bool
    at: datetime
    seq: int
    origin: str
    identity_id: int
    label: str


class ConversationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer in the customer's words; `fact` is what it became, where that still holds."""

    title: str
    words: str
    fact: Fact | None
    name: str = ""


class ConversationSaid(msgspec.Struct, frozen=True, kw_only=True, tag_field="side", tag="said"):
    """Something the customer told us."""

    seq: int
    at: datetime
    title: str
    answers: list[ConversationAnswer]
    consents: list[str]
    verified: bool
    place: Literal["form", "page", "team"] = "form"
    by: str = ""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """One of several things in a row that somebody looked at."""

    seq: int
    at: datetime
    kind: str
    props: dict[str, Any]
    money: float | None
    times: int


class Happened(msgspec.Struct, frozen=True, kw_only=True, tag_field="side", tag="happened"):
    """What happened besides; the same thing several times in a row on one day is told once."""

    seq: int
    at: datetime
    kind: str
    props: dict[str, Any]
    money: float | None
    times: int = 1
    among: list[Looked] = []


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Something the customer told us, in their words, with the event it was learned from."""

    words: str
    value: Any
    seq: int


class Spoken(msgspec.Struct, frozen=True, kw_only=True, tag_field="side", tag="spoken"):
    """Something we told the customer, and which of their words it used."""

    seq: int
    at: datetime
    message_id: int
    subject: str
    text: str
    used: dict[str, Quote]
    uncertain: bool


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the conversation."""

    day: date
    entries: list[ConversationSaid | Spoken | Happened]


class Did(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer did on a day: how often, and for how much."""

    kind: str
    day: date
    count: int
    total: float


class EvidenceSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it is known now, with the words and the event it was learned from."""

    name: str
    value: Any
    words: str
    source: str
    verified: bool
    at: datetime
    seq: int


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One condition, whether it holds of the customer, and what it rests on."""

    condition: str
    holds: bool
    said: EvidenceSaid | None
    did: list[Did]
    segment: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a rule holds of a customer now, condition by condition."""

    holds: bool
    evidence: list[Evidence]


class FactName(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the catalogue: what may be known, of which type, and what to call it on a page."""

    name: str
    kind: Literal["boolean", "date", "list", "number", "text"]
    label: str
    computed: bool = False


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One customer, with everything that is known now."""

    customer: Customer
    identities: list[Identity]
    facts: list[Fact]
    consents: list[Agreed]
    paused_until: datetime | None
    one_in_days: int | None
    restricted: bool
    segments: list[str]
    missing: list[FactName]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list, and the day of the last sign of them."""

    id: int
    name: str
    created_at: datetime
    seen: date | None
    address: str = ""
    restricted: bool = False


class CustomersApi:
    """What can be asked and done about customers."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self,
        *,
        q: str | None = None,
        segment: str | None = None,
        fact: str | None = None,
        value: str | None = None,
        consent: str | None = None,
        seen: str | None = None,
        limit: int | None = None,
    ) -> Pages[Seen]:
        """List customers, the newest first; only those of whom all holds that is asked for."""
        return self._line.pages(
            "/api/customers",
            Seen,
            {
                "q": q,
                "segment": segment,
                "fact": fact,
                "value": value,
                "consent": consent,
                "seen": seen,
                "limit": limit,
            },
        )

    def get(self, ref: str) -> Known:
        """Return one customer: identifiers, facts and consents as they are now, segments, and what could be asked."""
        return self._line.ask(f"/api/customers/{place(ref)}", Known)

    def statements(self, ref: str, name: str, *, limit: int | None = None) -> Pages[Fact]:
        """List every statement of one fact of a customer: the one that holds, then what it replaced."""
        return self._line.pages(f"/api/customers/{place(ref)}/facts/{place(name)}", Fact, {"limit": limit})

    def reasons(self, ref: str, name: str) -> Explanation:
        """Return why a customer is in a segment, or is not, condition by condition."""
        return self._line.ask(f"/api/customers/{place(ref)}/segments/{place(name)}", Explanation)

    def timeline(
        self, ref: str, *, only: str | None = None, channel: str | None = None, limit: int | None = None
    ) -> Pages[Event]:
        """List a customer's events by when they happened, the newest first. `total` counts all of them."""
        return self._line.pages(
            f"/api/customers/{place(ref)}/timeline", Event, {"only": only, "channel": channel, "limit": limit}
        )

    def conversation(self, ref: str, *, limit: int | None = None) -> Pages[Day]:
        """List the days of the conversation with a customer: what they said, what we said, and what happened."""
        return self._line.pages(f"/api/customers/{place(ref)}/conversation", Day, {"limit": limit})

    def messages(self, ref: str, *, limit: int | None = None) -> Pages[Message]:
        """List what was said to a customer, the newest first."""
        return self._line.pages(f"/api/customers/{place(ref)}/messages", Message, {"limit": limit})

    def export(self, ref: str) -> bytes:
        """Give everything of one customer to take along: a zip of JSON, and of a CSV file for each kind of thing."""
        return self._line.file(f"/api/customers/{place(ref)}/export")
