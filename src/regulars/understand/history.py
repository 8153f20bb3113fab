"""What rules ask of the events themselves, where the daily counts do not say it: properties, and what followed what.

The events of all kinds that some rules name are read once (`happened`), each with the properties that are asked for.
One row a customer is folded from them for counts and measures (`log`), and one for each first or last value and each
sequence. Windows over a customer's events in order say what followed what: every event is looked at once, however
many there are.
"""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from regulars.understand.engines import POSTGRES, Engine
from regulars.understand.rules import Bounds, Days, EventRule, SequenceRule, Step, Where
from regulars.understand.trees import Values, one_of, select, tree
from regulars.understand.value_tests import DATE, NUMBER, SAID, TEXT, day_tests, over, value_test
from regulars.words.money import LARGEST, NAMES

_DAY = 24 * 60 * 60 * 1_000_000
"""In microseconds."""
_IN_ORDER = "row_number() over (partition by customer_id order by moment, seq)"
_LAST_FIRST = "row_number() over (partition by customer_id order by moment desc, seq desc)"
_BEFORE = """max(case when r then moment end) over (
    partition by customer_id order by n rows between unbounded preceding and 1 preceding)"""


class History:
    """Collects what some rules ask of events."""

    def __init__(self, values: Values, engine: Engine = POSTGRES) -> None:
        self._values = values
        self._engine = engine
        self._kinds: set[str] = set()
        self._properties: dict[str, str] = {}
        self._folded: dict[str, exp.Expr] = {}
        self._rows: dict[str, tuple[str, exp.Select]] = {}
        self._counted: dict[str, exp.Expr] = {}
        self._gathered: dict[str, exp.Expr] = {}
        """The same conditions, as they filter what is read: what is null is not read."""

    def measured(self, rule: EventRule) -> exp.Expr:
        """Return what must hold of how often, for how much, or with which values something was done."""
        key = repr((rule.kind, rule.where, rule.days, rule.measure, rule.of, _dated(rule.bounds)))
        if key not in self._folded:
            self._folded[key] = exp.alias_(self._fold(rule), f"l{len(self._folded)}")
        column = exp.column(self._folded[key].alias, "l")
        if rule.measure in ("min", "max"):
            return tree("coalesce(b, false)", b=self._between(column, rule.bounds))
        return self._between(tree("coalesce(c, 0)", c=column), rule.bounds)

    def told(self, rule: EventRule, told: Where) -> exp.Expr:
        """Return what must hold of the first or the last value of a property."""
        turned = told.test == "known" and told.value is False
        order = _IN_ORDER if rule.measure == "first" else _LAST_FIRST
        value = self._column(told.property)
        which = exp.and_(self.happened(Step(rule.kind, rule.where), rule.days), tree("whole"), over(tree(SAID), value))
        test = over(value_test(self._values, told.test, told.value), value)
        holds = exp.alias_(tree("coalesce(t, false)", t=exp.paren(test)), "holds")
        inner = select("select customer_id from happened").select(holds, exp.alias_(tree(order), "n"), copy=False)
        rows = (
            exp.select("customer_id", "holds").from_(inner.where(which, copy=False).subquery("x")).where(tree("n = 1"))
        )
        held = self._row(repr((rule.kind, rule.where, rule.days, rule.measure, told)), rows)
        return exp.not_(held) if turned else held

    def followed(self, rule: SequenceRule) -> exp.Expr:
        """Return whether events followed one another, and whether something never did since."""
        steps = [exp.alias_(self.happened(one, rule.days), f"s{n}") for n, one in enumerate(rule.steps)]
        since = self.happened(rule.never_since, Days()) if rule.never_since else exp.false()
        found = select("select customer_id, moment from happened").select(
            exp.alias_(tree(_IN_ORDER), "n"), *steps, exp.alias_(since, "x"), copy=False
        )
        reached = tree("s0")
        for n in range(1, len(rule.steps)):
            columns = [exp.column(f"s{later}") for later in range(n, len(rule.steps))]
            found = exp.select("customer_id", "moment", "n", exp.alias_(reached, "r"), *columns, "x").from_(
                found.subquery("y")
            )
            found = exp.select("*", exp.alias_(tree(_BEFORE), "m")).from_(found.subquery("z"))
            reached = tree("s and m is not null", s=exp.column(f"s{n}"))
            if rule.apart_days is not None:
                longest = self._values.value(rule.apart_days * _DAY, "bigint")
                reached = exp.and_(reached, tree("moment <= m + v", v=longest))
        last = exp.select("customer_id", "n", exp.alias_(reached, "r"), "x").from_(found.subquery("y"))
        ended = tree("max(case when r then n end) >= coalesce(max(case when x then n end), 0)")
        rows = exp.select("customer_id", exp.alias_(ended, "holds")).from_(last.subquery("z")).group_by("customer_id")
        return self._row(repr(rule), rows)

    def happened(self, step: Step, days: Days) -> exp.Expr:
        """Return what must hold of an event; never null."""
        self._kinds.add(step.kind)
        key = repr((step, days))
        if key in self._counted:
            return self._counted[key].copy()
        parts = [tree("kind = k", k=self._values.text(step.kind)), *day_tests(self._values, days, tree("day"))]
        if step.where:
            parts.append(tree("whole"))
        gathered = [part.copy() for part in parts]
        for where in step.where:
            value = self._column(where.property)
            said = over(tree(SAID), value)
            if where.test == "known" and where.value is False:
                parts.append(exp.not_(exp.paren(said)))
                gathered.append(parts[-1].copy())
                continue
            test = exp.paren(over(value_test(self._values, where.test, where.value), value))
            gathered += [said.copy(), test.copy()]
            parts.append(tree("coalesce(s and t, false)", s=said, t=test))
        self._counted[key], self._gathered[key] = exp.and_(*parts), exp.and_(*gathered)
        return self._counted[key].copy()

    def sources(self, only: Sequence[exp.Expr] = ()) -> Iterator[tuple[str, exp.Select, str]]:
        """Yield what a statement reads events from, by name, each with what it is joined as; '' is not joined.

        `only` is of whose identities (`i`) they are read.
        """
        if not self._kinds:
            return
        columns = self._engine.columns(self._values, self._properties)
        happened = select(self._engine.happened, self._engine.dialect).select(*columns, copy=False)
        happened = happened.where(*only, copy=False)
        one_of(happened, [self._values.text(kind) for kind in sorted(self._kinds)])
        if self._engine.narrow:
            gathered = exp.or_(*(one.copy() for one in self._gathered.values()))
            happened = exp.select("*").from_(happened.subquery("x")).where(gathered)
        yield "happened", happened, ""
        if self._folded:
            folded = select("select customer_id from happened group by customer_id")
            yield "log", folded.select(*self._columns(), copy=False), "l"
        for alias, rows in self._rows.values():
            yield alias, rows, alias

    def _columns(self) -> Sequence[exp.Expr]:
        """Return what is folded; what is counted alone is all that was gathered."""
        if self._engine.narrow and len(self._counted) == 1:
            [only] = self._counted.values()
            for found in [one for column in self._folded.values() for one in column.find_all(exp.Filter)]:
                if found.expression.this == only:
                    found.replace(found.this)
        return list(self._folded.values())

    def _row(self, key: str, rows: exp.Select) -> exp.Expr:
        alias, _ = self._rows.setdefault(key, (f"h{len(self._rows)}", rows))
        return tree("coalesce(c, false)", c=exp.column("holds", alias))

    def _fold(self, rule: EventRule) -> exp.Expr:
        which = self.happened(Step(rule.kind, rule.where), rule.days)
        if rule.measure == "count":
            return tree("count(*) filter (where w)", w=which)
        if not rule.of:
            return self._engine.total(tree("sum(m) filter (where w)", m=self._money(), w=which))
        which = exp.and_(which, tree("whole"))
        value = self._column(rule.of)
        if rule.measure == "distinct":
            plain = over(tree("is_plain(value)"), value)
            which = exp.and_(which, over(tree(SAID), value), plain)
            return tree("count(distinct t) filter (where w)", t=over(tree(TEXT), value), w=which)
        measured = "date" if _dated(rule.bounds) else "number"
        text = {"sum": "sum(v)", "min": "min(v)", "max": "max(v)"}[rule.measure]
        compared = over(tree(DATE if measured == "date" else NUMBER), value)
        found = tree(f"{text} filter (where w)", v=compared, w=which)
        return self._engine.total(found) if rule.measure == "sum" else found

    def _between(self, amount: exp.Expr, bounds: Bounds) -> exp.Expr:
        parts: list[exp.Expr] = []
        for bound, sign in ((bounds.at_least, ">="), (bounds.at_most, "<=")):
            if bound is not None:
                given = self._values.text(bound) if isinstance(bound, str) else self._values.number(bound)
                parts.append(tree(f"t {sign} v", t=amount.copy(), v=given))
        return exp.and_(*parts)

    def _money(self) -> exp.Expr:
        """Return what an event is worth, as `money` of the house's words says it."""
        if self._engine.money:
            return tree(self._engine.money)
        ifs = [
            exp.If(this=over(tree("is_number(value)"), value), true=over(tree(NUMBER), value))
            for value in map(self._column, NAMES)
        ]
        largest = self._values.number(LARGEST)
        return tree("case when abs(m) <= l then m end", m=exp.paren(exp.Case(ifs=ifs)), l=largest)

    def _column(self, name: str) -> exp.Expr:
        return exp.column(self._properties.setdefault(name, f"p{len(self._properties)}"))


def _dated(bounds: Bounds) -> bool:
    return isinstance(bounds.at_least, str) or isinstance(bounds.at_most, str)


def days_of(values: Values, history: History, asked: Sequence[tuple[int, Step, Days]]) -> exp.Expr:
    """Return on which days what happened, by the numbers of conditions: what they rest on."""
    found: exp.Expr | None = None
    for number, step, days in asked:
        one = select("select kind, day, count(*) as count from happened group by kind, day")
        one = one.select(exp.alias_(values.value(number, "int"), "number"), copy=False)
        one = one.where(history.happened(step, days), copy=False)
        found = one if found is None else exp.union(found, one, distinct=False)
    if found is None:
        return select("select 1")
    for name, source, _ in history.sources():
        found = found.with_(name, source, materialized=True, copy=False)
    return found
