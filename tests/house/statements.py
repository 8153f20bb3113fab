"""Every SQL statement of the project: the named ones, and those written in Python."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from tests.house.plan import PACKAGE, Place, named, place_of, python_of_package

from regulars.store.statements import Statements

_VERB = re.compile(r"\s*(insert into|update \w|delete from|truncate|merge into|select \w|with \w+ as|copy \w)")
_PARAMETER = re.compile(r"%\((\w+)\)s")
_HOLE = re.compile(r"\{\w*\}")


@dataclass(frozen=True)
class Sql:
    """One statement, where it stands, and its text as psycopg takes it."""

    where: str
    place: Place
    text: str


def named_files() -> list[Path]:
    """Every file of named statements."""
    return sorted(path for path in PACKAGE.rglob("*.sql") if "migrations" not in path.parts)


def named_statements() -> list[Sql]:
    """Every statement of every `records.sql`."""
    return [
        Sql(f"{named(path)}: {name}", place_of(path), statement.decode())
        for path in named_files()
        for name, statement in Statements(path.read_text(encoding="utf-8"), named(path)).items()
    ]


def written_in_python() -> list[Sql]:
    """Every text in Python code that begins as SQL does. Where a name is filled in, `filled_in` stands."""
    return [text for text in texts_in_python() if _VERB.match(text.text)]


def texts_in_python() -> list[Sql]:
    """Every text in Python code but docstrings."""
    return [
        Sql(f"{named(path)}:{node.lineno}", place_of(path), _text(node))
        for path in python_of_package()
        for node in _texts(ast.parse(path.read_text(encoding="utf-8")))
    ]


def _texts(tree: ast.Module) -> list[ast.Constant | ast.JoinedStr]:
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    said = {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef)
        for node in parent.body
        if isinstance(node, ast.Expr)
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | said)
    ]


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return _HOLE.sub("filled_in", str(node.value))
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "filled_in" for part in node.values)


def numbered(text: str) -> str:
    """A statement with PostgreSQL's `$1` in place of psycopg's `%(name)s`: one number a name."""
    names: dict[str, int] = {}
    return _PARAMETER.sub(lambda found: f"${names.setdefault(found[1], len(names) + 1)}", text).replace("%%", "%")
