"""Pieces of SQL as trees, and the parameters of a statement: what rules are compiled with."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlglot import exp, parse_one

from regulars.understand.rules import Scalar

DIALECT = "postgres"


class Values:
    """The values of some rules: each is a parameter, the same value once."""

    def __init__(self) -> None:
        self.named: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def text(self, value: str) -> exp.Expr:
        """Give a text."""
        return self.value(value, "text")

    def number(self, value: float) -> exp.Expr:
        """Give a number as the decimal that was written, not as its binary neighbour."""
        return self.value(Decimal(repr(value)), "numeric")

    def json(self, value: Scalar) -> exp.Expr:
        """Give a value as JSON."""
        return self.value(msgspec.json.encode(value).decode(), "jsonb")

    def value(self, value: Any, kind: str) -> exp.Expr:
        """Give a value of one of the database's types."""
        name = self._names.setdefault(f"{kind} {value!r}", f"v{len(self._names)}")
        self.named[name] = value
        return exp.cast(exp.Placeholder(this=name), kind, dialect=DIALECT)


@lru_cache(maxsize=256)
def _parsed(sql: str, dialect: str = DIALECT) -> exp.Expr:
    return parse_one(sql, dialect=dialect)


def tree(sql: str, dialect: str = DIALECT, **places: exp.Expr) -> exp.Expr:
    """Parse a constant piece of SQL and put trees where its bare one-letter names stand."""

    def put(node: exp.Expr) -> exp.Expr:
        bare = isinstance(node, exp.Column) and not node.table
        return places[node.name] if bare and node.name in places else node

    return _parsed(sql, dialect).copy().transform(put, copy=False)


def select(sql: str, dialect: str = DIALECT) -> exp.Select:
    """Parse a constant statement that selects."""
    found = _parsed(sql, dialect).copy()
    assert isinstance(found, exp.Select)  # noqa: S101 (constants)
    return found


def one_of(source: exp.Expr, values: list[exp.Expr]) -> None:
    """Fill the one `in ('')` of a source; with no values it stays, and matches nothing."""
    for within in source.find_all(exp.In):
        if values and [one.name for one in within.expressions] == [""]:
            within.set("expressions", values)


def unbind(source: exp.Expr) -> None:
    """Take the condition on `ids` away: everybody is asked."""
    for condition in list(source.find_all(exp.EQ)):
        if any(node.name == "ids" for node in condition.find_all(exp.Placeholder)):
            condition.replace(exp.true())
