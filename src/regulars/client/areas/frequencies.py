"""The API's frequencies. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class FrequencySaid(msgspec.Struct, frozen=True, kw_only=True):
    """How often somebody wants to be written to, with its proof: one message in so many `days`; None: as it comes."""

    identity_id: int
    seq: int
    at: datetime
    days: int | None
    proof: dict[str, Any]


class Spacing(msgspec.Struct, frozen=True, kw_only=True):
    """In how many days a customer wants one message at most; `days` is null where they want them as they come."""

    identity_id: int
    days: int | None


class FrequenciesApi:
    """What can be asked and done about frequencies."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, ref: str, *, limit: int | None = None) -> Pages[FrequencySaid]:
        """List every statement of a customer about how often, with its proof, the newest first."""
        return self._line.pages(f"/api/customers/{place(ref)}/frequencies", FrequencySaid, {"limit": limit})

    def choose_frequency(
        self, ref: str, *, days: int | None, how: str, words: str = "", once: str | None = None
    ) -> Spacing:
        """Let campaigns write to a customer once in so many days at most, by all channels together."""
        return self._line.change(
            "POST", f"/api/customers/{place(ref)}/frequency", Spacing, {"days": days, "how": how, "words": words}, once
        )
