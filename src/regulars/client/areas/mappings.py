"""The API's mappings. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from regulars.client.areas.shapes import Plan, Reading
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is read and what each of its columns is, under a name; who kept it so, and when."""

    name: str
    plan: Plan
    kept_by: str
    kept_at: datetime


class DeletedMappings(msgspec.Struct, frozen=True, kw_only=True):
    """The mappings that are no more, by name, as they were; whoever keeps them again has them back."""

    mappings: list[ColumnMapping]


class MappingsApi:
    """What can be asked and done about mappings."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def keep(
        self,
        name: str,
        *,
        what: Literal["customers", "events", "orders"],
        reading: Reading,
        columns: Mapping[str, str],
        event: str = "",
        purpose: str = "marketing",
        channel: str = "email",
        source: str = "",
        as_of: datetime | None = None,
        on_list: str = "",
        replaces: Plan | None = None,
        once: str | None = None,
    ) -> ColumnMapping:
        """Keep a mapping, in place of the one it replaces. A file that comes with just its columns is understood so."""
        return self._line.change(
            "PUT",
            f"/api/mappings/{place(name)}",
            ColumnMapping,
            {
                "what": what,
                "reading": reading,
                "columns": columns,
                "event": event,
                "purpose": purpose,
                "channel": channel,
                "source": source,
                "as_of": as_of,
                "on_list": on_list,
                "replaces": replaces,
            },
            once,
        )

    def get(self, name: str) -> ColumnMapping:
        """Return a mapping."""
        return self._line.ask(f"/api/mappings/{place(name)}", ColumnMapping)

    def delete(self, name: str, *, once: str | None = None) -> ColumnMapping:
        """Delete a mapping and return what it was; what was brought by it stays as it is."""
        return self._line.change("DELETE", f"/api/mappings/{place(name)}", ColumnMapping, {}, once)

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[ColumnMapping]:
        """List the mappings that are kept, by name: all, or those of a name or of whoever kept them (`q`)."""
        return self._line.pages("/api/mappings", ColumnMapping, {"q": q, "limit": limit})

    def delete_several_mappings(self, *, names: Sequence[str], once: str | None = None) -> DeletedMappings:
        """Delete several mappings and return what they were; a name that none has (any more) is left out."""
        return self._line.change("POST", "/api/deleted/mappings", DeletedMappings, {"names": names}, once)
