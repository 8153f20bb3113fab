"""However a log is cut into batches, the same people come out. Hypothesis looks for a log for which they do not."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.hear.identities import intern
from regulars.remember import records
from regulars.remember.followers import FACTS, IDENTITY
from regulars.store.follow import Batch
from regulars.store.records import Event

START = datetime(2026, 5, 3, tzinfo=UTC)
PEOPLE = [
    *[("user", f"u{n}") for n in range(2)],
    ("customer", "c0"),
    *[("email", f"e{n}@x.lv") for n in range(4)],
    *[("anonymous", f"a{n}") for n in range(4)],
]
who = st.integers(0, len(PEOPLE) - 1)
seen = st.tuples(who, st.just([]), st.just(value=True), st.integers(0, 4))
told = st.tuples(
    who, st.lists(who, min_size=1, max_size=3), st.sampled_from([True, True, True, False]), st.integers(0, 4)
)
withdrawn = st.tuples(who, st.just(None), st.just(value=True), st.integers(0, 4))
log = st.tuples(st.lists(seen, max_size=8), st.lists(told | withdrawn, min_size=1, max_size=10)).map(
    lambda parts: parts[0] + parts[1]
)
cuts = st.lists(st.integers(1, 8), min_size=1, max_size=8)


def events_of(said, ids):
    return [
        Event(
            seq=number,
            identity_id=ids[one],
            at=START + timedelta(days=day),
            kind="fact.forgotten" if links is None else "identify",
            props={"name": "size"}
            if links is None
            else {
                "traits": {"name": f"Name {number}", "size": number},
                "links": [ids[other] for other in links],
                "verified": verified,
            },
            cause=None,
            depth=0,
            historical=False,
        )
        for number, (one, links, verified, day) in enumerate(said, start=1)
    ]


def cut(events, sizes):
    rest = list(events)
    while rest:
        size = sizes[len(rest) % len(sizes)]
        yield rest[:size]
        rest = rest[size:]


def heard(number, new):
    props = msgspec.json.decode(new.props)
    return Event(number, new.identity_id, new.at, new.kind, props, new.cause, new.depth, new.historical)


def follow(tx, batches):
    """Run identities, then facts over the same events and what came of them, as one follower after the other does."""
    merged = []
    IDENTITY.reset(tx)
    records.forget_facts(tx)
    for events in batches:
        batch = Batch(tx, events, START, (events[0].seq, events[-1].seq))
        IDENTITY.handle(batch)
        said = [heard(number, new) for number, new in enumerate(batch.emitted, start=10_000)]
        merged += [(event.cause, event.props["winner"], event.props["loser"]) for event in said]
        FACTS.handle(Batch(tx, [*events, *said], START, (events[0].seq, events[-1].seq)))
    tables = {
        table: sorted(tx.connection.execute(f"select {columns} from {table}").fetchall(), key=repr)
        for table, columns in (
            ("remember_identity", "identity_id, customer_id, seq"),
            ("remember_customer", "id, name, folded, created_at"),
            ("remember_current", "customer_id, name, identity_id, seq, words"),
            ("remember_fact", "identity_id, name, seq, words"),
            ("remember_forgotten", "identity_id, name, seq"),
        )
    }
    return tables, merged


@given(said=log, one=cuts, other=cuts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_log_gives_the_same_customers_in_any_batches(database, workspace, said, one, other):
    with database.workspace(workspace) as tx:
        numbers = intern(tx, PEOPLE)
        events = events_of(said, [numbers[pair] for pair in PEOPLE])
        found = follow(tx, [[event] for event in events])
        assert follow(tx, cut(events, one)) == found
        assert follow(tx, cut(events, other)) == found
        assert follow(tx, [events]) == found
        check_guard(tx)


def check_guard(tx):
    two_people = """select 1 from remember_identity r join hear_identity h on h.id = r.identity_id
        where h.kind in ('user', 'customer') group by r.customer_id, h.kind having count(*) > 1"""
    assert tx.connection.execute(two_people).fetchall() == []
    strays = """select 1 from remember_identity r left join remember_customer c on c.id = r.customer_id
        left join remember_identity f on f.identity_id = r.customer_id
        where c.id is null or f.customer_id <> r.customer_id"""
    assert tx.connection.execute(strays).fetchall() == []
