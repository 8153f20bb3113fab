"""Rules become one statement: for the customers just touched, or for everybody, with a boolean column per rule.

Each source is read once and folded per customer (facts to one boolean per distinct condition, events to one number),
then the rules combine these. Whatever a customer has no rows for counts as none, so nothing is ever null. Every value
of a rule is a parameter; only names made here stand in the text. Trees, not strings: sqlglot renders them, so the same
rules can be asked of another engine, which has its own sources.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

import msgspec
from sqlglot import exp, parse_one

from regulars.remember.followers import CONSENT
from regulars.understand.engines import POSTGRES, Engine, in_words_of
from regulars.understand.history import History, days_of
from regulars.understand.looking import done_in
from regulars.understand.reading import parse
from regulars.understand.rules import (
    TURNING,
    Bounds,
    ConsentRule,
    EventRule,
    FactRule,
    Group,
    Leaf,
    ListRule,
    MessageRule,
    ReachableRule,
    Rule,
    SegmentRule,
    SequenceRule,
    StageRule,
)
from regulars.understand.sources import ANSWERS, DISPUTES, Source
from regulars.understand.trees import DIALECT, Values, one_of, select, tree, unbind
from regulars.understand.value_tests import day_tests, value_test
from regulars.words.errors import RegularsError

_MATCHES = """select answers.customer_id, s.segment_id from answers
cross join lateral unnest(array[0], array[true]) as s (segment_id, holds) where s.holds"""


class Question(msgspec.Struct, frozen=True):
    """A compiled statement and the values of its rules.

    It also takes `today`, `upto` (the last event that counts), and `ids` when not for everybody.
    """

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
    matches = select(_MATCHES)
    numbers, holds = matches.find_all(exp.Array)
    numbers.set("expressions", [exp.Literal.number(number) for number, _ in rules])
    holds.set("expressions", [exp.column(f"r{n}", "answers") for n in range(len(rules))])
    matches = matches.with_("answers", answers, copy=False)
    outer = parse_one(statement, dialect=DIALECT)
    first = outer.find(exp.CTE)
    if first is None or first.alias != "matches":
        raise RegularsError("The statement has no 'matches' to put the rules into.")
    first.set("this", matches)
    return Question(outer.sql(dialect=DIALECT), values)


def compile_answers(rules: Sequence[str], engine: Engine) -> tuple[exp.Select, dict[str, Any]]:
    """Return what gives customers of an engine a boolean column `r0`, `r1` ... for each stored rule, and its values.

    Of one rule alone whoever surely does not match may be left out.
    """
    compiler = _Compiler(engine)
    trees = [parse(msgspec.json.decode(text), None) for text in rules]
    return compiler.statement(trees, everybody=True)


def compile_days(ends: Sequence[Leaf]) -> Question:
    """Put conditions into a statement of the days on which what they rest on happened, by their numbers from 1.

    Only those are asked that rest on the events themselves.
    """
    values = Values()
    asked = [
        (number, step, end.days)
        for number, end in enumerate(ends, 1)
        if isinstance(end, SequenceRule | EventRule)
        for step in done_in(end)
    ]
    made = in_words_of(POSTGRES, days_of(values, History(values), asked))
    return Question(made.sql(dialect=DIALECT), values.named)


@lru_cache(maxsize=1)
def disputed_facts() -> str:
    """Return the statement of everybody's facts of which something else was said, as (customer, name)."""
    found = select(DISPUTES)
    unbind(found)
    for named in list(found.find_all(exp.In)):
        if [one.name for one in named.expressions] == [""]:
            named.replace(exp.true())
    return found.select("c.name", copy=False).group_by("c.name", copy=False).sql(dialect=DIALECT)


