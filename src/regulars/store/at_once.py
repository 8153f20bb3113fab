"""The short way into the log: a group that names nothing new is on disk after two trips to the database.

One message begins the transaction, takes the log's lock, asks whether the log is still as this process remembers it,
and asks for rows; the rows are answered by the commit. Whatever is unusual goes the long way, `log.append`.

The driver lets nothing stand beside a COPY in one message, libpq does (PostgreSQL documentation, 'Functions Associated
with the COPY Command' and 'Multiple Statements in a Simple Query'), so this speaks with libpq.
"""

from collections.abc import Iterator, Sequence
from select import POLLIN, POLLOUT, poll

import msgspec
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from regulars.store import records
from regulars.store.database import SHARED, Database, schema_of
from regulars.store.log import NewEvent, encoded, without_repeats

_BEGIN = (
    "begin; select set_config('search_path', '{path}', true); {lock}; "
    "select to_regclass('{log}')::oid::bigint; {beside}; {copy}; commit"
)


class Remembered(msgspec.Struct, frozen=True):
    """What has to be so still, for numbers that a process remembers to hold."""

    log_id: int
    beside: bytes
    """A statement that answers with one number; it is the house's own text."""
    number: int


def append_at_once(database: Database, workspace: str, events: Sequence[NewEvent], remembered: Remembered) -> bool:
    """Append and commit events that nothing caused; return False where nothing was appended.

    So it is where a kind is new, an event is in the log already, the database takes one of them not, or the log is
    another than is remembered: the long way finds out what to do. Raise Unavailable where the database went away while
    it was writing, and nobody knows whether it had come to an end.
    """
    once = without_repeats(events)
    numbers = database.kinds(remembered.log_id, {event.kind for event in once})
    if numbers is None:
        return False
    message = _message(workspace, remembered)
    with database.lent() as connection:
        pgconn = connection.pgconn
        if not _asks_for_rows(pgconn, message, remembered):
            return False
        pgconn.put_copy_data(encoded(once, numbers))
        pgconn.put_copy_end()
        ends = [result.status for result in _results(pgconn)]  # of the rows and, where they were taken, the commit
        return ends == [ExecStatus.COMMAND_OK] * 2


def _message(workspace: str, remembered: Remembered) -> bytes:
    schema = schema_of(workspace)
    return _BEGIN.format(
        path=f"{schema}, {SHARED}",
        lock=records.LOCK_LOG.decode(),
        log=f"{schema}.store_event",
        beside=remembered.beside.decode(),
        copy=records.COPY_LOG.decode(),
    ).encode()


def _asks_for_rows(pgconn: PGconn, message: bytes, remembered: Remembered) -> bool:
    """Send the message; return whether the database waits for rows, and everything is as it was remembered."""
    pgconn.send_query(message)
    answers: list[bytes | None] = []
    for result in _results(pgconn):
        if result.status == ExecStatus.COPY_IN:
            if answers == [b"%d" % remembered.log_id, b"%d" % remembered.number]:
                return True
            pgconn.put_copy_end(b"not as remembered")
        elif result.status == ExecStatus.TUPLES_OK:
            answers = [*answers, result.get_value(0, 0)][-2:]
    return False


def _results(pgconn: PGconn) -> Iterator[PGresult]:
    """Yield the results of what was sent as they come."""
    while (result := _next(pgconn)) is not None:
        yield result


def _next(pgconn: PGconn) -> PGresult | None:
    waiting = poll()
    while pgconn.flush():
        waiting.register(pgconn.socket, POLLIN | POLLOUT)
        waiting.poll()
        pgconn.consume_input()
    waiting.register(pgconn.socket, POLLIN)
    while pgconn.is_busy():
        waiting.poll()
        pgconn.consume_input()
    return pgconn.get_result()
