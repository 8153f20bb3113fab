"""Delivering into the sandbox: a row, once by the message's id."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from regulars.channels.sandbox import records
from regulars.speak.channel import Envelope, TryLater
from regulars.store.database import Database
from regulars.words.errors import Unavailable


class Sandbox:
    """Keeps a workspace's mail in the house."""

    name = "sandbox"
    idempotent = True
    connections = 2

    def __init__(self, database: Database, workspace: str) -> None:
        self._database = database
        self._workspace = workspace

    @contextmanager
    def connect(self) -> Generator[Self]:
        """Yield the sandbox: it needs no line of its own."""
        yield self

    def deliver(self, envelope: Envelope) -> None:
        """Put a message into the mailbox; the same one again changes nothing."""
        try:
            with self._database.workspace(self._workspace) as tx:
                records.add_mail(tx, envelope)
        except Unavailable as error:
            raise TryLater(str(error)) from error

    def close(self) -> None:
        """Nothing is kept open."""
