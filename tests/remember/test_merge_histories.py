"""Merges, splits, joins, facts, consents, forgets and repeats in any order: nothing lost, doubled or left behind.

Hypothesis tells a story event by event, each decision about the state it finds. Whatever came out must come out again
when the log is replayed, however it is cut into batches; and must be what a few lines of plain Python fold it to.
"""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.hear.identities import intern
from regulars.remember.followers import CONSENT, FACTS, IDENTITY
from regulars.store.follow import Batch
from regulars.store.records import Event

START = datetime(2026, 5, 3, tzinfo=UTC)
PEOPLE = [
    *[("user", f"u{n}") for n in range(2)],
    *[("email", f"e{n}@x.lv") for n in range(3)],
    ("phone", "+37120000000"),
    *[("anonymous", f"a{n}") for n in range(3)],
]
TABLES = {
    "remember_identity": "identity_id, customer_id, seq, met_at",
    "remember_tie": "seq, one, other, winner, loser, undone",
    "remember_apart": "one, other, seq",
    "remember_refused": "one, other, seq",
    "remember_customer": "id, name, folded, created_at",
    "remember_current": "customer_id, name, identity_id, seq, words",
    "remember_fact": "identity_id, name, seq, words",
    "remember_forgotten": "identity_id, name, seq",
    "remember_consent": "identity_id, purpose, channel, seq, granted",
    "remember_allowed": "identity_id, purpose, channel, granted",
}


class World:
    """A log that grows, and the tables of the room that follow it."""

    def __init__(self, tx, ids):
        self.tx, self.ids, self.log, self.merged = tx, ids, [], []
        self.reset()

    def reset(self):
        for follower in (IDENTITY, FACTS, CONSENT):
            follower.reset(self.tx)

    def rows(self, statement, *params):
        return self.tx.connection.execute(statement, params).fetchall()

    def tell(self, identity, kind, props, day=0):
        event = Event(len(self.log) + 1, identity, START + timedelta(days=day), kind, props, None, 0, historical=False)
        self.log.append(event)
        self.merged += self.follow([event])

    def follow(self, events):
        """Follow as one follower after the other does; return the merges that were said."""
        place = (events[0].seq, events[-1].seq)
        batch = Batch(self.tx, events, START, place)
        IDENTITY.handle(batch)
        said = [
            Event(10_000 + n, one.identity_id, one.at, one.kind, msgspec.json.decode(one.props), one.cause, 1, False)
            for n, one in enumerate(batch.emitted)
        ]
        for follower in (FACTS, CONSENT):
            wanted = [event for event in [*events, *said] if event.kind in follower.kinds]
            follower.handle(Batch(self.tx, wanted, START, place))
        return [(one.cause, one.props) for one in said]

    def tables(self):
        return {
            table: sorted(self.rows(f"select {columns} from {table}"), key=repr) for table, columns in TABLES.items()
        }

    def tie(self, choice):
        ties = self.rows("select seq, one, other from remember_tie where undone is null order by seq, other")
        return ties[choice % len(ties)] if ties else None

    def beside(self, identity):
        mine = self.rows(
            "select i.identity_id from remember_identity m join remember_identity i using (customer_id) "
            "where m.identity_id = %s order by 1",
            identity,
        )
        return [row[0] for row in mine if row[0] != identity]


WHO = st.integers(0, len(PEOPLE) - 1)
STEPS = st.one_of(
    st.tuples(st.just("see"), WHO, WHO),
    st.tuples(st.just("link"), WHO, st.lists(WHO, min_size=1, max_size=3), st.integers(0, 4)),
    st.tuples(st.just("split"), st.integers(0, 20)),
    st.tuples(st.just("split"), st.integers(0, 20)),
    st.tuples(st.just("join"), WHO, WHO),
    st.tuples(st.just("apart"), WHO, WHO),
    st.tuples(st.just("consent"), WHO, st.booleans(), st.integers(0, 4)),
    st.tuples(st.just("forget"), WHO, st.integers(0, 4)),
    st.tuples(st.just("rules"), st.sampled_from(["strong", "weak"]), st.integers(0, 2)),
    st.tuples(st.just("again"), st.integers(0, 20)),
)


