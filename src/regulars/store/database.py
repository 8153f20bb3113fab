"""Connections and transactions. A query never names its workspace: the transaction's search path does."""

import re
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, TypeVar

import msgspec
import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import scalar_row, tuple_row
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from regulars.store.counts import Counts
from regulars.store.rows import rows_of
from regulars.store.statements import Statement
from regulars.words.errors import Invalid, Unavailable, Unknown

if TYPE_CHECKING:
    from regulars.store.erasures import ErasureList

__all__ = ["SHARED", "Database", "Jsonb", "Tx", "schema_of"]

T = TypeVar("T")

SHARED = "regulars"
"""The schema of what all workspaces have in common."""

set_json_loads(msgspec.json.decode)
set_json_dumps(msgspec.json.encode)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_PREPARE_AFTER = 2
_WAIT_FOR_CONNECTION = 5.0


_FULL = "The disk of the database is full: nothing was taken. Make room there; until then nothing can be kept."
_FULL_FOR = 15.0
"""Seconds for which it is believed that the database's disk is full, once it has said so."""
_ENTER = "begin; select set_config('search_path', '{path}', true), to_regclass({log})::oid::bigint"
"""One trip: the connection is looked at, the transaction begun and its place entered. The names are the house's own."""
_PASSING = ("08", "40", "53", "57P", "55P03")
"""Connection lost, deadlock, out of resources, shut down, lock not to be had (PostgreSQL, appendix A)."""

_UNTAKABLE = (None, "22003", "22021", "22P05")
"""Found by the driver; numeric value out of range; character not in repertoire; untranslatable character."""


def passing(error: Exception) -> bool:
    """Return whether trying again later may help: it was the database's state, not what was asked of it."""
    if isinstance(error, PoolTimeout):
        return True
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate.startswith(_PASSING)
    )


def untakable(error: Exception) -> bool:
    """Return whether a value is one that no column takes: a zero character, or a number beyond all bounds."""
    return isinstance(error, psycopg.DataError) and error.sqlstate in _UNTAKABLE


def _options(url: str) -> str:
    """Return the session's options: those of the address, and that its times are UTC."""
    with suppress(psycopg.Error):  # an address that cannot be read is said where it is used
        return f"{conninfo_to_dict(url).get('options') or ''} -c timezone=UTC".strip()
    return ""


def schema_of(workspace: str) -> str:
    """Return the PostgreSQL schema of a workspace. Raise Invalid where the name could not be one."""
    if not _NAME.fullmatch(workspace):
        raise Invalid(
            "'{name}' cannot be a workspace's name: use a to z, 0 to 9 and _, a letter first, 41 at most.",
            name=workspace[:60],
        )
    return f"ws_{workspace}"


class Tx:
    """One transaction in one workspace (or in the shared schema)."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        workspace: str | None,
        log_id: int = 0,
        kinds: "dict[tuple[int, str], int] | None" = None,
        erasures: "ErasureList | None" = None,
        counts: Counts | None = None,
    ) -> None:
        self.connection = connection
        self.workspace = workspace
        self.log_id = log_id
        """Which log this is: a workspace that is deleted and made again under its name has another."""
        self.kinds = {} if kinds is None else kinds
        """The numbers of kinds of event that this process knows, by log and name."""
        self.counts = counts or Counts()
        """What this process counted last."""
        self.erasures = erasures
        """Where it is written down what is forgotten."""

    def all(self, sql: Statement, into: type[T], **params: Any) -> list[T]:
        """Run a statement; each row becomes an `into`, columns by name."""
        with self.connection.cursor(row_factory=rows_of(into)) as cursor:
            return cursor.execute(sql, params).fetchall()

    def one(self, sql: Statement, into: type[T], **params: Any) -> T | None:
        """Run a statement and return its first row as an `into`, or None."""
        with self.connection.cursor(row_factory=rows_of(into)) as cursor:
            return cursor.execute(sql, params).fetchone()

    def rows(self, sql: Statement, **params: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows as tuples."""
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(sql, params).fetchall()

    def values(self, sql: Statement, **params: Any) -> list[Any]:
        """Run a statement and return its first column."""
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(sql, params).fetchall()

    def value(self, sql: Statement, **params: Any) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(sql, params).fetchone()

    def stream(self, sql: Statement, at_once: int, **params: Any) -> Generator[list[Any]]:
        """Run a statement and yield its first column, some rows at a time, so that few are in memory."""
        with self.connection.cursor("stream", row_factory=scalar_row) as cursor:
            cursor.execute(sql, params)
            while some := cursor.fetchmany(at_once):
                yield some

    def copy(self, sql: Statement, out: IO[bytes], **params: Any) -> None:
        """Run a statement that selects and write its rows as CSV; nothing is empty, and an empty text is quoted."""
        copying = b"copy (" + sql + b") to stdout (format csv)"
        with self.connection.cursor() as cursor, cursor.copy(copying, params) as rows:
            for some in rows:
                out.write(some)

    def run(self, sql: Statement, **params: Any) -> int:
        """Run a statement and return how many rows it touched."""
        with self.connection.cursor() as cursor:
            return cursor.execute(sql, params).rowcount

    @contextmanager
    def within(self, seconds: float) -> Generator[None]:
        """Undo what a block does, and raise Invalid, where one of its statements takes longer than some seconds."""
        try:
            with self.connection.transaction():
                self.connection.execute(
                    "select set_config('statement_timeout', %s, true)", (str(round(seconds * 1000)),)
                )
                yield
                self.connection.execute("select set_config('statement_timeout', '0', true)")
        except errors.QueryCanceled as error:
            raise Invalid(
                "This takes the database longer than {seconds} seconds. Ask for less.", seconds=seconds
            ) from error

    def many(self, sql: Statement, rows: Sequence[dict[str, Any]]) -> None:
        """Run a statement once for each of `rows`, pipelined."""
        with self.connection.cursor() as cursor:
            cursor.executemany(sql, rows)


