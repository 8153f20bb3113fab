"""The API's health. Made by tools/make_client.py: do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class FoundWrong(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong: how bad it is (look or act), since when, and in words; `detail` has its figures."""

    name: str
    about: str
    severity: str
    since: datetime | None
    said: str
    means: str
    do: str
    detail: dict[str, Any]


class Hearing(msgspec.Struct, frozen=True, kw_only=True):
    """Who hears of a workspace: addresses of the team, the webhook's address (or nothing), and the language."""

    people: list[str]
    webhook: str
    language: str


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an alert was told to, and what came of it."""

    way: Literal["mail", "webhook"]
    target: str
    state: str
    note: str
    attempts: int


class PastAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert: that something began, worsened or ended (or a test), and what came of telling it."""

    id: str
    at: datetime
    change: str
    finding: str
    about: str
    severity: str
    said: str
    tellings: list[Telling]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """An hour of a figure: how many events it had, and how many are usual; None where that is not known."""

    hour: datetime
    seen: int
    usual: float | None


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody is told when a figure falls or rises."""

    kind: str
    watched: bool


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """The last seven days of one kind of event, hour by hour, and when the last one was taken."""

    kind: str
    last: datetime | None
    points: list[Point]
    watched: bool


class HealthApi:
    """What can be asked and done about health."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def findings(self, *, limit: int | None = None) -> Pages[FoundWrong]:
        """List what is wrong now, what wants to be done first on top; in the language of Accept-Language."""
        return self._line.pages("/api/findings", FoundWrong, {"limit": limit})

    def figure(self, name: str) -> Week:
        """Return the last seven days of a kind of event, hour by hour, and how many are usual."""
        return self._line.ask(f"/api/figures/{place(name)}", Week)

    def leave_figure(self, name: str, *, once: str | None = None) -> Watched:
        """Tell nobody any more when a kind of event falls or rises suddenly."""
        return self._line.change("POST", f"/api/figures/{place(name)}/leave", Watched, {}, once)

    def watch_figure(self, name: str, *, once: str | None = None) -> Watched:
        """Tell again when a kind of event falls or rises suddenly."""
        return self._line.change("POST", f"/api/figures/{place(name)}/watch", Watched, {}, once)

    def alerts(self, *, q: str | None = None, limit: int | None = None) -> Pages[PastAlert]:
        """List what was told, the newest first: all, or of the last 2,000 by words (`q`) or whom it reached."""
        return self._line.pages("/api/alerts", PastAlert, {"q": q, "limit": limit})

    def alert_settings(self) -> Hearing:
        """Return who is told when something is wrong."""
        return self._line.ask("/api/alerts/settings", Hearing)

    def set_alert_settings(
        self,
        *,
        people: Sequence[str] = [],
        webhook: str = "",
        language: str = "en",
        replaces: Hearing | None = None,
        once: str | None = None,
    ) -> Hearing:
        """Say who is told when something is wrong. The webhook's secret stays; the console shows it."""
        return self._line.change(
            "PUT",
            "/api/alerts/settings",
            Hearing,
            {"people": people, "webhook": webhook, "language": language, "replaces": replaces},
            once,
        )

    def test_alerts(self, *, once: str | None = None) -> PastAlert:
        """Tell everybody a test, and return what came of it; `waiting` where it is still on its way."""
        return self._line.change("POST", "/api/alerts/test", PastAlert, {}, once)
