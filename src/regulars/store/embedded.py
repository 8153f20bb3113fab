"""PostgreSQL of our own: the server that travels in a wheel, run as our child in the data folder.

It listens on a socket in a private folder only, and admits nobody but the user who runs Regulars: neither a password
nor a port exists. It ends with us; whatever killed us or it, the next start finds its way.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from regulars.store import tuning
from regulars.store.cluster import NAME, check_or_make
from regulars.store.programs import MAJOR, Account, account, make_folder, programs
from regulars.words.errors import Conflict, Invalid, Unavailable

__all__ = ["RunningPostgres", "account", "make_folder", "running_url", "start_postgres"]

_PORT = 5432
_LONGEST_SOCKET_FOLDER = 85
_PATIENCE = 90.0
_MOST_LOG = 10_000_000
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PASSING = ("pre-existing shared memory", "lock file", "is being used by another process")
"""What PostgreSQL says while the remains of a killed one are still going."""


@dataclass
class RunningPostgres:
    """A running server. Whoever started it must go on: it stops when the thread that started it ends (on Linux)."""

    data: Path
    url: str
    pid: int
    adopted: bool
    """It was running already: its supervisor was killed where the kernel could not tell it so."""
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    memory: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def alive(self) -> bool:
        """Tell whether the server runs."""
        return self.process.poll() is None if self.process else _is_postgres(self.pid)

    def restart(self) -> None:
        """Start it again after it died. It keeps its address where the folder's path is short enough."""
        if not self.alive():
            again = start_postgres(self.data, self.extra, memory=self.memory)
            self.url, self.pid, self.adopted, self.process = again.url, again.pid, again.adopted, again.process

    def stop(self, patience: float = 60.0) -> None:
        """Stop it: sessions are ended, everything is written; returns when it is gone."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not self.alive():
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            end = monotonic() + patience
            while self.alive() and monotonic() < end:
                sleep(0.02)
        _forget_folder(self.data, _folder_of(self.url))


def start_postgres(
    data: Path, extra: Mapping[str, str] | None = None, *, memory: int = 0, major: int = MAJOR
) -> RunningPostgres:
    """Start PostgreSQL on a data folder (made where missing), or adopt the one that runs on it.

    Call it from a thread that lives as long as the server should: the kernel stops the server when that thread ends.
    `extra` are PostgreSQL settings for special occasions, `memory` the MB it is fitted to, where not all, `major`
    an older PostgreSQL, to move away from it. Raise Invalid or Conflict, with advice, where it cannot be.
    """
    data = data.absolute()
    who = account()
    make_folder(data, who)
    if (running := _adopt(data)) is not None:
        return running
    place = programs(who, data, major)
    check_or_make(who, place, data, major)
    conf = tuning.write(data, extra or {}, memory, major)
    end = monotonic() + _PATIENCE
    while (server := _launch(who, place, data, conf)) is None:
        if monotonic() > end:
            raise Unavailable(
                "The remains of a killed PostgreSQL do not go away. End the processes that use {data}/postgres.",
                data=data,
            )
        sleep(0.2)
    server.extra, server.memory = extra or {}, memory
    _make_database(server.url)
    return server


def running_url(data: Path) -> str | None:
    """Return the address of the server that runs on a data folder and takes connections, or None."""
    notes = _notes(data)
    if notes is None or notes[1] is None or not _is_postgres(notes[0]):
        return None
    url = _url(notes[1])
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return url


def _adopt(data: Path) -> RunningPostgres | None:
    """Adopt a server that runs here; wait for one that is just stopping."""
    end = monotonic() + _PATIENCE
    while (notes := _notes(data)) is not None and _is_postgres(notes[0]):
        if url := running_url(data):
            return RunningPostgres(data, url, notes[0], adopted=True)
        if monotonic() > end:
            raise Conflict(
                "PostgreSQL (process {pid}) runs on {data} but takes no connections. End it, then start again.",
                pid=notes[0],
                data=data,
            )
        sleep(0.05)
    if notes is not None and notes[1] is not None:
        _forget_folder(data, notes[1])
    return None


def _launch(who: Account, place: Path, data: Path, conf: Path) -> RunningPostgres | None:
    """Start the server and wait until it is ready.

    Return None where it was killed meanwhile, or the remains of a killed one are in the way: trying again helps.
    """
    sockets = _socket_folder(who, data)
    _disown_recycled(data)
    log = data / "postgres.log"
    if log.exists() and log.stat().st_size > _MOST_LOG:
        log.replace(data / "postgres.log.1")
    command: list[str | Path] = [place / "postgres", "-D", data / "postgres", "-k", sockets]
    command += ["-c", f"config_file={conf}"]
    with open(log, "ab", opener=_private) as out:
        start = out.tell()
        process = who.start(
            command,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),
        )
    try:
        while process.poll() is None:
            notes = _notes(data)
            if notes and notes[0] == process.pid and notes[2] == "ready":
                return RunningPostgres(data, _url(sockets), process.pid, adopted=False, process=process)
            sleep(0.01)
    except BaseException:  # Ctrl-C while it starts
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    with log.open("rb") as said:
        said.seek(start)
        lines = said.read().decode(errors="replace").splitlines()
    _forget_folder(data, sockets)
    if process.returncode == -signal.SIGKILL or any(passing in line for line in lines for passing in _PASSING):
        return None
    raise Invalid(
        "PostgreSQL does not start: {problem}. See {log}.",
        problem=next((line for line in lines if "FATAL" in line or "PANIC" in line), "it said nothing").strip(),
        log=log,
    )


def _end_with(supervisor: int) -> object:
    """Return what the child does before it becomes PostgreSQL: ask the kernel for a fast shutdown at our end."""
    libc = _LIBC
    if libc is None:
        return None

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != supervisor:
            os._exit(1)

    return ask


def _make_database(url: str) -> None:
    """Make our database where it is missing: at the first start, or after a first start that was killed here."""
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (NAME,)).fetchone() is None:
            connection.execute("create database regulars template template0")


def _socket_folder(who: Account, data: Path) -> Path:
    """Return a private folder for the socket, with a path short enough for the kernel's 104 bytes."""
    folder = data / "run"
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER:
        ours = None if who.other else os.environ.get("XDG_RUNTIME_DIR")
        parent = ours if ours and len(ours) < _LONGEST_SOCKET_FOLDER // 2 and os.access(ours, os.W_OK) else "/tmp"  # noqa: S108
        folder = Path(mkdtemp(prefix="regulars-", dir=parent))
    else:
        folder.mkdir(mode=0o700, exist_ok=True)
        _sweep(folder)
    folder.chmod(0o700)
    who.own(folder)
    return folder


