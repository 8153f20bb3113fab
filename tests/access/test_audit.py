"""The audit log: written once, signed in chains, found out where somebody changes it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.access import audit_records
from regulars.access.audit import HOUSE, Audit, Deed, Filter, Who, list_entries, mark, open_audit, point
from regulars.access.audit_check import Broken, sweep, verify
from regulars.store.database import Database

HARRIET = Who("person", "harriet@gifts.example", 1)
TOM = Who("person", "tom@gifts.example", 2)
MINUTES = timedelta(minutes=10)
ALL = (None, 0, 0)


@pytest.fixture
def audit(database: Database) -> Audit:
    return open_audit(database)


@pytest.fixture
def note(database, workspace, audit, now):
    def write(who=HARRIET, action="customer.seen", name="1", *, at=now, **more):
        with database.workspace(workspace) as tx:
            audit.note(tx, who, Deed(action, "customer", name, **more), at)

    return write


@pytest.fixture
def listed(database, workspace):
    def read(**wanted):
        with database.workspace(workspace) as tx:
            found = audit_records.list_entries(tx, Filter(**wanted), ALL, 1000)
            assert audit_records.count_entries(tx, Filter(**wanted)) == len(found)
            return found

    return read


@pytest.fixture
def verdict(database, workspace, audit):
    def look(**more):
        with database.workspace(workspace) as tx:
            return verify(tx, audit, **more)

    return look


@pytest.fixture
def tamper(database, workspace):
    """Somebody with the database in hand, past every trigger."""

    def change(statement: bytes):
        with database.workspace(workspace) as tx:
            tx.connection.execute("set local session_replication_role = replica")
            tx.connection.execute(statement)

    return change


def test_an_entry_says_who_did_what_on_what_and_what_changed(note, listed, now):
    note(TOM, "fact.corrected", "7", before={"fact": "size"}, after={"fact": "size", "n": 2})
    (one,) = listed()
    assert (one.at, one.who_kind, one.who_id, one.who) == (now, "person", 2, TOM.name)
    assert (one.action, one.kind, one.name) == ("fact.corrected", "customer", "7")
    assert (one.before, one.after) == ({"fact": "size"}, {"fact": "size", "n": 2})


def test_what_did_not_happen_is_not_noted(database, workspace, audit, listed, verdict, now):
    def launch_and_fail():
        with database.workspace(workspace) as tx:
            audit.note(tx, TOM, Deed("campaign.launched", "campaign", "spring"), now)
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        launch_and_fail()
    assert listed() == []
    assert verdict().broken == []


def test_entries_are_found_by_who_what_whom_and_when(note, listed, now):
    note(at=now - timedelta(days=2))
    note(TOM, "campaign.launched", "spring")
    note(TOM, name="2")
    assert {one.name for one in listed(who=TOM.name)} == {"spring", "2"}
    assert [one.who for one in listed(action="campaign.launched")] == [TOM.name]
    assert [one.who for one in listed(names=["1"], kind="customer")] == [HARRIET.name]
    assert [one.name for one in listed(until=now - timedelta(days=1))] == ["1"]
    assert len(listed(since=now - timedelta(days=1))) == 2
    assert listed(names=["1"], kind="campaign") == []


def test_a_list_goes_on_where_it_ended(database, workspace, note, listed):
    for number in range(25):
        note(name=str(number))  # all of them in one moment
    read, place = [], None
    with database.workspace(workspace) as tx:
        while some := list_entries(tx, Filter(), before=place, limit=7):
            read += some
            place = point(mark(some[-1]))
    assert read == listed()
    assert len({one.id for one in read}) == 25


def test_looking_again_within_minutes_is_one_entry(database, workspace, audit, listed, now):
    for seconds, deed in (
        (0, Deed("customer.seen", "customer", "1")),
        (60, Deed("customer.seen", "customer", "1")),
        (60, Deed("customer.seen", "customer", "2")),
        (90, Deed("customer.seen", "customer", "1", after={"message": 5})),
        (601, Deed("customer.seen", "customer", "1")),
    ):
        with database.workspace(workspace) as tx:
            audit.note_again(tx, HARRIET, deed, now + timedelta(seconds=seconds), MINUTES)
    assert sorted((one.name, one.after is None) for one in listed()) == [
        ("1", False),
        ("1", True),
        ("1", True),
        ("2", True),
    ]


def test_no_secret_and_nothing_long_is_kept(note, listed):
    note(after={"password": "hunter2", "api_token": "x", "title": "y" * 5000, "roles": ["owner"], "zero": "a\0b"})
    (one,) = listed()
    assert set(one.after) == {"title", "roles", "zero"}
    assert len(one.after["title"]) == 200
    assert one.after["roles"] == '["owner"]'


def test_the_database_lets_nobody_change_or_delete_an_entry(database, workspace, note):
    note()
    for statement in (
        b"update access_audit set who = 'nobody'",
        b"""select set_config('regulars.audit_blanking', 'on', true);
        update access_audit set label = '', before = null, after = null, request = '', address = '', blanked = mac,
            who_id = 4711""",
        b"delete from access_audit",
        b"truncate access_audit",
        b"update access_audit_chain set n = n - 1 where n > 0",
        b"delete from access_audit_chain",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.workspace(workspace) as tx:
            tx.connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (b"update access_audit set who = 'nobody@x.example' where name = '3'", "changed"),
        (b"update access_audit set after = '{\"n\": 2}' where name = '3'", "changed"),
        (b"update access_audit set at = at + interval '1 second' where name = '3'", "changed"),
        (b"delete from access_audit where name = '3'", "missing"),
        (b"delete from access_audit", "missing"),
        (b"delete from access_audit where n = (select max(n) from access_audit)", "missing"),
        (b"update access_audit_chain set n = n - 1 where chain = (select chain from access_audit limit 1)", "end"),
        (b"update access_audit_chain set swept_n = n, swept_mac = mac", "end"),
        (b"delete from access_audit_chain", "end"),
    ],
)
def test_what_somebody_changes_is_found(note, verdict, tamper, now, statement, what):
    for number in range(40):
        note(name=str(number % 5), after={"n": 1}, at=now + timedelta(seconds=number))
    assert verdict().broken == []
    assert verdict().looked_at == 40
    tamper(statement)
    assert {one.what for one in verdict().broken} == {what}


def test_two_entries_that_change_places_are_found(note, verdict, tamper):
    for _ in range(3):
        note()
    tamper(
        b"""update access_audit a set n = -a.n where n <= 2;
        update access_audit a set n = 3 + a.n where n < 0"""
    )
    assert [one.what for one in verdict().broken] == ["changed"]


def test_an_entry_of_another_workspace_or_house_is_not_taken(database, workspace, note, now, audit):
    note()
    with database.workspace(workspace) as tx:
        assert verify(tx, Audit(b"another secret")).broken[0].what == "end"
        tx.workspace = "another"
        assert verify(tx, audit).broken[0].what == "end"


def test_many_write_at_once_and_every_entry_is_there(database, workspace, audit, listed, verdict, now):
    def write(number):
        with database.workspace(workspace) as tx:
            audit.note(tx, Who("person", f"p{number % 7}"), Deed("x.seen", "x", str(number % 3)), now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(120)))
    assert len(listed()) == 120
    assert verdict() == type(verdict())(120, [])


def test_what_is_too_old_goes_and_that_is_noted(database, workspace, audit, note, listed, verdict, now):
    for days in (500, 401, 399, 1):
        for number in range(6):
            note(name=str(number), at=now - timedelta(days=days))
    assert sweep(database, audit, workspace, timedelta(days=400), now) == 12
    noted, *kept = listed()
    assert (noted.who, noted.action, noted.after) == (HOUSE.name, "audit.swept", {"entries": 12, "days": 400})
    assert len(kept) == 12
    assert verdict().broken == []
    assert sweep(database, audit, workspace, timedelta(days=400), now) == 0
    note()
    assert verdict().broken == []


def test_the_newest_alone_can_be_looked_at(note, verdict, tamper):
    for number in range(12):
        note(after={"n": number})
    assert verdict(newest=5).looked_at == 5
    tamper(b"update access_audit set who = 'x' where n = 2")
    assert verdict(newest=5).broken == []
    assert [one.n for one in verdict().broken] == [2]


COLUMNS = ("at", "who_kind", "who_id", "who", "action", "kind", "name", "label", "after", "request", "address", "mac")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(st.tuples(TEXTS, TEXTS, st.none() | st.dictionaries(TEXTS, TEXTS | st.integers())), min_size=1),
    pick=st.randoms(use_true_random=False),
)
def test_whatever_is_written_holds_and_whichever_entry_is_changed_is_found(
    database: Database, workspace: str, audit: Audit, now: datetime, entries, pick
):
    with database.workspace(workspace) as tx:
        for who, name, after in entries:
            audit.note(tx, Who("person", who, 1), Deed("x.made", "x", name, name, after, after), now, request=name)
        assert verify(tx, audit).broken == []
        tx.connection.execute("set local session_replication_role = replica")
        rows = tx.connection.execute("select chain, n from access_audit").fetchall()
        chain, n = pick.choice(sorted(rows))
        column = pick.choice(COLUMNS)
        other = {"at": "now()", "who_kind": "'house'", "who_id": "77", "after": "'{\"zzz\": 12345}'", "mac": "'\\x00'"}
        change = other.get(column, f"{column} || 'x'")
        tx.connection.execute(f"update access_audit set {column} = {change} where chain = {chain} and n = {n}".encode())
        (broken,) = verify(tx, audit).broken
        assert (broken.what, broken.chain, broken.n) == (Broken("changed", chain, n).what, chain, n)
        raise psycopg.Rollback
