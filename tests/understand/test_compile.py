"""The compiled statement against the same rules told the long way round."""

from itertools import combinations, product

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.any_rules import (
    BUSY,
    CUSTOMERS,
    DATES,
    DIGITS,
    FACTS,
    HISTORY_RULES,
    NUMBERS,
    RULES,
    SEGMENTS,
    WORDS,
)
from tests.understand.told_slowly import TODAY, Did, Said, Told, slow
from tests.understand.understand_shop import address, allow, declare, done, happened, hold, meet, state

from regulars.understand import records, segments
from regulars.understand.compile import compile_matches
from regulars.understand.expanding import whole
from regulars.understand.reading import parse
from regulars.understand.writing import written
from regulars.words.money import money

EMPTIED = (
    *(f"remember_{name}" for name in ("identity", "customer", "fact", "fact_name", "allowed")),
    *("store_event", "store_quarantine", "hear_identity", "understand_rollup"),
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rules=st.lists(RULES, min_size=1, max_size=5),
    others=SEGMENTS,
    customers=st.lists(CUSTOMERS, min_size=1, max_size=5),
)
def test_the_compiled_rules_have_the_members_that_the_slow_way_finds(database, workspace, rules, others, customers):
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one, others)}
    with database.workspace(workspace) as tx:
        for c, customer in enumerate(customers, 1):
            put(tx, c, customer)
        known = msgspec.structs.replace(segments.known(tx), segments=others, lists=frozenset({"vips"}))
        assert [parse(rule, None) for rule in rules] == [parse(rule, known) for rule in rules]
        numbered = tuple((n, msgspec.json.encode(whole(rule, others)).decode()) for n, rule in enumerate(rules))
        everybody = range(1, len(customers) + 1)
        assert records.ask(tx, numbered, everybody, TODAY) == expected
        assert records.ask(tx, numbered, [1, 999], TODAY) == {pair for pair in expected if pair[1] == 1}
        sizes = [records.try_matches(tx, text, TODAY, 0)[0] for _, text in numbered]
        assert sizes == [sum(pair[0] == n for pair in expected) for n in range(len(rules))]
        for table in EMPTIED:
            tx.connection.execute(f"delete from {table}")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules=st.lists(HISTORY_RULES, min_size=12, max_size=18), customers=st.lists(BUSY, min_size=3, max_size=4))
def test_what_is_asked_of_events_has_the_slow_answer_for_those_who_did_much(database, workspace, rules, customers):
    with database.workspace(workspace) as tx:
        for c, customer in enumerate(customers, 1):
            put(tx, c, customer)
        numbered = tuple((n, msgspec.json.encode(rule).decode()) for n, rule in enumerate(rules))
        found = records.ask(tx, numbered, range(1, len(customers) + 1), TODAY)
        for n, rule in enumerate(rules):
            slowly = {c for c, one in enumerate(customers, 1) if slow(rule, one)}
            assert {c for number, c in found if number == n} == slowly, rule
        for table in EMPTIED:
            tx.connection.execute(f"delete from {table}")


@given(rule=RULES)
def test_a_rule_that_is_written_again_is_the_same_rule(rule):
    assert parse(written(parse(rule, None)), None) == parse(rule, None)


def put(tx, number, customer):
    """Put a customer with two identities into the tables."""
    declare(tx, **FACTS)
    meet(tx, number)
    meet(tx, 10_000 + number, number)
    for name, told in customer["facts"].items():
        for one in (told.holds, *told.others):
            state(tx, number, 10_000 + number if one.other else number, name, one, holds=one is told.holds)
    days = {}
    for one in customer["events"]:
        identity = 10_000 + number if one.other else number
        happened(tx, identity, one.kind, one.at, one.props)
        count, total = days.get((identity, one.kind, one.day), (0, 0.0))
        days[identity, one.kind, one.day] = (count + 1, total + (money(one.props) or 0.0))
    for (identity, kind, day), (count, total) in days.items():
        done(tx, identity, kind, day, count, total)
    for (about, other), granted in customer.get("consents", {}).items():
        allow(tx, 10_000 + number if other else number, *about.split("/"), granted=granted)
    if customer.get("held"):
        hold(tx, number)
    for other in customer.get("addresses", ()):
        address(tx, 10_000 + number if other else number)


