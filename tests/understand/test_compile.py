"""The compiled statement against the same rules told the long way round."""

import json
import re
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.understand_shop import declare, done, know, meet

from regulars.understand import records, segments
from regulars.understand.compile import compile_matches
from regulars.understand.reading import parse

TODAY = date(2026, 5, 3)
FACTS = {"text": "text", "number": "number", "date": "date", "boolean": "boolean", "list": "list"}
KINDS = ("Order Completed", "page", "it's 100%")
WORDS = ("mother", "Mother", "it's", "%s %(ids)s", "a\\'b", "", "x'; drop table understand_member; --", "小明", "élan")
NUMBERS = (0, 1, -2, 3.5, 0.1, 100, 1e15)
DATES = ("2026-05-02", "2026-05-03", "2026-12-24", "1999-01-01")


def slow(rule, customer):
    """Say whether a rule (JSON) holds for a customer, in the plainest way."""
    for need, over in (("all", all), ("any", any), ("none", lambda held: not any(held))):
        if need in rule:
            return over([slow(one, customer) for one in rule[need]])
    if "event" in rule:
        return slow_event(rule, customer)
    name = rule.get("fact") or rule["answer"]
    value, verified = customer["facts"].get(name, (None, False))
    known = verified and value is not None
    if "known" in rule:
        return known is rule["known"]
    return known and slow_fact(rule, value)


def slow_fact(rule, value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def same(wanted):
        if isinstance(wanted, str):
            return wanted == text
        return wanted == value and isinstance(wanted, bool) == isinstance(value, bool)

    match rule:
        case {"is": wanted}:
            return same(wanted)
        case {"is_not": wanted}:
            return not same(wanted)
        case {"in": chosen}:
            return any(same(wanted) for wanted in chosen)
        case {"contains": part} if isinstance(value, list):
            return any(part == one and type(part) is type(one) for one in value)
        case {"contains": part}:
            return isinstance(part, str) and part.lower() in text.lower()
    return slow_bounds(rule, value)


def slow_bounds(rule, value):
    if isinstance(rule.get("at_least", rule.get("at_most")), str):
        if not (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value)):
            return False
        value = value[:10]
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return rule.get("at_least", value) <= value <= rule.get("at_most", value)


def slow_event(rule, customer):
    first = TODAY - timedelta(days=rule["within_days"] - 1) if "within_days" in rule else date.min
    rows = [row for row in customer["events"] if row[0] == rule["event"] and row[1] >= first]
    bounds = rule.get("count") or rule.get("sum") or {"at_least": 1}
    measured = sum(row[3] for row in rows) if "sum" in rule else sum(row[2] for row in rows)
    if "exactly" in bounds:
        return measured == bounds["exactly"]
    return bounds.get("at_least", measured) <= measured <= bounds.get("at_most", measured)


def bounds(low, high, values):
    pairs = {"at_least": low, "at_most": high}
    return {key: value for key, value in pairs.items() if key in values}


def ordered(values):
    return st.tuples(
        st.sampled_from(values), st.sampled_from(values), st.sampled_from(["at_least", "at_most", "at_least at_most"])
    ).map(lambda three: bounds(*sorted(three[:2]), three[2].split()))


def fact(name, *tests):
    return st.one_of(st.booleans().map(lambda known: {"known": known}), *tests).map(lambda test: {"fact": name, **test})


def scalars(values):
    one = st.sampled_from(values)
    return (
        one.map(lambda value: {"is": value}),
        one.map(lambda value: {"is_not": value}),
        st.lists(one, min_size=1, max_size=3).map(lambda chosen: {"in": chosen}),
    )


def containing(values):
    return st.sampled_from([value for value in values if value]).map(lambda value: {"contains": value})


