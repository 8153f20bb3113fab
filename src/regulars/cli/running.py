"""What `serve` and `demo` have in common: the whole house in one command, up in order and down in order."""

import errno
import os
import signal
import socket
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from time import monotonic, sleep

import msgspec

from regulars.cli.beforehand import check
from regulars.cli.lifeline import end_with_supervisor
from regulars.cli.place import held
from regulars.cli.supervise import Supervisor
from regulars.settings import PREFIX, Settings
from regulars.store.database import Database
from regulars.store.embedded import start_postgres
from regulars.store.given import check_given
from regulars.words.errors import Conflict, Invalid

_PORT_PATIENCE = 3.0


def run_house(
    settings: Settings,
    *,
    prepare: Callable[[Settings, Database], None] = lambda _settings, _database: None,
    ready: Callable[[Settings], None],
) -> None:
    """Start PostgreSQL, migrate, start web and work, and keep them running until Ctrl-C or SIGTERM.

    `prepare` is called once the database is up to date, `ready` once the house answers.
    """
    check(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    end_with_supervisor(signal.SIGTERM)
    with held(settings):
        _check_port(settings.host, settings.port)
        if settings.database_url:
            check_given(settings.database_url)
        postgres = None if settings.database_url else start_postgres(settings.data, memory=settings.memory)
        try:
            if postgres:
                settings = msgspec.structs.replace(settings, database_url=postgres.url)
            _bring_up_to_date(settings, prepare)
            commands = ["web", *["work"] * settings.work_processes]
            _supervise(Supervisor(commands, environment_of(settings), postgres), settings, ready)
        finally:
            _ignore_signals()
            if postgres:
                postgres.stop()


def _bring_up_to_date(settings: Settings, prepare: Callable[[Settings, Database], None]) -> None:
    from regulars.access.workspaces import all_workspaces
    from regulars.store.erasures import ErasureList
    from regulars.store.migrate import migrate_shared, migrate_workspace
    from regulars.words.clock import utc_now

    erasures = ErasureList.of(settings)
    erasures.begin(utc_now())
    database = Database(settings.database_url, connections=4, erasures=erasures)
    try:
        migrate_shared(database)
        for workspace in all_workspaces(database):
            migrate_workspace(database, workspace.name)
        prepare(settings, database)
    finally:
        database.close()


def _supervise(supervisor: Supervisor, settings: Settings, ready: Callable[[Settings], None]) -> None:
    stop, up = Event(), Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, setter(stop))

    def wait() -> None:
        while not stop.is_set() and not _answers(settings):
            sleep(0.05)
        if not stop.is_set():
            up.set()
            ready(settings)

    Thread(target=wait, name="ready", daemon=True).start()
    supervisor.run(stop, up)


def setter(stop: Event) -> Callable[[int, object], None]:
    """Return a signal handler that sets an event."""

    def handle(_number: int, _frame: object) -> None:
        stop.set()

    return handle


def environment_of(settings: Settings) -> dict[str, str]:
    """Return our environment with these settings in it, for a child to load."""
    given = {name: getattr(settings, name) for name in Settings.__struct_fields__}
    return {**os.environ, **{PREFIX + name.upper(): str(value) for name, value in given.items() if value is not None}}


def _answers(settings: Settings) -> bool:
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 (recognised, not bound)
    connection = HTTPConnection(local, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200  # noqa: PLR2004 (OK)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _check_port(host: str, port: int) -> None:
    """Raise where the port cannot be had. What a killed predecessor held is given up within moments."""
    end = monotonic() + _PORT_PATIENCE
    while (problem := _try_port(host, port)) is not None:
        if problem.errno != errno.EADDRINUSE:
            raise Invalid(
                "{host}, port {port}, cannot be listened on ({problem}). Choose others with --host and --port.",
                host=host,
                port=port,
                problem=problem.strerror or str(problem),
            )
        if monotonic() > end:
            raise Conflict(
                "Port {port} on {host} is in use by another program. Choose another, for example --port {other} "
                "(make demo PORT={other}).",
                host=host,
                port=port,
                other=port + 1,
            )
        sleep(0.1)


def _try_port(host: str, port: int) -> OSError | None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        return error
    return None


def _interrupt(number: int, _frame: object) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


def _ignore_signals() -> None:
    """From here on only the order of ending counts; every step of it is bounded in time."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
