"""From one PostgreSQL to the next: nothing is lost, and an upgrade that is cut short can be run again."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.houses import regulars
from tests.conftest import data_folder, remove

from regulars.access.workspaces import create_workspace
from regulars.hear.identities import intern
from regulars.store import migrate
from regulars.store import upgrade as upgrading
from regulars.store.backup import state_of
from regulars.store.cluster import version_of
from regulars.store.database import Database
from regulars.store.embedded import running_url, start_postgres
from regulars.store.log import NewEvent, append
from regulars.store.migrate import migrate_shared, scripts
from regulars.store.programs import MAJOR
from regulars.store.upgrade import upgrade
from regulars.words.errors import Conflict, Invalid

OLDER = 16
"""The older PostgreSQL that travels in the wheel of ours."""


def _as_the_older_takes_them(folder: str) -> dict[str, str]:
    """Return the migrations for a PostgreSQL that has no virtual columns yet: it keeps what they say."""
    return {name: script.replace(") virtual\n", ") stored\n") for name, script in scripts(folder).items()}


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder that an older PostgreSQL made, with a workspace in it."""
    folder, now = data_folder(), datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
    folder.chmod(0o711)
    server = start_postgres(folder, major=OLDER)
    database = Database(server.url, connections=2)
    with pytest.MonkeyPatch.context() as before:
        before.setattr(migrate, "scripts", _as_the_older_takes_them)
        migrate_shared(database)
        create_workspace(database, "shop", "The Gift House")
    with database.workspace("shop") as tx:
        ids = intern(tx, [("user", name) for name in ("Ieva", "明", "आरव")])
        append(tx, [NewEvent(number, now, "Viewed", b'{"sku": "caf\xc3\xa9"}') for number in ids.values()])
    database.close()
    server.stop()
    assert version_of(folder) == OLDER
    yield folder
    remove(folder)


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    """A copy of it."""
    folder = data_folder()
    folder.rmdir()
    subprocess.run(["cp", "-a", made, folder], check=True)
    yield folder
    assert running_url(folder) is None
    remove(folder)


def state(data: Path, major: int = MAJOR) -> tuple[dict[str, int], dict[str, int], list[str]]:
    server = start_postgres(data, major=major)
    database = Database(server.url, connections=2)
    try:
        with database.direct() as connection:
            version = connection.info.server_version // 10_000
            assert version == major
            names = connection.execute("select value from ws_shop.hear_identity order by id").fetchall()
            return *state_of(connection, ["regulars", "ws_shop"]), [row[0] for row in names]
    finally:
        database.close()
        server.stop()


def test_an_older_ones_data_is_refused_with_the_way_on_and_moved_whole(data: Path) -> None:
    before = state(data, OLDER)
    with pytest.raises(Conflict, match=r"made by PostgreSQL 16, and this Regulars brings 18.*regulars upgrade"):
        start_postgres(data)
    done = regulars("upgrade", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert f"with PostgreSQL {MAJOR} now, as they were with {OLDER}" in done.stdout
    assert state(data) == before
    assert (data / f"postgres-{OLDER}" / "PG_VERSION").read_text() == f"{OLDER}\n"
    assert not {path.name for path in data.iterdir()} & {"upgrading", "upgrading.backup"}
    assert "There is nothing to do" in regulars("upgrade", "--data", str(data)).stdout


def test_cut_short_at_any_moment_it_is_run_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(data, OLDER)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    for moment in ("load", "_aside"):
        with monkeypatch.context() as patched:
            patched.setattr(upgrading, moment, cut)
            with pytest.raises(KeyboardInterrupt):
                upgrade(data)
        assert version_of(data) == OLDER
    monkeypatch.setattr(upgrading, "_sweep", cut)
    with pytest.raises(KeyboardInterrupt):  # before anything was made
        upgrade(data)
    monkeypatch.undo()
    assert upgrade(data) is not None
    (data / "upgrading").mkdir()
    (data / "postgres").rename(data / "upgrading" / "postgres")  # between the last two steps
    with pytest.raises(Conflict, match=r"was cut short\. Run 'regulars upgrade"):
        start_postgres(data)
    again = upgrade(data)
    assert again is not None
    assert (again.before, again.aside, again.notes) == (OLDER, data / f"postgres-{OLDER}", None)
    assert state(data) == before


def test_a_newer_ones_data_and_one_that_is_not_here_are_refused(data: Path) -> None:
    version = data / "postgres" / "PG_VERSION"
    version.write_text("19\n")
    with pytest.raises(Invalid, match="was made by PostgreSQL 19, and this Regulars brings 18"):
        upgrade(data)
    version.write_text("14\n")
    with pytest.raises(Invalid, match=r"PostgreSQL 14 does not travel with this Regulars\. Restore the data from a"):
        upgrade(data)
    version.write_text(f"{OLDER}\n")
