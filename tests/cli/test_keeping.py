"""The doctor says when nothing could be had again: no backup, an old one, a list that others do not share."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.test_doctor import wrong

from regulars.cli import keeping
from regulars.settings import Settings
from regulars.store.backup import Made, note_backup
from regulars.store.database import Database
from regulars.store.erasures import Erasure, ErasureList, note


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def house(postgres: str, database: Database, settings: Settings):
    """The database, seen from a machine with a list of its own."""
    house = Database(postgres, connections=2, erasures=ErasureList.of(settings))
    yield house
    house.close()


def test_a_backup_that_is_too_old_or_was_never_loaded_is_said(settings, house, monkeypatch):
    with house.shared() as tx:
        tx.run(b"delete from store_backup")
    now = datetime.now(UTC)
    (none,) = keeping.of_backups(settings, house, now)
    assert (none.state, none.said) == ("mind", "No backup was ever made.")
    for hours, checked, state in ((30, True, "wrong"), (25, False, "mind"), (24, True, "well")):
        note_backup(house, Made(now - timedelta(hours=hours), now, 1_500_000, checked, "/backups/one"))
        (found,) = keeping.of_backups(settings, house, now)
        assert found.state == state, found
    assert "24 hours ago, 1.5 MB, and was found whole" in found.said


def test_only_the_newest_hundred_backups_are_remembered(house):
    now = datetime(2020, 1, 1, tzinfo=UTC)
    with house.shared() as tx:
        tx.run(b"delete from store_backup")
    for day in range(105):
        note_backup(house, Made(now + timedelta(days=day), now, 1, True, "/x"))
    with house.shared() as tx:
        assert tx.value(b"select count(*) from store_backup") <= 101
        assert tx.value(b"select max(taken_at) from store_backup") == now + timedelta(days=104)


def test_a_list_that_is_missing_or_that_other_machines_do_not_share_is_wrong(settings, house, tmp_path, monkeypatch):
    with house.shared() as tx:
        tx.run(b"delete from store_erasure")
    now = datetime.now(UTC)
    assert "There is no list of erasures" in wrong(keeping.of_erasures(settings, house, now))[0][1]
    ErasureList.of(settings).begin(now - timedelta(days=2))
    assert wrong(keeping.of_erasures(settings, house, now)) == []
    with house.shared() as tx:
        note(tx, [Erasure(now, "shop", "facts")], now)
    assert wrong(keeping.of_erasures(settings, house, now)) == []
    other = Database(house.url, connections=1, erasures=ErasureList(tmp_path / "of another machine"))
    with other.shared() as tx:
        note(tx, [Erasure(now, "shop", "facts")], now)
    other.close()
    assert (
        "1 erasures of the last 30 days are not on this machine's list"
        in (wrong(keeping.of_erasures(settings, house, now))[0][1])
    )
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "cannot be written" in wrong(keeping.of_erasures(settings, house, now))[0][1]


def test_a_machine_that_is_too_small_is_said(settings, tmp_path):
    (small,) = keeping.of_machine(Settings(data=tmp_path, memory=512))
    assert (small.state, small.said[:10]) == ("mind", "It has 512")
    (many,) = keeping.of_machine(Settings(data=tmp_path, memory=4096, web_processes=500))
    assert many.state == "mind"
    (fine,) = keeping.of_machine(Settings(data=tmp_path, memory=1024))
    assert fine.state == "well"
