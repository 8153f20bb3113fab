"""A process says whether it can work; where it cannot, why and what to do, with 503."""

import shutil
from types import SimpleNamespace

import msgspec
import pytest
from litestar.testing import TestClient

from regulars.web.app import create_app


@pytest.fixture
def ask(house, tmp_path):
    """Ask a process that keeps its data in a folder of its own."""
    from dataclasses import replace

    known = replace(house, settings=msgspec.structs.replace(house.settings, data=tmp_path))
    with TestClient(create_app(known), raise_server_exceptions=False) as client:
        yield lambda: client.get("/readyz")


def test_all_well_is_ok(ask):
    assert (ask().status_code, ask().text) == (200, "ok\n")


def test_a_full_disk_is_said(ask, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5 << 20))
    answer = ask()
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        "The disk of the data folder is full: 5 MB are free. Make room; until then nothing can be kept."
    )


def test_migrations_that_have_not_run_are_said(ask, database, workspace):
    with database.workspace(workspace) as tx:
        tx.connection.execute("delete from store_migration where name = '0012_measure.sql'")
    answer = ask()
    assert answer.status_code == 503
    assert "1 migrations have not run yet, 0012_measure.sql first." in answer.json()["detail"]


def test_data_of_a_newer_regulars_is_said(ask, database, workspace):
    with database.workspace(workspace) as tx:
        tx.connection.execute("insert into store_migration (name) values ('9999_later.sql')")
    assert "newer Regulars (it has 9999_later.sql)" in ask().json()["detail"]