FACT_RULES = st.one_of(
    fact("text", *scalars(WORDS), containing([*WORDS, "the", "T"])),
    fact("number", *scalars(NUMBERS), ordered(NUMBERS)),
    fact("date", *scalars(DATES), ordered(DATES)),
    fact("boolean", st.booleans().map(lambda value: {"is": value}), st.booleans().map(lambda value: {"is_not": value})),
    fact("list", containing([*WORDS, 1, 3.5])),
)
MEASURES = st.one_of(
    st.just({}),
    ordered((0, 1, 2, 5)).map(lambda pair: {"count": pair}),
    st.sampled_from((0, 1, 3)).map(lambda number: {"count": {"exactly": number}}),
    ordered((-5, 0, 10, 20.5)).map(lambda pair: {"sum": pair}),
    st.sampled_from((0, 10)).map(lambda number: {"sum": {"exactly": number}}),
)
EVENT_RULES = st.builds(
    lambda kind, measure, days: {"event": kind, **measure, **({"within_days": days} if days else {})},
    st.sampled_from([*KINDS, "never seen"]),
    MEASURES,
    st.sampled_from([None, 1, 2, 30]),
)
RULES = st.recursive(
    st.one_of(FACT_RULES, EVENT_RULES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda clauses: {"all": clauses}),
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: {"any": clauses}),
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: {"none": clauses}),
    ),
    max_leaves=8,
)
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(NUMBERS[:-1]),
    st.sampled_from((*DATES, "2026-05-03T10:00:00Z", "soon")),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from((*WORDS, 1, True)), max_size=2),
)
OWN_VALUES = {
    "text": st.sampled_from(WORDS),
    "number": st.sampled_from(NUMBERS),
    "date": st.sampled_from(DATES),
    "boolean": st.booleans(),
    "list": st.lists(st.sampled_from((*WORDS, 1, 3.5)), max_size=3),
}
CUSTOMERS = st.fixed_dictionaries(
    {
        "facts": st.fixed_dictionaries(
            {}, optional={name: st.tuples(st.one_of(own, VALUES), st.booleans()) for name, own in OWN_VALUES.items()}
        ),
        "events": st.lists(
            st.tuples(
                st.sampled_from(KINDS),
                st.sampled_from([0, 1, 2, 29, 30, -1]).map(lambda back: TODAY - timedelta(days=back)),
                st.sampled_from((1, 2, 3)),
                st.sampled_from((0.0, 10.0, -5.0, 20.5)),
                st.booleans(),
            ),
            max_size=4,
            unique_by=lambda row: (row[0], row[1], row[4]),
        ),
    }
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules=st.lists(RULES, min_size=1, max_size=5), customers=st.lists(CUSTOMERS, min_size=1, max_size=5))
def test_the_compiled_rules_have_the_members_that_the_slow_way_finds(database, workspace, rules, customers):
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one)}
    with database.workspace(workspace) as tx:
        for c, customer in enumerate(customers, 1):
            put(tx, c, customer)
        known = segments.known(tx)
        assert [parse(rule, None) for rule in rules] == [parse(rule, known) for rule in rules]
        numbered = tuple((n, msgspec.json.encode(rule).decode()) for n, rule in enumerate(rules))
        everybody = range(1, len(customers) + 1)
        assert records.ask(tx, numbered, everybody, TODAY) == expected
        assert records.ask(tx, numbered, [1, 999], TODAY) == {pair for pair in expected if pair[1] == 1}
        sizes = [records.try_matches(tx, text, TODAY, 0)[0] for _, text in numbered]
        assert sizes == [sum(pair[0] == n for pair in expected) for n in range(len(rules))]
        for table in ("identity", "customer", "fact", "fact_name"):
            tx.connection.execute(f"delete from remember_{table}")
        tx.connection.execute("delete from understand_rollup")


def put(tx, number, customer):
    """Put a customer with two identities into the tables."""
    declare(tx, **FACTS)
    meet(tx, number)
    meet(tx, 100 + number, number)
    for name, (value, verified) in customer["facts"].items():
        know(tx, number, name, value, verified=verified)
    for kind, day, count, total, other in customer["events"]:
        done(tx, 100 + number if other else number, kind, day, count, total)


