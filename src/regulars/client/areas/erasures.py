"""The API's erasures. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is to go: waiting, running, or done."""

    id: UUID
    customer_id: int
    mode: Literal["anonymise", "erase"]
    by_customer: bool
    asked_at: datetime
    state: str
    step: str
    steps_done: int
    steps: int
    rows: int
    finished_at: datetime | None


class ErasuresApi:
    """What can be asked and done about erasures."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def erase_customer(
        self, ref: str, *, mode: Literal["anonymise", "erase"] = "erase", once: str | None = None
    ) -> Erasure:
        """Have a customer forgotten whole, for good. A work process does it; asking again changes nothing."""
        return self._line.change("POST", f"/api/customers/{place(ref)}/erasure", Erasure, {"mode": mode}, once)

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[Erasure]:
        """List who was asked to be forgotten, the newest first, and how far it is: all, or by number (`q`)."""
        return self._line.pages("/api/erasures", Erasure, {"q": q, "limit": limit})

    def get(self, number: str) -> Erasure:
        """Return one erasure: waiting, running with the step it is at, or done."""
        return self._line.ask(f"/api/erasures/{place(number)}", Erasure)
