"""The API's counting. Made by tools/make_client.py: do not edit."""

import msgspec

from regulars.client.line import Line


class Counting(msgspec.Struct, frozen=True, kw_only=True):
    """Of whom it is counted: `unless_refused` (all who have not refused), `if_agreed` (those who agreed), or `off`."""

    tracking: str


class CountingApi:
    """What can be asked and done about counting."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self) -> Counting:
        """Return of whom it is counted whether they open messages and follow links."""
        return self._line.ask("/api/counting", Counting)

    def set(self, *, tracking: str, replaces: Counting | None = None, once: str | None = None) -> Counting:
        """Count of others from now on; it holds for messages that were sent before, too."""
        return self._line.change("PUT", "/api/counting", Counting, {"tracking": tracking, "replaces": replaces}, once)
