"""Daily counts are made in SQL: their money is what `words/money.py` says it is, whatever an event said."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.store.log import NewEvent, append
from regulars.understand import records
from regulars.words.kinds import SEGMENT_ENTERED
from regulars.words.money import NAMES, money

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
ODD = "0 -0.0 12 12.50 -3 1e3 1E+15 1e15 1.0000000001e15 1e16 -1e15 1e-99 1e-400 1e300 99999999999999999999999999"
NUMBERS = st.sampled_from([*ODD.split(), f"0.{'1' * 500}", "0.1000000000000000055511151231257827"])
VALUES = NUMBERS | st.integers().map(str) | st.floats(allow_nan=False, allow_infinity=False).map(repr)
OTHERS = st.sampled_from(["null", "true", "false", '"12"', '"1e3"', "[12]", '{"total": 12}', '""'])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(said=st.lists(st.dictionaries(st.sampled_from((*NAMES, "price")), VALUES | OTHERS), min_size=1, max_size=30))
def test_the_money_of_daily_counts_is_that_of_the_events(database, workspace, said):
    texts = ["{" + ", ".join(f'"{name}": {value}' for name, value in props.items()) + "}" for props in said]
    with database.workspace(workspace) as tx:
        for table in ("store_event", "understand_rollup", "understand_seen"):
            tx.connection.execute(f"delete from {table}")
        append(tx, [NewEvent(n, NOON, "Order Completed", text.encode()) for n, text in enumerate(texts, 1)])
        first, last = tx.connection.execute("select min(seq), max(seq) from store_event").fetchall()[0]
        records.roll_up(tx, first, last, ())
        found = dict(tx.connection.execute("select identity_id, total from understand_rollup").fetchall())
    wanted = {n: money(msgspec.json.decode(text)) or 0.0 for n, text in enumerate(texts, 1)}
    assert found == pytest.approx(wanted, rel=1e-14, abs=1e-90)


def test_a_piece_of_the_log_is_counted_by_day_once_and_says_who_was_here_last(database, workspace):
    days = [NOON, NOON + timedelta(days=1), NOON + timedelta(days=1, hours=1)]
    with database.workspace(workspace) as tx:
        append(tx, [NewEvent(1, at, "a", b'{"total": 2}') for at in days])
        append(tx, [NewEvent(1, NOON + timedelta(days=9), SEGMENT_ENTERED), NewEvent(2, NOON, SEGMENT_ENTERED)])
        first, last = tx.connection.execute("select min(seq), max(seq) from store_event").fetchall()[0]
        records.roll_up(tx, first, first + 1, {SEGMENT_ENTERED})
        records.roll_up(tx, first + 2, last, {SEGMENT_ENTERED})
        rows = tx.connection.execute(
            """select identity_id, k.name, day - %s::date, count, total from understand_rollup r
            join store_kind k on k.id = r.kind order by 1, 2, 3""",
            (NOON.date(),),
        ).fetchall()
        seen = tx.connection.execute("select identity_id, day from understand_seen").fetchall()
    assert rows == [
        (1, "a", 0, 1, 2.0),
        (1, "a", 1, 2, 4.0),
        (1, SEGMENT_ENTERED, 9, 1, 0.0),
        (2, SEGMENT_ENTERED, 0, 1, 0.0),
    ]
    assert seen == [(1, (NOON + timedelta(days=1)).date())]
