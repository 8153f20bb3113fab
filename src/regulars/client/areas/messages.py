"""The API's messages. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.client.areas.shapes import Look, Message
from regulars.client.line import Line, place


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of consent with its proof."""

    seq: int
    at: datetime
    granted: bool
    proof: dict[str, Any]
    purpose: str
    channel: str


class UsedFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something the message quoted."""

    name: str
    label: str
    words: str
    value: Any
    seq: int
    at: datetime | None
    origin: str
    words_now: str | None
    computed: bool = False


class UsedSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that the message said something to, with what it is called; its name where it is gone."""

    name: str
    title: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a message rests on."""

    message: Message
    customer_id: int
    facts: list[UsedFact]
    segments: list[UsedSegment]
    consent: Proof | None
    campaign: str
    campaign_title: str
    segment: str
    segment_title: str
    purpose: str
    template: str | None
    version: int | None
    reason_code: str = ""
    reason_values: dict[str, str]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What a message rests on, and how it looked; `written` is null for one that was not written."""

    why: Why
    written: Look | None


class MessagesApi:
    """What can be asked and done about messages."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self, number: int) -> Explained:
        """Return why a message was sent, or was not: its facts, consent and campaign; and what it said."""
        return self._line.ask(f"/api/messages/{place(number)}", Explained)
