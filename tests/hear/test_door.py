"""The door: acknowledged means on disk; a full queue refuses; a hostile event costs its sender only."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from threading import Barrier, Event, Thread

import msgspec
import pytest

from regulars.access.workspaces import create_workspace, delete_workspace
from regulars.hear import door as doors
from regulars.hear.door import Door
from regulars.hear.drafts import Draft
from regulars.hear.identities import Identities, identities_of, intern
from regulars.store import records
from regulars.store.database import Database
from regulars.store.waking import Waker, listen
from regulars.words.errors import Busy, Invalid, RegularsError


@pytest.fixture
def door(database: Database) -> Iterator[Door]:
    waker = Waker(database)
    door = Door(database, waker)
    yield door
    door.close()
    waker.close()


def draft(now: datetime, who: str = "u1", mid: int | None = None, props: bytes = b"{}") -> Draft:
    return Draft(("user", who), "x", now, mid, props, None)


def count(database: Database, workspace: str) -> int:
    with database.workspace(workspace) as tx:
        return records.count_events(tx, kind=None)


def test_what_the_door_has_taken_is_in_the_log(database: Database, workspace: str, door: Door, now: datetime) -> None:
    door.take(workspace, [draft(now, "u1"), draft(now, "u2"), draft(now, "u1")])
    assert count(database, workspace) == 3
    with database.workspace(workspace) as tx:
        events = records.list_events(tx, kind=None, before=None, limit=9)
    assert len({event.identity_id for event in events}) == 2


def test_many_threads_through_one_door_lose_nothing(
    database: Database, workspace: str, door: Door, now: datetime
) -> None:
    together = Barrier(8)

    def send(thread: int) -> None:
        together.wait()
        for number in range(20):
            door.take(workspace, [draft(now, f"u{thread}-{number}", mid=thread * 100 + number)] * 2)

    threads = [Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database, workspace) == 8 * 20


def test_a_text_the_database_cannot_take_costs_its_own_request_only(
    database: Database, workspace: str, door: Door, now: datetime
) -> None:
    bad = draft(now, props=b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}")
    answers: list[RegularsError | None] = []
    done = Event()

    def answer(error: RegularsError | None) -> None:
        answers.append(error)
        if len(answers) == 3:
            done.set()

    for one in (draft(now), bad, draft(now)):
        door.post(workspace, [one], answer)
    assert done.wait(10)
    assert sorted(type(answer).__name__ for answer in answers) == ["Invalid", "NoneType", "NoneType"]
    assert count(database, workspace) == 2
    with pytest.raises(Invalid, match="does not take this text"):
        door.take(workspace, [bad])


def test_a_public_key_cannot_use_up_the_names_of_events(
    database: Database, workspace: str, door: Door, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(kind: str, *, public: bool) -> Draft:
        return msgspec.structs.replace(draft(now), kind=kind, public=public)

    monkeypatch.setattr(doors, "MOST_PUBLIC_KINDS", 1)
    door.take(workspace, [named("seen", public=True)])
    with pytest.raises(Invalid, match="browser key"):
        door.take(workspace, [named("invented", public=True)])
    door.take(workspace, [named("made by us", public=False)])
    door.take(workspace, [named("made by us", public=True), named("seen", public=True)])
    assert count(database, workspace) == 4


def test_a_full_queue_refuses_instead_of_dropping(database: Database, workspace: str, now: datetime) -> None:
    waker = Waker(database)
    door = Door(database, waker, most_waiting=10)
    held = Event()
    answered = Event()

    def hold(_: RegularsError | None) -> None:
        answered.set()
        held.wait(10)

    try:
        door.post(workspace, [draft(now)], hold)
        assert answered.wait(10)
        door.post(workspace, [draft(now)] * 8, lambda _: None)
        with pytest.raises(Busy):
            door.post(workspace, [draft(now)] * 8, lambda _: None)
    finally:
        held.set()
        door.close()
        waker.close()
    assert count(database, workspace) == 9


def test_a_listener_is_woken_with_the_workspaces_name(
    database: Database, workspace: str, door: Door, now: datetime
) -> None:
    names = listen(database)
    assert next(names) == frozenset()
    door.take(workspace, [draft(now)])
    for woken in names:
        if workspace in woken:
            break


def test_two_processes_number_the_same_identifiers_alike(database: Database, workspace: str) -> None:
    pairs = [[("user", str(n)) for n in range(start, start + 50)] for start in (0, 25)]
    together = Barrier(2)
    seen: list[dict[tuple[str, str], int]] = []

    def number(mine: list[tuple[str, str]]) -> None:
        together.wait()
        with database.workspace(workspace) as tx:
            cache = Identities()
            cache.hold_for(tx)
            numbers, _ = cache.numbers(tx, mine)
        seen.append(numbers)

    threads = [Thread(target=number, args=(mine,)) for mine in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2
    with database.workspace(workspace) as tx:
        everything = intern(tx, {pair for some in pairs for pair in some})
    assert seen[0].items() | seen[1].items() == everything.items()
    assert len(set(everything.values())) == 75


def test_the_cache_stays_small(database: Database, workspace: str) -> None:
    cache = Identities(kept=3)

    def numbers(*who: str) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
        with database.workspace(workspace) as tx:
            cache.hold_for(tx)
            found, fresh = cache.numbers(tx, [("user", one) for one in who])
        cache.keep(tx, fresh)
        return found, fresh

    first, _ = numbers("a", "b")
    assert numbers("a", "b") == (first, {})
    numbers("c", "d", "e")
    assert numbers("a", "b") == (first, first)


def test_a_number_that_was_taken_back_is_not_remembered(database: Database, workspace: str) -> None:
    cache = Identities()
    with suppress(ZeroDivisionError), database.workspace(workspace) as tx:
        cache.hold_for(tx)
        cache.numbers(tx, [("user", "a")])
        raise ZeroDivisionError
    with database.workspace(workspace) as tx:
        cache.hold_for(tx)
        found, fresh = cache.numbers(tx, [("user", "a")])
        assert found == fresh
        assert identities_of(tx, found.values())[0].value == "a"


@pytest.mark.parametrize("again", [["u2"], ["u2", "u3"], ["u3"]])
def test_a_workspace_made_again_under_its_name_starts_with_nothing_of_the_old_one(
    database: Database, workspace: str, door: Door, now: datetime, again: list[str]
) -> None:
    door.take(workspace, [draft(now, "u1"), draft(now, "u2")])
    delete_workspace(database, workspace)
    create_workspace(database, workspace, "Again")
    door.take(workspace, [draft(now, who) for who in again])
    with database.workspace(workspace) as tx:
        events = records.list_events(tx, kind="x", before=None, limit=9)
        found = identities_of(tx, [event.identity_id for event in events])
    assert {identity.value for identity in found} == set(again)


def test_what_is_imported_comes_once_however_late_it_comes_again(
    database: Database, workspace: str, door: Door, now: datetime
) -> None:
    past = [msgspec.structs.replace(draft(now, "u1", mid=n), historical=True) for n in (1, 2)]
    door.take(workspace, past)
    with database.workspace(workspace) as tx:
        tx.connection.execute("drop index store_event_mid_0")  # as after a week
    door.take(workspace, [*past, msgspec.structs.replace(draft(now, "u1", mid=3), historical=True)])
    with database.workspace(workspace) as tx:
        assert [event.historical for event in records.list_events(tx, kind="x", before=None, limit=9)] == [True] * 3


def test_an_id_of_before_is_the_user_id_that_was_used_or_else_an_anonymous_one(
    database: Database, workspace: str
) -> None:
    cache = Identities()

    def numbers(*pairs: tuple[str, str]) -> dict[tuple[str, str], int]:
        with database.workspace(workspace) as tx:
            cache.hold_for(tx)
            found, fresh = cache.numbers(tx, pairs)
        cache.keep(tx, fresh)
        return found

    before = [("previous", "p1"), ("previous", "p2")]
    numbers(("user", "p1"))
    found = numbers(*before, ("user", "p1"), ("anonymous", "p2"))
    assert found["previous", "p1"] == found["user", "p1"]
    assert found["previous", "p2"] == found["anonymous", "p2"]
    later = numbers(("user", "p2"))
    assert numbers(*before)["previous", "p2"] == later["user", "p2"]


def test_an_event_says_whether_anybody_could_have_sent_it(database, workspace, door, now) -> None:
    door.take(workspace, [msgspec.structs.replace(draft(now), public=public, source=7) for public in (True, False)])
    with database.workspace(workspace) as tx:
        events = records.list_events(tx, kind=None, before=None, limit=9)
    assert [event.public for event in events] == [False, True]
