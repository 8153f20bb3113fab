"""Keeps processes running: starts them again when they die, and ends them in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from time import monotonic

import structlog

from regulars.cli.lifeline import SUPERVISOR
from regulars.store.embedded import RunningPostgres
from regulars.words.errors import RegularsError

log = structlog.get_logger()

_TICK = 0.1
_STEADY = 10.0
_LONGEST_PAUSE = 5.0
_HOPELESS = 5
_PATIENCE = 15.0


@dataclass
class Child:
    """One process of `regulars COMMAND`, started again whenever it ends."""

    command: str
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    """How often it died without having been steady in between."""
    due: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C is for the supervisor, who stops things in order."""
        self.started = monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "regulars", self.command],
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def tend(self, environment: Mapping[str, str]) -> None:
        """Start it where it does not run, after a pause that grows with its deaths."""
        now = monotonic()
        if self.process is not None and self.process.poll() is not None:
            steady = now - self.started > _STEADY
            self.deaths = 1 if steady else self.deaths + 1
            self.due = now + min(_LONGEST_PAUSE, 0.1 * 2 ** (self.deaths - 1))
            log.warning("ended, starts again", process=self.command, pid=self.process.pid, code=self.process.returncode)
            self.process = None
        if self.process is None and now >= self.due:
            self.start(environment)

    def end(self, patience: float = _PATIENCE) -> None:
        """Ask it to end, and wait; insist after a while."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            log.warning("does not end, is killed", process=self.command, pid=self.process.pid)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Keeps a database and some children running until it is told to stop.

    It runs in the main thread: on Linux a child lives as long as the *thread* that started it.
    """

    def __init__(
        self, commands: Sequence[str], environment: Mapping[str, str], postgres: RunningPostgres | None = None
    ) -> None:
        self._children = [Child(command) for command in commands]
        self._environment = {**environment, SUPERVISOR: str(os.getpid())}
        self._postgres = postgres
        self._postgres_due = 0.0

    def run(self, stop: Event, ready: Event) -> None:
        """Keep everything running until `stop`. Raise where a child dies again and again before `ready`."""
        try:
            while not stop.wait(_TICK):
                self._tend_postgres()
                for child in self._children:
                    child.tend(self._environment)
                    if child.deaths >= _HOPELESS and not ready.is_set():
                        raise RegularsError(
                            "'regulars {command}' does not start; what it said stands above.", command=child.command
                        )
        finally:
            for child in self._children:
                child.end()

    def _tend_postgres(self) -> None:
        if self._postgres is None or self._postgres.alive() or monotonic() < self._postgres_due:
            return
        log.warning("ended, starts again", process="postgres", pid=self._postgres.pid)
        before = self._postgres.url
        try:
            self._postgres.restart()
        except RegularsError as error:
            log.warning("does not start yet", process="postgres", problem=str(error))
            self._postgres_due = monotonic() + _LONGEST_PAUSE
            return
        if self._postgres.url != before:
            self._environment["REGULARS_DATABASE_URL"] = self._postgres.url
            for child in self._children:
                child.end()
