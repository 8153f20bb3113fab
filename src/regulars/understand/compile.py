"""Rules become one statement: for the customers just touched, or for everybody, with a boolean column per rule.

Each source is read once and folded per customer (facts to one boolean per distinct condition, events to one number),
then the rules combine these. Whatever a customer has no rows for counts as none, so nothing is ever null. Every value
of a rule is a parameter; only names made here stand in the text. Trees, not strings: sqlglot renders them, so the same
rules can be asked of another engine.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlglot import exp, parse_one

from regulars.understand.reading import parse
from regulars.understand.rules import Bounds, EventRule, FactRule, Group, Rule, Scalar
from regulars.words.errors import RegularsError

_DIALECT = "postgres"
_TEXT = "(value #>> '{}')"
_NUMBER = "case when jsonb_typeof(value) = 'number' then cast(value #>> '{}' as numeric) end"
_DATE = "case when (value #>> '{}') ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' then left(value #>> '{}', 10) collate \"C\" end"
_ASKED = """select distinct customer_id from remember_identity
where not customer_id in (select customer_id from remember_restricted)
and customer_id = any (cast(%(ids)s as bigint[]))"""
_FACTS = """select customer_id from remember_current
where verified and jsonb_typeof(value) <> 'null' and name in ('') and customer_id = any (cast(%(ids)s as bigint[]))
group by customer_id"""
_EVENTS = """select i.customer_id from remember_identity as i
join understand_rollup as r on r.identity_id = i.identity_id
where r.kind = any (array(select id from store_kind where name in ('')))
and i.customer_id = any (cast(%(ids)s as bigint[]))
group by i.customer_id"""
_ANSWERS = """with asked as materialized (select 1), facts as materialized (select 1), events as materialized (select 1)
select a.customer_id from asked as a
left join facts as f on f.customer_id = a.customer_id
left join events as e on e.customer_id = a.customer_id"""
_MATCHES = """select answers.customer_id, s.segment_id from answers
cross join lateral unnest(array[0], array[true]) as s (segment_id, holds) where s.holds"""


class Question(msgspec.Struct, frozen=True):
    """A compiled statement and the values of its rules. It also takes `today`, and `ids` when not for everybody."""

    sql: str
    values: dict[str, Any]


@lru_cache(maxsize=256)
def compile_matches(rules: tuple[tuple[int, str], ...], statement: str, *, everybody: bool) -> Question:
    """Put rules, as (number, stored JSON), into a statement whose first CTE is `matches`: pairs that hold.

    Kept, because the same segments are asked about batch after batch.
    """
    trees = [parse(msgspec.json.decode(text), None) for _, text in rules]
    compiler = _Compiler()
    answers, values = compiler.statement(trees, everybody=everybody)
    matches = _select(_MATCHES)
    numbers, holds = matches.find_all(exp.Array)
    numbers.set("expressions", [exp.Literal.number(number) for number, _ in rules])
    holds.set("expressions", [exp.column(f"r{n}", "answers") for n in range(len(rules))])
    matches = matches.with_("answers", answers, copy=False)
    outer = parse_one(statement, dialect=_DIALECT)
    first = outer.find(exp.CTE)
    if first is None or first.alias != "matches":
        raise RegularsError("The statement has no 'matches' to put the rules into.")
    first.set("this", matches)
    return Question(outer.sql(dialect=_DIALECT), values)


class _Compiler:
    """Collects the distinct conditions and values of some rules."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._facts: dict[str, exp.Expr] = {}
        self._events: dict[str, exp.Expr] = {}
        self._fact_names: set[str] = set()
        self._kinds: set[str] = set()

    def statement(self, rules: Sequence[Rule], *, everybody: bool) -> tuple[exp.Select, dict[str, Any]]:
        """Return the statement that gives each customer asked with a boolean column `r0`, `r1` ... per rule."""
        columns = [exp.alias_(self._holds(rule), f"r{n}") for n, rule in enumerate(rules)]
        select = _select(_ANSWERS).select(*columns, copy=False)
        sources = {"asked": _select(_ASKED), "facts": self._facts_source(), "events": self._events_source()}
        for cte in list(select.find_all(exp.CTE)):
            source = sources[cte.alias]
            if everybody:
                _unbind(source)
            cte.set("this", source)
        return select, self._values

    def _facts_source(self) -> exp.Select:
        source = _select(_FACTS).select(*self._facts.values(), copy=False)
        _one_of(source, [self._text(name) for name in sorted(self._fact_names)])
        return source

    def _events_source(self) -> exp.Select:
        source = _select(_EVENTS).select(*self._events.values(), copy=False)
        _one_of(source, [self._text(kind) for kind in sorted(self._kinds)])
        return source

    def _holds(self, rule: Rule) -> exp.Expr:
        match rule:
            case Group(need, clauses):
                parts = [self._holds(clause) for clause in clauses] or [exp.true()]
                tree = exp.and_(*parts) if need == "all" else exp.or_(*parts)
                return exp.not_(exp.paren(tree)) if need == "none" else exp.paren(tree)
            case FactRule():
                return self._fact(rule)
            case EventRule():
                return self._event(rule)

    def _fact(self, rule: FactRule) -> exp.Expr:
        turned = rule.test == "known" and rule.value is False
        key = repr(("known", rule.name) if rule.test == "known" else rule)
        if key not in self._facts:
            self._fact_names.add(rule.name)
            test = _tree("bool_or(t) filter (where name = n)", t=self._test(rule), n=self._text(rule.name))
            self._facts[key] = exp.alias_(test, f"f{len(self._facts)}")
        column = _tree("coalesce(c, false)", c=exp.column(self._facts[key].alias, "f"))
        return exp.not_(column) if turned else column

    def _test(self, rule: FactRule) -> exp.Expr:
        """Return what must hold of the fact's value, given that there is one."""
        match rule.test, rule.value:
            case "in", tuple() as values:
                return exp.or_(*(self._equal(value) for value in values))
            case "bounds", Bounds() as bounds:
                return self._between(bounds)
            case "contains", value:
                return self._contains(value)
            case "is_not", value:
                return _tree("not coalesce(t, false)", t=exp.paren(self._equal(value)))
            case "is", value:
                return self._equal(value)
            case _:
                return exp.true()

    def _contains(self, part: Any) -> exp.Expr:
        within = _tree("jsonb_typeof(value) = 'array' and value @> j", j=self._json(part))
        if not isinstance(part, str):
            return within
        return _tree(
            """case when jsonb_typeof(value) = 'array' then t
            else strpos(lower((value #>> '{}') collate "pg_c_utf8"), lower(p collate "pg_c_utf8")) > 0 end""",
            t=within,
            p=self._text(part),
        )

    def _equal(self, value: Any) -> exp.Expr:
        if isinstance(value, str):
            return _tree(f"{_TEXT} = v", v=self._text(value))
        if isinstance(value, bool):
            return _tree("value = j", j=self._json(value))
        return _tree(f"{_NUMBER} = v", v=self._number(value))

    def _between(self, bounds: Bounds) -> exp.Expr:
        parts: list[exp.Expr] = []
        for bound, sign in ((bounds.at_least, ">="), (bounds.at_most, "<=")):
            if isinstance(bound, str):
                parts.append(_tree(f"{_DATE} {sign} v", v=self._text(bound)))
            elif bound is not None:
                parts.append(_tree(f"{_NUMBER} {sign} v", v=self._number(bound)))
        return exp.and_(*parts)

    def _event(self, rule: EventRule) -> exp.Expr:
        key = repr((rule.kind, rule.measure, rule.within_days))
        if key not in self._events:
            self._kinds.add(rule.kind)
            which = _tree("r.kind = (select id from store_kind where name = k)", k=self._text(rule.kind))
            if rule.within_days is not None:
                days = self._value(rule.within_days, "int")
                which = exp.and_(which, _tree("r.day > cast(%(today)s as date) - d", d=days))
            measured = "r.count" if rule.measure == "count" else "r.total"
            folded = _tree(f"sum({measured}) filter (where w)", w=which)
            self._events[key] = exp.alias_(folded, f"e{len(self._events)}")
        total = _tree("coalesce(c, 0)", c=exp.column(self._events[key].alias, "e"))
        parts = [
            _tree(f"t {sign} v", t=total.copy(), v=self._number(bound))
            for bound, sign in ((rule.bounds.at_least, ">="), (rule.bounds.at_most, "<="))
            if isinstance(bound, int | float)
        ]
        return exp.and_(*parts)

    def _text(self, value: str) -> exp.Expr:
        return self._value(value, "text")

    def _number(self, value: float) -> exp.Expr:
        """Give a number as the decimal that was written, not as its binary neighbour."""
        return self._value(Decimal(repr(value)), "numeric")

    def _json(self, value: Scalar) -> exp.Expr:
        return self._value(msgspec.json.encode(value).decode(), "jsonb")

    def _value(self, value: Any, kind: str) -> exp.Expr:
        name = self._names.setdefault(f"{kind} {value!r}", f"v{len(self._names)}")
        self._values[name] = value
        return exp.cast(exp.Placeholder(this=name), kind, dialect=_DIALECT)


@lru_cache(maxsize=64)
def _parsed(sql: str) -> exp.Expr:
    return parse_one(sql, dialect=_DIALECT)


def _tree(sql: str, **places: exp.Expr) -> exp.Expr:
    """Parse a constant piece of SQL and put trees where its bare one-letter names stand."""

    def put(node: exp.Expr) -> exp.Expr:
        bare = isinstance(node, exp.Column) and not node.table
        return places[node.name] if bare and node.name in places else node

    return _parsed(sql).copy().transform(put, copy=False)


def _select(sql: str) -> exp.Select:
    tree = _parsed(sql).copy()
    assert isinstance(tree, exp.Select)  # noqa: S101 (constants above)
    return tree


def _one_of(source: exp.Expr, values: list[exp.Expr]) -> None:
    """Fill the one `in ('')` of a source; with no values it stays, and matches nothing."""
    for within in source.find_all(exp.In):
        if not within.args.get("query") and values:
            within.set("expressions", values)


def _unbind(source: exp.Expr) -> None:
    """Take the condition on `ids` away: everybody is asked."""
    for condition in list(source.find_all(exp.EQ)):
        if any(node.name == "ids" for node in condition.find_all(exp.Placeholder)):
            condition.replace(exp.true())
