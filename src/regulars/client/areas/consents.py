"""The API's consents. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.areas.shapes import Agreed
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that is in the log; what it changes follows within a moment."""

    identity_id: int
    purpose: str
    channel: str
    granted: bool
    at: datetime


class ConsentsApi:
    """What can be asked and done about consents."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, ref: str, *, limit: int | None = None) -> Pages[Agreed]:
        """List every statement of consent of a customer with its proof, the newest first."""
        return self._line.pages(f"/api/customers/{place(ref)}/consents", Agreed, {"limit": limit})

    def record(
        self,
        ref: str,
        *,
        purpose: str,
        granted: bool,
        words: str,
        how: str,
        channel: str = "email",
        at: datetime | None = None,
        once: str | None = None,
    ) -> Recorded:
        """Record what a customer allowed or withdrew elsewhere, with its proof."""
        return self._line.change(
            "POST",
            f"/api/customers/{place(ref)}/consents",
            Recorded,
            {"purpose": purpose, "granted": granted, "words": words, "how": how, "channel": channel, "at": at},
            once,
        )
