"""The API's imports. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.client.areas.shapes import Plan, Reading
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class PlanProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken as it is (the one after the header is 1): which, of which column, and why."""

    row: int
    reason: str
    column: str = ""


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it was understood: whose, what, when, and what it says."""

    row: int
    who: list[tuple[str, str]]
    kind: str
    at: datetime
    says: dict[str, Any]


class RunningOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an import came to, or would come to."""

    rows: int = 0
    events: int = 0
    known: int = 0
    rejected: dict[str, int] = {}
    remarks: dict[str, int] = {}
    examples: list[PlanProblem] = []
    first: list[Understood] = []


class ImportState(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was brought: draft, trying, tried, waiting, running, done, failed or cancelled."""

    number: int
    file: str
    bytes: int
    asked_by: str
    asked_at: datetime
    state: str
    plan: Plan
    place: int
    size: int
    outcome: RunningOutcome
    problem: str
    finished_at: datetime | None


class LookedAt(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file and its first rows, as they are read now, and whose export it seems to be."""

    columns: list[str]
    rows: list[list[str]]
    program: str


class RejectedLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where the rejected rows are (CSV), and until when. It is null in an answer that is repeated."""

    link: str | None
    until: datetime


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bytes of the file go (POST, as they are), and until when. It is null in an answer that is repeated."""

    link: str | None
    until: datetime


class ImportsApi:
    """What can be asked and done about imports."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[ImportState]:
        """List the files that were brought, the newest first: all, or those of a name or person (`q`)."""
        return self._line.pages("/api/imports", ImportState, {"q": q, "limit": limit})

    def announce(
        self, *, file: str, what: Literal["customers", "events", "orders"] | None = None, once: str | None = None
    ) -> Upload:
        """Get a link to which one file may be sent for 15 minutes; the answer there says which import it became."""
        return self._line.change("POST", "/api/imports", Upload, {"file": file, "what": what}, once)

    def get(self, number: int) -> ImportState:
        """Return one import, how far it is, and what came of it until now."""
        return self._line.ask(f"/api/imports/{place(number)}", ImportState)

    def look_at_import(self, number: int) -> LookedAt:
        """Return the columns and first rows of a file, as it is read now."""
        return self._line.ask(f"/api/imports/{place(number)}/look", LookedAt)

    def plan(
        self,
        number: int,
        *,
        what: Literal["customers", "events", "orders"],
        reading: Reading,
        columns: Mapping[str, str],
        event: str = "",
        purpose: str = "marketing",
        channel: str = "email",
        source: str = "",
        as_of: datetime | None = None,
        on_list: str = "",
        once: str | None = None,
    ) -> ImportState:
        """Say how a file is read, and what each of its columns is; a column that is not named is not taken."""
        return self._line.change(
            "POST",
            f"/api/imports/{place(number)}/plan",
            ImportState,
            {
                "what": what,
                "reading": reading,
                "columns": columns,
                "event": event,
                "purpose": purpose,
                "channel": channel,
                "source": source,
                "as_of": as_of,
                "on_list": on_list,
            },
            once,
        )

    def map(self, number: int, *, mapping: str, once: str | None = None) -> ImportState:
        """Understand a file as a mapping says that is kept; columns that it does not know are left out."""
        return self._line.change(
            "POST", f"/api/imports/{place(number)}/mapping", ImportState, {"mapping": mapping}, once
        )

    def check(self, number: int, *, once: str | None = None) -> ImportState:
        """Have a work process say what would come of a file; nothing of it is taken in."""
        return self._line.change("POST", f"/api/imports/{place(number)}/try", ImportState, {}, once)

    def start(self, number: int, *, once: str | None = None) -> ImportState:
        """Have a work process take a file in; one that was cancelled or broke off is gone on with."""
        return self._line.change("POST", f"/api/imports/{place(number)}/start", ImportState, {}, once)

    def cancel(self, number: int, *, once: str | None = None) -> ImportState:
        """Stop taking a file in; what was taken stays."""
        return self._line.change("POST", f"/api/imports/{place(number)}/cancel", ImportState, {}, once)

    def link_to_rejected(self, number: int, *, once: str | None = None) -> RejectedLink:
        """Return a link to the rows that were not taken (CSV), each with the reason; it works for 15 minutes."""
        return self._line.change("POST", f"/api/imports/{place(number)}/rejected", RejectedLink, {}, once)
