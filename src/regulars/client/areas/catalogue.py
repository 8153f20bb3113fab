"""The API's catalogue. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class EntryVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of a fact once."""

    version: int
    said: dict[str, Any]
    saved_at: datetime


class FactEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the catalogue, and what is said of it."""

    name: str
    kind: Literal["boolean", "date", "list", "number", "text"]
    label: str
    computed: bool
    outranked_at: datetime | None
    labels: dict[str, str]
    shelf_days: int | None
    sensitive: bool
    purposes: list[str] | None
    version: int


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What uses a fact, by name; forms that are closed are left out."""

    segments: list[str] = []
    templates: list[str] = []
    forms: list[str] = []


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the catalogue, of how many customers it is known, and what uses it."""

    fact: FactEntry
    known: int
    usage: Usage


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that is used and not known of everybody, and the cheapest way to learn it."""

    name: str
    label: str
    unknown: int
    known: int
    usage: Usage
    way: Literal["add", "make", "open"]
    form: str


class WholeFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the catalogue, the values that most customers have, what uses it, and its earlier versions."""

    fact: FactEntry
    known: int
    values: list[tuple[str, int]]
    usage: Usage
    versions: list[EntryVersion]


class CatalogueApi:
    """What can be asked and done about catalogue."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def facts(self, *, q: str | None = None, limit: int | None = None) -> Pages[Listed]:
        """List the catalogue of facts by name, all or those of a label (`q`): of how many each is, and what uses it."""
        return self._line.pages("/api/facts", Listed, {"q": q, "limit": limit})

    def fact(self, name: str) -> WholeFact:
        """Return a fact of the catalogue; the values of a sensitive one are left out."""
        return self._line.ask(f"/api/facts/{place(name)}", WholeFact)

    def save_fact(
        self,
        name: str,
        *,
        label: str = "",
        labels: Mapping[str, str] = {},
        shelf_days: int | None = None,
        sensitive: bool = False,
        purposes: Sequence[str] | None = None,
        replaces: int | None = None,
        once: str | None = None,
    ) -> FactEntry:
        """Say what a fact is called, how many days it holds, whether it is sensitive, and what it may be used for."""
        return self._line.change(
            "PUT",
            f"/api/facts/{place(name)}",
            FactEntry,
            {
                "label": label,
                "labels": labels,
                "shelf_days": shelf_days,
                "sensitive": sensitive,
                "purposes": purposes,
                "replaces": replaces,
            },
            once,
        )

    def restore_fact(
        self, name: str, *, version: int, replaces: int | None = None, once: str | None = None
    ) -> FactEntry:
        """Say of a fact again what a version of it said."""
        return self._line.change(
            "POST", f"/api/facts/{place(name)}/restore", FactEntry, {"version": version, "replaces": replaces}, once
        )

    def missing(self, *, limit: int | None = None) -> Pages[Missing]:
        """List what segments and templates use and is not known of everybody, with the cheapest way to learn it."""
        return self._line.pages("/api/missing", Missing, {"limit": limit})

    def missing_of(self, ref: str, *, limit: int | None = None) -> Pages[Missing]:
        """List what segments and templates use and is not known of a customer."""
        return self._line.pages(f"/api/customers/{place(ref)}/missing", Missing, {"limit": limit})
