"""How fast a key may ask: a bucket for each key in the database, from which each process takes some at a time.

So all processes together keep one limit (docs/adr/0018). Every answer below `/api` tells it, in the headers of
https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/.
"""

from datetime import datetime, timedelta
from math import ceil
from threading import Lock

import msgspec
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from regulars.store.database import Database
from regulars.web.api import records
from regulars.words.errors import Busy

STANDING = "allowance"
"""Under which name the state of a request holds what its key may still ask for."""
_PREFIX = "/api"
_PARCEL = 20
"""The most requests a process takes out of a bucket at once."""
_MOST_KEYS = 10_000


class Standing(msgspec.Struct, frozen=True):
    """What a key may still ask for, and in how many seconds its bucket is full again."""

    remaining: int
    full_in: int
    wait: int = 0
    """Seconds until it may ask again; 0 where it may ask now."""


class _Held(msgspec.Struct):
    """What this process holds for a key: requests it may answer, and what the bucket had when it asked."""

    here: int
    there: float
    at: datetime


class Limits:
    """A process's view of how much each key may ask for."""

    def __init__(self, database: Database, rate: int, burst: int) -> None:
        self._database = database
        self._rate = rate
        self._burst = max(burst, 1)
        self._parcel = max(1, min(_PARCEL, self._burst // 10))
        self._held: dict[bytes, _Held] = {}
        self._lock = Lock()

    @property
    def policy(self) -> str:
        """What RateLimit-Policy says; empty where nothing is limited."""
        return f'"key";q={self._burst};w={max(1, ceil(self._burst / self._rate))}' if self._rate else ""

    def spend(self, key: bytes, now: datetime) -> Standing | None:
        """Count one request against what is held here; None where the bucket has to be asked."""
        if not self._rate:
            return Standing(self._burst, 0)
        with self._lock:
            held = self._held.get(key)
            if held is None:
                return None
            if held.here:
                held.here -= 1
                return self._standing(held, now)
            full_enough = held.at + timedelta(seconds=max(0.0, 1 - held.there) / self._rate)
            return self._standing(held, now, full_enough) if held.there < 1 and now < full_enough else None

    def take(self, key: bytes, now: datetime) -> Standing:
        """Take some out of the bucket, and count one request against them."""
        with self._database.shared() as tx:
            granted, left = records.take_parcel(tx, key, want=self._parcel, rate=self._rate, burst=self._burst, now=now)
        with self._lock:
            if len(self._held) > _MOST_KEYS:
                self._held.clear()
            held = self._held.setdefault(key, _Held(0, left, now))
            held.here, held.there, held.at = held.here + granted, left, now
            if not held.here:
                return self._standing(held, now, now + timedelta(seconds=(1 - left) / self._rate))
            held.here -= 1
            return self._standing(held, now)

    def refusal(self, standing: Standing) -> Busy:
        """Return what a key is told that asks too fast."""
        error = Busy(
            "This key has asked too often: it may ask {rate} times a second. Try again in {seconds} s.",
            rate=self._rate,
            seconds=standing.wait,
        )
        error.seconds = standing.wait
        return error

    def _standing(self, held: _Held, now: datetime, until: datetime | None = None) -> Standing:
        filled = held.there + max(0.0, (now - held.at).total_seconds()) * self._rate
        remaining = min(self._burst, held.here + int(filled))
        wait = 0 if until is None else max(1, ceil((until - now).total_seconds()))
        return Standing(0 if wait else remaining, ceil((self._burst - remaining) / self._rate), wait)


def telling(app: ASGIApp, limits: Limits) -> ASGIApp:
    """Wrap an application so that each answer below `/api` tells the limit, and what is left of it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX) or not limits.policy:
            await app(scope, receive, send)
            return

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers["ratelimit-policy"] = limits.policy
                standing: Standing | None = (scope.get("state") or {}).get(STANDING)
                if standing is not None:
                    headers["ratelimit"] = f'"key";r={standing.remaining};t={standing.full_in}'
            await send(message)

        await app(scope, receive, send_with_limits)

    return answer
