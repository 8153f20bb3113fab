"""Which engines rules are asked of: where each reads from, and how it says what a value is.

Rules are compiled once, in words about a value (`text_of`, `number_of` ...); an engine has its own SQL for each of
them, and sources of the same names. PostgreSQL is asked about customers just now, and has JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlglot import exp

from regulars.understand import sources
from regulars.understand.sources import Source
from regulars.understand.trees import Values, tree

WORDS = frozenset(
    {"text_of", "number_of", "date_of", "is_said", "is_number", "is_plain", "is_list", "has_part", "is_json", "folded"}
)
"""What is said of a value: its text, its number or its day (nothing where it has none); whether there is one; whether
it is a number, neither a list nor an object, or a list; whether a list has a part; whether it is the same JSON; and a
text without regard to capitals.

Lists and objects have no text. A number has one below 1e20, however it was written: its digits, without an exponent, 18
of them at most behind the point, and no zeros at the end: 1.50 is `1.5`."""


class Engine(Protocol):
    """What a database knows of how it is asked."""

    @property
    def dialect(self) -> str:
        """What sqlglot calls its SQL."""
        ...

    @property
    def asked(self) -> str:
        """Everybody who is asked."""
        ...

    @property
    def happened(self) -> str:
        """Events of some kinds, without their properties."""
        ...

    @property
    def sources(self) -> Sequence[Source]:
        """What else is read, and folded per customer."""
        ...

    @property
    def money(self) -> str:
        """The money of what happened; '' where it is worked out of its properties."""
        ...

    @property
    def learned_on(self) -> str:
        """The day on which a fact was learned."""
        ...

    @property
    def done(self) -> Mapping[str, str]:
        """How often something was done on some days (`count`), and for how much (`sum`): `w` is which days."""
        ...

    @property
    def narrow(self) -> bool:
        """Whether it filters as it reads: then nothing is gathered that no condition counts, nor of who cannot match.

        Such an engine asks customers `c` and reads identities `i`, each with its `customer`.
        """
        ...

    @property
    def materialized(self) -> bool | None:
        """Whether each source is to be read once, whatever the database thinks; None lets it choose."""
        ...

    def kind(self, values: Values, name: str) -> exp.Expr:
        """Return what must hold of the kind of what was done."""
        ...

    def columns(self, values: Values, properties: Mapping[str, str]) -> Sequence[exp.Expr]:
        """Return the columns of properties of events, each by its name in the statement."""
        ...

    def word(self, name: str, parts: Sequence[exp.Expr]) -> exp.Expr:
        """Return what a word comes to."""
        ...

    def total(self, amount: exp.Expr) -> exp.Expr:
        """Return a sum as it is compared: to six decimals."""
        ...


def in_words_of(engine: Engine, statement: exp.Expr) -> exp.Expr:
    """Put an engine's SQL in the place of the words about values."""

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous) and node.name in WORDS:
            return engine.word(node.name, [in_words_of(engine, part) for part in node.expressions])
        return node

    return statement.transform(put, copy=False)


class _Postgres:
    """The database itself."""

    dialect = "postgres"
    asked = sources.ASKED
    happened = sources.HAPPENED
    sources = sources.SOURCES
    money = ""
    learned_on = "cast(at at time zone 'UTC' as date)"
    done: Mapping[str, str] = {
        "count": "sum(r.count) filter (where w)",
        "sum": "round(cast(cast(sum(r.total) filter (where w) as text) as numeric), 6)",
    }
    narrow = False
    materialized = True
    _words: Mapping[str, str] = {
        "text_of": """case jsonb_typeof(x)
            when 'number' then case when abs(cast(x #>> '{}' as numeric)) < 1e20
                then cast(trim_scale(round(cast(x #>> '{}' as numeric), 18)) as text) end
            when 'array' then null when 'object' then null else x #>> '{}' end""",
        "number_of": "case when jsonb_typeof(x) = 'number' then cast(x #>> '{}' as numeric) end",
        "date_of": """case when (x #>> '{}') ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
            then left(x #>> '{}', 10) collate "C" end""",
        "is_said": "(x is not null and jsonb_typeof(x) <> 'null')",
        "is_number": "jsonb_typeof(x) = 'number'",
        "is_plain": "(jsonb_typeof(x) <> 'array' and jsonb_typeof(x) <> 'object')",
        "is_list": "jsonb_typeof(x) = 'array'",
        "has_part": "x @> y",
        "is_json": "x = y",
        "folded": 'lower(x collate "pg_c_utf8")',
    }

    def kind(self, values: Values, name: str) -> exp.Expr:
        return tree("r.kind = (select id from store_kind where name = k)", k=values.text(name))

    def columns(self, values: Values, properties: Mapping[str, str]) -> Sequence[exp.Expr]:
        """Return properties as JSON; one with a zero character, which no text can have here, as nothing."""
        made = r"case when strpos(cast(e.props -> n as text), '\u0000') = 0 then cast(e.props -> n as jsonb) end"
        return [exp.alias_(tree(made, n=values.text(name)), alias) for name, alias in properties.items()]

    def word(self, name: str, parts: Sequence[exp.Expr]) -> exp.Expr:
        return tree(self._words[name], self.dialect, **dict(zip("xy", parts, strict=False)))

    def total(self, amount: exp.Expr) -> exp.Expr:
        return tree("round(t, 6)", t=amount)


POSTGRES: Engine = _Postgres()
