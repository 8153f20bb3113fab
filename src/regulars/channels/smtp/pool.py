"""Connections to the mail server, kept open between messages."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

from regulars.channels.smtp.address import Server
from regulars.channels.smtp.dress import Wardrobe
from regulars.channels.smtp.line import Line

_IDLE = 20.0
"""Seconds after which an idle connection is closed: servers do not like to be kept waiting."""


class Smtp:
    """The way to a mail server."""

    name = "smtp"
    idempotent = False

    def __init__(self, server: Server, *, connections: int = 4, wardrobe: Wardrobe | None = None) -> None:
        self.connections = connections
        self._server = server
        self._wardrobe = wardrobe
        self._idle: list[tuple[float, Line]] = []
        self._lock = Lock()

    @contextmanager
    def connect(self) -> Generator[Line]:
        """Take an idle connection that still answers, or open one. After trouble on it, it is not used again."""
        line = self._take() or Line(self._server, self._wardrobe)
        try:
            yield line
        except BaseException:
            line.close()
            raise
        with self._lock:
            self._idle.append((monotonic(), line))

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, line in idle:
            line.close()

    def _take(self) -> Line | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                since, line = self._idle.pop()
            if monotonic() - since < _IDLE and line.alive():
                return line
            line.close()
