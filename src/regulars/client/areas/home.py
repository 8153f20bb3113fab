"""The API's home. Made by tools/make_client.py: do not edit."""

from datetime import datetime, timedelta

import msgspec

from regulars.client.areas.shapes import Standing
from regulars.client.line import Line
from regulars.client.lists import Pages


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that is about to write to a customer."""

    customer_id: int
    campaign: str
    title: str


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what was said in the last 30 days a message has acknowledged, and half of that within which time."""

    said: int
    answered: int
    median: timedelta | None
    live: list[Standing]
    wants_a_look: bool


class Quoting(msgspec.Struct, frozen=True, kw_only=True):
    """A message that quoted a statement."""

    message_id: int
    campaign: str
    title: str
    at: datetime


class ToldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: the question, and the words the customer read or wrote."""

    title: str
    words: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One statement and what came of it: the first message that quoted it, or the campaigns on their way."""

    seq: int
    at: datetime
    customer_id: int | None
    customer: str
    form: str
    title: str
    answers: list[ToldAnswer]
    quoted: Quoting | None
    coming: list[Coming]


class HomeApi:
    """What can be asked and done about home."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def overview(self) -> Overview:
        """Return how we do: what was acknowledged, how soon, what is going on, and if something wants a look."""
        return self._line.ask("/api/home", Overview)

    def told(self, *, limit: int | None = None) -> Pages[Told]:
        """List what customers told us, the newest first, each with the message that quoted it or those on their way."""
        return self._line.pages("/api/told", Told, {"limit": limit})
