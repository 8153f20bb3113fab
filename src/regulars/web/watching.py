"""Every request is counted; those of the console and of `/api` have a line in the log, and all but events a number.

The line names the route, not the address: in an address may stand whom it is about.
"""

import asyncio
from collections.abc import Callable
from secrets import token_hex
from time import perf_counter

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from regulars.tracing import span
from regulars.web import records
from regulars.web.counting import Counter, area_of
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Unavailable

log = structlog.get_logger()

NUMBER = "regulars.request_id"
"""Where the number of a request stands in its scope."""
_STREAM = (b"content-type", b"text/event-stream; charset=utf-8")
"""What a stream begins with: how long somebody stays says nothing of how soon we answer."""
_SPOKEN_OF = frozenset({"console", "api"})
_TRACED = frozenset({"console", "api", "pages"})
"""Events have a span a group, where they are written: there are too many of them."""
_OUR_FAULT = 500
_EVERY = 5.0
"""Seconds after which what was counted is kept where other processes find it."""


class Watch:
    """Counts what a process answers, and keeps it in the database some seconds later."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._counter = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def count(self, area: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._counter.count(area, status, seconds)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_EVERY, self._later)

    def _later(self) -> None:
        self._timer = None
        asyncio.get_running_loop().run_in_executor(None, self._keep_if_possible)

    def _keep_if_possible(self) -> None:
        try:
            self.keep()
        except Unavailable:
            log.info("what was counted waits for the database")

    def keep(self) -> None:
        """Keep what was counted up to now."""
        with self._house.database.shared() as tx:
            figures = self._counter.snapshot(self._house.door.waiting)
            records.keep_figures(tx, self._counter.process, figures, utc_now())


def watched(app: ASGIApp, watch: Watch) -> ASGIApp:
    """Wrap an application so that its answers are counted, numbered and spoken of."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status, area = perf_counter(), 500, area_of(scope["path"])
        number = "" if area == "events" else token_hex(6)
        streamed: float | None = None
        scope[NUMBER] = number  # type: ignore[literal-required] # pyright: ignore[reportGeneralTypeIssues]

        async def note(message: Message) -> None:
            nonlocal status, streamed
            if message["type"] == "http.response.start":
                status = message["status"]
                streamed = perf_counter() - began if _STREAM in message.get("headers", []) else None
                if number:
                    message["headers"] = [*message.get("headers", []), (b"x-request-id", number.encode())]
            await send(message)

        try:
            if area in _TRACED:
                await _trace(app, scope, receive, note, number, lambda: status)
            else:
                await app(scope, receive, note)
        finally:
            seconds = perf_counter() - began if streamed is None else streamed
            watch.count(area, status, seconds)
            if area in _SPOKEN_OF:
                _speak(scope, number, status, seconds)

    return answer


async def _trace(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, number: str, status: Callable[[], int]
) -> None:
    """Answer within a span, which belongs to the trace that the request names (W3C Trace Context)."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    method = str(scope.get("method"))
    with span(method, headers=headers, request_id=number) as traced:
        try:
            await app(scope, receive, send)
        finally:
            route = scope.get("path_template", "unknown")
            traced.name(f"{method} {route}")
            traced.note(route=str(route), status=status())
            if status() >= _OUR_FAULT:
                traced.failed()


def _speak(scope: Scope, number: str, status: int, seconds: float) -> None:
    places = scope.get("path_params") or {}
    state = scope.get("state") or {}
    workspace = state.get("workspace") or places.get("workspace", "")
    log.info(
        "request",
        request_id=number,
        method=scope.get("method"),
        route=scope.get("path_template", "unknown"),
        status=status,
        ms=round(seconds * 1000, 1),
        workspace=getattr(workspace, "name", workspace),
    )
