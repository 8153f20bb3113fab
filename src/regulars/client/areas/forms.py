"""The API's forms. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class ConsentGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that was ticked (or ticked before and then not), in the words that stood beside the box."""

    purpose: str
    channel: str
    granted: bool
    words: str


class FormAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer as the log keeps it."""

    question: str
    title: str
    kind: str
    value: Any
    words: str
    fact: str | None


class FormSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What a response says."""

    answers: list[FormAnswer]
    consents: list[ConsentGiven]


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A form as somebody filled it in, by a link in a message if one asked; `customer_id` once they are met."""

    id: UUID
    customer_id: int | None
    verified: bool
    message_id: int | None
    started_at: datetime
    finished_at: datetime | None
    version: int
    said: FormSaid


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One answer and how many gave it."""

    words: str
    times: int
    value: str


class FormSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A form with how many have begun and finished it."""

    name: str
    title: str
    created_at: datetime
    started: int
    finished: int
    version: int = 1
    closed_at: datetime | None = None


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A form that was made, and the link under which customers find it."""

    name: str
    title: str
    link: str
    created_at: datetime


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """One question's answers, in the order they were offered."""

    question: str
    title: str
    bars: list[Bar]
    fact: str = ""
    consent: str = ""


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A form: what it asks, in SurveyJS JSON, where it is found, and how many have begun it."""

    name: str
    title: str
    link: str
    created_at: datetime
    version: int
    closed_at: datetime | None
    survey: dict[str, Any]
    begun: int


class FormsApi:
    """What can be asked and done about forms."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[FormSummary]:
        """List forms with how many have begun and finished them, the newest first: all, or those of a title (`q`)."""
        return self._line.pages("/api/forms", FormSummary, {"q": q, "limit": limit})

    def create(self, *, name: str, survey: Mapping[str, Any], once: str | None = None) -> Made:
        """Make a form, with its public link and the facts that its answers become."""
        return self._line.change("POST", "/api/forms", Made, {"name": name, "survey": survey}, once)

    def get(self, name: str, *, version: int | None = None) -> Whole:
        """Return one form: its link, what it asks, and how many have begun it; what a version of it asked, if named."""
        return self._line.ask(f"/api/forms/{place(name)}", Whole, {"version": version})

    def save(
        self, name: str, *, survey: Mapping[str, Any], replaces: int | None = None, once: str | None = None
    ) -> Whole:
        """Ask something else from now on: the form's next version. Answers given before stay as they were given."""
        return self._line.change(
            "POST", f"/api/forms/{place(name)}", Whole, {"survey": survey, "replaces": replaces}, once
        )

    def draw_qr_svg(self, name: str) -> bytes:
        """Draw a form's link as a QR code, to be printed in any size (SVG)."""
        return self._line.file(f"/api/forms/{place(name)}/qr.svg")

    def draw_qr_png(self, name: str) -> bytes:
        """Draw a form's link as a QR code, for programs that take no SVG (PNG)."""
        return self._line.file(f"/api/forms/{place(name)}/qr.png")

    def tallies(self, name: str, *, limit: int | None = None) -> Pages[Tally]:
        """List what the finished answers come to: of each question with choices, how many chose what."""
        return self._line.pages(f"/api/forms/{place(name)}/tallies", Tally, {"limit": limit})

    def answers(self, name: str, *, limit: int | None = None) -> Pages[Answered]:
        """List who filled in a form and what they said, the newest first; also what is not finished yet."""
        return self._line.pages(f"/api/forms/{place(name)}/answers", Answered, {"limit": limit})

    def close(self, name: str, *, once: str | None = None) -> Whole:
        """Let nobody answer the form any more; what was answered is kept."""
        return self._line.change("POST", f"/api/forms/{place(name)}/close", Whole, {}, once)

    def reopen(self, name: str, *, once: str | None = None) -> Whole:
        """Let customers answer the form again."""
        return self._line.change("POST", f"/api/forms/{place(name)}/reopen", Whole, {}, once)
