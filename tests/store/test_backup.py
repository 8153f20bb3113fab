"""A backup is the whole of one moment in one file, and what is wrong with one is said before it is needed."""

import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import msgspec
import psycopg
import pytest
from tests.conftest import data_folder, remove

from regulars.store import backup, restore
from regulars.store.backup import Notes, back_up, read_notes, sweep_parts
from regulars.store.database import Database
from regulars.store.given import check_given
from regulars.store.log import NewEvent, append
from regulars.words.errors import Conflict, Invalid, Unavailable


@pytest.fixture
def folder() -> Iterator[Path]:
    place = data_folder()
    place.chmod(0o711)
    yield place
    remove(place)


def add(database: Database, workspace: str, now, count: int = 5) -> None:
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(identity_id=1, at=now, kind="Viewed") for _ in range(count)])


def nothing(_database: Database, _notes: Notes) -> None:
    pass


def test_it_is_true_for_one_moment_though_events_keep_coming(database, workspace, now, folder):
    add(database, workspace, now)
    enough, writing = Event(), Event()

    def write() -> None:
        while not enough.is_set():
            add(database, workspace, now)
            writing.set()

    writer = Thread(target=write)
    writer.start()
    try:
        writing.wait()
        notes = back_up(database, folder / "all.backup")
    finally:
        enough.set()
        writer.join()
    schema = f"ws_{workspace}"
    assert notes.heads[schema] >= notes.counts[f"{schema}.store_event"] > 0
    assert notes.counts["regulars.access_workspace"] >= 1
    assert stat.S_IMODE((folder / "all.backup").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["all.backup"]
    assert restore.check_backup(folder / "all.backup") == notes == read_notes(folder / "all.backup")


def test_what_is_damaged_or_short_or_no_backup_is_refused(database, workspace, now, folder):
    add(database, workspace, now, 500)
    good = folder / "good"
    notes = back_up(database, good)

    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / "flipped").write_bytes(content)
    with pytest.raises(Invalid, match=r"damaged|cannot be loaded"):
        restore.check_backup(folder / "flipped")

    (folder / "short").write_bytes(good.read_bytes()[:-200])
    with pytest.raises(Invalid, match="is no backup made by Regulars, or not a whole one"):
        read_notes(folder / "short")
    with pytest.raises(Invalid, match="cannot be read: No such file"):
        read_notes(folder / "missing")

    other = {**notes.counts, f"ws_{workspace}.store_event": notes.counts[f"ws_{workspace}.store_event"] + 1}
    with zipfile.ZipFile(good) as parts, zipfile.ZipFile(folder / "other", "w") as changed:
        changed.writestr("database.dump", parts.read("database.dump"))
        changed.writestr("notes.json", msgspec.json.encode(msgspec.structs.replace(notes, counts=other)))
    with pytest.raises(Invalid, match=f"The backup is not whole: ws_{workspace}.store_event had"):
        restore.check_backup(folder / "other")


def test_what_fails_leaves_nothing_and_what_is_there_stays(database, workspace, folder, monkeypatch):
    (folder / "letter").write_text("Dear Ann")
    with pytest.raises(Conflict, match="is no backup"):
        back_up(database, folder / "letter")
    back_up(database, folder / "old")
    before = (folder / "old").read_bytes()
    (folder / "pg_dump").write_text("#!/bin/sh\necho half\necho 'pg_dump: error: the disk is gone' >&2\nexit 1\n")
    (folder / "pg_dump").chmod(0o755)
    monkeypatch.setattr(backup, "tools", lambda: folder)
    with pytest.raises(Unavailable, match="error: the disk is gone"):
        back_up(database, folder / "old")
    assert (folder / "old").read_bytes() == before
    (folder / "killed.part").touch()
    sweep_parts(folder, "killed")
    assert {path.name for path in folder.iterdir()} == {"letter", "old", "pg_dump"}


def test_a_restore_that_is_cut_short_leaves_nothing_to_start_and_can_be_done_again(database, workspace, now, folder):
    add(database, workspace, now)
    notes = back_up(database, folder / "all")
    data = folder / "data"
    data.mkdir()

    def fail(_database: Database, _notes: Notes) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore.restore_folder(folder / "all", data, fail)
    assert not (data / "postgres").exists()
    assert restore.restore_folder(folder / "all", data, nothing) == notes
    assert [path.name for path in data.iterdir()] == ["postgres"]
    with pytest.raises(Conflict, match="is in use already"):
        restore.restore_folder(folder / "all", data, nothing)


def test_a_disk_that_is_too_small_is_said_before_it_is_full(database, workspace, folder, monkeypatch):
    back_up(database, folder / "all")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(Invalid, match="0 MB are free"):
        restore.check_backup(folder / "all")


def test_a_database_by_url_is_filled_once_and_only_read_until_it_is_settled(database, workspace, now, folder):
    add(database, workspace, now)
    back_up(database, folder / "all")
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("create database restored template template0")
    url = psycopg.conninfo.make_conninfo(database.url, dbname="restored")

    def look(inside: Database, _notes: Notes) -> None:
        with pytest.raises(Invalid, match="a restore into it has not come to its end"):
            check_given(url)
        add(inside, workspace, now, 1)

    try:
        restore.restore_given(folder / "all", url, look)
        check_given(url)
        with pytest.raises(Conflict, match="has data of Regulars already"):
            restore.restore_given(folder / "all", url, nothing)
    finally:
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("drop database restored with (force)")