def step(world, said):  # noqa: C901 (one case a line of the story)
    ids = world.ids
    match said:
        case "see", one, _:
            world.tell(ids[one], "page", {})
        case "link", one, others, day:
            number = len(world.log) + 1
            traits = {"name": f"Name {number}", "size": number}
            links = [ids[other] for other in others]
            world.tell(ids[one], "identify", {"traits": traits, "links": links, "verified": True}, day)
        case "split", choice:
            if tie := world.tie(choice):
                world.tell(tie[1], "customer.split", {"seq": tie[0], "one": tie[1], "other": tie[2]})
        case ("join" | "apart") as what, one, other:
            kind = "customer.joined" if what == "join" else "customer.apart"
            if one != other:
                world.tell(ids[one], kind, {"one": ids[one], "other": ids[other]})
        case "consent", one, granted, day:
            props = {"purpose": "marketing", "channel": "email", "granted": granted}
            world.tell(ids[one], "consent.changed", props, day)
        case "forget", one, day:
            world.tell(ids[one], "fact.forgotten", {"name": "size", "beside": world.beside(ids[one])}, day)
        case "rules", strength, devices:
            world.tell(0, "identity.rules", {"email": strength, "phone": "strong", "devices": devices})
        case "again", choice:
            if world.log:
                earlier = world.log[choice % len(world.log)]
                world.tell(earlier.identity_id, earlier.kind, earlier.props)


def folded(world):
    """The facts now, by hand: of each customer's statements that count, the newest."""
    whose = dict(world.rows("select identity_id, customer_id from remember_identity"))
    forgotten = world.rows("select identity_id, name, seq, at from remember_forgotten")
    now = {}
    for identity, name, seq, at in world.rows("select identity_id, name, seq, at from remember_fact order by at, seq"):
        gone = any(
            whose.get(one) == whose[identity] and about == name and (at <= when or seq < number)
            for one, about, number, when in forgotten
        )
        if not gone:
            now[whose[identity], name] = (identity, seq)
    return sorted((customer, name, *what) for (customer, name), what in now.items())


def check(world):
    assert world.rows("select customer_id, name, identity_id, seq from remember_current order by 1, 2") == folded(world)
    met = {event.identity_id for event in world.log if event.identity_id}
    assert met <= {row[0] for row in world.rows("select identity_id from remember_identity")}
    named = "select distinct customer_id from remember_identity order by 1"
    assert world.rows(named) == world.rows("select id from remember_customer order by 1")
    assert world.rows(
        "select 1 from remember_identity r join remember_identity f on f.identity_id = r.customer_id "
        "where f.customer_id <> r.customer_id"
    ) == []  # fmt: skip
    assert world.rows(
        "select 1 from remember_apart a join remember_identity r on r.identity_id = a.one "
        "join remember_identity s on s.identity_id = a.other where r.customer_id = s.customer_id"
    ) == []  # fmt: skip
    identities, customers = world.rows("select count(*), count(distinct customer_id) from remember_identity")[0]
    assert world.rows("select count(*) from remember_tie where undone is null") == [(identities - customers,)]
    said = {(e.seq, e.identity_id) for e in world.log if e.kind == "consent.changed"}
    assert set(world.rows("select seq, identity_id from remember_consent")) == said


@given(steps=st.lists(STEPS, min_size=2, max_size=14), cuts=st.lists(st.integers(1, 7), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_replay_in_any_batches_comes_to_what_is_there_and_nothing_is_lost(database, workspace, steps, cuts):
    with database.workspace(workspace) as tx:
        numbers = intern(tx, PEOPLE)
        world = World(tx, [numbers[pair] for pair in PEOPLE])
        for said in steps:
            step(world, said)
            check(world)
        found = world.tables()
        world.reset()
        rest, again = list(world.log), []
        while rest:
            size = cuts[len(rest) % len(cuts)]
            again += world.follow(rest[:size])
            rest = rest[size:]
        assert world.tables() == found
        assert again == world.merged


@given(steps=st.lists(STEPS, min_size=2, max_size=10))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_facts_that_come_long_after_the_merges_come_to_the_same(database, workspace, steps):
    """The followers are not in step: who is who may be read to the end before the first fact is."""
    with database.workspace(workspace) as tx:
        numbers = intern(tx, PEOPLE)
        world = World(tx, [numbers[pair] for pair in PEOPLE])
        for said in steps:
            step(world, said)
        found = world.tables()
        world.reset()
        if world.log:
            IDENTITY.handle(Batch(tx, world.log, START, (1, len(world.log))))
            merges = [
                Event(10_000 + n, 1, START, "customer.merged", props, cause, 1, historical=False)
                for n, (cause, props) in enumerate(world.merged)
            ]
            for event in [*world.log, *merges]:
                for follower in (FACTS, CONSENT):
                    if event.kind in follower.kinds:
                        follower.handle(Batch(tx, [event], START, (event.seq, event.seq)))
        assert world.tables() == found
