"""The API's pauses. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class PauseSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A pause from messages that was begun, or ended (`until` is None), with its proof: the words, and who said so."""

    identity_id: int
    seq: int
    at: datetime
    until: datetime | None
    proof: dict[str, Any]


class Pausing(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a customer wants no messages; `until` is null where they want them."""

    identity_id: int
    until: datetime | None


class PausesApi:
    """What can be asked and done about pauses."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, ref: str, *, limit: int | None = None) -> Pages[PauseSaid]:
        """List every statement about pauses of a customer with its proof, the newest first."""
        return self._line.pages(f"/api/customers/{place(ref)}/pauses", PauseSaid, {"limit": limit})

    def begin(self, ref: str, *, days: int, how: str, words: str = "", once: str | None = None) -> Pausing:
        """Let campaigns leave a customer out for some days, a year at most; then they go on by themselves."""
        return self._line.change(
            "POST", f"/api/customers/{place(ref)}/pause", Pausing, {"days": days, "how": how, "words": words}, once
        )

    def end(self, ref: str, *, how: str, words: str = "", once: str | None = None) -> Pausing:
        """End a customer's pause from messages now."""
        return self._line.change(
            "POST", f"/api/customers/{place(ref)}/pause/end", Pausing, {"how": how, "words": words}, once
        )
