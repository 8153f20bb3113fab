"""The API's followers. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Lag(msgspec.Struct, frozen=True, kw_only=True):
    """How far a follower is behind the log."""

    name: str
    role: str
    behind: int
    paused: bool
    note: str


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a follower could not take."""

    follower: str
    seq: int
    identity_id: int
    error: str
    at: datetime


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was not appended, and why."""

    at: datetime
    kind: str
    identity_id: int
    cause: int | None
    reason: str


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was in quarantine, and is no more."""

    follower: str
    seq: int


class FollowersApi:
    """What can be asked and done about followers."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, limit: int | None = None) -> Pages[Lag]:
        """List the followers of the log, each with how far it is behind."""
        return self._line.pages("/api/followers", Lag, {"limit": limit})

    def quarantine(self, *, q: str | None = None, limit: int | None = None) -> Pages[Quarantined]:
        """List the events that a follower could not take: all, or by words (`q`) of the error, or number."""
        return self._line.pages("/api/quarantine", Quarantined, {"q": q, "limit": limit})

    def refusals(self, *, limit: int | None = None) -> Pages[Refusal]:
        """List the newest events of our own making that the log refused, with the reason."""
        return self._line.pages("/api/refusals", Refusal, {"limit": limit})

    def pause(self, name: str, *, note: str = "Paused by a program, with a key.", once: str | None = None) -> Lag:
        """Let a follower stand still; those that may not overtake it wait too."""
        return self._line.change("POST", f"/api/followers/{place(name)}/pause", Lag, {"note": note}, once)

    def resume(self, name: str, *, once: str | None = None) -> Lag:
        """Let a follower go on from where it stands."""
        return self._line.change("POST", f"/api/followers/{place(name)}/resume", Lag, {}, once)

    def replay(self, name: str, *, once: str | None = None) -> Lag:
        """Let a deriving follower forget what it derived and start over, with all that derive from it."""
        return self._line.change("POST", f"/api/followers/{place(name)}/replay", Lag, {}, once)

    def run_again(self, name: str, seq: int, *, once: str | None = None) -> Taken:
        """Take a quarantined event once more; where it fails again, it stays and nothing changes."""
        return self._line.change("POST", f"/api/quarantine/{place(name)}/{place(seq)}/again", Taken, {}, once)

    def set_aside(self, name: str, seq: int, *, once: str | None = None) -> Taken:
        """Give up a quarantined event: its follower goes on without it."""
        return self._line.change("POST", f"/api/quarantine/{place(name)}/{place(seq)}/aside", Taken, {}, once)
