"""The chains of a funnel as one statement: what somebody did first, and what followed it, event by event in order.

From each first step the next step is the earliest one behind it, and so on: whatever else could be chosen comes no
earlier. A chain ends where nothing follows, or where more days than the window have gone by since its first step. Of a
customer the chain counts that goes furthest, and of those the first one. Windows over a customer's events, the last
one first, say what follows what: every event is looked at once a step, however many there are.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlglot import exp, parse_one

from regulars.understand.compile import Question
from regulars.understand.engines import POSTGRES, in_words_of
from regulars.understand.history import History
from regulars.understand.rules import EVER, Step
from regulars.understand.trees import DIALECT, Values, select, tree, unbind
from regulars.words.errors import RegularsError

_DAY = 24 * 60 * 60 * 1_000_000
"""In microseconds."""
_BACKWARDS = """select customer_id, moment, seq,
row_number() over (partition by customer_id order by moment desc, seq desc) as r from happened"""
_FOLLOWS = """max(f) over (partition by customer_id order by moment desc, seq desc
    rows between unbounded preceding and 1 preceding)"""
"""Of what has been seen on the way backwards, the chain that begins earliest; it stands there by its place, `r`."""
_BEST = """select customer_id, max(array[reached, r] || f) as best from (
    select customer_id, r, f, (
        select count(*) from generate_series(2, cardinality(f), 2) as g where f[g] <= f[2] + w) as reached
    from chained) as measured
group by customer_id"""
"""How far the chain goes within the window, its place (the earlier, the higher), and a place and a time a step."""


def compile_chains(
    steps: Sequence[Step],
    window: int,
    since: datetime | None,
    until: datetime | None,
    segment: str,
    statement: str,
    *,
    everybody: bool,
) -> Question:
    """Put the chains of a funnel into a statement whose first CTE is `chains`: one row a customer.

    The first step is done from `since` until before `until`. Unless for `everybody`, the statement takes `ids`.
    """
    values = Values()
    history = History(values)
    columns = [exp.alias_(history.happened(step, EVER), f"s{n}") for n, step in enumerate(steps)]
    (_, happened, _) = next(history.sources())
    happened = _narrowed(happened, values, since, until, window, segment)
    if everybody:
        unbind(happened)
    backwards = select("select * from happened").select(*columns, copy=False)
    wanted = exp.select("*").from_(backwards.subquery("x")).where(exp.or_(*(exp.column(f"s{n}") for n in _of(steps))))
    found = select(_BACKWARDS).select(*(exp.column(f"s{n}") for n in _of(steps)), copy=False)
    _put(found, "happened", wanted)
    best = cast("exp.Select", tree(_BEST, w=values.value(window * _DAY, "bigint")))
    _put(best, "chained", _chained(found, len(steps), until, values))
    best = best.with_("happened", in_words_of(POSTGRES, happened), materialized=True, copy=False)
    outer = parse_one(statement, dialect=DIALECT)
    first = outer.find(exp.CTE)
    if first is None or first.alias != "chains":
        raise RegularsError("The statement has no 'chains' to put the funnel into.")
    first.set("this", in_words_of(POSTGRES, best))
    return Question(outer.sql(dialect=DIALECT), values.named)


def _put(statement: exp.Select, name: str, source: exp.Select) -> None:
    """Put a source where its name stands."""
    (there,) = (one for one in statement.find_all(exp.Table) if one.name == name)
    there.replace(source.subquery(name))


def _of(steps: Sequence[Any]) -> range:
    return range(len(steps))


def _narrowed(
    happened: exp.Select,
    values: Values,
    since: datetime | None,
    until: datetime | None,
    window: int,
    segment: str,
) -> exp.Select:
    """Return the events that can belong to a chain, of those who may be asked."""
    happened = happened.where(tree("not i.customer_id in (select customer_id from remember_restricted)"), copy=False)
    if since is not None:
        happened = happened.where(tree("e.at >= v", v=values.value(since, "timestamptz")), copy=False)
    if until is not None:
        last = tree(
            "e.at <= v + w * interval '24 hours'",
            v=values.value(until, "timestamptz"),
            w=values.value(window, "int"),
        )
        happened = happened.where(last, copy=False)
    if segment:
        member = """i.customer_id in (select m.customer_id from understand_member as m
            join understand_segment as s on s.id = m.segment_id where s.name = v)"""
        happened = happened.where(tree(member, v=values.text(segment)), copy=False)
    return happened


def _chained(found: exp.Select, steps: int, until: datetime | None, values: Values) -> exp.Select:
    """Return the first steps, each with its chain: a place and a time for each step of it."""
    for n in reversed(range(steps)):
        own = exp.column(f"s{n}")
        if n == 0 and until is not None:
            before = values.value(int(until.timestamp()) * 1_000_000, "bigint")
            own = exp.and_(own, tree("moment < v", v=before))
        chain = tree("array[r, moment]") if n == steps - 1 else tree("array[r, moment] || m")
        made = exp.alias_(tree("case when s then c end", s=exp.paren(own), c=chain), "f")
        earlier = [exp.column(f"s{other}") for other in range(n)]
        found = exp.select("customer_id", "moment", "seq", "r", *earlier, made).from_(found.subquery("y"))
        if n:
            found = exp.select("*", exp.alias_(tree(_FOLLOWS), "m")).from_(found.subquery("z"))
    return exp.select("*").from_(found.subquery("w")).where(tree("not f is null"))
