"""The conductor's plan: who follows in which order, and rounds that of many workers one holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from regulars.loop.followers import FOLLOWERS, begin, follower_named, replay
from regulars.loop.rounds import ROUNDS, hold_due
from regulars.store.database import Database
from regulars.store.follow import lags
from regulars.store.gone import Gone, steps
from regulars.store.records import wait_for_follower
from regulars.testing.serving import wait_until
from regulars.words.errors import Unknown

NAMES = [follower.name for follower in FOLLOWERS]


def test_nobody_comes_before_those_they_must_not_overtake() -> None:
    for place, follower in enumerate(FOLLOWERS):
        assert set(follower.after) <= set(NAMES[:place]), f"{follower.name} comes too early"


def test_every_follower_has_a_name_of_its_own_and_is_found_by_it() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert [follower_named(name) for name in NAMES] == list(FOLLOWERS)
    with pytest.raises(Unknown, match="There are: "):
        follower_named("nobody")


def test_followers_begin_once(database: Database, workspace: str) -> None:
    for _ in range(2):
        with database.workspace(workspace) as tx:
            begin(tx)
    with database.workspace(workspace) as tx:
        assert sorted(lag.name for lag in lags(tx)) == sorted(NAMES)


def test_who_starts_followers_over_and_who_waits_for_all_of_them_never_wait_for_each_other(
    database: Database, workspace: str
) -> None:
    """Whoever forgets somebody holds all followers, name by name; one in the middle keeps both waiting here."""
    (fence,) = [step for step in steps() if step.name == "events"][1:]
    with database.workspace(workspace) as tx:
        begin(tx)

    def forget() -> None:
        with database.workspace(workspace) as tx:
            fence.clear(tx, Gone([]), 1)

    def start_over() -> None:
        with database.workspace(workspace) as tx:
            replay(tx, "identity")

    def waiting() -> int:
        with database.shared() as tx:
            return tx.connection.execute(
                "select count(*) from pg_locks where not granted and locktype in ('transactionid', 'tuple')"
            ).fetchone()[0]

    with ThreadPoolExecutor(2) as both:
        with database.workspace(workspace) as tx:
            wait_for_follower(tx, "facts")
            first = both.submit(forget)
            wait_until(lambda: waiting() >= 1, "the fence to wait")
            second = both.submit(start_over)
            wait_until(lambda: waiting() >= 2, "the replay to wait")
        first.result(30)
        second.result(30)


def test_a_round_is_held_when_it_is_due_and_by_one_worker_only(
    database: Database, workspace: str, now: datetime
) -> None:
    with database.workspace(workspace) as tx:
        begin(tx)
    names = [one.name for one in ROUNDS]
    assert hold_due(database, workspace, now) == names
    assert hold_due(database, workspace, now) == []
    soonest = min(one.every for one in ROUNDS)
    assert hold_due(database, workspace, now + soonest - timedelta(seconds=1)) == []
    assert hold_due(database, workspace, now + soonest) == [one.name for one in ROUNDS if one.every == soonest]
