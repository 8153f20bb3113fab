"""The API's arrivals. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it arrived: taken into the log, where `number` is its sequence, or not, and why."""

    taken: bool
    number: int
    at: datetime
    kind: str
    who: str
    source: int | None
    library: str
    historical: bool
    reason: str
    more: int


class HeardEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the log, as it was taken."""

    number: int
    received_at: datetime
    at: datetime
    kind: str
    who: str | None
    identity_id: int
    source: int | None
    historical: bool
    props: dict[str, Any]
    context: dict[str, Any] | None


class Ignored(msgspec.Struct, frozen=True, kw_only=True):
    """A property that was taken with its event and could not be understood; of `said`, as JSON, the beginning."""

    property: str
    said: str
    why: Literal["address", "amount", "currency", "id", "list", "number", "product", "text", "too_many"]


class KeptRejected(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was sent and not taken: why, and the beginning of what was sent."""

    id: int
    at: datetime
    source: int | None
    kind: str
    library: str
    reason: str
    said: str
    bytes: int
    more: int


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that was learned from an event, in the words in which it was said."""

    name: str
    words: str
    verified: bool
    fits: bool


class OutcomesOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an event."""

    customer_id: int | None
    customer: str
    learned: list[Learned]
    ignored: list[Ignored]
    waiting: list[str]
    failed: list[str]


class TakenEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it was taken, and what became of it."""

    event: HeardEvent
    outcome: OutcomesOutcome


class ArrivalsApi:
    """What can be asked and done about arrivals."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self,
        *,
        kind: str | None = None,
        key: int | None = None,
        library: str | None = None,
        taken: Literal["no", "yes"] | None = None,
        limit: int | None = None,
    ) -> Pages[Arrival]:
        """List what machines sent lately, the newest first; of one kind, key or library, taken or not, if named."""
        return self._line.pages(
            "/api/arrivals", Arrival, {"kind": kind, "key": key, "library": library, "taken": taken, "limit": limit}
        )

    def get(self, seq: int) -> TakenEvent:
        """Return an event as it was taken, and what became of it: whose it is, what was learned, what was ignored."""
        return self._line.ask(f"/api/arrivals/{place(seq)}", TakenEvent)

    def rejected(self, number: int) -> KeptRejected:
        """Return an event that was sent and not taken: why, and the beginning of what was sent."""
        return self._line.ask(f"/api/rejected/{place(number)}", KeptRejected)
