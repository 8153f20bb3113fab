"""`regulars mirror`: switched on by a setting, filled, compared, and removed again."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from tests.cli.houses import House, regulars, until

from regulars.access import audit_records
from regulars.access.audit import Filter
from regulars.cli.place import entered
from regulars.hear.identities import intern
from regulars.settings import load
from regulars.store.log import NewEvent, append

ANNA = ("user", "anna")


@pytest.fixture
def data():
    folder = tempfile.mkdtemp(prefix="regulars-mirror-")
    assert regulars("workspace", "create", "gifts", "--data", folder).returncode == 0
    yield folder
    shutil.rmtree(folder)


def test_the_mirror_is_off_until_a_setting_names_its_folder(data):
    told = regulars("mirror", "rebuild", "--workspace", "gifts", "--data", data)
    assert (told.returncode, "REGULARS_MIRROR" in told.stderr) == (1, True)


def test_the_files_are_written_compared_and_removed(data):
    def mirror(command, workspace="gifts"):
        return regulars("mirror", command, "--workspace", workspace, "--data", data, REGULARS_MIRROR="mirror")

    assert "Nothing was written yet" in mirror("status").stdout
    assert "There is no workspace" in mirror("rebuild", "nobody").stderr
    assert "There is no mirror" in mirror("verify").stderr
    with entered(load(data=data), "gifts") as tx:
        anna = intern(tx, [ANNA])[ANNA]
        append(tx, [NewEvent(anna, datetime(2026, 5, 3, tzinfo=UTC), "page", b'{"path": "/mugs"}')])
    for follower in ("identity", "facts", "consent", "did", "rollups"):
        with entered(load(data=data), "gifts") as tx:
            tx.connection.execute("update store_follower set cursor = 1 where name = %s", [follower])
    made = mirror("rebuild")
    assert (made.returncode, made.stdout) == (0, "1 events in 1 files, up to event 1.\n"), made.stderr
    assert mirror("verify").stdout == "The files hold what the log does.\n"
    assert "up to event 1; 0 came since" in mirror("status").stdout
    [file] = (Path(data) / "mirror" / "gifts").glob("events/month=2026-05/*.parquet")
    assert duckdb.execute(f"select kind, p_path from '{file}'").fetchall() == [("page", "/mugs")]
    with entered(load(data=data), "gifts") as tx:
        tx.connection.execute("delete from store_event")
    told = mirror("verify")
    assert (told.returncode, "2026-05 has 1 events, and the log 0" in told.stdout) == (1, True)
    assert mirror("drop").returncode == 0
    assert "Nothing was written yet" in mirror("status").stdout
    assert not list(Path(data).rglob("*.parquet"))
    with entered(load(data=data), "gifts") as tx:
        found = audit_records.list_entries(tx, Filter(), (None, 0, 0), 100)
    assert [(one.who_kind, one.action, one.after) for one in reversed(found) if one.action.startswith("mirror")] == [
        ("command", "mirror.rebuilt", {"upto": 1}),
        ("command", "mirror.compared", {"differences": 0}),
        ("command", "mirror.compared", {"differences": 1}),
        ("command", "mirror.dropped", None),
    ]


def test_a_house_that_runs_keeps_its_mirror(monkeypatch):
    monkeypatch.setenv("REGULARS_MIRROR", "mirror")
    house = House()
    try:
        house.start()
        regulars("workspace", "create", "gifts", "--data", str(house.data))
        until((house.data / "mirror" / "gifts" / "manifest.json").exists)
    finally:
        house.clear()
