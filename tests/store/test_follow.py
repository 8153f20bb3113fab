"""Followers: effects and cursor move together; nobody is overtaken; poison is set aside; replays change nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Event as Stop
from threading import enumerate as enumerate_threads

import msgspec
import psycopg
import pytest

from regulars.store import manifest_records, records
from regulars.store.database import Database, Tx
from regulars.store.dispatch import Dispatcher, in_order
from regulars.store.export import file_exporter
from regulars.store.follow import Batch, Follower, Runner, lags, register, rewind, run_again
from regulars.store.log import NewEvent, append
from regulars.words.errors import Conflict, Unknown

TABLES = """create table effect (follower text, seq bigint, identity_id bigint);
            create table tally (identity_id bigint primary key, n int not null)"""


@pytest.fixture
def tables(database: Database, workspace: str) -> str:
    with database.workspace(workspace) as tx:
        tx.connection.execute(TABLES)
    return workspace


def note(name: str) -> Callable[[Batch], None]:
    """A follower's function that notes every event it gets."""

    def handle(batch: Batch) -> None:
        with batch.tx.connection.cursor() as cursor:
            cursor.executemany(
                "insert into effect values (%s, %s, %s)", [(name, e.seq, e.identity_id) for e in batch.events]
            )

    return handle


def count(batch: Batch) -> None:
    """A follower's function whose effect would show if it happened twice."""
    with batch.tx.connection.cursor() as cursor:
        cursor.executemany(
            "insert into tally values (%s, 1) on conflict (identity_id) do update set n = tally.n + 1",
            [(e.identity_id,) for e in batch.events],
        )


def forget_counts(tx: Tx) -> None:
    tx.connection.execute("truncate tally")


def follower(name: str, **more: object) -> Follower:
    return Follower(**{"name": name, "role": "deriving", "handle": note(name), **more})  # type: ignore[arg-type]


def write(database: Database, workspace: str, events: list[NewEvent]) -> None:
    with database.workspace(workspace) as tx:
        append(tx, events)


def some(now: datetime, number: int, kind: str = "a", **more: object) -> list[NewEvent]:
    return [NewEvent(n, now, kind, **more) for n in range(1, number + 1)]  # type: ignore[arg-type]


def start(database: Database, workspace: str, *followers: Follower) -> None:
    with database.workspace(workspace) as tx:
        register(tx, followers)


def dispatcher(database: Database, workspace: str, now: datetime, *followers: Follower) -> Dispatcher:
    return Dispatcher(database, followers, lambda: [workspace], lambda: now)


def effects(database: Database, workspace: str, name: str) -> list[int]:
    with database.workspace(workspace) as tx:
        return [row[0] for row in tx.connection.execute("select seq from effect where follower = %s", (name,))]


def tally(database: Database, workspace: str) -> dict[int, int]:
    with database.workspace(workspace) as tx:
        return dict(tx.connection.execute("select identity_id, n from tally").fetchall())


def cursor_of(database: Database, workspace: str, name: str) -> int:
    with database.workspace(workspace) as tx:
        return next(state.cursor for state in records.list_followers(tx) if state.name == name)


def test_a_follower_gets_every_event_of_its_kinds_once_and_in_order(
    database: Database, tables: str, now: datetime
) -> None:
    wants_a = follower("wants a", kinds=frozenset({"a"}), size=3)
    wants_all = follower("wants all", size=4)
    start(database, tables, wants_a, wants_all)
    write(database, tables, some(now, 10) + some(now, 5, "b") + some(now, 2))
    dispatcher(database, tables, now, wants_a, wants_all).catch_up([tables])
    assert effects(database, tables, "wants a") == [*range(1, 11), 16, 17]
    assert effects(database, tables, "wants all") == list(range(1, 18))
    assert cursor_of(database, tables, "wants a") == 17


def test_a_follower_passes_over_some_kinds_but_not_when_it_starts_over(
    database: Database, tables: str, now: datetime
) -> None:
    passes = follower("passes", besides=frozenset({"b"}), size=3)
    start(database, tables, passes)
    write(database, tables, some(now, 4) + some(now, 5, "b") + some(now, 2) + some(now, 1, "b"))
    dispatcher(database, tables, now, passes).catch_up([tables])
    assert effects(database, tables, "passes") == [1, 2, 3, 4, 10, 11]
    assert cursor_of(database, tables, "passes") == 12
    with database.workspace(tables) as tx:
        rewind(tx, passes)
    dispatcher(database, tables, now, passes).catch_up([tables])
    assert effects(database, tables, "passes")[6:] == list(range(1, 13))


