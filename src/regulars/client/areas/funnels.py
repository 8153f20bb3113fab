"""The API's funnels. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.client.areas.shapes import Behind, SegmentsGone
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class DeletedFunnel(msgspec.Struct, frozen=True, kw_only=True):
    """A funnel that was deleted and can be taken back."""

    id: int
    name: str
    title: str
    funnel: dict[str, Any]
    deleted_at: datetime


class StepFound(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers reached a step, and the middle (median) of the times since the step before, in seconds."""

    customers: int
    seconds: float | None


class FunnelFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a funnel comes to: of each step how many customers reached it."""

    sentence: str
    steps: list[StepFound]
    made_at: datetime | None
    waits: bool
    too_long: bool


class KeptFunnel(msgspec.Struct, frozen=True, kw_only=True):
    """A funnel with a name."""

    id: int
    name: str
    title: str
    funnel: dict[str, Any]
    version: int
    created_at: datetime


class FunnelDescribed(msgspec.Struct, frozen=True, kw_only=True):
    """A funnel, and what it comes to."""

    funnel: KeptFunnel
    found: FunnelFound


class FunnelVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A funnel as it was saved once."""

    version: int
    title: str
    funnel: dict[str, Any]
    saved_at: datetime


class PeopleOfFunnel(msgspec.Struct, frozen=True, kw_only=True):
    """A part of some customers; `next` is null at the end. There may be few in it, or none, and more behind it."""

    items: list[Behind]
    next: str | None


class FunnelsApi:
    """What can be asked and done about funnels."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[KeptFunnel]:
        """List funnels by name: all, or those of a title (`q`)."""
        return self._line.pages("/api/funnels", KeptFunnel, {"q": q, "limit": limit})

    def create(self, *, name: str, title: str, funnel: Mapping[str, Any], once: str | None = None) -> KeptFunnel:
        """Make a funnel: 2 to 10 steps, each a kind of event with what its properties must be, as rules say it."""
        return self._line.change(
            "POST", "/api/funnels", KeptFunnel, {"name": name, "title": title, "funnel": funnel}, once
        )

    def get(self, name: str) -> FunnelDescribed:
        """Return one funnel, and how many reached each step."""
        return self._line.ask(f"/api/funnels/{place(name)}", FunnelDescribed)

    def save(
        self, name: str, *, title: str, funnel: Mapping[str, Any], replaces: int | None = None, once: str | None = None
    ) -> KeptFunnel:
        """Give a funnel its next version."""
        return self._line.change(
            "PUT",
            f"/api/funnels/{place(name)}",
            KeptFunnel,
            {"title": title, "funnel": funnel, "replaces": replaces},
            once,
        )

    def delete(self, name: str, *, once: str | None = None) -> SegmentsGone:
        """Delete a funnel. For 30 days it can be taken back."""
        return self._line.change("DELETE", f"/api/funnels/{place(name)}", SegmentsGone, {}, once)

    def people_of_funnel(
        self,
        name: str,
        *,
        step: int | None = None,
        only: Literal["", "stopped"] | None = None,
        limit: int | None = None,
    ) -> PeopleOfFunnel:
        """List who reached a step, the first being 1, or with `only` stopped who reached it and went no further."""
        return self._line.ask(
            f"/api/funnels/{place(name)}/people", PeopleOfFunnel, {"step": step, "only": only, "limit": limit}
        )

    def funnel_versions(self, name: str, *, limit: int | None = None) -> Pages[FunnelVersion]:
        """List all versions of a funnel, the newest first."""
        return self._line.pages(f"/api/funnels/{place(name)}/versions", FunnelVersion, {"limit": limit})

    def restore(self, name: str, *, version: int, replaces: int | None = None, once: str | None = None) -> KeptFunnel:
        """Make an earlier version of a funnel its newest one."""
        return self._line.change(
            "POST", f"/api/funnels/{place(name)}/restore", KeptFunnel, {"version": version, "replaces": replaces}, once
        )

    def deleted_funnels(self, *, limit: int | None = None) -> Pages[DeletedFunnel]:
        """List the funnels that were deleted and can be taken back, the last first."""
        return self._line.pages("/api/deleted/funnels", DeletedFunnel, {"limit": limit})

    def take_funnel_back(self, number: int, *, once: str | None = None) -> KeptFunnel:
        """Take a deleted funnel back."""
        return self._line.change("POST", f"/api/deleted/funnels/{place(number)}/restore", KeptFunnel, {}, once)

    def reckon(self, *, funnel: Mapping[str, Any], once: str | None = None) -> FunnelFound:
        """Say how many customers reach each step of a funnel. It is given up after twenty seconds."""
        return self._line.change("POST", "/api/trials/funnel", FunnelFound, {"funnel": funnel}, once)