def _forget_folder(data: Path, folder: Path) -> None:
    """Remove a socket folder of ours outside the data folder."""
    if folder.name.startswith("regulars-") and folder.parent != data and not folder.is_symlink():
        _sweep(folder)
        with contextlib.suppress(OSError):
            folder.rmdir()


def _sweep(folder: Path) -> None:
    """Remove what a killed server left: its lock would stop the next as long as its number is anybody's."""
    for name in (f".s.PGSQL.{_PORT}", f".s.PGSQL.{_PORT}.lock"):
        (folder / name).unlink(missing_ok=True)


def _notes(data: Path) -> tuple[int, Path | None, str] | None:
    """Read postmaster.pid: the server's process, its socket folder once known, and its state."""
    try:
        lines = (data / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else None  # noqa: PLR2004 (its fifth line)
    return pid, sockets, lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004 (its eighth)


def _disown_recycled(data: Path) -> None:
    """After a reboot the old server's number may be another program's, and PostgreSQL would not start.

    It passes over a number that is its parent's, and still checks for living remains by shared memory: so write ours.
    """
    notes = _notes(data)
    if notes is None or _is_postgres(notes[0]):
        return
    path = data / "postgres" / "postmaster.pid"
    with contextlib.suppress(OSError), open(path, "r+", encoding="utf-8", opener=_no_link) as file:
        rest = file.read().partition("\n")[2]
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n{rest}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _is_postgres(pid: int) -> bool:
    """Tell whether a process runs and is PostgreSQL (a zombie has no command line)."""
    command = ["ps", "-o", "stat=,comm=", "-p", str(pid)]
    if sys.platform == "linux":
        try:
            return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            return False
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603
    return len(said) > 1 and not said[0].startswith("Z") and said[1].endswith("postgres")


def _url(sockets: Path) -> str:
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(sockets), safe='')}&port={_PORT}"


def _folder_of(url: str) -> Path:
    return Path(str(conninfo_to_dict(url)["host"]))
