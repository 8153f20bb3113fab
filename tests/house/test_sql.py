"""A room writes only its own tables and reads only those of itself and earlier rooms; and all SQL is real."""

import re

import psycopg
import pytest
from sqlglot import exp, parse
from tests.house.plan import PACKAGE, ROOMS, Place, list_of, named, python_of_package, room_of_table
from tests.house.statements import Sql, named_files, named_statements, numbered, texts_in_python, written_in_python

from regulars.store.database import Database
from regulars.store.statements import Statements

_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable)
_NAMED = named_statements()
TABLES = {
    table
    for path in (PACKAGE / "store" / "migrations").rglob("*.sql")
    for table in re.findall(r"\bcreate table (\w+)", path.read_text(encoding="utf-8"))
}


def test_a_room_writes_only_its_own_tables():
    found = [
        f"{sql.where} writes {table}: only {sql.place.prefix}_... is this room's to write"
        for sql in _all_sql()
        for tree in _parsed(sql)
        for table in _written(tree)
        if not table.startswith(f"{sql.place.prefix}_") and table != "filled_in"
    ]
    assert not found, list_of(found)


def test_a_room_reads_only_its_own_and_earlier_rooms_tables():
    found = [
        f"{sql.where} reads {table}, which is no table of '{sql.place.room}' or of a room before it"
        for sql in _all_sql()
        for tree in _parsed(sql)
        for table in sorted(_tables(tree))
        if not _may_read(sql.place, table)
    ]
    assert not found, list_of(found)


def test_no_code_names_a_later_rooms_table():
    """Statements that are put together from parts are seen by the tables they name."""
    found = [
        f"{text.where} names {table}, a table of a later room"
        for text in texts_in_python()
        for table in sorted(TABLES & set(re.findall(r"\w+", text.text)))
        if not _may_read(text.place, table)
    ]
    assert not found, list_of(found)


def test_the_rules_find_what_they_forbid():
    """A rule that finds nothing in anything would hold, too."""
    place = Place("remember", "remember")
    bad = Sql(
        "here", place, "with x as (delete from hear_identity returning id) select * from x join speak_message m on true"
    )
    (tree,) = _parsed(bad)
    assert _written(tree) == ["hear_identity"]
    assert _tables(tree) == {"hear_identity", "speak_message"}
    assert _may_read(place, "hear_identity")
    assert not _may_read(place, "speak_message")


@pytest.mark.parametrize("sql", _NAMED, ids=[sql.where for sql in _NAMED])
def test_postgresql_can_prepare(database: Database, prepared: psycopg.Connection[object], sql: Sql):
    done = prepared.pgconn.prepare(b"", numbered(sql.text).encode())
    problem = done.error_message.decode()
    assert not problem, f"{sql.where}: {problem}\n(A parameter whose type cannot be inferred wants a cast.)"


@pytest.fixture(scope="module")
def prepared(database: Database):
    """A connection in a migrated workspace, in which nothing is ever run."""
    from regulars.access.workspaces import create_workspace, delete_workspace

    create_workspace(database, "house_rules", "House rules")
    with database.direct() as connection:
        connection.execute("select set_config('search_path', 'ws_house_rules, regulars', false)")
        yield connection
    delete_workspace(database, "house_rules")


def test_every_named_statement_is_described():
    found = [sql.where for sql in _NAMED if not sql.text.lstrip().startswith("-- ")]
    assert not found, "Statements without a line that says what they do:" + list_of(found)


def test_every_named_statement_is_used_and_every_used_one_exists():
    found: list[str] = []
    for path in named_files():
        code = "\n".join(module.read_text(encoding="utf-8") for module in path.parent.glob("*.py"))
        there = set(Statements(path.read_text(encoding="utf-8"), path.name))
        used = set(re.findall(r"""\bSQL\[["'](\w+)["']\]""", code))
        others = {n for o in path.parent.glob("*.sql") for n in Statements(o.read_text(encoding="utf-8"), o.name)}
        unused = sorted(name for name in there - used if not re.search(rf"""["']{name}["']""", code))
        found += [f"{named(path)}: {name} is used nowhere in {path.parent.name}" for name in unused]
        found += [f"{path.parent.name}: SQL['{name}'] is written nowhere" for name in sorted(used - others)]
    assert not found, list_of(found)


def test_every_function_of_a_records_module_is_asked_for_by_somebody():
    texts = {path: path.read_text(encoding="utf-8") for path in python_of_package()}
    found = [
        f"{named(path)}: nobody asks for {name}"
        for path, text in texts.items()
        if path.name == "records.py"
        for name in re.findall(r"^def ([a-z]\w*)", text, re.MULTILINE)
        if not any(
            re.search(rf"\.{name}\b|import[^)\n]*\b{name}\b", other)
            for reader, other in texts.items()
            if reader != path
        )
    ]
    assert not found, list_of(found)


def test_migrations_are_numbered_without_gaps_and_named_after_their_room():
    for folder in ("shared", "workspace"):
        names = [path.name for path in sorted((PACKAGE / "store" / "migrations" / folder).glob("*.sql"))]
        for number, name in enumerate(names, start=1):
            assert re.fullmatch(rf"{number:04}_\w+\.sql", name), f"{folder}/{name}: {number:04}_<room>.sql is next"
            assert room_of_table(name[5:-4].split("_")[0]), f"{folder}/{name}: named after no room"


def test_tables_and_indexes_are_prefixed_by_the_room_of_their_migration():
    found: list[str] = []
    for path in sorted((PACKAGE / "store" / "migrations").rglob("*.sql")):
        room = path.stem[5:].split("_")[0]
        script = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        made = re.findall(r"\b(?:table|index|view|sequence|function|type)(?: if not exists)? (\w+)", script)
        found += [
            f"{named(path)}: {name} does not begin with {room}_" for name in made if not name.startswith(f"{room}_")
        ]
        found += [
            f"{named(path)}: refers to {table}, a table of a later room"
            for table in re.findall(r"\breferences (\w+)", script)
            if not _may_read(Place(room_of_table(room) or room, room), table)
        ]
    assert not found, list_of(found)


def _all_sql() -> list[Sql]:
    return [*_NAMED, *written_in_python()]


def _parsed(sql: Sql) -> list[exp.Expression]:
    if copied := re.match(r"copy (\w+) .*from stdin", sql.text):  # its options are PostgreSQL's own
        return [exp.insert("select 1", copied[1])]
    text = re.sub(r"%\((\w+)\)s", r":p_\1", sql.text).replace("%%", "%").replace("%s", ":it")
    return [tree for tree in parse(text, dialect="postgres") if tree is not None]


def _written(tree: exp.Expression) -> list[str]:
    return [table.name for write in tree.find_all(*_WRITES) for table in _targets(write)]


def _targets(write: exp.Expression) -> list[exp.Table]:
    if isinstance(write, exp.TruncateTable):
        return [table for table in write.expressions if isinstance(table, exp.Table)]
    table = write.this.find(exp.Table) if write.this else None
    return [table] if table else []


def _tables(tree: exp.Expression) -> set[str]:
    """The tables a statement names, without its own common table expressions and without functions."""
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {
        table.name
        for table in tree.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and (table.name not in own) and table.name != "filled_in"
    }


def _may_read(place: Place, table: str) -> bool:
    """Whether a table is of no later room. A name that no migration makes is PostgreSQL's own, or a part's alias."""
    room = room_of_table(table) if table in TABLES else None
    return room is None or ROOMS.index(room) <= ROOMS.index(place.room)
