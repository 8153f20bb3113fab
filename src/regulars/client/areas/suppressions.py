"""The API's suppressions. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class SuppressedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address of the list, and whose it is."""

    identity_id: int
    kind: str
    address: str
    customer_id: int | None
    why: str
    reason: str
    at: datetime
    seq: int | None


class SuppressionsApi:
    """What can be asked and done about suppressions."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self, *, q: str | None = None, why: str | None = None, limit: int | None = None
    ) -> Pages[SuppressedAddress]:
        """List the addresses that nothing is sent to, the newest first: all, or those wanted."""
        return self._line.pages("/api/suppressions", SuppressedAddress, {"q": q, "why": why, "limit": limit})

    def lift(self, number: int, *, why: str = "", once: str | None = None) -> SuppressedAddress:
        """Let mail go to an address again; what comes back from now on puts it on the list anew."""
        return self._line.change(
            "POST", f"/api/suppressions/{place(number)}/lift", SuppressedAddress, {"why": why}, once
        )
