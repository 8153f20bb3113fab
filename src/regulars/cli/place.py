"""The data folder: one supervisor at a time, and a database for every command, whether or not one runs."""

import fcntl
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep

import click
import msgspec

from regulars.access.workspaces import get_workspace
from regulars.settings import Settings
from regulars.store.database import Database, Tx
from regulars.store.embedded import account, make_folder, running_url, start_postgres
from regulars.store.erasures import ErasureList
from regulars.store.migrate import migrate_shared
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict, Invalid

_PATIENCE = 60.0


@contextmanager
def held(settings: Settings) -> Generator[None]:
    """Hold the data folder for this process. The kernel lets go of it when the process ends, however it ends."""
    data = settings.data
    make_folder(data, None if settings.database_url else account())
    try:
        descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Invalid(
            "The data folder {data} cannot be written ({problem}). Start Regulars as the user who made it, "
            "or choose another folder with --data.",
            data=data,
            problem=error.strerror or str(error),
        ) from error
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                "The data folder {data} is in use by process {pid}. Stop that, or choose another folder with --data.",
                data=data,
                pid=lock.readline().strip() or "?",
            ) from error
        lock.truncate()
        lock.write(f"{os.getpid()}\n{settings.outside_url}\n")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def address(settings: Settings) -> str:
    """Return the address of the house that is running on this data folder, or the one these settings would give it."""
    try:
        noted = (settings.data / "lock").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        noted = []
    return noted[0] if noted and running_url(settings.data) else settings.outside_url


def say_where(settings: Settings, named: str | None) -> None:
    """Say on standard error which data folder a command uses that none was named to; another one may be served."""
    if named is None and not settings.database_url:
        asleep = "" if running_url(settings.data) else ", which nothing serves now"
        click.echo(f"regulars: this is for the data folder {settings.data}{asleep}. Another: --data DIR", err=True)


@contextmanager
def reached(settings: Settings) -> Generator[Settings]:
    """Give the settings with a database's address: the given one, the running one, or one started for this command."""
    with ExitStack() as closing:
        yield settings if settings.database_url else _reach(settings, closing)


def _reach(settings: Settings, closing: ExitStack) -> Settings:
    end = monotonic() + _PATIENCE
    while True:
        if url := running_url(settings.data):
            return msgspec.structs.replace(settings, database_url=url)
        try:
            closing.enter_context(held(settings))
            break
        except Conflict:  # somebody is just starting or stopping theirs
            if monotonic() > end:
                raise
        sleep(0.1)
    server = start_postgres(settings.data, memory=settings.memory)
    closing.callback(server.stop)
    return msgspec.structs.replace(settings, database_url=server.url)


@contextmanager
def opened(settings: Settings) -> Generator[Database]:
    """Open the database of these settings for one command."""
    erasures = ErasureList.of(settings)
    with reached(settings) as known:
        if not settings.database_url:
            erasures.begin(utc_now())
        database = Database(known.database_url, connections=2, erasures=erasures)
        try:
            migrate_shared(database)
            yield database
        finally:
            database.close()


@contextmanager
def entered(settings: Settings, workspace: str) -> Generator[Tx]:
    """Open a transaction in a workspace for one command; raise Unknown where there is none of this name."""
    with opened(settings) as database, database.workspace(get_workspace(database, workspace).name) as tx:
        yield tx
