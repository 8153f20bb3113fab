"""What is found wrong in a workspace and with the installation, and what is left in peace."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from regulars.loop.followers import begin
from regulars.measure import house, standing
from regulars.settings import Settings
from regulars.store.log import NewEvent, append

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tx(database, workspace, now):
    with database.workspace(workspace) as tx:
        begin(tx)
        append(tx, [NewEvent(1, now, "Looked") for _ in range(600)])
        tx.connection.execute("update store_follower set cursor = (select max(seq) from store_event)")
        tx.connection.execute("update store_event set received_at = %s", (now,))
        yield tx


def found(tx, now):
    return {one.name: one for one in standing.findings(tx, now)}


def test_a_breath_behind_is_nothing_and_minutes_are_with_the_time_that_is_left(tx, now):
    tx.connection.execute("update store_follower set cursor = cursor - 600 where name = 'facts'")
    assert found(tx, now + MINUTE / 2) == {}
    standing.keep_pace(tx, now + MINUTE)
    tx.connection.execute("update store_follower set cursor = cursor + 120 where name = 'facts'")
    standing.keep_pace(tx, now + 2 * MINUTE)
    behind = found(tx, now + 2 * MINUTE)["followers.behind"]
    assert (behind.severity, behind.since, behind.detail["behind"]) == ("look", now, 480)
    assert behind.detail["left"] == pytest.approx(240)
    standing.keep_pace(tx, now + 20 * MINUTE)
    stuck = found(tx, now + 20 * MINUTE)["followers.behind"]
    assert (stuck.severity, stuck.detail["left"]) == ("act", None)


def test_nobody_works(tx, now):
    tx.connection.execute("insert into measure_hour values (0, %s, 1, 1, %s)", (now, now))
    assert found(tx, now + 4 * MINUTE) == {}
    assert found(tx, now + 6 * MINUTE)["work.silent"].since == now


def messages(tx, now, **columns):
    names = ["campaign", "customer_id", "due", "created_at", *columns]
    values = ["spring", 1, now, now, *columns.values()]
    marks = ", ".join(["%s"] * len(values))
    tx.connection.execute(f"insert into speak_message ({', '.join(names)}) values ({marks})", values)


def counted(tx, kind, hour, count):
    tx.connection.execute("insert into store_kind (name) values (%s) on conflict do nothing", (kind,))
    tx.connection.execute(
        "insert into measure_hour select id, %s, %s, 4095, %s from store_kind where name = %s",
        (hour, count, hour, kind),
    )


def test_mail_that_does_not_get_through(tx, now):
    messages(tx, now, attempts=2, reason="The mail server is away.")
    failing = found(tx, now + 20 * MINUTE)["mail.failing"]
    assert (failing.severity, failing.since, failing.detail["reason"]) == ("act", now, "The mail server is away.")
    counted(tx, "message.sent", now + 18 * MINUTE, 5)
    assert found(tx, now + 20 * MINUTE) == {}


def test_messages_that_nobody_carries(tx, now):
    messages(tx, now)
    assert found(tx, now + 4 * MINUTE) == {}
    assert found(tx, now + 10 * MINUTE)["mail.queue"].detail["count"] == 1
    assert found(tx, now + 2 * HOUR)["mail.queue"].severity == "act"


@pytest.mark.parametrize(("came_back", "severity"), [(1, None), (4, None), (30, "look"), (120, "act")])
def test_mail_that_comes_back_more_than_usual(tx, now, came_back, severity):
    for day in range(1, 20):
        counted(tx, "message.sent", now - day * DAY, 200)
        counted(tx, "message.bounced", now - day * DAY, 2)
    counted(tx, "message.sent", now, 300)
    counted(tx, "message.bounced", now, came_back)
    bounces = found(tx, now + MINUTE).get("mail.bounces")
    assert (bounces.severity if bounces else None) == severity


def test_a_shop_whose_mail_always_comes_back_so_often_is_left_in_peace(tx, now):
    for day in range(1, 20):
        counted(tx, "message.sent", now - day * DAY, 180)
        counted(tx, "message.bounced", now - day * DAY, 20)
    counted(tx, "message.sent", now, 180)
    counted(tx, "message.bounced", now, 20)
    assert found(tx, now + MINUTE) == {}


def test_uncertain_and_refused_messages(tx, now):
    counted(tx, "message.uncertain", now, 2)
    counted(tx, "message.refused", now, 90)
    counted(tx, "message.sent", now, 10)
    wrong = found(tx, now + MINUTE)
    assert wrong["mail.uncertain"].detail == {"count": 2}
    assert wrong["mail.refused"].detail["share"] == 0.9


def test_a_circle_that_was_cut(tx, now):
    append(tx, [NewEvent(1, now, "Looked", depth=16)])
    tx.connection.execute("update store_refusal set at = %s", (now,))
    assert found(tx, now + HOUR)["refused"].detail == {"count": 1, "kind": "Looked"}
    assert found(tx, now + 2 * DAY) == {}


@pytest.fixture
def disk(monkeypatch, tmp_path):
    """A disk with as much room as the test says, in GB."""
    known = Settings(data=tmp_path)

    def free(gb):
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(gb * (1 << 30))))
        return known

    return free


def look(database, settings, now):
    stands = house.standing(database, settings, now)
    with database.shared() as tx:
        house.keep_disks(tx, stands, now)
    return {(one.name, one.about): one for one in house.findings(stands, settings, now)}


@pytest.fixture
def _no_samples(database):
    yield
    with database.shared() as tx:
        tx.connection.execute("delete from measure_disk")


@pytest.mark.usefixtures("_no_samples")
def test_a_disk_that_fills_says_when_it_is_full(database, disk, now):
    assert ("disk.full", "data") not in look(database, disk(100), now)
    assert ("disk.full", "data") not in look(database, disk(96), now + DAY)
    soon = look(database, disk(20), now + 2 * DAY)["disk.full", "data"]
    assert (soon.severity, round(soon.detail["daily"] / (1 << 30))) == ("act", 40)
    assert soon.detail["full_at"][:10] == f"{now + 2.5 * DAY:%Y-%m-%d}"


@pytest.mark.usefixtures("_no_samples")
@pytest.mark.parametrize(("gb", "severity"), [(50, None), (4, "look"), (0.5, "act")])
def test_little_room_is_found_before_anything_is_known_of_growth(database, disk, now, gb, severity):
    one = look(database, disk(gb), now).get(("disk.full", "data"))
    assert (one.severity if one else None) == severity


def test_a_transaction_that_is_left_open(database, now):
    from regulars.words.clock import utc_now

    settings = Settings(data=Path("unused"))
    with database.direct() as connection:
        connection.execute("set application_name = 'left open'")
        connection.execute("begin")
        connection.execute("select 1")
        stands = house.standing(database, settings, utc_now())
        assert stands.open_by == "left open"
        later = house.findings(stands, settings, utc_now() + HOUR)
        connection.execute("rollback")
    assert [one.severity for one in later if one.name == "database.transaction"] == ["look"]
    assert stands.server.used >= 1


def test_an_old_backup(database, now):
    from regulars.store.backup import Made, note_backup

    settings = Settings(data=Path("unused"))
    note_backup(database, Made(now, now, 1000, checked=False, place="there"))
    assert ("backup.old", "") not in look(database, settings, now + HOUR)
    assert look(database, settings, now + 30 * HOUR)["backup.old", ""].severity == "look"
    assert look(database, settings, now + 90 * HOUR)["backup.old", ""].severity == "act"
    with database.shared() as tx:
        tx.connection.execute("delete from store_backup; delete from measure_disk")
