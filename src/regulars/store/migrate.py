"""Migrations: plain SQL files, in order of name, each once per schema, under one lock."""

from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql

from regulars.store.database import SHARED, Database, Tx, schema_of
from regulars.words.errors import Conflict

_LOCK = 0x5245_4755
_DONE = """create table if not exists store_migration (
    name text primary key, at timestamptz not null default now())"""
_NOTED = sql.SQL("insert into store_migration (name) values ({})")


def migrate_shared(database: Database) -> None:
    """Bring the shared schema up to date."""
    _migrate(database, SHARED, "shared")


def migrate_workspace(database: Database, workspace: str) -> None:
    """Make a workspace's schema, or bring it up to date."""
    _migrate(database, schema_of(workspace), "workspace")


def drop_workspace(tx: Tx, workspace: str) -> None:
    """Remove a workspace's schema with everything in it, when the transaction commits."""
    tx.connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema_of(workspace))))


def scripts(folder: str) -> dict[str, str]:
    """Return the migrations of the `shared` schema or of a `workspace`, by name, in their order."""
    found = sorted((files("regulars.store") / "migrations" / folder).iterdir(), key=lambda path: path.name)
    return {path.name: path.read_text(encoding="utf-8") for path in found if path.name.endswith(".sql")}


def _migrate(database: Database, schema: str, folder: str) -> None:
    with database.direct() as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        connection.execute("select set_config('search_path', %s, true)", (f"{schema}, {SHARED}",))
        connection.execute(_DONE)
        _apply(connection, scripts(folder))


def _apply(connection: psycopg.Connection[Any], known: dict[str, str]) -> None:
    done = {row[0] for row in connection.execute("select name from store_migration")}
    if newer := sorted(done - known.keys()):
        raise Conflict(
            "This data was last used by a newer Regulars (it has {name}). Install that version or a later one.",
            name=newer[-1],
        )
    pending = [
        f"{script}\n;\n{_NOTED.format(sql.Literal(name)).as_string(connection)};"
        for name, script in known.items()
        if name not in done
    ]
    if pending:
        connection.execute("\n".join(pending).encode())  # one trip to the database, however many there are
