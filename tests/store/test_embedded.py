"""PostgreSQL of our own: it starts from anything a crash can leave behind, and lets nobody else in."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from regulars.store import tuning
from regulars.store.embedded import RunningPostgres, running_url, start_postgres
from regulars.words.errors import Conflict, Invalid

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root can be somebody else")


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="regulars-embedded-"))
    yield folder
    if (url := running_url(folder)) is not None:
        with psycopg.connect(url) as connection:
            pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        connection.close()
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not exists(pid))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="regulars-embedded-"))
    server = start_postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def until(condition, patience: float = 30.0) -> None:
    end = monotonic() + patience
    while not condition():
        assert monotonic() < end, "waited too long"
        sleep(0.01)


def exists(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def ask(url: str, query: str):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchone()


def test_it_starts_stops_and_starts_again_with_its_data(data: Path) -> None:
    first = start_postgres(data)
    with psycopg.connect(first.url) as connection:
        connection.execute("create table kept (n int)")
    assert first.alive()
    first.stop()
    assert not first.alive()
    assert running_url(data) is None
    second = start_postgres(data)
    assert ask(second.url, "select count(*) from kept") == (0,)
    assert not second.adopted
    second.stop()


def test_it_starts_again_after_it_was_killed(data: Path) -> None:
    server = start_postgres(data)
    for _ in range(3):
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not server.alive())
        server.restart()
        assert ask(server.url, "select 1") == (1,)
    server.stop()


def test_it_starts_while_remains_of_a_killed_one_still_live(data: Path) -> None:
    server = start_postgres(data)
    with psycopg.connect(server.url, autocommit=True) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not server.alive())
        wake = subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {backend}"])
        again = start_postgres(data)
        wake.wait()
        assert ask(again.url, "select 1") == (1,)
    again.stop()


def test_a_number_that_now_is_another_programs_does_not_stop_it(data: Path) -> None:
    server = start_postgres(data)
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.alive())
    note = data / "postgres" / "postmaster.pid"
    other = subprocess.Popen(["sleep", "60"], **({"user": note.stat().st_uid} if ROOT else {}))
    try:
        note.write_text(note.read_text().replace(str(server.pid), str(other.pid), 1))
        again = start_postgres(data)
        assert not again.adopted
        again.stop()
    finally:
        other.kill()
        other.wait()


def test_a_running_server_is_adopted(data: Path) -> None:
    first = start_postgres(data)
    second = start_postgres(data)
    assert second.adopted
    assert (second.pid, second.url) == (first.pid, first.url)
    second.stop()
    assert not first.alive()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start adopts it")
def test_it_ends_when_its_supervisor_is_killed(data: Path) -> None:
    script = f"""
        from pathlib import Path
        from time import sleep
        from regulars.store.embedded import start_postgres
        print(start_postgres(Path({str(data)!r})).pid, flush=True)
        sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout
        pid = int(supervisor.stdout.readline())
        assert exists(pid)
        supervisor.kill()
    until(lambda: not exists(pid))


def test_a_first_start_that_was_killed_leaves_no_half(data: Path) -> None:
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    data.chmod(0o711)
    server = start_postgres(data)
    assert ask(server.url, "select current_database()") == ("regulars",)
    assert not (data / "postgres.new").exists()
    server.stop()


def test_data_of_another_major_version_is_left_alone(data: Path) -> None:
    start_postgres(data).stop()
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Conflict, match=r"made by PostgreSQL 17, and this Regulars brings 18.*regulars upgrade"):
        start_postgres(data)


def test_it_works_from_a_long_path_and_cleans_up_its_socket_folder(data: Path) -> None:
    long = data / ("a long name " * 5) / ("and longer " * 5)
    if ROOT:
        data.chmod(0o711)
    server = start_postgres(long)
    sockets = Path(psycopg.conninfo.conninfo_to_dict(server.url)["host"])
    assert len(str(sockets)) <= 90
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert running_url(long) == server.url
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.alive())
    server.restart()
    assert not sockets.exists()
    sockets = Path(psycopg.conninfo.conninfo_to_dict(server.url)["host"])
    server.stop()
    assert not sockets.exists()


