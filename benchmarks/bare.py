"""The engine alone: binary COPY of the same rows into the same indexed log."""

from time import perf_counter

import psycopg

PER_COMMIT = 2_000
_COLUMNS = "identity_id, at, received_at, mid, kind, props, context"


def copy_again(database_url: str, source: str, target: str) -> float:
    """Read a workspace's log and copy its rows into another's, 2,000 a commit; return events a second.

    Reading and encoding are not counted: the rows lie ready in COPY's own format before the clock starts.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        total = _count(connection, source)
        copied = [_encoded(connection, source, n, n + PER_COMMIT) for n in range(1, total + 1, PER_COMMIT)]
        connection.execute(f"set search_path to {target}, regulars".encode())
        into = f"copy store_event ({_COLUMNS}) from stdin (format binary)".encode()
        began = perf_counter()
        for rows in copied:
            with connection.transaction(), connection.cursor() as cursor, cursor.copy(into) as copy:
                copy.write(rows)
        seconds = perf_counter() - began
        return _count(connection, target) / seconds


def _encoded(connection: psycopg.Connection, source: str, first: int, beyond: int) -> bytes:
    query = f"copy (select {_COLUMNS} from {source}.store_event where seq >= {first} and seq < {beyond} order by seq) "
    with connection.cursor() as cursor, cursor.copy((query + "to stdout (format binary)").encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def _count(connection: psycopg.Connection, schema: str) -> int:
    row = connection.execute(f"select coalesce(max(seq), 0) from {schema}.store_event".encode()).fetchone()
    return int(row[0]) if row else 0
