"""The doctor says what is wrong and what to do, and is content with a house that is well."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from tests.cli.houses import free_port, regulars

from regulars.access.workspaces import get_workspace
from regulars.cli import findings, place
from regulars.cli.findings import Finding
from regulars.loop.followers import begin
from regulars.settings import Settings
from regulars.store import checkup, records
from regulars.store.database import Database
from regulars.store.log import NewEvent, append


def moment() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="regulars-doctor-"))
    yield folder
    shutil.rmtree(folder)


def wrong(found: Iterator[Finding]) -> list[tuple[str, str]]:
    bad = [one for one in found if one.state == "wrong"]
    assert all(one.advice for one in bad), "what is wrong comes with advice"
    return [(one.check, one.said) for one in bad]


def test_a_folder_that_others_read_and_a_full_disk_are_wrong(data, monkeypatch):
    settings = Settings(data=data)
    assert wrong(findings.of_folder(settings)) == []
    data.chmod(0o755)
    ((check, said),) = wrong(findings.of_folder(settings))
    assert check == "data folder"
    assert "mode 755" in said
    data.chmod(0o711)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    assert wrong(findings.of_folder(settings)) == [("disk", f"0.0 GB are free where {data} is.")]


@pytest.mark.parametrize(
    ("host", "base_url", "state"),
    [
        ("127.0.0.1", "", "mind"),
        ("localhost", "http://localhost:9", "mind"),
        ("192.0.2.1", "", "wrong"),
        ("127.0.0.1", "https://say.shop.example", "well"),
        ("127.0.0.1", "http://say.shop.example", "wrong"),
        ("127.0.0.1", "say.shop.example", "wrong"),
    ],
)
def test_the_address_that_customers_are_given_is_looked_at(data, host, base_url, state):
    (found,) = findings.of_settings(Settings(data=data, host=host, base_url=base_url))
    assert found.state == state


def test_links_lead_to_where_the_house_answers_not_to_where_it_would(data, monkeypatch):
    (data / "lock").write_text("17\nhttp://127.0.0.1:8097\n")
    monkeypatch.setattr(place, "running_url", lambda _: "postgresql:///regulars")
    (found,) = findings.of_settings(Settings(data=data))
    assert found.said == "Links in mail lead to http://127.0.0.1:8097."


def test_a_mail_server_is_reached_or_missed(data, database, workspace):
    shops = [msgspec.structs.replace(get_workspace(database, workspace), delivery="smtp")]
    ((check, said),) = wrong(findings.of_mail(Settings(data=data), shops))
    assert (check, said) == ("mail", f"There is no mail server, and {workspace} would send by one: its messages wait.")
    assert list(findings.of_mail(Settings(data=data), [])) == []
    port = free_port()
    settings = Settings(data=data, smtp_url=f"smtp://127.0.0.1:{port}")
    assert "does not answer" in wrong(findings.of_mail(settings, []))[0][1]
    assert "set REGULARS_SMTP_URL" in wrong(findings.of_mail(Settings(data=data, smtp_url="mail.example"), []))[0][1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert wrong(findings.of_mail(settings, shops)) == []
    finally:
        server.stop()


def test_a_log_that_is_behind_paused_or_set_aside_is_wrong(database, workspace):
    with database.workspace(workspace) as tx:
        begin(tx)
        append(tx, [NewEvent(identity_id=1, at=moment(), kind="Viewed")])
    assert wrong(findings.of_log(database, workspace, moment())) == []
    late = wrong(findings.of_log(database, workspace, datetime.now(UTC) + timedelta(minutes=2)))
    assert all(check == "followers" and "1 events behind" in said for check, said in late)
    assert late
    (clock,) = wrong(findings.of_log(database, workspace, moment() - timedelta(hours=1)))
    assert clock[0] == "clock"
    with database.workspace(workspace) as tx:
        records.pause_follower(tx, "facts", paused=True, note="looking")
        tx.run(
            b"insert into store_quarantine (follower, seq, identity_id, error) values ('consent', 1, 1, 'ValueError')"
        )
        records.refuse(tx, [NewEvent(identity_id=1, at=moment(), kind="Viewed")], "deeper than 15 causes")
    said = dict(wrong(findings.of_log(database, workspace, moment())))
    assert said == {
        "followers": "'facts' stands still, 1 events behind: looking",
        "quarantine": "'consent' could not take 1 events.",
        "refused": "1 events of the last day were refused. The console's health page lists them.",
    }


def test_an_index_that_was_not_finished_is_seen(database, workspace):
    with database.direct() as connection:
        connection.execute(f"set search_path to ws_{workspace}")
        connection.execute("insert into store_kind (name) values ('Viewed')")
        connection.execute("drop index store_event_mid_0")
        for _ in range(2):
            connection.execute(
                "insert into store_event (identity_id, at, received_at, mid, kind, props)"
                " values (1, now(), now(), 7, 1, '{}')"
            )
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("create unique index concurrently store_event_mid_0 on store_event (mid)")
    assert ("dedupe", "The index store_event_mid_0 was not finished.") in wrong(
        findings.of_log(database, workspace, moment())
    )


def test_a_server_that_may_lose_what_it_said_is_wrong(data, database, monkeypatch):
    promised = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}  # what our tests' own forgoes
    careful = {**checkup.server_settings(database), **promised}
    monkeypatch.setattr(checkup, "server_settings", lambda _: careful)
    assert wrong(findings.of_server(Settings(data=data), database, datetime.now(UTC))) == []
    assert wrong(findings.of_server(Settings(data=data, web_processes=40), database, datetime.now(UTC))) != []
    ((check, _),) = wrong(findings.of_server(Settings(data=data), database, moment() - timedelta(hours=1)))
    assert check == "clock"
    careless = {**careful, "fsync": "off", "synchronous_commit": "off"}
    monkeypatch.setattr(checkup, "server_settings", lambda _: careless)
    ((_, said),) = wrong(findings.of_server(Settings(data=data), database, datetime.now(UTC)))
    assert said == "PostgreSQL is set so that fsync is off, synchronous_commit is off."


def test_migrations_that_are_missing_or_newer_are_seen(database: Database, workspace: str):
    shops = [get_workspace(database, workspace)]
    assert wrong(findings.of_migrations(database, shops)) == []
    with database.workspace(workspace) as tx:
        tx.run(b"delete from store_migration where name like '0002%%'")
    assert wrong(findings.of_migrations(database, shops)) == [
        ("migrations", "1 migrations have not run yet, 0002_hear.sql first.")
    ]
    with database.workspace(workspace) as tx:
        tx.run(b"insert into store_migration (name) values ('9999_later.sql')")
    assert "newer Regulars" in wrong(findings.of_migrations(database, shops))[0][1]


def test_as_a_command_it_prints_and_its_exit_code_tells(data):
    empty = regulars("doctor", "--data", str(data / "none"), "--json")
    assert empty.returncode == 0
    assert [one["check"] for one in msgspec.json.decode(empty.stdout)] == ["address", "machine", "data folder"]
    assert not (data / "none").exists()
    assert regulars("workspace", "create", "gifts", "--data", str(data)).returncode == 0
    well = regulars("doctor", "--data", str(data))
    assert well.returncode == 0, well.stdout
    assert "well   log (gifts): " in well.stdout
    bad = regulars("doctor", "--data", str(data), REGULARS_HOST="192.0.2.1")
    assert bad.returncode == 1
    assert "WRONG  address: " in bad.stdout