def every_fact_test():
    scalars = (*WORDS, *DIGITS, *NUMBERS, *DATES, True, False)
    for value in scalars:
        yield from ({"is": value}, {"is_not": value}, {"in": [value, "mother"]})
    for part in (*WORDS, *DIGITS, "the", "ÉL", 1, 3.5, True):
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
        {"facts": {"anything": Told(Said(value, verified))}, "events": []}
        for value in values
        for verified in (True, False)
    ]
    compare(database, workspace, rules, customers)


def test_every_pair_of_statements_contradicts_or_not_as_the_slow_way_says(database, workspace):
    kept = [Said("mother", True, source, origin) for source in ("said", "did") for origin in ("quiz", "the team")]
    others = [
        Said(value, verified, source, origin, other, back, 1)
        for value in ("Mother", "father")
        for verified in (True, False)
        for source in ("said", "imported")
        for origin in ("quiz", "shop")
        for other in (True, False)
        for back in (0, 151, 152, 153)
    ]
    newer = Said("mother", True, "imported", "shop", False, 121, 2)
    told = [Told(one, (other,)) for one in kept for other in others] + [
        Told(kept[0], (other, newer)) for other in others
    ]
    rules = [{"fact": "anything", "contradicting": wanted} for wanted in (True, False)]
    compare(database, workspace, rules, [{"facts": {"anything": one}, "events": []} for one in told])


def of_tea():
    """What can be asked of a property, and of what followed what."""
    for measure in ("first", "last"):
        for test in ({"is": "tea"}, {"is_not": "tea"}, {"at_least": 2}, {"known": True}, {"known": False}):
            yield {"event": "a", measure: {"of": "x", **test}}
        yield {"event": "a", measure: {"of": "x", "is": 1}, "where": [{"property": "y", "is": True}]}
    for measure, number in product(("min", "max", "sum", "distinct"), (1, 2)):
        yield {"event": "a", measure: {"of": "x", "at_least": number}}
        yield {"event": "a", measure: {"of": "x", "at_most": number}}
    steps = [{"event": "a"}, {"event": "b"}, {"event": "a", "where": [{"property": "x", "is": "tea"}]}]
    for one in steps:
        for two in steps:
            yield {"sequence": [one], "never_since": two}
            yield {"sequence": [one, two]}
            yield {"sequence": [one, two], "apart_days": 1}
            yield {"sequence": [one, two], "apart_days": 1, "never_since": {"event": "b"}, "within_days": 2}
            yield {"sequence": [one, two, {"event": "b"}], "apart_days": 1}


def test_every_short_history_has_the_slow_answers(database, workspace):
    said = ({"x": 1}, {"x": 2, "y": True}, {"x": "tea"}, {"x": None}, {})
    pairs = [[Did("a", 1, one), Did("a", 0, two)] for one in said for two in said]
    gaps = ((2, 12), (1, 11), (1, 12), (0, 11), (0, 12))
    tea = {"x": "tea"}
    moved = [
        [Did(k, 2, {}, hour=11), Did(m, one[0], tea, hour=one[1]), Did(n, two[0], {}, other=True, hour=two[1])]
        for k, m, n in ("aab", "aba", "abb", "bab")
        for one, two in combinations(gaps, 2)
    ]
    compare(database, workspace, list(of_tea()), [{"facts": {}, "events": some} for some in ([], *pairs, *moved)])


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
    rows = [
        [*(Did("page", back, {"total": total}) for _ in range(times)), Did("page", 0, {"total": 2.5}, other=True)]
        + [Did("other", 0, {"total": 10.0})] * 5
        for back in (-1, 0, 1, 2, 29, 30)
        for times, total in ((1, 0.0), (2, 5.0), (1, -7.5))
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
