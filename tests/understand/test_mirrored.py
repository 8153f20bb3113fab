"""One meaning: the mirror, asked by DuckDB, finds whom the database finds, and whom the slow way finds."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.understand.any_rules import BUSY, CUSTOMERS, HISTORY_RULES, RULES, SEGMENTS, WRITTEN
from tests.understand.test_compile import EMPTIED, every_fact_test, put
from tests.understand.told_slowly import TODAY, Did, Said, Told, slow

from regulars.loop.mirroring import fill_mirror
from regulars.store import records as store
from regulars.store.mirror import Mirror
from regulars.understand import mirrored, records
from regulars.understand.expanding import whole
from regulars.words.clock import utc_now

VALUES = (
    *("mother", "it's", "", 0, 1, 3.5, 1e15, *WRITTEN, 1234567890123456789, "2026-05-02", True, None),
    *(["mother", 1], [True, 3.5], [["mother"]]),
)


def asked(database, workspace, folder, rules, customers, *others):
    """Ask engines about some rules; return what each says, as (rule, customer): DuckDB, PostgreSQL, and others."""
    numbered = tuple((n, msgspec.json.encode(rule).decode()) for n, rule in enumerate(rules))
    try:
        with database.workspace(workspace) as tx:
            for c, customer in enumerate(customers, 1):
                put(tx, c, customer)
            store.move_follower(tx, "consent", store.head(tx))  # `hold` makes it; the mirror goes no further than it
        mirror = Mirror(folder, workspace)
        manifest = fill_mirror(database, mirror, utc_now(), anew=True)
        with database.workspace(workspace) as tx:
            ours = records.ask(tx, numbered, range(1, len(customers) + 1), TODAY)
        duck = mirrored.ask(mirror, manifest, numbered, TODAY, threads=1)
        return duck, ours, *(ask(mirror, manifest, numbered, TODAY) for ask in others)
    finally:
        with database.workspace(workspace) as tx:
            for table in EMPTIED:
                tx.connection.execute(f"delete from {table}")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rules=st.lists(RULES, min_size=3, max_size=8),
    others=SEGMENTS,
    customers=st.lists(CUSTOMERS, min_size=2, max_size=6),
)
def test_any_rule_has_the_same_members_for_all(database, workspace, tmp_path_factory, rules, others, customers):
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one, others)}
    expanded = [whole(rule, others) for rule in rules]
    duck, postgres = asked(database, workspace, tmp_path_factory.mktemp("mirror"), expanded, customers)
    assert duck == postgres == expected


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules=st.lists(HISTORY_RULES, min_size=12, max_size=18), customers=st.lists(BUSY, min_size=3, max_size=4))
def test_what_is_asked_of_events_has_the_same_answer_for_all(database, workspace, tmp_path_factory, rules, customers):
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one)}
    duck, postgres = asked(database, workspace, tmp_path_factory.mktemp("mirror"), rules, customers)
    assert duck == postgres == expected


def test_every_test_of_a_fact_gives_the_same_answer_on_every_value(database, workspace, tmp_path):
    rules = [{"fact": "anything", **test} for test in every_fact_test()]
    customers = [{"facts": {"anything": Told(Said(value))}, "events": []} for value in VALUES]
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one)}
    duck, postgres = asked(database, workspace, tmp_path, rules, customers)
    assert duck == postgres == expected


def test_whose_word_of_consent_waits_is_asked_with_all_that_they_did(database, workspace, tmp_path):
    rules = [{"event": "Order Completed"}, {"consent": "marketing/email", "is": "granted"}]
    customers = [
        {"facts": {}, "events": [Did("Order Completed")], "consents": {("marketing/email", False): True}, "held": held}
        for held in (True, False)
    ]
    duck, postgres = asked(database, workspace, tmp_path, rules, customers)
    assert duck == postgres == {(0, 1), (0, 2), (1, 2)}