class Database:
    """One PostgreSQL, and this process's connections to it."""

    def __init__(self, url: str, *, connections: int = 8, erasures: "ErasureList | None" = None) -> None:
        self.url = url
        self.erasures = erasures
        self._kinds: dict[tuple[int, str], int] = {}
        self._counts = Counts()
        self._full_at = -_FULL_FOR
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            timeout=_WAIT_FOR_CONNECTION,
            kwargs={"autocommit": True, "prepare_threshold": _PREPARE_AFTER, "options": _options(url)},
            reconnect_timeout=_WAIT_FOR_CONNECTION,
            open=False,
        )
        self._pool.open()

    def check_room(self) -> None:
        """Raise Unavailable where the database said a moment ago that its disk is full."""
        if monotonic() - self._full_at < _FULL_FOR:
            raise Unavailable(_FULL)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def kinds(self, log_id: int, names: Collection[str]) -> dict[str, int] | None:
        """Return the numbers of kinds of event in a log, or None where this process does not remember each of them."""
        found = {name: number for name in names if (number := self._kinds.get((log_id, name)))}
        return found if len(found) == len(names) else None

    @contextmanager
    def workspace(self, name: str) -> Generator[Tx]:
        """Open a transaction in a workspace. It commits when the block ends and rolls back when it raises.

        Raised in it, `psycopg.Rollback` undoes it and goes no further.
        """
        schema = schema_of(name)
        with self._transaction(f"{schema}, {SHARED}", f"{schema}.store_event") as (connection, log_id):
            if log_id is None:
                raise Unknown("There is no workspace '{name}'.", name=name)
            yield Tx(connection, name, log_id, self._kinds, self.erasures, self._counts)

    @contextmanager
    def snapshot(self, name: str) -> Generator[Tx]:
        """Open a reading transaction, outside the pool, that sees a workspace as it is now however long it lasts."""
        schema = schema_of(name)
        with self.direct() as connection:
            connection.execute("begin transaction isolation level repeatable read, read only")
            connection.execute("set local idle_in_transaction_session_timeout = 0")
            connection.execute("select set_config('search_path', %s, true)", (f"{schema}, {SHARED}",))
            yield Tx(connection, name)

    @contextmanager
    def shared(self) -> Generator[Tx]:
        """Open a transaction in the shared schema."""
        with self._transaction(SHARED, None) as (connection, _):
            yield Tx(connection, None, erasures=self.erasures)

    @contextmanager
    def lent(self) -> Generator[psycopg.Connection[Any]]:
        """Lend a connection of the pool in autocommit. A transaction that is open when the block ends is undone."""
        with self._passing(), self._pool.connection() as connection:
            try:
                yield connection
            finally:
                if not connection.closed:
                    connection.rollback()

    @contextmanager
    def _transaction(self, path: str, log: str | None) -> Generator[tuple[psycopg.Connection[Any], int | None]]:
        with self._passing():
            connection, log_id = self._enter(path, log)
            try:
                yield connection, log_id
            except psycopg.Rollback:
                connection.rollback()
            except BaseException:
                if not connection.closed:
                    connection.rollback()
                raise
            else:
                connection.commit()
            finally:
                self._pool.putconn(connection)

    @contextmanager
    def _passing(self) -> Generator[None]:
        """Say of what will pass that it will: that the database is away, or has no room."""
        try:
            yield
        except (psycopg.OperationalError, PoolTimeout) as error:
            if not passing(error):
                raise
            if isinstance(error, errors.DiskFull):
                self._full_at = monotonic()
                raise Unavailable(_FULL) from error
            raise Unavailable(
                "The database cannot be reached just now. Nothing was taken; try again in a moment."
            ) from error

    def _enter(self, path: str, log: str | None) -> tuple[psycopg.Connection[Any], int | None]:
        """Begin a transaction; a connection that broke while nobody used it is replaced.

        The pool's own check of a connection would be a trip to the database more, for every transaction.
        """
        enter = _ENTER.format(path=path, log=f"'{log}'" if log else "null").encode()
        for _ in range(self._pool.max_size):
            connection = self._pool.getconn()
            try:
                cursor = connection.execute(enter, prepare=False)
            except BaseException as error:
                self._pool.putconn(connection)
                if not (isinstance(error, psycopg.OperationalError) and connection.closed):
                    raise
            else:
                cursor.nextset()
                found = cursor.fetchone()
                return connection, found[1] if found else None
        raise Unavailable("The database cannot be reached just now. Nothing was taken; try again in a moment.")

    def direct(self) -> psycopg.Connection[Any]:
        """Open a connection of one's own, in autocommit, outside the pool: for LISTEN and for maintenance."""
        try:
            return psycopg.connect(self.url, autocommit=True, options=_options(self.url))
        except psycopg.OperationalError as error:
            raise Unavailable("The database cannot be reached just now. Try again in a moment.") from error
