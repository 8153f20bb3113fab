"""Workspaces that tests hand on: emptied and named anew, for making one takes ten times as long as clearing it."""

from uuid import uuid4

from psycopg import sql

from regulars.access import records
from regulars.access.brands import LANGUAGES_OF_ALL
from regulars.access.records import Workspace
from regulars.access.workspaces import create_workspace
from regulars.store.database import Database, schema_of
from regulars.words.errors import Unknown

_AS_MADE = "as_made"
"""The schema that holds a copy of what a fresh workspace holds."""
_LARGE = 64 * 1024
"""Bytes beyond which a table is cut off instead of swept."""
_SHAPE = """select array_agg(relname || ' ' || relkind::text order by relname) from pg_class
    where relnamespace = %s::regnamespace"""
_TABLES = """select relname, pg_relation_size(oid) from pg_class
    where relnamespace = %s::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0"""
_SEQUENCES = """select setval(s.seqrelid::regclass, s.seqstart, false)
    from pg_sequence s join pg_class c on c.oid = s.seqrelid
    where c.relnamespace = %s::regnamespace and pg_sequence_last_value(s.seqrelid) is not null"""


class Shelf:
    """The workspaces of one database that nobody uses just now."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._knowing = [database]
        self._spare: list[str] = []
        self._connection = database.direct()
        self._connection.execute("set session_replication_role = replica")  # what guards the audit log rests
        self._shape: list[str] | None = None
        self._filled: list[str] = []
        self.give_back(self._look_at_one())

    def close(self) -> None:
        self._connection.close()

    def also(self, database: Database) -> None:
        """Clear what another `Database` of this process knows of a workspace, too."""
        self._knowing.append(database)

    def take(self, workspace: Workspace) -> None:
        """Make a workspace, of one that was given back where there is any."""
        if not self._spare:
            create_workspace(self._database, workspace.name, workspace.title, sender=workspace.sender)
            return
        self._rename(self._spare.pop(), schema_of(workspace.name))
        with self._database.shared() as tx:
            assert records.add_workspace(tx, workspace)

    def give_back(self, name: str) -> None:
        """Take a workspace out of use. One that a test made into something else is dropped."""
        with self._database.shared() as tx:
            records.remove_workspace(tx, name)
        try:
            for database in self._knowing:
                with database.workspace(name) as tx:
                    tx.kinds.clear()  # a log keeps its number, and its kinds get new ones
        except Unknown:
            return
        spare = f"spare_{uuid4().hex[:8]}"
        self._rename(schema_of(name), spare)  # what still runs in it finds it no more
        if self._shape_of(spare) != self._shape:
            self._connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(spare)))
            return
        self._clear(spare)
        self._spare.append(spare)

    def _look_at_one(self) -> str:
        name = f"first_{uuid4().hex[:8]}"
        create_workspace(self._database, name, "The first")
        schema, run = schema_of(name), self._connection.execute
        self._shape, self._filled = self._shape_of(schema), [row[0] for row in run(_TABLES, (schema,)).fetchall()]
        run(sql.SQL("create schema {}").format(sql.Identifier(_AS_MADE)))
        for table in self._filled:
            kept, made = sql.Identifier(_AS_MADE, table), sql.Identifier(schema, table)
            run(sql.SQL("create table {} as table {}").format(kept, made))
        return name

    def _shape_of(self, schema: str) -> list[str] | None:
        found = self._connection.execute(_SHAPE, (schema,)).fetchone()
        return found[0] if found else None

    def _clear(self, schema: str) -> None:
        sizes = self._connection.execute(_TABLES, (schema,)).fetchall()
        sweep = [
            sql.SQL("truncate {} cascade" if size > _LARGE else "delete from {}").format(sql.Identifier(schema, table))
            for table, size in sizes
        ]
        fill = [
            sql.SQL("insert into {} overriding system value table {}").format(
                sql.Identifier(schema, table), sql.Identifier(_AS_MADE, table)
            )
            for table in self._filled
        ]
        with self._connection.transaction():
            self._connection.execute(sql.SQL(";").join(sweep + fill))
            self._connection.execute(_SEQUENCES, (schema,))

    def _rename(self, old: str, new: str) -> None:
        self._connection.execute(
            sql.SQL("alter schema {} rename to {}").format(sql.Identifier(old), sql.Identifier(new))
        )


def fresh(name: str) -> Workspace:
    """A workspace as tests have it: the shop that sells gifts."""
    return Workspace(
        name,
        "The Gift House",
        "sandbox",
        "The Gift House <hello@gifts.example>",
        languages=tuple(LANGUAGES_OF_ALL),
        zone="UTC",
    )
