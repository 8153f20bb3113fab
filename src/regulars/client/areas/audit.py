"""The API's audit. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.client.line import Line
from regulars.client.lists import Pages


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: when, who, what, on what, and what changed."""

    id: int
    at: datetime
    who_kind: str
    who_id: int | None
    who: str
    who_name: str
    action: str
    kind: str
    name: str
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request: str
    address: str


class AuditApi:
    """What can be asked and done about audit."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self,
        *,
        who: str | None = None,
        action: str | None = None,
        on: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> Pages[Entry]:
        """List who saw and changed what, the newest first: by whom, what, on what and on which days, if named."""
        return self._line.pages(
            "/api/audit",
            Entry,
            {"who": who, "action": action, "on": on, "since": since, "until": until, "limit": limit},
        )