def test_a_follower_of_spans_is_told_every_sequence_once_and_is_handed_no_event(
    database: Database, tables: str, now: datetime
) -> None:
    told: list[tuple[int, int]] = []

    def note_span(batch: Batch) -> None:
        assert not batch.events
        told.append(batch.span)

    spans = follower("spans", handle=note_span, spans=True, size=4)
    start(database, tables, spans)
    write(database, tables, some(now, 10))
    dispatcher(database, tables, now, spans).catch_up([tables])
    assert told == [(1, 4), (5, 8), (9, 10)]


@pytest.mark.parametrize(
    ("emits", "role", "waits"), [(False, "deriving", "off"), (True, "deriving", "local"), (False, "exporting", "local")]
)
def test_only_who_says_or_writes_something_waits_for_the_disk(
    database: Database, tables: str, now: datetime, monkeypatch: pytest.MonkeyPatch, emits: bool, role: str, waits: str
) -> None:
    seen: list[str] = []
    plain = records.move_follower

    def look(tx: Tx, *args: object, **more: object) -> None:
        plain(tx, *args, **more)  # type: ignore[arg-type]
        seen.append(tx.connection.execute("show synchronous_commit").fetchall()[0][0])

    def says(batch: Batch) -> None:
        batch.tx.connection.execute("set local synchronous_commit = local")
        if emits:
            batch.emit("b", batch.events[0].identity_id, {}, cause=batch.events[0])

    monkeypatch.setattr(records, "move_follower", look)
    mover = follower("mover", handle=says, role=role, kinds=frozenset({"a"}))
    start(database, tables, mover)
    write(database, tables, some(now, 1))
    Runner(database).step(tables, mover, now)
    assert seen == [waits]


def test_effects_and_cursor_move_together_when_the_process_dies_in_between(
    database: Database, tables: str, now: datetime
) -> None:
    deaths = [KeyboardInterrupt(), KeyboardInterrupt()]

    def dies(batch: Batch) -> None:
        count(batch)
        if deaths:
            raise deaths.pop()

    dying = follower("dying", handle=dies)
    start(database, tables, dying)
    write(database, tables, some(now, 3))
    runner = Runner(database)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            runner.step(tables, dying, now)
    assert tally(database, tables) == {}
    runner.step(tables, dying, now)
    assert tally(database, tables) == {1: 1, 2: 1, 3: 1}


def test_several_workers_share_followers_without_doing_anything_twice(
    database: Database, tables: str, now: datetime
) -> None:
    counts = follower("counts", handle=count, size=7)
    behind = follower("behind", after=("counts",), size=5)
    start(database, tables, counts, behind)

    def work(seed: int) -> None:
        rng = Random(seed)
        mine = dispatcher(database, tables, now, counts, behind)
        for n in range(20):
            write(database, tables, some(now, rng.randint(1, 4)))
            if n % 2:
                mine.catch_up([tables])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    dispatcher(database, tables, now, counts, behind).catch_up([tables])
    with database.workspace(tables) as tx:
        total = records.count_events(tx, kind=None)
    assert sum(tally(database, tables).values()) == total
    behind_got = effects(database, tables, "behind")
    assert len(behind_got) == len(set(behind_got)) == total


def test_nobody_overtakes_a_paused_follower(database: Database, tables: str, now: datetime) -> None:
    first, second, third = follower("first"), follower("second", after=("first",)), follower("third", after=("second",))
    free = follower("free")
    all_four = (first, second, third, free)
    start(database, tables, *all_four)
    worker = dispatcher(database, tables, now, *all_four)
    write(database, tables, some(now, 3))
    worker.catch_up([tables])
    with database.workspace(tables) as tx:
        records.pause_follower(tx, "first", paused=True, note="looked into")
    write(database, tables, some(now, 3))
    worker.catch_up([tables])
    assert [len(effects(database, tables, f.name)) for f in all_four] == [3, 3, 3, 6]
    with database.workspace(tables) as tx:
        assert {lag.name: lag.behind for lag in lags(tx)} == {"first": 3, "second": 3, "third": 3, "free": 0}
        records.pause_follower(tx, "first", paused=False, note="")
    worker.catch_up([tables])
    assert [len(effects(database, tables, f.name)) for f in all_four] == [6, 6, 6, 6]


def poisoned(seqs: set[int]) -> Callable[[Batch], None]:
    def handle(batch: Batch) -> None:
        count(batch)
        for event in batch.events:
            if event.seq in seqs:
                raise ValueError(f"cannot take {event.seq}")

    return handle


