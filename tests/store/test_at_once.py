"""The short way into the log takes what it remembers everything of, and leaves the rest, whole, to the long way."""

from datetime import datetime

import msgspec
import pytest
from tests.store.test_log import everything

from regulars.store.at_once import Remembered, append_at_once
from regulars.store.database import Database
from regulars.store.log import NewEvent, append

BESIDE = b"select 12"


@pytest.fixture
def remembered(database: Database, workspace: str, now: datetime) -> Remembered:
    """What holds for a log that knows the kind 'a', by a process that has met it."""
    for _ in range(2):
        with database.workspace(workspace) as tx:
            append(tx, [NewEvent(1, now, "a")])
    return Remembered(tx.log_id, BESIDE, 12)


def mids(database: Database, workspace: str) -> list[int | None]:
    with database.workspace(workspace) as tx:
        return [mid for (mid,) in tx.connection.execute("select mid from store_event order by seq offset 2")]


def test_what_is_remembered_is_appended_once_each(
    database: Database, workspace: str, now: datetime, remembered: Remembered
) -> None:
    event = NewEvent(7, now, "a", b'{"name": "\xe5\xb0\x8f\xe6\x98\x8e"}', mid=5, source=3, public=True)
    group = [event, event, msgspec.structs.replace(event, mid=None), msgspec.structs.replace(event, mid=6)]
    assert append_at_once(database, workspace, group, remembered)
    assert mids(database, workspace) == [5, None, 6]
    found = everything(database, workspace)[2]
    assert (found.identity_id, found.at, found.kind, found.props) == (7, now, "a", {"name": "小明"})


@pytest.mark.parametrize(
    "changed",
    [{"number": 13}, {"log_id": 1}, {"beside": b"select 1 / 0"}, {"beside": b"select null::int"}],
    ids=["counted on", "another log", "no answer", "nothing"],
)
def test_what_is_not_as_it_was_is_left_to_the_long_way(
    database: Database, workspace: str, now: datetime, remembered: Remembered, changed: dict[str, object]
) -> None:
    other = msgspec.structs.replace(remembered, **changed)
    assert not append_at_once(database, workspace, [NewEvent(1, now, "a", mid=5)], other)
    assert mids(database, workspace) == []
    assert append_at_once(database, workspace, [NewEvent(1, now, "a", mid=5)], remembered)  # the lock was let go


@pytest.mark.parametrize(
    "event", [{"kind": "new here"}, {"props": b"no JSON"}, {"mid": 5}], ids=["kind", "text", "repeat"]
)
def test_of_a_group_with_something_unusual_nothing_is_appended(
    database: Database, workspace: str, now: datetime, remembered: Remembered, event: dict[str, object]
) -> None:
    usual = NewEvent(1, now, "a", mid=5)
    assert append_at_once(database, workspace, [usual], remembered)
    group = [NewEvent(1, now, "a", mid=6), msgspec.structs.replace(usual, mid=7, **({} if "mid" in event else event))]
    if "mid" in event:
        group.append(usual)
    assert not append_at_once(database, workspace, group, remembered)
    assert mids(database, workspace) == [5]


def test_a_workspace_that_is_gone_takes_nothing(database: Database, now: datetime, remembered: Remembered) -> None:
    assert not append_at_once(database, "gone_long_ago", [NewEvent(1, now, "a")], remembered)
