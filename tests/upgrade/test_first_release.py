"""The first release's data is restored with today's code: all of it is there, and it goes on."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.cli.houses import House, free_port, regulars, until

from regulars.access.people import make_login_link, open_session
from regulars.access.workspaces import list_workspaces
from regulars.loop.followers import FOLLOWERS
from regulars.store.backup import read_notes
from regulars.store.database import Database
from regulars.store.embedded import running_url
from regulars.store.follow import lags
from regulars.store.migrate import migrate_shared, migrate_workspace, scripts
from regulars.store.restore import restore_given
from regulars.words.clock import utc_now

HERE = Path(__file__).parent
RELEASES = ("first-release",)
SHOP = "shop"
PAGES = ("", "/customers", "/segments/for-mothers", "/campaigns/spring", "/forms/gift-quiz", "/mailbox", "/templates")
PROOF = "select 1 where exists (select from remember_current where words = 'Cēsis')"


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    house.clear()


@pytest.fixture
def restored(postgres: str) -> str:
    """The URL of a database with the first release's data as it is in the backup, nothing brought up to date."""
    name = f"first_{uuid4().hex[:8]}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"create database {name} template template0")
    url = make_conninfo(postgres, dbname=name)
    restore_given(HERE / "first-release.backup", url, lambda _database, _notes: None)
    return url


def told(release: str) -> dict[str, Any]:
    return msgspec.json.decode((HERE / f"{release}.json").read_bytes())


def asked(database: Database, question: str) -> list[Any]:
    with database.workspace(SHOP) as tx:
        return [list(row) for row in tx.rows(question.encode())]


def get(house: House, path: str, head: dict[str, str]) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", house.port, timeout=20)
    connection.request("GET", path, headers=head)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def identify(house: House, key: str) -> None:
    call = {"userId": "u-0", "traits": {"city": "Cēsis"}}
    connection = HTTPConnection("127.0.0.1", house.port, timeout=20)
    head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/identify", msgspec.json.encode({**call, "writeKey": key}), head)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()


def caught_up(database: Database) -> bool:
    with database.workspace(SHOP) as tx:
        found = lags(tx)
    return {lag.name for lag in found} >= {one.name for one in FOLLOWERS} and all(lag.behind == 0 for lag in found)


@pytest.mark.parametrize("release", RELEASES)
def test_everything_is_still_there_and_works_and_goes_on(house: House, release: str) -> None:
    story, file = told(release), HERE / f"{release}.backup"
    refused = regulars("restore", str(file), "--data", str(house.data))
    assert refused.returncode == 1
    assert "--even-if-old" in refused.stderr
    done = regulars("restore", str(file), "--data", str(house.data), "--even-if-old")
    assert done.returncode == 0, done.stderr
    assert "shop: 3 messages that waited are not sent, 0 were just being sent" in done.stdout
    house.start()
    database = Database(str(running_url(house.data)), connections=2)
    try:
        until(lambda: caught_up(database))
        found = {name: asked(database, question) for name, question in story["questions"].items()}
        found["facts"] = [fact for fact in found["facts"] if fact[4] != "did"]  # which that release did not work out
        for name in ("customers", "facts", "forgotten", "consents", "identities", "belongs", "responses", "members"):
            assert found[name] == story["found"][name], name
        head = len(story["found"]["events"])
        assert found["events"][:head] == story["found"]["events"]
        assert found["messages"][: len(story["found"]["messages"])] == story["found"]["messages"]
        assert {state for _, _, state, _ in found["messages"]} == {"sent", "refused"}

        assert {tuple(row) for row in asked(database, "select name, title from speak_template")} == {
            ("remember", "Remember")
        }

        cookie = open_session(database, make_login_link(database, "harriet@shop.example", utc_now()), utc_now())
        for page in PAGES:
            status, text = get(house, f"/console/{SHOP}{page}", {"Cookie": f"regulars_session={cookie}"})
            assert status == 200, (page, text)
        status, text = get(house, "/api/customers/user:u-0", {"Authorization": f"Bearer {story['keys']['read']}"})
        assert status == 200, text
        assert "Ieva Kalniņa" in text

        identify(house, story["keys"]["write"])
        until(lambda: asked(database, PROOF))
        until(lambda: caught_up(database))
    finally:
        database.close()


@pytest.mark.parametrize("done", [0, 1, 3])
def test_a_migration_that_is_killed_in_the_middle_is_run_again(restored: str, done: int) -> None:
    script = f"""
        import os, signal
        from regulars.store import migrate
        from regulars.store.database import Database
        before, after = migrate._apply, [0]

        def apply(connection, known):
            old = {{row[0] for row in connection.execute("select name from store_migration")}}
            fresh = [name for name in known if name not in old]
            before(connection, {{name: text for name, text in known.items() if name not in fresh[{done}:]}})
            if fresh[{done}:]:
                connection.execute(known[fresh[{done}]].encode())
                os.kill(os.getpid(), signal.SIGKILL)

        migrate._apply = apply
        database = Database({restored!r})
        {"migrate.migrate_shared(database)" if done == 0 else ""}
        migrate.migrate_workspace(database, "shop")
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    story = told("first-release")
    database = Database(restored, connections=2)
    try:
        migrate_shared(database)
        for workspace in list_workspaces(database):
            migrate_workspace(database, workspace.name)
        with database.workspace(SHOP) as tx:
            assert tx.values(b"select name from store_migration order by name") == list(scripts("workspace"))
        for name in ("customers", "facts", "consents", "events", "responses", "members"):
            assert asked(database, story["questions"][name]) == story["found"][name], name
    finally:
        database.close()


def test_data_from_the_future_is_refused_in_one_line(restored: str, tmp_path: Path) -> None:
    with psycopg.connect(restored, autocommit=True) as connection:
        connection.execute("insert into ws_shop.store_migration (name) values ('9999_later.sql')")
    refused = regulars("serve", "--data", str(tmp_path), "--port", str(free_port()), REGULARS_DATABASE_URL=restored)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        "regulars: This data was last used by a newer Regulars (it has 9999_later.sql). "
        "Install that version or a later one."
    )


def test_the_backup_is_small_and_names_no_machine() -> None:
    for release in RELEASES:
        content = (HERE / f"{release}.backup").read_bytes()
        assert len(content) < 300_000
        assert read_notes(HERE / f"{release}.backup").rows > 100
        assert b"/tmp/" not in content
        assert b"/root" not in content
