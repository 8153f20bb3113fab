"""Rules asked of the mirror, by DuckDB: of everybody at once, as all was when the mirror was written last.

The same rule compiled in the same way as for the database, over files instead of tables. What events say is read from
columns of one type where there are such, and from JSON where there are not.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import duckdb
from sqlglot import exp

from regulars.store.mirror import Manifest, Mirror, Property, events, snapshot
from regulars.understand.compile import compile_answers
from regulars.understand.engines import Engine
from regulars.understand.sources import Source
from regulars.understand.trees import Values, tree

_READ = ("customers", "identities", "facts", "consents")
_DATE = "case when regexp_matches(x, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') then left(x, 10) end"
_NUMBERS = "('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')"
_OF_FACTS: Mapping[str, str] = {
    "text_of": '"text"',
    "number_of": '"number"',
    "date_of": _DATE.replace("x", '"text"', 1).replace("left(x", 'left("text"'),
    "is_said": "\"type\" <> 'null'",
    "is_list": "\"type\" = 'array'",
    "is_plain": "\"type\" not in ('array', 'object')",
    "is_number": "\"type\" = 'number'",
}
_OF_JSON: Mapping[str, str] = {
    "text_of": "json_extract_string(e.props, n)",
    "number_of": f"""case when json_type(e.props, n) in {_NUMBERS}
        then try_cast(json_extract_string(e.props, n) as double) end""",
    "is_said": "coalesce(json_type(e.props, n) <> 'NULL', false)",
    "is_number": f"json_type(e.props, n) in {_NUMBERS}",
    "is_plain": "coalesce(json_type(e.props, n) not in ('ARRAY', 'OBJECT'), true)",
    "is_list": "json_type(e.props, n) = 'ARRAY'",
    "json": "json_extract(e.props, n)",
}
_OF_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "text": {"text_of": "c", "number_of": "cast(null as double)", "json": "cast(null as json)"},
    "number": {"number_of": "c", "is_number": "c is not null", "json": "cast(null as json)"},
    "boolean": {"text_of": "cast(c as varchar)", "number_of": "cast(null as double)", "json": "to_json(c)"},
}
"""What a column of one type says of a value; what it does not say stands in JSON."""
_SAME: Mapping[str, str] = {
    "is_said": "c is not null",
    "is_number": "false",
    "is_plain": "true",
    "is_list": "false",
}


_PART = """len(list_filter(json_transform(x, '["JSON"]'), lambda one: (json_type(one) = json_type(y)
    and json_extract_string(one, '$') = json_extract_string(y, '$'))
    or (json_type(one) in ('UBIGINT', 'BIGINT', 'DOUBLE') and json_type(y) in ('UBIGINT', 'BIGINT', 'DOUBLE')
        and try_cast(one as double) = try_cast(y as double)))) > 0"""


class _Duck:
    """DuckDB over the views of a mirror."""

    dialect = "duckdb"
    asked = """select distinct i.customer as customer_id from m_identities as i
    where not exists (select 1 from m_customers as c where c.restricted and c.customer = i.customer)"""
    happened = """select i.customer as customer_id, e.kind, e.seq, epoch_us(e.happened_at) as moment, e.day, e.whole,
    e.money from m_identities as i join m_events as e on e.identity = i.identity where e.kind in ('')"""
    sources = (
        Source(
            "facts",
            """select customer as customer_id from m_facts where verified and "type" <> 'null' and name in ('')
            group by customer""",
            always=True,
        ),
        Source(
            "events",
            """select i.customer as customer_id from m_identities as i join m_events as r on r.identity = i.identity
            where r.kind in ('') group by i.customer""",
            always=True,
        ),
        Source(
            "disputes",
            """select c.customer as customer_id from m_facts as c where c.name in ('') and c.disputed
            group by c.customer""",
        ),
        Source(
            "consents",
            """select w.customer as customer_id from m_consents as w where w.purpose || '/' || w.channel in ('')
            group by w.customer""",
        ),
        Source(
            "held",
            """select q.customer as customer_id from m_identities as q where 'consent' in ('') and q.held
            group by q.customer""",
        ),
        Source(
            "mailable",
            """select h.customer as customer_id from m_identities as h where h.kind in ('') and not h.bounced
            group by h.customer""",
        ),
    )
    money = "money"
    learned_on = "cast(learned_at as date)"
    done: Mapping[str, str] = {
        "count": "count(*) filter (where w)",
        "sum": "round(sum(r.money) filter (where w), 6)",
    }
    narrow = True
    materialized = None

    def __init__(self, properties: Mapping[str, Property]) -> None:
        self._properties = properties
        self._asked: dict[str, set[str]] = {}

    def kind(self, values: Values, name: str) -> exp.Expr:
        return tree("r.kind = k", k=values.text(name))

    def columns(self, values: Values, properties: Mapping[str, str]) -> Sequence[exp.Expr]:
        """Return of each property all that may be said of it; what nobody asks for is not read."""
        found: list[exp.Expr] = []
        for name, alias in properties.items():
            pointer = "/" + name.replace("~", "~0").replace("/", "~1")
            known = self._properties.get(name)
            typed = {**_SAME, **_OF_COLUMNS[known.type]} if known and known.column else {}
            column = exp.column(known.column, "e", quoted=True) if known and known.column else exp.null()
            for word, made in {**_OF_JSON, **typed}.items():
                said = tree(made, self.dialect, c=column, n=values.text(pointer))
                found.append(exp.alias_(said, f"{alias}_{word}"))
        return found

    def word(self, name: str, parts: Sequence[exp.Expr]) -> exp.Expr:
        first, *more = parts
        if name == "folded":
            return tree("lower(x)", self.dialect, x=first)
        assert isinstance(first, exp.Column)  # noqa: S101 (rules ask of columns)
        of_fact = first.name == "value"

        def said(word: str) -> exp.Expr:
            if of_fact:
                return tree('"value"', self.dialect) if word == "json" else tree(_OF_FACTS[word], self.dialect)
            return exp.column(f"{first.name}_{word}", first.table or None)

        if name == "has_part":
            return tree(_PART, self.dialect, x=said("json"), y=more[0])
        if name == "is_json":
            same = "x = cast(y as varchar) and json_type(y) = json_type(z)"
            return tree(same, self.dialect, x=said("text_of"), y=more[0], z=said("json"))
        if name == "date_of":
            return tree(_DATE, self.dialect, x=said("text_of"))
        return said(name)

    def total(self, amount: exp.Expr) -> exp.Expr:
        return tree("round(t, 6)", self.dialect, t=amount)


def ask(
    mirror: Mirror, manifest: Manifest, rules: Sequence[tuple[int, str]], today: date, *, threads: int | None = None
) -> set[tuple[int, int]]:
    """Return the pairs (rule, customer) that hold, of everybody, as all was when the mirror was written."""
    with opened(mirror, manifest, threads=threads) as duck:
        found: set[tuple[int, int]] = set()
        sql, values = statement(manifest, [text for _, text in rules], today)
        for customer, *holds in duck.execute(sql, values).fetchall():
            found |= {(number, customer) for (number, _), held in zip(rules, holds, strict=True) if held}
        return found


def count(mirror: Mirror, manifest: Manifest, rule: str, today: date, *, threads: int | None = None) -> int:
    """Return how many customers match a rule."""
    with opened(mirror, manifest, threads=threads) as duck:
        sql, values = statement(manifest, [rule], today)
        [(found,)] = duck.execute(f"select count(*) from ({sql}) where r0", values).fetchall()
        return found


def statement(manifest: Manifest, rules: Sequence[str], today: date) -> tuple[str, dict[str, Any]]:
    """Return what asks everybody, a boolean column for each rule, and its values."""
    sql, named = _compiled(tuple(rules), tuple(manifest.properties.items()))
    return sql, named | ({"today": today} if "$today" in sql else {})


@lru_cache(maxsize=64)
def _compiled(rules: tuple[str, ...], properties: tuple[tuple[str, Property], ...]) -> tuple[str, dict[str, Any]]:
    """Compile rules; kept, because the same ones are asked again and again."""
    engine: Engine = _Duck(dict(properties))
    made, values = compile_answers(rules, engine)
    sql = made.transform(_doubles, copy=False).sql(dialect=engine.dialect)
    return sql, {name: _plain(value) for name, value in values.items() if f"${name}" in sql}


@contextmanager
def opened(mirror: Mirror, manifest: Manifest, *, threads: int | None = None) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB with a view of each part of a mirror."""
    with mirror.opened(threads=threads) as duck:
        for name in _READ:
            duck.execute(f"create view m_{name} as from {snapshot(mirror, manifest, name)}")
        duck.execute(f"create view m_events as from {_events(mirror, manifest)}")
        yield duck


def _events(mirror: Mirror, manifest: Manifest) -> str:
    if manifest.events:
        return events(mirror, manifest)
    return """(select 0::bigint as identity, 0::bigint as seq, '' as kind, now() as happened_at, current_date as day,
        true as whole, 0::double as money, '{}' as props where false)"""


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _doubles(node: exp.Expr) -> exp.Expr:
    """Numbers are doubles in the files."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.DECIMAL:
        return exp.DataType.build("double", dialect="duckdb")
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.JSONB:
        return exp.DataType.build("json", dialect="duckdb")
    return node
