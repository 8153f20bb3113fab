"""Events whose time is over lose their words; what was learned of them stays, and a replay comes to the same."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from regulars.access.workspaces import create_workspace, delete_workspace
from regulars.hear.identities import intern
from regulars.loop import followers
from regulars.loop.retention_rounds import let_go
from regulars.remember import correcting, facts, merging, retention
from regulars.remember.consents import Changed, changed
from regulars.store.dispatch import Dispatcher
from regulars.store.export import file_exporter
from regulars.store.log import NewEvent, append
from regulars.understand.segments import create_segment
from regulars.understand.turning import turn
from regulars.words.kinds import HOUSE

START = datetime(2026, 1, 1, 12, 34, 56, tzinfo=UTC)
GO = ["page", "Product Viewed", "Product Added"]
WHO = [("user", "u-1"), ("user", "u-2"), ("anonymous", "a-1"), ("anonymous", "a-2")]
TABLES = {
    "remember_identity": "identity_id, customer_id, seq, met_at",
    "remember_customer": "id, name, created_at",
    "remember_fact": "identity_id, name, value::text, words, at, seq, holds_for",
    "remember_computed": "customer_id, facts::text",
    "remember_forgotten": "*",
    "remember_consent": "*",
    "remember_did": "*",
    "remember_order": "*",
    "remember_product": "*",
    "understand_rollup": "*",
    "understand_seen": "*",
    "understand_member": "segment_id, customer_id",
}
"""What is derived, and must be the same afterwards."""


class Kept:
    """A workspace whose events come, grow old, and are let go of."""

    def __init__(self, database, workspace, archive):
        self.database, self.workspace, self.clock = database, workspace, START
        self.archive = archive
        self.following = [*followers.FOLLOWERS, file_exporter(archive)]
        with self.tx() as tx:
            followers.begin(tx, self.following)
        self.dispatcher = Dispatcher(database, self.following, lambda: [workspace], lambda: self.clock)
        named = """select table_name from information_schema.tables
            where table_schema = current_schema() and table_type = 'BASE TABLE'"""
        may = [name for (name,) in self.rows(named) if name != "store_kind" and not name.startswith("access_")]
        self._empty = [name for name in may if not self.rows(f"select exists (select from {name})")[0][0]]

    def begin_anew(self):
        """Let nothing have happened but one of each."""
        self.clock = START
        with self.tx() as tx:
            tx.connection.execute(f"truncate {', '.join(self._empty)} restart identity")
            tx.connection.execute("update remember_retention_pass set place = 0, ended_at = null")
            tx.connection.execute("update store_follower set cursor = 0, replay_until = 0")
        for file in self.archive.glob("*/*"):
            file.unlink()
        self.tell("identify", WHO[0], {"traits": {"size": 39}, "verified": True})
        for kind in GO:
            self.tell(kind, WHO[0], viewed())
        self.settle()
        self.segments()

    def tx(self):
        return self.database.workspace(self.workspace)

    def rows(self, statement):
        with self.tx() as tx:
            return tx.connection.execute(statement).fetchall()

    def segments(self):
        rules = {
            "looked": {"event": "Product Viewed", "count": {"at_least": 2}},
            "lately": {"event": "page", "count": {"at_least": 1}, "within_days": 60},
            "liked": {"fact": "category_viewed_most", "is": "Mugs"},
            "worth": {"event": "page", "sum": {"at_least": 5}},
            "sized": {"fact": "size", "known": True},
        }
        with self.tx() as tx:
            for name, rule in rules.items():
                if name != "liked" or "category_viewed_most" in facts.catalogue(tx):
                    create_segment(tx, name, name, rule, self.clock)

    def id(self, who):
        with self.tx() as tx:
            return intern(tx, [who])[who]

    def tell(self, kind, who, props, *, at=None, public=False, mid=None):
        event = NewEvent(self.id(who), at or self.clock, kind, msgspec.json.encode(props), public=public, mid=mid,
                         context=b'{"page": {"referrer": "https://secret.example"}}')  # fmt: skip
        with self.tx() as tx:
            append(tx, [event])

    def settle(self):
        self.dispatcher.catch_up([self.workspace])
        with self.tx() as tx:
            turn(tx, self.clock)
        self.dispatcher.catch_up([self.workspace])

    def keep(self, days, kinds=GO):
        there = {kind for (kind,) in self.rows("select name from store_kind")}
        with self.tx() as tx:
            retention.keep(tx, {kind: days for kind in kinds if kind in there})

    def let_go(self):
        self.clock += timedelta(hours=7)
        assert not let_go(self.database, self.workspace, self.clock, self.archive, seconds=60)

    def whole(self):
        return self.rows(
            """select k.name, e.props, e.context from store_event e join store_kind k on k.id = e.kind
            where e.cut is not true order by e.seq"""
        )

    def over(self, days):
        with self.tx() as tx:
            return [one for one in retention.kept(tx, self.clock, days) if one.over and one.kind in GO]

    def derived(self):
        return {table: sorted(map(repr, self.rows(f"select {told} from {table}"))) for table, told in TABLES.items()}

    def said(self):
        """What is derived; of what is computed the values alone: by which event, a replay tells better."""
        computed = (
            "select customer_id, name, value::text, words from remember_current where source = 'did' order by 1, 2"
        )
        return {**self.derived(), "remember_computed": self.rows(computed)}

    def replay(self):
        with self.tx() as tx:
            for follower in self.following:
                if follower.role == "deriving":
                    followers.replay(tx, follower.name)
        self.settle()


@pytest.fixture
def kept(database, workspace, tmp_path):
    return Kept(database, workspace, tmp_path)


def viewed(product="p-1", category="Mugs", **more):
    return {
        "product_id": product,
        "name": f"Product {product}",
        "category": category,
        "price": 5,
        "currency": "EUR",
    } | more


def test_what_is_over_loses_its_words_and_keeps_whose_it_was_when_and_its_money(kept):
    kept.tell("page", WHO[0], {"path": "/secret", "value": 2.5}, mid=7)
    kept.tell("identify", WHO[0], {"traits": {"size": 39}, "verified": True})
    kept.clock += timedelta(days=20)
    kept.tell("page", WHO[0], {"path": "/later"})
    kept.settle()
    kept.keep(30)
    kept.clock += timedelta(days=11)
    kept.let_go()
    assert [(kind, props.get("path")) for kind, props, _ in kept.whole()] == [("identify", None), ("page", "/later")]
    (left,) = kept.rows("select identity_id, at, props, context, mid from store_event where cut")
    assert left == (kept.id(WHO[0]), START, {"value": 2.5}, None, 7)
    archived = "".join(file.read_text() for file in kept.archive.rglob("*.ndjson"))
    assert "/secret" not in archived
    assert "/later" in archived


def test_a_call_or_a_file_that_is_repeated_finds_that_its_event_was_here(kept):
    kept.tell("page", WHO[0], {"path": "/a"}, mid=7)
    kept.settle()
    kept.keep(30)
    kept.clock += timedelta(days=40)
    kept.let_go()
    kept.tell("page", WHO[0], {"path": "/a"}, at=START, mid=7)
    assert kept.rows("select count(*) from store_event where not coalesce(cut, false)") == [(0,)]


@pytest.mark.parametrize("kind", [*sorted(HOUSE - {"page", "screen", "group"}), "Order Completed", "Order Refunded"])
def test_what_holds_is_kept_for_ever(kept, kind):
    with kept.tx() as tx, pytest.raises(Exception, match="kept for ever") as refused:
        retention.keep(tx, {kind: 365})
    assert refused.value.field == "kinds"


@pytest.mark.parametrize(
    ("wanted", "says"), [({"page": 29}, "30"), ({"page": 10**9}, "36500"), ({"Unheard": 60}, "no events")]
)
def test_a_slip_is_refused(kept, wanted, says):
    kept.tell("page", WHO[0], {})
    with kept.tx() as tx, pytest.raises(Exception, match=says):
        retention.keep(tx, wanted)
    assert kept.rows("select * from remember_retention") == []


def test_nothing_goes_that_was_not_read_or_that_waits_to_be_read_again(kept):
    for _ in range(3):
        kept.tell("Product Viewed", WHO[0], viewed())
    kept.settle()
    kept.keep(30)
    kept.clock += timedelta(days=60)
    kept.tell("Product Viewed", WHO[0], viewed(), at=START)
    with kept.tx() as tx:
        tx.connection.execute(
            "insert into store_quarantine (follower, seq, identity_id, error) select 'did', 2, 1, 'broken'"
        )
    kept.let_go()
    assert [seq for (seq,) in kept.rows("select seq from store_event where cut is not true order by seq")] == [2, 4]


def test_where_somebody_else_holds_the_pass_nothing_is_cut_and_nobody_waits(kept):
    kept.tell("page", WHO[0], {"path": "/a"})
    kept.settle()
    kept.keep(30)
    kept.clock += timedelta(days=40)
    with kept.tx() as holding, kept.tx() as tx:
        holding.connection.execute("select 1 from remember_retention_pass for update")
        tx.connection.execute("set local lock_timeout = '1s'")
        assert retention.cut_some(tx, kept.clock)
    assert kept.rows("select count(*) from store_event where cut") == [(0,)]
    kept.let_go()
    assert kept.rows("select count(*) from store_event where cut") != [(0,)]


def test_while_who_reads_them_is_paused_what_was_read_goes_and_the_pass_comes_to_its_end(kept):
    kept.tell("page", WHO[0], {"path": "/a"})
    kept.settle()
    kept.keep(30)
    for name in ("did", "orders"):
        with kept.tx() as tx:
            followers.pause(tx, name, "looked into")
    kept.tell("page", WHO[0], {"path": "/unread"}, at=START)
    kept.clock += timedelta(days=40)
    kept.let_go()
    assert [props["path"] for kind, props, _ in kept.whole() if kind == "page" and "path" in props] == ["/unread"]
    for name in ("did", "orders"):
        with kept.tx() as tx:
            followers.resume(tx, name)
    kept.settle()
    kept.let_go()
    assert not [kind for kind, *_ in kept.whole() if kind == "page"]


def test_figures_say_what_a_term_would_let_go_of(kept):
    for days in (0, 10, 50):
        kept.clock = START + timedelta(days=days)
        kept.tell("page", WHO[0], {})
        kept.tell("identify", WHO[0], {})
    now = START + timedelta(days=60)
    with kept.tx() as tx:
        found = {one.kind: one for one in retention.kept(tx, now, 30)}
        assert retention.would_go(tx, {"page": 30, "identify": None}, now) == {"page": 2}
    assert (found["page"].events, found["page"].oldest, found["page"].over) == (3, START, 2)
    assert (found["identify"].events, found["identify"].over) == (3, 0)


def test_every_follower_that_reads_what_may_go_keeps_what_it_needs():
    """Whoever adds one decides: a replay must not come to less because events were let go of."""
    keeps = {
        "identity": "it takes cut events: whose they are, and when, is there",
        "rollups": "it takes cut events: kind, day and money are there",
        "hours": "it counts by kind and hour",
        "segments": "it asks of events only that they came",
        "did": "folded into remember_did_gone",
        "orders": "folded into remember_product_gone",
    }
    reading = {
        one.name
        for one in followers.FOLLOWERS
        if one.role == "deriving" and (one.kinds is None or any(retention.may_go(kind) for kind in one.kinds))
    }
    assert reading == keeps.keys()


DAYS = st.integers(0, 40)
DEEDS = st.one_of(
    st.tuples(st.just("page"), st.sampled_from(WHO), st.integers(0, 6), DAYS),
    st.tuples(
        st.just("view"),
        st.sampled_from(WHO),
        st.sampled_from("abc"),
        st.sampled_from(["Mugs", "Hats", ""]),
        st.booleans(),
        DAYS,
    ),
    st.tuples(
        st.just("view"),
        st.sampled_from(WHO),
        st.sampled_from("abc"),
        st.sampled_from(["Mugs", "Hats", ""]),
        st.booleans(),
        DAYS,
    ),
    st.tuples(st.just("add"), st.sampled_from(WHO), st.sampled_from("abc"), st.booleans(), DAYS),
    st.tuples(st.just("order"), st.sampled_from(WHO), st.sampled_from(["1", "2"]), st.sampled_from("abc")),
    st.tuples(st.just("identify"), st.sampled_from(WHO[:2]), st.sampled_from([None, *WHO[2:]]), st.integers(36, 40)),
    st.tuples(st.just("consent"), st.sampled_from(WHO), st.booleans()),
    st.tuples(st.just("forget"), st.sampled_from(WHO), st.sampled_from(["size", "last_seen", "category_viewed_most"])),
    st.tuples(st.just("split"), st.sampled_from(WHO)),
    st.tuples(st.just("time"), st.integers(1, 60)),
    st.tuples(st.just("time"), st.integers(1, 60)),
    st.tuples(st.just("keep"), st.integers(30, 90), st.sets(st.sampled_from(GO), min_size=1)),
    st.just(("let go",)),
    st.just(("let go",)),
    st.just(("replay",)),
    st.just(("settle",)),
)


def do(kept, deed, *, keeps):  # noqa: C901 (one case a deed)
    name, *said = deed
    match name:
        case "page":
            who, value, days = said
            kept.tell(
                "page", who, {"path": "/x"} | ({"value": value} if value else {}), at=kept.clock - timedelta(days=days)
            )
        case "view":
            who, product, category, public, days = said
            kept.tell(
                "Product Viewed", who, viewed(product, category), at=kept.clock - timedelta(days=days), public=public
            )
        case "add":
            who, product, public, days = said
            props = {"products": [viewed(product, "Other", brand="B", price=days)]}
            kept.tell("Product Added", who, props, at=kept.clock - timedelta(days=days), public=public)
        case "order":
            who, number, product = said
            kept.tell(
                "Order Completed",
                who,
                {"order_id": number, "total": 9, "currency": "EUR", "products": [viewed(product)]},
            )
        case "identify":
            who, browser, size = said
            links = [kept.id(browser)] if browser else []
            kept.tell("identify", who, {"traits": {"size": size}, "links": links, "verified": True})
        case "consent":
            with kept.tx() as tx:
                append(tx, [changed(kept.id(said[0]), kept.clock, Changed("marketing", "email", said[1]))])
        case "forget":
            kept.settle()
            with kept.tx() as tx:
                known = [one for one in facts.current(tx, kept.id(said[0])) if one.name == said[1]]
                if known:
                    correcting.forget(tx, kept.id(said[0]), known, kept.clock)
        case "split":
            kept.settle()
            with kept.tx() as tx:
                ties = merging.joined(tx, kept.id(said[0]))
                if ties:
                    merging.split(tx, kept.id(said[0]), ties[0].seq, ties[0].other, kept.clock)
        case _:
            pass_time(kept, name, said, keeps=keeps)
    kept.clock += timedelta(seconds=1)


def pass_time(kept, name, said, *, keeps):
    match name:
        case "time":
            kept.clock += timedelta(days=said[0])
        case "keep":
            kept.keep(*said) if not keeps else None
        case "let go":
            kept.let_go()
        case "replay":
            kept.replay()
        case _:
            kept.settle()


@pytest.fixture(scope="module")
def twins(database, tmp_path_factory):
    """Two workspaces to which the same is told: one lets go of events, and the other keeps all of them."""
    names = ("twin_keeps", "twin_lets_go")
    for name in names:
        create_workspace(database, name, "Twin")
    yield [Kept(database, name, tmp_path_factory.mktemp("archive")) for name in names]
    for name in names:
        delete_workspace(database, name)


@settings(
    max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck)
)
@example(deeds=[("let go",), ("time", 58)])
@given(deeds=st.lists(DEEDS, min_size=5, max_size=30))
def test_whatever_happened_and_whenever_it_was_let_go_of_it_comes_to_the_same_as_where_all_is_kept(twins, deeds):
    keeps, lets_go = twins
    for kept in twins:
        kept.begin_anew()
        for deed in deeds:
            do(kept, deed, keeps=kept is keeps)
        kept.settle()
    assert lets_go.said() == keeps.said()
    lets_go.keep(30)
    for kept in twins:
        kept.clock += timedelta(days=1)
        kept.settle()
    for kept in twins:  # time passes for both: a day that ends moves members
        kept.let_go()
        kept.settle()
    hours = lets_go.rows("select kind, hour, count, slots from measure_hour order by 1, 2")
    assert not lets_go.over(30)
    assert lets_go.said() == keeps.said()
    for kept in twins:
        kept.replay()
    assert lets_go.derived() == keeps.derived()
    assert lets_go.rows("select kind, hour, count, slots from measure_hour order by 1, 2") == hours
