"""A message id is refused for at least seven days, with an index that does not grow for ever."""

from datetime import datetime, timedelta

from regulars.store import records
from regulars.store.database import Database
from regulars.store.dedupe import WEEK, rotate_dedupe
from regulars.store.log import NewEvent, append


def send(database: Database, workspace: str, mid: int, at: datetime) -> bool:
    """Send a message as if `at` were now; return whether it was taken."""
    with database.workspace(workspace) as tx:
        before = records.count_events(tx, kind=None)
        append(tx, [NewEvent(1, at, "x", mid=mid)])
        tx.connection.execute("update store_event set received_at = at where mid = %s", (mid,))
        return records.count_events(tx, kind=None) > before


def indexes(database: Database, workspace: str) -> int:
    with database.workspace(workspace) as tx:
        row = tx.connection.execute(
            "select count(*) from pg_indexes where schemaname = current_schema() and indexname like 'store_event_mid%'"
        ).fetchone()
        return row[0] if row else 0


def test_over_two_months_no_message_is_taken_twice_within_a_week_and_two_indexes_are_the_most(
    database: Database, workspace: str, now: datetime
) -> None:
    day = timedelta(days=1)
    for number in range(60):
        today = now + number * day
        assert send(database, workspace, number, today)
        for ago in range(1, min(number, WEEK.days) + 1):
            assert not send(database, workspace, number - ago, today), f"day {number}: taken again after {ago} days"
        rotate_dedupe(database, workspace, today + timedelta(hours=1))
        assert indexes(database, workspace) <= 2
    assert send(database, workspace, 0, now + 60 * day), "an index that never forgets would grow for ever"
