"""The log: commit order is sequence order, nothing twice, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.store import log, records
from regulars.store.database import Database
from regulars.store.log import NewEvent, append
from regulars.words.errors import Invalid
from regulars.words.ids import hash64
from regulars.words.kinds import DEEPEST, MESSAGE_BOUNCED


def everything(database: Database, workspace: str) -> list[records.Event]:
    with database.workspace(workspace) as tx:
        return records.read_events(tx, after=0, upto=10**12, kinds=None, historical=True, cut=True, limit=10**6)


def test_an_event_comes_back_as_it_was_appended(database: Database, workspace: str, now: datetime) -> None:
    event = NewEvent(7, now, "Order Completed", b'{"total": 12.5, "name": "\xe5\xb0\x8f\xe6\x98\x8e"}')
    imported = msgspec.structs.replace(event, kind="page", historical=True, context=b'{"ip": "::1"}', mid=5)
    with database.workspace(workspace) as tx:
        append(tx, [event, imported])
    with database.workspace(workspace) as tx:
        append(tx, [msgspec.structs.replace(event, cause=1, depth=3, historical=True, at=now - timedelta(days=9000))])
    first, second, third = everything(database, workspace)
    assert (first.identity_id, first.at, first.kind, first.cause, first.depth, first.historical) == (
        7,
        now,
        "Order Completed",
        None,
        0,
        False,
    )
    assert first.props == {"total": 12.5, "name": "小明"}
    assert (second.kind, second.historical, second.cause) == ("page", True, None)
    assert (third.cause, third.depth, third.historical, third.at) == (1, 3, True, now - timedelta(days=9000))


def test_a_message_id_is_taken_once_whether_it_repeats_in_one_group_or_in_a_later_one(
    database: Database, workspace: str, now: datetime
) -> None:
    def event(mid: int | None) -> NewEvent:
        return NewEvent(1, now, "a", mid=mid)

    with database.workspace(workspace) as tx:
        append(tx, [event(1), event(1), event(2), event(None), event(None)])
    with database.workspace(workspace) as tx:
        append(tx, [event(2), event(3), event(None), event(3)])
    assert len(everything(database, workspace)) == 2 + 2 + 1 + 1


def test_what_is_rolled_back_leaves_a_gap_and_no_event(database: Database, workspace: str, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "fresh kind")])
        _ = 1 / 0
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "fresh kind")])
    (event,) = everything(database, workspace)
    assert (event.kind, event.seq) == ("fresh kind", 2)


def test_names_of_events_are_numbered_without_a_gap_and_the_houses_own_find_room(
    database: Database, workspace: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        with pytest.raises(ZeroDivisionError), database.workspace(workspace) as tx:
            append(tx, [NewEvent(1, now, f"rolled back {n}")])
            _ = 1 / 0
    monkeypatch.setattr(log, "MOST_KINDS", 2)
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "a"), NewEvent(1, now, "b")])
        assert records.known_kinds(tx, ["a", "b"]) == {"a": 1, "b": 2}
    with pytest.raises(Invalid, match="2 names of events"), database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "a"), NewEvent(1, now, "c")])
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "a"), NewEvent(1, now, MESSAGE_BOUNCED)])
    assert [event.kind for event in everything(database, workspace)] == ["a", "b", "a", MESSAGE_BOUNCED]


def test_an_event_too_deep_is_refused_and_shown(database: Database, workspace: str, now: datetime) -> None:
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "a", cause=1, depth=DEEPEST), NewEvent(1, now, "b", cause=9, depth=DEEPEST + 1)])
    assert [event.kind for event in everything(database, workspace)] == ["a"]
    with database.workspace(workspace) as tx:
        (refusal,) = records.list_refusals(tx)
    assert (refusal.kind, refusal.cause) == ("b", 9)


def test_with_many_writers_a_reader_never_sees_a_sequence_appear_behind_one_it_has_seen(
    database: Database, workspace: str, now: datetime
) -> None:
    """The property every follower rests on, under writers that overlap, roll back and dawdle."""
    writers, rounds = 6, 25
    done = Flag()
    broken: list[tuple[int, set[int]]] = []

    def read() -> None:
        seen: set[int] = set()
        top = 0
        while not done.is_set():
            with database.workspace(workspace) as tx:
                head = records.head(tx)
                now_there = {
                    event.seq
                    for event in records.read_events(
                        tx, after=0, upto=head, kinds=None, historical=True, cut=True, limit=10**6
                    )
                }
            late = {seq for seq in now_there - seen if seq <= top}
            if late:
                broken.append((top, late))
            seen, top = now_there, head

    def write(writer: int) -> None:
        for number in range(rounds):
            try:
                with database.workspace(workspace) as tx:
                    append(tx, [NewEvent(writer, now, f"kind {number % 7}", mid=hash64(f"{writer}:{number}"))] * 1)
                    if number % 5 == 0:
                        tx.connection.execute("select pg_sleep(0.002)")
                    if number % 7 == 3:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass

    reader = Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    done.set()
    reader.join()
    assert broken == []
    kept = sum(1 for number in range(rounds) if number % 7 != 3)
    assert len(everything(database, workspace)) == writers * kept


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=6), max_size=6))
def test_however_it_is_grouped_each_message_id_stands_in_the_log_exactly_once(
    database: Database, workspace: str, now: datetime, groups: list[list[int | None]]
) -> None:
    with database.workspace(workspace) as tx:
        tx.connection.execute("truncate store_event")
    for group in groups:
        with database.workspace(workspace) as tx:
            append(tx, [NewEvent(1, now, "k", mid=mid) for mid in group])
    flat = [mid for group in groups for mid in group]
    with database.workspace(workspace) as tx:
        kept = [row[0] for row in tx.connection.execute("select mid from store_event")]
    assert sorted(mid for mid in kept if mid is not None) == sorted({mid for mid in flat if mid is not None})
    assert kept.count(None) == flat.count(None)


def test_workspaces_do_not_wait_for_each_other(database: Database, workspace: str, now: datetime) -> None:
    from regulars.access.workspaces import create_workspace, delete_workspace

    other = create_workspace(database, f"{workspace}_b", "Another").name
    try:
        with database.workspace(workspace) as tx:
            append(tx, [NewEvent(1, now, "a")])
            with database.workspace(other) as second:
                second.connection.execute("set local lock_timeout = '2s'")
                append(second, [NewEvent(1, now, "a")])
    finally:
        delete_workspace(database, other)


def test_an_append_waits_for_the_one_before_it(database: Database, workspace: str, now: datetime) -> None:
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, now, "a")])
        with database.workspace(workspace) as second, pytest.raises(psycopg.errors.LockNotAvailable):
            second.connection.execute("set local lock_timeout = '50ms'")
            with second.connection.transaction():
                append(second, [NewEvent(1, now, "a")])


def test_what_takes_too_long_is_undone_and_the_transaction_goes_on(database: Database, workspace: str) -> None:
    with database.workspace(workspace) as tx:
        with pytest.raises(Invalid, match="longer than 1 seconds"), tx.within(1):
            tx.value(b"select pg_sleep(20)")
        with tx.within(1):
            assert tx.value(b"select 1") == 1
        assert tx.value(b"select current_setting('statement_timeout')") == "0"
