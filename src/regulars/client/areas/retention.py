"""The API's retention. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from regulars.client.line import Line
from regulars.client.lists import Pages


class KindKept(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of event: how many are kept whole, and since when."""

    kind: str
    events: int
    oldest: datetime | None
    days: int | None
    over: int


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How many days events are kept, by kind; those that are not here for ever. `over` go within hours, for good."""

    kinds: dict[str, int]
    over: int


class RetentionApi:
    """What can be asked and done about retention."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, days: int | None = None, limit: int | None = None) -> Pages[KindKept]:
        """List the kinds of event, or those of a name (`q`): how many, since when, how long, how many are over."""
        return self._line.pages("/api/retention", KindKept, {"q": q, "days": days, "limit": limit})

    def set(
        self,
        *,
        kinds: Mapping[str, int | None],
        replaces: Mapping[str, int | None] | None = None,
        once: str | None = None,
    ) -> Terms:
        """Change how long events are kept. Those whose time is over lose what they said, and nobody takes that back."""
        return self._line.change("PUT", "/api/retention", Terms, {"kinds": kinds, "replaces": replaces}, once)
