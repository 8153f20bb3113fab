"""When it is too much, the database is away or the disk is full: refused with when to come again, and nothing lost."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.conftest import QUICK, data_folder, remove

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.hear.door import Door
from regulars.settings import Settings
from regulars.store import records
from regulars.store.database import Database
from regulars.store.embedded import start_postgres
from regulars.store.migrate import migrate_shared
from regulars.testing.serving import wait_until
from regulars.web.app import create_app
from regulars.wiring import build

TRACK = {"userId": "u-1", "event": "Looked"}


def heard(house: Any, workspace: str) -> int:
    with house.database.workspace(workspace) as tx:
        return records.count_events(tx, kind="Looked")


@pytest.fixture
def narrow(house: Any) -> Iterator[tuple[Door, Any]]:
    """A house in which one event may wait, and a client of it."""
    door = Door(house.database, house.waker, most_waiting=1)
    with TestClient(create_app(replace(house, door=door)), raise_server_exceptions=False) as client:
        yield door, client
    door.close()


def test_when_too_much_waits_it_is_429_with_when_to_come_again(narrow: Any, house: Any, workspace: str) -> None:
    door, client = narrow
    key = (create_key(house.database, workspace, "write"), "")
    with ThreadPoolExecutor(1) as another:
        with house.database.workspace(workspace) as tx:
            records.lock_log(tx)  # the log is held: what is sent now waits
            waits = another.submit(client.post, "/v1/track", json=TRACK, auth=key)
            wait_until(lambda: door.waiting, "an event that waits")
            answer = client.post("/v1/track", json=TRACK, auth=key)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
            assert "Nothing was taken" in answer.json()["detail"]
        assert waits.result(30).status_code == 200
    assert client.post("/v1/track", json=TRACK, auth=key).status_code == 200
    assert heard(house, workspace) == 2


def test_a_full_disk_refuses_and_says_so_and_goes_on_when_there_is_room(
    stranger: Any, house: Any, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (create_key(house.database, workspace, "write"), "")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5 << 20))
        answer = stranger.post("/v1/track", json=TRACK, auth=key)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "5 MB are free" in answer.json()["detail"]
        assert stranger.get("/readyz").status_code == 503
    assert heard(house, workspace) == 0
    assert stranger.post("/v1/track", json=TRACK, auth=key).status_code == 200
    assert stranger.get("/readyz").status_code == 200


def test_a_database_whose_disk_is_full_refuses_and_is_not_ready(stranger: Any, house: Any, workspace: str) -> None:
    key = (create_key(house.database, workspace, "write"), "")
    with house.database.workspace(workspace) as tx:
        tx.connection.execute(
            "create function full_disk() returns trigger language plpgsql as "
            "$$ begin raise exception 'no space left' using errcode = '53100'; end $$"
        )
        tx.connection.execute(
            "create trigger full_disk before insert on store_event for each row execute function full_disk()"
        )
    answer = stranger.post("/v1/track", json=TRACK, auth=key)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "The disk of the database is full" in answer.json()["detail"]
    assert "The disk of the database is full" in stranger.get("/readyz").json()["detail"]
    with house.database.workspace(workspace) as tx:
        tx.connection.execute("drop trigger full_disk on store_event")
    assert stranger.post("/v1/track", json=TRACK, auth=key).status_code == 200
    house.database._full_at = -60.0  # a while later
    assert stranger.get("/readyz").status_code == 200


def test_while_postgresql_restarts_it_is_503_and_then_goes_on_by_itself(tmp_path: Any) -> None:
    data = data_folder()
    server = start_postgres(data, QUICK)
    first = Database(server.url)
    migrate_shared(first)
    first.close()
    house = build(Settings(data=tmp_path, database_url=server.url, base_url="http://testserver.local"))
    try:
        create_workspace(house.database, "shop", "The Gift House")
        key = (create_key(house.database, "shop", "write"), "")
        with TestClient(create_app(house), raise_server_exceptions=False) as client:

            def send(number: str) -> Any:
                return client.post("/v1/track", json=TRACK | {"messageId": number}, auth=key)

            assert send("m-1").status_code == 200
            server.stop()
            answer = send("m-2")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert client.get("/readyz").status_code == 503
            server = start_postgres(data, QUICK)
            wait_until(lambda: send("m-2").status_code == 200, "the house goes on by itself")
            assert send("m-2").status_code == 200, "what is sent again is there once"
            assert heard(house, "shop") == 2
    finally:
        house.close()
        server.stop()
        remove(data)
