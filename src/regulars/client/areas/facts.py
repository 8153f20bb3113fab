"""The API's facts. Made by tools/make_client.py: do not edit."""

from typing import Any

import msgspec

from regulars.client.line import Line, place


class NotedFact(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that is in the log, or that one was forgotten; what it changes follows within a moment."""

    customer: int
    fact: str


class FactsApi:
    """What can be asked and done about facts."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def note(
        self,
        ref: str,
        name: str,
        *,
        value: Any,
        words: str = "",
        said: bool = True,
        how: str = "",
        once: str | None = None,
    ) -> NotedFact:
        """Note what a customer said elsewhere, or what you know of them otherwise. It replaces what was said before."""
        return self._line.change(
            "PUT",
            f"/api/customers/{place(ref)}/facts/{place(name)}",
            NotedFact,
            {"value": value, "words": words, "said": said, "how": how},
            once,
        )

    def forget(self, ref: str, name: str, *, once: str | None = None) -> NotedFact:
        """Have a fact forgotten, with all that was stated of it. It does not come back with a backup."""
        return self._line.change("DELETE", f"/api/customers/{place(ref)}/facts/{place(name)}", NotedFact, {}, once)
