"""The API's lists. Made by tools/make_client.py: do not edit."""

from collections.abc import Sequence

import msgspec

from regulars.client.areas.shapes import Segment
from regulars.client.line import Line, place


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers were not as they are now, and who is not known here and was left out."""

    changed: int
    unknown: list[str]


class ListsApi:
    """What can be asked and done about lists."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def create(self, *, name: str, title: str, once: str | None = None) -> Segment:
        """Make a list: a segment whose customers are put on it, also from a file (an import's `on_list`)."""
        return self._line.change("POST", "/api/lists", Segment, {"name": name, "title": title}, once)

    def put_on_list(self, name: str, *, customers: Sequence[str], on: bool = True, once: str | None = None) -> Put:
        """Put up to 1000 customers on a list, or take them off; rules that rest on it follow at once."""
        return self._line.change(
            "POST", f"/api/lists/{place(name)}/customers", Put, {"customers": customers, "on": on}, once
        )