def test_a_poison_event_is_halved_down_to_quarantined_and_can_be_run_again(
    database: Database, tables: str, now: datetime
) -> None:
    seqs = {37, 38, 90}
    picky = follower("picky", handle=poisoned(seqs))
    start(database, tables, picky)
    write(database, tables, some(now, 100))
    dispatcher(database, tables, now, picky).catch_up([tables])
    with database.workspace(tables) as tx:
        assert [(q.seq, q.error) for q in records.list_quarantine(tx)] == [
            (seq, f"ValueError: cannot take {seq}") for seq in sorted(seqs)
        ]
    assert tally(database, tables) == {n: 1 for n in range(1, 101) if n not in seqs}
    with pytest.raises(ValueError, match="cannot take 37"), database.workspace(tables) as tx:
        run_again(tx, picky, 37, now)
    seqs.clear()
    for seq in (37, 38, 90):
        with database.workspace(tables) as tx:
            run_again(tx, picky, seq, now)
    assert tally(database, tables) == dict.fromkeys(range(1, 101), 1)
    with pytest.raises(Unknown), database.workspace(tables) as tx:
        run_again(tx, picky, 37, now)


def test_a_follower_that_holds_keeps_an_identitys_later_events_behind_its_poison_in_order(
    database: Database, tables: str, now: datetime
) -> None:
    seqs = {2}
    holding = follower("holding", handle=poisoned(seqs), holds=True, size=4)
    start(database, tables, holding)
    write(database, tables, some(now, 3))
    write(database, tables, some(now, 3))
    worker = dispatcher(database, tables, now, holding)
    worker.catch_up([tables])
    write(database, tables, some(now, 2))
    worker.catch_up([tables])
    assert tally(database, tables) == {1: 3, 3: 2}
    seqs.clear()
    with database.workspace(tables) as tx:
        assert [q.seq for q in records.list_quarantine(tx)] == [2, 5, 8]
        run_again(tx, holding, 5, now)
    assert tally(database, tables) == {1: 3, 2: 3, 3: 2}


def test_an_event_that_cannot_even_be_read_is_set_aside(database: Database, tables: str, now: datetime) -> None:
    counts = follower("counts", handle=count)
    start(database, tables, counts)
    write(database, tables, [NewEvent(n, now, "a", b'{"n": 1e400}' if n == 3 else b"{}") for n in range(1, 6)])
    dispatcher(database, tables, now, counts).catch_up([tables])
    assert tally(database, tables) == {1: 1, 2: 1, 4: 1, 5: 1}
    with database.workspace(tables) as tx:
        assert [(q.seq, q.identity_id) for q in records.list_quarantine(tx)] == [(3, 3)]


def test_a_database_that_went_away_quarantines_nothing(database: Database, tables: str, now: datetime) -> None:
    from regulars.words.errors import Unavailable

    def killed(batch: Batch) -> None:
        raise psycopg.errors.AdminShutdown("terminating connection due to administrator command")

    dropped = follower("dropped", handle=killed)
    start(database, tables, dropped)
    write(database, tables, some(now, 1))
    with pytest.raises(Unavailable):
        Runner(database).step(tables, dropped, now)
    with database.workspace(tables) as tx:
        assert records.list_quarantine(tx) == []
    assert cursor_of(database, tables, "dropped") == 0


def test_a_follower_added_late_derives_from_the_start_or_acts_from_now(
    database: Database, tables: str, now: datetime
) -> None:
    write(database, tables, some(now, 5))
    derives, acts = follower("derives"), follower("acts", role="acting")
    start(database, tables, derives, acts)
    write(database, tables, some(now, 2))
    start(database, tables, derives, acts)
    dispatcher(database, tables, now, derives, acts).catch_up([tables])
    assert effects(database, tables, "derives") == [1, 2, 3, 4, 5, 6, 7]
    assert effects(database, tables, "acts") == [6, 7]


def test_an_acting_follower_never_sees_history_nor_what_came_of_it(
    database: Database, tables: str, now: datetime
) -> None:
    def echo(batch: Batch) -> None:
        for event in batch.events:
            batch.emit("echo", event.identity_id, {}, cause=event)

    echoing = follower("echoing", handle=echo, kinds=frozenset({"a"}))
    acting = follower("acting", role="acting", after=("echoing",))
    start(database, tables, echoing, acting)
    write(database, tables, some(now, 2, historical=True) + some(now, 1))
    dispatcher(database, tables, now, echoing, acting).catch_up([tables])
    with database.workspace(tables) as tx:
        events = {e.seq: e for e in records.list_events(tx, kind="echo", before=None, limit=10)}
    assert [(e.cause, e.depth, e.historical) for e in events.values()] == [(3, 1, False), (2, 1, True), (1, 1, True)]
    echoed_live = next(seq for seq, event in events.items() if not event.historical)
    assert effects(database, tables, "acting") == [3, echoed_live]


