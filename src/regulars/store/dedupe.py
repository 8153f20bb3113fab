"""The dedupe index covers the last seven days at least, and stays as small as these.

A message id is unique in the log for a week. Once a week a successor is built that covers the events from then on;
when it reaches back seven days itself, the old one goes. It is built without stopping the appends.
"""

from datetime import datetime, timedelta

from psycopg import sql

from regulars.store.database import SHARED, Database, Tx, schema_of
from regulars.store.statements import load

SQL = load(__package__ or "regulars.store", "dedupe.sql")

WEEK = timedelta(days=7)


def broken_indexes(tx: Tx) -> list[str]:
    """Return the names of the dedupe indexes whose building was cut short; the next rotation makes them anew."""
    return [f"store_event_mid_{start}" for start in tx.values(SQL["broken_indexes"])]


def rotate_dedupe(database: Database, workspace: str, now: datetime) -> None:
    """Bring the dedupe indexes of a workspace's log up to date; most calls find nothing to do."""
    with database.workspace(workspace) as tx:
        broken = tx.values(SQL["broken_indexes"])
        valid: list[int] = tx.values(SQL["index_starts"])
        head: int = tx.value(SQL["next_seq"])
        newest, reaches_back = valid[-1], tx.value(SQL["received_before"], seq=valid[-1], moment=now - WEEK)
        old = valid[:-1] if reaches_back else valid[:-2]
    schema = sql.Identifier(schema_of(workspace))
    with database.direct() as connection:
        connection.execute(sql.SQL("set search_path to {}, {}").format(schema, sql.Identifier(SHARED)))
        for start in [*broken, *old]:
            connection.execute(
                sql.SQL("drop index concurrently if exists {}").format(sql.Identifier(f"store_event_mid_{start}"))
            )
        if head > newest and reaches_back:
            connection.execute(
                sql.SQL("create unique index concurrently {} on store_event (mid) where seq >= {}").format(
                    sql.Identifier(f"store_event_mid_{head}"), sql.Literal(head)
                )
            )
