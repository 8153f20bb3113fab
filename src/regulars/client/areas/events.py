"""The API's events. Made by tools/make_client.py: do not edit."""

from regulars.client.areas.shapes import Event
from regulars.client.line import Line
from regulars.client.lists import Pages


class EventsApi:
    """What can be asked and done about events."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, name: str | None = None, limit: int | None = None) -> Pages[Event]:
        """List events, the newest first; of one kind if named."""
        return self._line.pages("/api/events", Event, {"name": name, "limit": limit})

    def kinds(self, *, limit: int | None = None) -> Pages[str]:
        """List the kinds of event that were ever heard of: a segment's rule may speak of them."""
        return self._line.pages("/api/kinds", str, {"limit": limit})