def test_no_port_is_open_and_only_peers_may_come(shared: RunningPostgres) -> None:
    assert ask(shared.url, "show listen_addresses") == ("",)
    rules = (shared.data / "postgres" / "pg_hba.conf").read_text().splitlines()
    assert [line for line in rules if line and not line.startswith("#")] == ["local all all peer map=regulars"]
    for name in ("postgres", "run"):
        assert stat.S_IMODE((shared.data / name).stat().st_mode) == 0o700


def test_it_keeps_what_it_says_it_kept(shared: RunningPostgres) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(shared.url, f"show {name}") == ("on",)
    assert ask(shared.url, "show server_encoding") == ("UTF8",)


def test_it_takes_no_more_than_a_quarter_of_memory() -> None:
    assert tuning.settings(1_024, 100_000)["shared_buffers"] == "128MB"
    assert tuning.settings(64_000, 100_000)["shared_buffers"] == "1024MB"
    assert tuning.settings(4_000, 10_000)["max_wal_size"] == "1GB"


def test_operators_settings_go_before_ours(data: Path) -> None:
    (data / "lock").touch()
    start_postgres(data).stop()
    (data / "postgres.local.conf").write_text("work_mem = '33MB'\n")
    server = start_postgres(data)
    assert ask(server.url, "show work_mem") == ("33MB",)
    server.stop()


@as_root
def test_another_user_can_neither_connect_nor_look(shared: RunningPostgres) -> None:
    script = f"""
        import os, socket
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
        for attempt in (
            lambda: socket.socket(socket.AF_UNIX).connect({str(shared.data / "run" / ".s.PGSQL.5432")!r}),
            lambda: os.listdir({str(shared.data)!r}),
            lambda: os.listdir({str(shared.data / "postgres")!r}),
            lambda: open({str(shared.data / "postgres.log")!r}),
        ):
            try:
                attempt()
            except PermissionError:
                continue
            raise SystemExit("was let in")
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


@as_root
def test_the_servers_own_user_is_nobody_elses_role(shared: RunningPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(shared.url.replace("regulars@", "postgres@"))
    assert Path(f"/proc/{shared.pid}").stat().st_uid == pwd.getpwnam("regulars").pw_uid


@as_root
def test_a_folder_closed_to_others_stays_closed_and_the_advice_is_exact(data: Path) -> None:
    (data / "mine").touch()
    before = stat.S_IMODE(data.stat().st_mode)
    with pytest.raises(Invalid, match=r"cannot reach the data folder .*closed to others.*DATA=/var/lib/regulars"):
        start_postgres(data / "below" / "it")
    assert stat.S_IMODE(data.stat().st_mode) == before == 0o700
    assert [path.name for path in data.iterdir()] == ["mine"]


@as_root
def test_a_folder_with_something_else_in_it_keeps_its_mode(data: Path) -> None:
    (data / "mine").touch()
    with pytest.raises(Invalid, match="closed to others"):
        start_postgres(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@as_root
def test_programs_out_of_reach_are_copied_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from regulars.store import programs

    bundled = programs._bundled()
    closed = Path(tempfile.mkdtemp())
    try:
        package = bundled.parent.parent
        shutil.copytree(bundled.parent, closed / package.name / bundled.parent.name, symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
        monkeypatch.setattr(programs, "_bundled", lambda _: closed / bundled.relative_to(package.parent))
        server = start_postgres(data)
        assert ask(server.url, "select 1") == (1,)
        assert Path(f"/proc/{server.pid}/exe").readlink().is_relative_to(data / "programs")
        server.stop()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        made = [path.stat().st_ino for path in (data / "programs").iterdir()]
        start_postgres(data).stop()
        assert [path.stat().st_ino for path in (data / "programs").iterdir()] == made
    finally:
        shutil.rmtree(closed)