def every_fact_test():
    scalars = (*WORDS, *NUMBERS, *DATES, True, False)
    for value in scalars:
        yield from ({"is": value}, {"is_not": value}, {"in": [value, "mother"]})
    for part in (*WORDS, "the", "ÉL", 1, 3.5, True):
        if part != "":
            yield {"contains": part}
    for values in (NUMBERS, DATES):
        for value in values:
            yield from ({"at_least": value}, {"at_most": value}, {"at_least": value, "at_most": value})
    yield from ({"known": True}, {"known": False})


def test_every_test_of_a_fact_gives_the_slow_answer_on_every_value(database, workspace):
    rules = [{"fact": "anything", **test} for test in every_fact_test()]
    lists = ([], ["mother", 1], [True, 3.5], ["it's", "x"], [["mother"]])
    values = (*WORDS, *NUMBERS, *DATES, "2026-05-03T10:00:00Z", "soon", True, False, None, *lists)
    customers = [
        {"facts": {"anything": (value, verified)}, "events": []} for value in values for verified in (True, False)
    ]
    compare(database, workspace, rules, customers)


def test_every_count_and_sum_gives_the_slow_answer_on_every_day(database, workspace):
    measures = [
        {measure: {test: number}}
        for measure in ("count", "sum")
        for test in ("at_least", "at_most", "exactly")
        for number in (0, 1, 2, 3, 10)
    ]
    rules = [
        {"event": "page", **measure, **window}
        for measure in (*measures, {}, {"sum": {"at_least": -7.5, "at_most": 9.5}})
        for window in ({}, {"within_days": 1}, {"within_days": 2}, {"within_days": 30})
    ]
    days = [TODAY - timedelta(days=back) for back in (-1, 0, 1, 2, 29, 30)]
    rows = [
        [("page", day, times, total, False), ("page", TODAY, 1, 2.5, True), ("other", TODAY, 5, 50.0, False)]
        for day in days
        for times, total in ((1, 0.0), (2, 10.0), (1, -7.5))
    ]
    customers = [{"facts": {}, "events": some} for row in rows for some in ([], row, row[:1], row[2:])]
    compare(database, workspace, rules, customers)


def compare(database, workspace, rules, customers):
    with database.workspace(workspace) as tx:
        for c, customer in enumerate(customers, 1):
            put(tx, c, customer)
        for first in range(0, len(rules), 100):
            some = rules[first : first + 100]
            numbered = tuple((n, msgspec.json.encode(rule).decode()) for n, rule in enumerate(some))
            found = records.ask(tx, numbered, range(1, len(customers) + 1), TODAY)
            for n, rule in enumerate(some):
                for c, customer in enumerate(customers, 1):
                    assert ((n, c) in found) is slow(rule, customer), (rule, customer)


def compiled(rules, *, everybody):
    numbered = tuple((n, msgspec.json.encode(rule).decode()) for n, rule in enumerate(rules))
    return compile_matches(numbered, "with matches as (select 1) select 2", everybody=everybody).sql


def test_the_statement_has_a_column_for_each_rule_and_reads_each_source_once():
    rules = [
        {"all": [{"fact": "a", "is": "x"}, {"fact": "b", "at_least": 3}, {"event": "page"}]},
        {"any": [{"fact": "a", "is": "x"}, {"event": "page", "count": {"at_least": 5}}]},
    ]
    sql = compiled(rules, everybody=False).lower()
    assert sql.count("from remember_current") == sql.count("join understand_rollup") == 1
    assert sql.count("bool_or") == 2
    assert sql.count("sum(r.count)") == 1
    assert "as r0" in sql
    assert "as r1" in sql
    assert "%(ids)s" not in compiled(rules, everybody=True)


@pytest.mark.parametrize("hostile", WORDS)
def test_no_value_of_a_rule_stands_in_the_text(hostile):
    sql = compiled([{"all": [{"fact": "a", "is": hostile or "-"}, {"event": hostile or "-"}]}], everybody=True)
    assert (hostile or "-") not in sql.replace("%(v", "").replace("->", "")