class _Folded:
    """The distinct columns that rules ask of one source, and the names of what they look at."""

    def __init__(self, source: Source, dialect: str) -> None:
        self.source = source
        self._dialect = dialect
        self.names: set[str] = set()
        self._columns: dict[str, exp.Expr] = {}
        self.which: list[exp.Expr] = []
        """Of which rows at least one holds, where the engine filters as it reads."""

    def column(self, key: str, name: str, made: Callable[[], exp.Expr]) -> exp.Expr:
        """Return the column that is folded for a key; it is made once."""
        self.names.add(name)
        letter = self.source.name[0]
        if key not in self._columns:
            self._columns[key] = exp.alias_(made(), f"{letter}{len(self._columns)}")
        return exp.column(self._columns[key].alias, letter)

    def statement(self, values: Values) -> exp.Select:
        """Return the statement of the source."""
        made = select(self.source.sql, self._dialect).select(*self._columns.values(), copy=False)
        one_of(made, [values.text(name) for name in sorted(self.names)])
        return made.where(exp.or_(*self.which), copy=False) if self.which else made


class _Compiler:
    """Collects the distinct conditions and values of some rules."""

    def __init__(self, engine: Engine = POSTGRES) -> None:
        self._values = Values()
        self._engine = engine
        self._history = History(self._values, engine)
        self._folded = {source.name: _Folded(source, engine.dialect) for source in engine.sources}

    def statement(self, rules: Sequence[Rule], *, everybody: bool) -> tuple[exp.Select, dict[str, Any]]:
        """Return the statement that gives each customer asked with a boolean column `r0`, `r1` ... per rule."""
        columns = [exp.alias_(self._holds(rule), f"r{n}") for n, rule in enumerate(rules)]
        found = select(ANSWERS).select(*columns, copy=False)
        needed = self._needed(rules[0]) if self._engine.narrow and len(rules) == 1 else []
        for name, source, letter in self._sources(needed):
            if everybody:
                unbind(source)
            found = found.with_(name, source, materialized=self._engine.materialized, copy=False)
            if letter:
                joined = tree(f"{letter}.customer_id = a.customer_id")
                found = found.join(exp.to_table(name).as_(letter), on=joined, join_type="left", copy=False)
        return cast("exp.Select", in_words_of(self._engine, found)), self._values.named

    def _sources(self, needed: Sequence[exp.Expr]) -> Iterator[tuple[str, exp.Select, str]]:
        """Yield every source by name, each with the letter it is joined as.

        Where something must be known of whoever matches, nobody else is asked, and nothing that others did is read.
        """
        asked = select(self._engine.asked, self._engine.dialect)
        if needed:
            yield "facts", self._folded["facts"].statement(self._values), "f"
            known = select("select f.customer_id from facts as f").where(*needed, copy=False)
            asked = asked.where(exp.column("customer", "c").isin(query=known), copy=False)
        yield "asked", asked, ""
        only = [tree("i.customer in (select customer_id from asked)")] if needed else []
        for name, folded in self._folded.items():
            if (folded.names or folded.source.always) and not (needed and name == "facts"):
                made = folded.statement(self._values)
                yield name, made.where(*only, copy=False) if name == "events" else made, name[0]
        yield from self._history.sources(only)

    def _needed(self, rule: Rule) -> list[exp.Expr]:
        """Return what must be known of whoever matches a rule."""
        if isinstance(rule, Group):
            return [one for clause in rule.clauses for one in self._needed(clause)] if rule.need == "all" else []
        asked = rule.as_fact if isinstance(rule, StageRule) else rule
        if not isinstance(asked, FactRule) or asked.test == "contradicting" or _turned(asked):
            return []
        return [self._fact(asked)]

    def _holds(self, rule: Rule) -> exp.Expr:
        if isinstance(rule, Group):
            parts = [self._holds(clause) for clause in rule.clauses] or [exp.true()]
            whole = exp.and_(*parts) if rule.need == "all" else exp.or_(*parts)
            return exp.not_(exp.paren(whole)) if rule.need == "none" else exp.paren(whole)
        return self._leaf(rule)

    def _leaf(self, rule: Leaf) -> exp.Expr:
        match rule:
            case FactRule():
                held = self._fact(rule)
            case StageRule():
                held = self._fact(rule.as_fact)
            case EventRule():
                held = self._event(rule)
            case MessageRule() | ListRule():
                held = self._event(rule.as_event)
            case SequenceRule():
                held = self._history.followed(rule)
            case ConsentRule():
                held = self._consent(rule)
            case ReachableRule():
                held = self._reachable(rule)
            case SegmentRule():
                held = exp.false() if rule.member else exp.true()  # it is gone: else its rule stood in this place
        return held

    def _reachable(self, rule: ReachableRule) -> exp.Expr:
        found = self._folded["mailable"].column(
            rule.channel, rule.channel, lambda: tree("bool_or(h.kind = n)", n=self._values.text(rule.channel))
        )
        held = tree("coalesce(c, false)", c=found)
        return held if rule.reachable else exp.not_(held)

    def _consent(self, rule: ConsentRule) -> exp.Expr:
        about = f"{rule.purpose}/{rule.channel}"
        granted = self._folded["consents"].column(
            about,
            about,
            lambda: tree(
                "bool_and(w.granted) filter (where w.purpose || '/' || w.channel = n)", n=self._values.text(about)
            ),
        )
        if rule.state == "withdrawn":
            return tree("not coalesce(c, true)", c=granted)
        if rule.state == "unsaid":
            return tree("c is null", c=granted)
        waits = self._folded["held"].column(CONSENT.name, CONSENT.name, lambda: tree("bool_or(true)"))
        return tree("coalesce(c, false) and h is null", c=granted, h=waits)

    def _fact(self, rule: FactRule) -> exp.Expr:
        turned = _turned(rule)
        asked = msgspec.structs.replace(rule, value=True) if turned else rule
        made = self._disputed if rule.test == "contradicting" else self._said
        held = tree("coalesce(c, false)", c=made(asked))
        return exp.not_(held) if turned else held

    def _disputed(self, rule: FactRule) -> exp.Expr:
        return self._folded["disputes"].column(
            rule.name, rule.name, lambda: tree("bool_or(c.name = n)", n=self._values.text(rule.name))
        )

    def _said(self, rule: FactRule) -> exp.Expr:
        return self._folded["facts"].column(repr(rule), rule.name, lambda: self._known(rule))

    def _known(self, rule: FactRule) -> exp.Expr:
        """Return whether it holds of one of the facts that are read; what does not hold counts as what is not there."""
        told, named = self._told(rule), tree("name = n", n=self._values.text(rule.name))
        if self._engine.narrow:
            self._folded["facts"].which.append(exp.and_(named.copy(), told.copy()))
        return tree("bool_or(t) filter (where w)", t=told, w=named)

    def _told(self, rule: FactRule) -> exp.Expr:
        """Return what must hold of what is known, given that it is."""
        parts = [value_test(self._values, rule.test, rule.value)]
        if rule.sources:
            parts.append(exp.or_(*(tree("source = s", s=self._values.text(one)) for one in rule.sources)))
        parts += day_tests(self._values, rule.days, tree(self._engine.learned_on))
        return exp.and_(*parts) if len(parts) > 1 else parts[0]

    def _event(self, rule: EventRule) -> exp.Expr:
        if rule.told is not None:
            return self._history.told(rule, rule.told)
        if not rule.counted:
            return self._history.measured(rule)
        found = self._folded["events"].column(
            repr((rule.kind, rule.measure, rule.days)), rule.kind, lambda: self._rolled_up(rule)
        )
        return self._within(tree("coalesce(c, 0)", c=found), rule.bounds)

    def _rolled_up(self, rule: EventRule) -> exp.Expr:
        which = self._engine.kind(self._values, rule.kind)
        which = exp.and_(which, *day_tests(self._values, rule.days, tree("r.day")))
        if self._engine.narrow:
            self._folded["events"].which.append(which.copy())
        return tree(self._engine.done[rule.measure], w=which)

    def _within(self, amount: exp.Expr, bounds: Bounds) -> exp.Expr:
        parts = [
            tree(f"t {sign} v", t=amount.copy(), v=self._values.number(bound))
            for bound, sign in ((bounds.at_least, ">="), (bounds.at_most, "<="))
            if isinstance(bound, int | float)
        ]
        return exp.and_(*parts)


def _turned(rule: FactRule) -> bool:
    """Whether a condition asks that something is not so of a fact."""
    return rule.test in TURNING and rule.value is False
