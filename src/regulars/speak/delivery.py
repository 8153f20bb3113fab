"""Delivery: one clerk writes down, several lines carry.

The clerk (the calling thread) alone talks to the database. A line is a thread with an open connection of the channel:
it asks for work, carries it and reports. Whatever the lines have reported meanwhile the clerk writes in one
transaction, together with the start of what they carry next. So a commit serves all lines, and at most one message per
connection is started and not settled at any time, unless the channel is idempotent: then a repetition does no harm
and a line is given several.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

import msgspec
import structlog

from regulars.speak.channel import Bounced, Channel, Connection, TryLater, Uncertain
from regulars.speak.composing import Ready
from regulars.speak.rows import Outcome

log = structlog.get_logger()

MOST_ATTEMPTS = 5
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a message waits after each attempt that came to nothing."""
_AT_ONCE = 25
"""Messages given to a line at a time, where the channel is idempotent."""
_MOMENT = 0.002
"""Seconds: less than a commit takes, so it costs nothing and saves commits."""

Write = Callable[[Sequence[Outcome], Sequence[Ready]], set[int]]
"""Writes outcomes and starts of messages in one transaction; returns which messages were started."""


class _Report(msgspec.Struct, frozen=True):
    """What a line says: what it has carried, and whether it can carry more."""

    line: "_Line"
    outcomes: tuple[Outcome, ...]
    closed: bool


class _Line(Thread):
    """One connection of the channel."""

    def __init__(self, channel: Channel, reports: SimpleQueue[_Report], now: datetime) -> None:
        super().__init__(name=f"{channel.name}-line", daemon=True)
        self.inbox: SimpleQueue[list[Ready]] = SimpleQueue()
        self._channel = channel
        self._reports = reports
        self._now = now
        self._carried: tuple[Outcome, ...] = ()

    def run(self) -> None:
        """Carry until there is no more, or until the other side does not answer."""
        try:
            while self._converse():
                pass
        except TryLater as error:
            log.info("the channel does not answer", channel=self._channel.name, reason=error.reason)
        except Exception as error:
            log.exception("a line broke", channel=self._channel.name, exc_info=error)
        self._reports.put(_Report(self, self._carried, closed=True))

    def _converse(self) -> bool:
        """Carry over one connection; return whether another is wanted."""
        with self._channel.connect() as connection:
            while True:
                self._reports.put(_Report(self, self._carried, closed=False))
                self._carried = ()
                pieces = self.inbox.get()
                if not pieces:
                    return False
                attempts = [_attempt(connection, piece, self._now) for piece in pieces]
                self._carried = tuple(outcome for outcome, _ in attempts)
                if not all(sound for _, sound in attempts):
                    return True


def _attempt(connection: Connection, piece: Ready, now: datetime) -> tuple[Outcome, bool]:
    """Deliver one message; return what came of it, and whether the connection may be used on."""
    try:
        connection.deliver(piece.envelope)
    except Bounced as error:
        return Outcome(piece.id, "failed", error.reason, dead=error.dead), True
    except TryLater as error:
        return _later(piece, error.reason, now), False
    except Uncertain as error:
        return Outcome(piece.id, "uncertain", error.reason), False
    except Exception as error:
        log.exception("a delivery broke", message=piece.id, exc_info=error)
        return Outcome(piece.id, "uncertain", "The delivery broke off and nobody can say how far it came."), False
    return Outcome(piece.id, "sent", sent_at=now), True


def _later(piece: Ready, reason: str, now: datetime) -> Outcome:
    if piece.attempts + 1 >= MOST_ATTEMPTS:
        return Outcome(piece.id, "failed", f"{reason} (after {MOST_ATTEMPTS} attempts)")
    return Outcome(piece.id, "waiting", reason, due=now + BACKOFF[piece.attempts])


class Delivery:
    """Carries some claimed messages over a channel."""

    def __init__(self, channel: Channel, ready: Iterable[Ready], write: Write, now: datetime) -> None:
        self._channel = channel
        self._write = write
        self._now = now
        self._reports: SimpleQueue[_Report] = SimpleQueue()
        self._at_once = _AT_ONCE if channel.idempotent else 1
        self.waiting = deque(ready)
        """Messages that were claimed and not handed over: after `run`, those that no line could take."""
        self.unwritten: list[Outcome] = []
        """What is known and could not be written, when `run` raises."""

    def run(self, stopped: Callable[[], bool]) -> None:
        """Deliver, until all are settled, no line is left, or it is told to stop. What `write` raises goes through."""
        wanted = min(self._channel.connections, -(-len(self.waiting) // self._at_once))
        lines = [_Line(self._channel, self._reports, self._now) for _ in range(wanted)]
        for line in lines:
            line.start()
        try:
            self._serve(set(lines), stopped)
        finally:
            for line in lines:
                line.inbox.put([])
            for line in lines:
                line.join()
            self.unwritten += [outcome for report in self._arrived() for outcome in report.outcomes]

    def _serve(self, lines: set[_Line], stopped: Callable[[], bool]) -> None:
        while lines:
            reports = self._gather(len(lines))
            closed = {report.line for report in reports if report.closed}
            lines -= closed
            self.unwritten += [outcome for report in reports for outcome in report.outcomes]
            work = {
                report.line: [] if stopped() else self._take()
                for report in reports
                if not report.closed and report.line not in closed
            }
            starting = [piece for pieces in work.values() for piece in pieces]
            started = self._settle(starting)
            for line, pieces in work.items():
                line.inbox.put([piece for piece in pieces if piece.id in started])

    def _settle(self, starting: list[Ready]) -> set[int]:
        if not self.unwritten and not starting:
            return set()
        try:
            started = self._write(self.unwritten, starting)
        except BaseException:
            # It may have been committed all the same; what was not handed over was certainly not sent.
            self.unwritten += [Outcome(piece.id, "waiting", tried=0) for piece in starting]
            raise
        self.unwritten = []
        return started

    def _take(self) -> list[Ready]:
        return [self.waiting.popleft() for _ in range(min(self._at_once, len(self.waiting)))]

    def _gather(self, most: int) -> list[_Report]:
        """Wait for a line to report, and then a moment for the others: one commit for all of them."""
        reports = [self._reports.get()]
        until = monotonic() + _MOMENT
        while len(reports) < most and (left := until - monotonic()) > 0:
            try:
                reports.append(self._reports.get(timeout=left))
            except Empty:
                break
        return reports

    def _arrived(self) -> list[_Report]:
        """Return the reports that are there already."""
        found: list[_Report] = []
        try:
            while True:
                found.append(self._reports.get_nowait())
        except Empty:
            return found