def test_a_replay_gives_the_same_and_emits_nothing_again(database: Database, tables: str, now: datetime) -> None:
    def count_and_say(batch: Batch) -> None:
        count(batch)
        for event in batch.events:
            batch.emit("said", event.identity_id, {}, cause=event)

    deriving = follower("deriving", handle=count_and_say, kinds=frozenset({"a"}), reset=forget_counts, size=4)
    start(database, tables, deriving)
    worker = dispatcher(database, tables, now, deriving)
    write(database, tables, some(now, 10))
    worker.catch_up([tables])
    before = tally(database, tables)
    with database.workspace(tables) as tx:
        rewind(tx, deriving)
    assert tally(database, tables) == {}
    write(database, tables, some(now, 3))
    worker.catch_up([tables])
    assert tally(database, tables) == {n: c + (n <= 3) for n, c in before.items()}
    with database.workspace(tables) as tx:
        assert records.count_events(tx, kind="said") == 13


def test_who_derives_from_what_is_replayed_is_replayed_too(database: Database, tables: str, now: datetime) -> None:
    first, second = follower("first"), follower("second", after=("first",))
    apart, acting = follower("apart"), follower("acting", role="acting", after=("second",))
    house = [first, second, apart, acting]
    start(database, tables, *house)
    write(database, tables, some(now, 3))
    worker = dispatcher(database, tables, now, *house)
    worker.catch_up([tables])
    with database.workspace(tables) as tx:
        rewind(tx, first, house)
        assert {state.name: state.cursor for state in records.list_followers(tx)} == {
            "first": 0,
            "second": 0,
            "apart": 3,
            "acting": 3,
        }
    worker.catch_up([tables])
    assert [len(effects(database, tables, f.name)) for f in house] == [6, 6, 3, 3]


def test_an_acting_follower_cannot_be_replayed(database: Database, tables: str) -> None:
    acting = follower("acting", role="acting")
    start(database, tables, acting)
    with pytest.raises(Conflict), database.workspace(tables) as tx:
        rewind(tx, acting)


def test_a_circle_of_causes_ends(database: Database, tables: str, now: datetime) -> None:
    def answer(batch: Batch) -> None:
        for event in batch.events:
            batch.emit("a", event.identity_id, {}, cause=event)

    circling = follower("circling", handle=answer)
    start(database, tables, circling)
    write(database, tables, some(now, 1))
    dispatcher(database, tables, now, circling).catch_up([tables])
    with database.workspace(tables) as tx:
        assert records.count_events(tx, kind=None) == 16
        assert [refusal.cause for refusal in records.list_refusals(tx)] == [16]


def test_followers_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        in_order([follower("one", after=("two",)), follower("two", after=("one",))])


def test_an_exporter_writes_each_event_once_and_sweeps_what_a_crash_left(
    database: Database, tables: str, now: datetime, tmp_path: Path
) -> None:
    exporting = file_exporter(tmp_path)
    start(database, tables, exporting)
    write(database, tables, some(now, 5))
    (tmp_path / tables).mkdir()
    (tmp_path / tables / "1-3.ndjson").write_text("left by a crash before its commit")
    (tmp_path / tables / "thesis.txt").write_text("somebody's own")
    worker = dispatcher(database, tables, now, exporting)
    worker.catch_up([tables])
    write(database, tables, some(now, 2))
    worker.catch_up([tables])
    assert (tmp_path / tables / "thesis.txt").is_file()
    files = sorted((tmp_path / tables).glob("*.ndjson*"))
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert [file.name for file in files] == ["1-5.ndjson", "6-7.ndjson"]
    rows = [msgspec.json.decode(line) for file in files for line in file.read_bytes().splitlines()]
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    with database.workspace(tables) as tx:
        assert [(w.name, w.rows) for w in manifest_records.list_manifest(tx, exporting.name)] == [
            ("1-5.ndjson", 5),
            ("6-7.ndjson", 2),
        ]


def test_who_dispatches_ends_with_what_broke_it_and_nobody_goes_on(
    database: Database, tables: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = dispatcher(database, tables, now, follower("a"))

    def breaks(*_: str, **__: bool) -> bool:
        raise RuntimeError("it broke")

    monkeypatch.setattr(mine, "turn", breaks)
    before = set(enumerate_threads())
    write(database, tables, some(now, 1))
    with pytest.raises(RuntimeError, match="it broke"):
        mine.run(Stop())
    assert not {one for one in enumerate_threads() if one.name.startswith("following")} - before
    other = dispatcher(database, tables, now, follower("a"))
    monkeypatch.setattr(other, "_moved", breaks)
    with pytest.raises(RuntimeError, match="it broke"):
        other.run(Stop())
    assert not {one for one in enumerate_threads() if one.name.startswith("following")} - before
