"""Rules over the files of the mirror: where an engine that reads them finds what, and how it says what a value is.

What events say is read from columns of one type where there are such, and from JSON where there are not. The words
about values are DuckDB's here; another engine over the same files has its own for JSON, and for that only.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlglot import exp

from regulars.store.mirror import Property
from regulars.understand.compile import compile_answers
from regulars.understand.sources import Source
from regulars.understand.trees import Values, tree

_DATE = "case when regexp_matches(x, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') then left(x, 10) end"
_DIGITS = "rtrim(rtrim(cast(try_cast(x as decimal(38, 18)) as varchar), '0'), '.')"
_NUMBERS = "('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')"
_OF_FACTS: Mapping[str, str] = {
    "text_of": f"""case when "type" = 'number' then {_DIGITS.replace("x", '"value"', 1)}
        when "type" not in ('array', 'object') then "text" end""",
    "number_of": '"number"',
    "date_of": _DATE.replace("x", '"text"', 1).replace("left(x", 'left("text"'),
    "is_said": "\"type\" <> 'null'",
    "is_list": "\"type\" = 'array'",
    "is_plain": "\"type\" not in ('array', 'object')",
    "is_number": "\"type\" = 'number'",
    "json": '"value"',
}
_OF_JSON: Mapping[str, str] = {
    "text_of": f"""case when json_type(e.props, n) in {_NUMBERS}
        then {_DIGITS.replace("x", "json_extract_string(e.props, n)", 1)}
        when json_type(e.props, n) not in ('ARRAY', 'OBJECT') then json_extract_string(e.props, n) end""",
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


class FilesEngine:
    """Whoever reads the views of a mirror: DuckDB, and another who says what follows in an SQL of its own."""

    dialect = "duckdb"
    spelled = "duckdb"
    """What sqlglot calls the SQL in which values are told of; what is read is written in DuckDB's."""
    json = "json"
    """The type that JSON in a rule is given as."""
    of_facts: Mapping[str, str] = _OF_FACTS
    of_json: Mapping[str, str] = _OF_JSON
    of_columns: Mapping[str, Mapping[str, str]] = _OF_COLUMNS
    has_part = _PART
    is_json = "x = cast(y as varchar) and json_type(y) = json_type(z)"
    asked = "select c.customer as customer_id from m_customers as c where not c.restricted"
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
        """Return what must hold of the kind of what was done."""
        return tree("r.kind = k", k=values.text(name))

    def columns(self, values: Values, properties: Mapping[str, str]) -> Sequence[exp.Expr]:
        """Return of each property all that may be said of it; what nobody asks for is not read."""
        found: list[exp.Expr] = []
        for name, alias in properties.items():
            known = self._properties.get(name)
            typed = {**_SAME, **self.of_columns[known.type]} if known and known.column else {}
            column = exp.column(known.column, "e", quoted=True) if known and known.column else exp.null()
            for word, made in {**self.of_json, **typed}.items():
                said = tree(made, self.spelled, c=column, n=values.text(self.place(name)))
                found.append(exp.alias_(said, f"{alias}_{word}"))
        return found

    def word(self, name: str, parts: Sequence[exp.Expr]) -> exp.Expr:
        """Return what a word comes to."""
        first, *more = parts
        if name == "folded":
            return tree("lower(x)", self.dialect, x=first)
        assert isinstance(first, exp.Column)  # noqa: S101 (rules ask of columns)
        of_fact = first.name == "value"

        def said(word: str) -> exp.Expr:
            if of_fact:
                return tree(self.of_facts[word], self.spelled)
            return exp.column(f"{first.name}_{word}", first.table or None)

        if name == "has_part":
            return tree(self.has_part, self.spelled, x=said("json"), y=more[0])
        if name == "is_json":
            return tree(self.is_json, self.spelled, x=said("text_of"), y=more[0], z=said("json"))
        if name == "date_of":
            return tree(_DATE, self.dialect, x=said("text_of"))
        return said(name)

    def place(self, name: str) -> str:
        """Return where a property stands in the JSON."""
        return "/" + name.replace("~", "~0").replace("/", "~1")

    def total(self, amount: exp.Expr) -> exp.Expr:
        """Return a sum as it is compared."""
        return tree("round(t, 6)", self.dialect, t=amount)


@lru_cache(maxsize=64)
def compiled(
    engine: type[FilesEngine], rules: tuple[str, ...], properties: tuple[tuple[str, Property], ...]
) -> tuple[str, dict[str, Any]]:
    """Return what asks everybody of an engine, a boolean column for each rule, and the values of the rules.

    Kept, because the same ones are asked again and again.
    """
    made, values = compile_answers(rules, engine(dict(properties)))
    sql = made.transform(_plainly, engine, copy=False).sql(dialect=engine.spelled)
    return sql, {name: _plain(value) for name, value in values.items() if re.search(rf"[$:]{name}\b", sql)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _plainly(node: exp.Expr, engine: type[FilesEngine]) -> exp.Expr:
    """Numbers are doubles in the files, but for their digits, and JSON is what the engine takes for it."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.DECIMAL and not node.expressions:
        return exp.DataType.build("double", dialect="duckdb")
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.JSONB:
        return exp.DataType.build(engine.json, dialect="duckdb")
    return node
