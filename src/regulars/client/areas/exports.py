"""The API's exports. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """An export: waiting, running, done, failed, or gone when its file has been swept."""

    workspace: str
    number: int
    asked_by: str
    asked_at: datetime
    state: str
    done: int
    total: int
    bytes: int
    finished_at: datetime | None


class ExportLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where the file is, and until when; the link needs no key. It is null in an answer that is repeated."""

    link: str | None
    until: datetime


class ExportsApi:
    """What can be asked and done about exports."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, only: str | None = None, limit: int | None = None) -> Pages[Export]:
        """List what was asked for, the newest first, each with how far it is: all, or by whom (`q`), or in a state."""
        return self._line.pages("/api/exports", Export, {"q": q, "only": only, "limit": limit})

    def ask_for_export(self, *, once: str | None = None) -> Export:
        """Have everything of the workspace written into a file; a work process does it."""
        return self._line.change("POST", "/api/exports", Export, {}, once)

    def get(self, number: int) -> Export:
        """Return one export: waiting, running, done, failed, or gone when its file is kept no longer."""
        return self._line.ask(f"/api/exports/{place(number)}", Export)

    def link_to_export(self, number: int, *, once: str | None = None) -> ExportLink:
        """Return a link to the file (zip), which works for 15 minutes."""
        return self._line.change("POST", f"/api/exports/{place(number)}/link", ExportLink, {}, once)
