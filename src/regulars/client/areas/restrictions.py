"""The API's restrictions. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Restricting(msgspec.Struct, frozen=True, kw_only=True):
    """Whether what is known of a customer is kept and not used."""

    identity_id: int
    restricted: bool


class RestrictionSaid(msgspec.Struct, frozen=True, kw_only=True):
    """That a customer is kept and not used, or that this was lifted, with its proof: the words, and who said so."""

    identity_id: int
    seq: int
    at: datetime
    restricted: bool
    proof: dict[str, Any]


class RestrictionsApi:
    """What can be asked and done about restrictions."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, ref: str, *, limit: int | None = None) -> Pages[RestrictionSaid]:
        """List every statement about restrictions of a customer with its proof, the newest first."""
        return self._line.pages(f"/api/customers/{place(ref)}/restrictions", RestrictionSaid, {"limit": limit})

    def restrict_customer(self, ref: str, *, how: str, words: str = "", once: str | None = None) -> Restricting:
        """Keep what is known of a customer and use it no more: nothing is sent, and they are in no segment."""
        return self._line.change(
            "POST", f"/api/customers/{place(ref)}/restriction", Restricting, {"how": how, "words": words}, once
        )

    def lift(self, ref: str, *, how: str, words: str = "", once: str | None = None) -> Restricting:
        """Use what is known of a customer again. Tell them before you do."""
        return self._line.change(
            "POST", f"/api/customers/{place(ref)}/restriction/lift", Restricting, {"how": how, "words": words}, once
        )
