"""The API's duplicates. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.client.areas.shapes import Customer, Identity
from regulars.client.line import Line
from regulars.client.lists import Pages


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """Something known of a customer that tells who it is."""

    customer_id: int
    name: str
    words: str
    verified: bool


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of two customers, with what tells who it is."""

    customer: Customer
    identities: list[Identity]
    facts: list[Sign]


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers who may be one, with the reasons, the strongest first."""

    one: Side
    other: Side
    reasons: list[str]
    place: tuple[int, int, int]


class HeardRules(msgspec.Struct, frozen=True, kw_only=True):
    """By which rules identities are joined. User ids and customer numbers always tell people apart."""

    email: Literal["strong", "weak"] = "strong"
    phone: Literal["strong", "weak"] = "strong"
    devices: int = 1


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """Rules, and since when they hold."""

    seq: int
    at: datetime
    rules: dict[str, Any]


class IdentityRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that hold, and every change of them, the newest first."""

    rules: HeardRules
    versions: list[Ruled]


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What rules would have made of the last links: how many were looked at, and how many customers they leave."""

    links: int
    identities: int
    customers_now: int
    customers_then: int


class Two(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers who may be one, by their numbers."""

    one: int
    other: int


class DuplicatesApi:
    """What can be asked and done about duplicates."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[Duplicate]:
        """List pairs of customers who may be one, the surest first: all, or those of whom a search (`q`) finds one."""
        return self._line.pages("/api/duplicates", Duplicate, {"q": q, "limit": limit})

    def postpone(self, *, one: int, other: int, once: str | None = None) -> Two:
        """Ask about a pair again in 30 days."""
        return self._line.change("POST", "/api/duplicates/later", Two, {"one": one, "other": other}, once)

    def identity_rules(self) -> IdentityRules:
        """Return by which rules identities are joined, and since when."""
        return self._line.ask("/api/identity-rules", IdentityRules)

    def set_identity_rules(
        self,
        *,
        email: Literal["strong", "weak"] = "strong",
        phone: Literal["strong", "weak"] = "strong",
        devices: int = 1,
        replaces: HeardRules | None = None,
        once: str | None = None,
    ) -> HeardRules:
        """Take other rules from now on. What was joined stays joined."""
        return self._line.change(
            "PUT",
            "/api/identity-rules",
            HeardRules,
            {"email": email, "phone": phone, "devices": devices, "replaces": replaces},
            once,
        )

    def try_identity_rules(
        self,
        *,
        email: Literal["strong", "weak"] = "strong",
        phone: Literal["strong", "weak"] = "strong",
        devices: int = 1,
        once: str | None = None,
    ) -> Tried:
        """Say what rules would have made of the last 20,000 links, beside those of today."""
        return self._line.change(
            "POST", "/api/identity-rules/try", Tried, {"email": email, "phone": phone, "devices": devices}, once
        )
