"""The API's merges. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What made one customer of two, and still holds: the event that said so, and which identities it linked."""

    seq: int
    one: int
    other: int
    winner: int
    loser: int
    at: datetime
    undone: int | None
    kind: str | None
    props: dict[str, Any] | None
    one_kind: str | None
    one_value: str | None
    other_kind: str | None
    other_value: str | None


class Parted(msgspec.Struct, frozen=True, kw_only=True):
    """A customer of whom a person said that it is another one: the event, and the pair of identities it named."""

    seq: int
    one: int
    other: int
    mine: int
    customer_id: int
    name: str
    at: datetime | None
    kind: str | None


class WhoIsWho(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of two customers, by an identity of each. It is in the log; the customers follow in a moment."""

    one: int
    other: int


class MergesApi:
    """What can be asked and done about merges."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, ref: str, *, limit: int | None = None) -> Pages[Joined]:
        """List what made a customer one of several, the newest first, each with the event that said so."""
        return self._line.pages(f"/api/customers/{place(ref)}/merges", Joined, {"limit": limit})

    def apart(self, ref: str, *, limit: int | None = None) -> Pages[Parted]:
        """List the customers of whom somebody said that they are not this one, the newest first."""
        return self._line.pages(f"/api/customers/{place(ref)}/apart", Parted, {"limit": limit})

    def tell_apart(self, ref: str, *, other: str, once: str | None = None) -> WhoIsWho:
        """Say that two customers are not the same: no link joins them, until somebody joins them by hand."""
        return self._line.change("POST", f"/api/customers/{place(ref)}/apart", WhoIsWho, {"other": other}, once)

    def split_customer(self, ref: str, *, identity: str, once: str | None = None) -> WhoIsWho:
        """Undo a merge: both are customers of their own again, each with what they said; no link joins them again."""
        return self._line.change("POST", f"/api/customers/{place(ref)}/split", WhoIsWho, {"identity": identity}, once)

    def join_customers(self, ref: str, *, other: str, once: str | None = None) -> WhoIsWho:
        """Make two customers one, because somebody knows that they are. It can be undone like every merge."""
        return self._line.change("POST", f"/api/customers/{place(ref)}/join", WhoIsWho, {"other": other}, once)
