"""Which addresses nothing is sent to: what puts one on the list, what it holds back, and how it comes off."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.decide.test_policy import known

from regulars.decide import policy, suppressions
from regulars.decide import suppression_records as records
from regulars.decide.followers import SUPPRESSION, suppress
from regulars.hear.identities import intern
from regulars.loop.followers import replay
from regulars.store.follow import Batch, Runner, register
from regulars.store.log import NewEvent, append
from regulars.store.records import Event
from regulars.words.errors import Invalid, Unknown

ANN = ("email", "ann@x.example")
DAY = timedelta(days=1)


class Post:
    """A workspace to which mail comes back."""

    def __init__(self, database, workspace, now):
        self.database, self.workspace, self.now = database, workspace, now
        with self.tx() as tx:
            register(tx, [SUPPRESSION])
            self.ann = intern(tx, [ANN])[ANN]

    def tx(self):
        return self.database.workspace(self.workspace)

    def comes(self, kind, at=None, **props):
        with self.tx() as tx:
            append(tx, [NewEvent(self.ann, at or self.now, kind, msgspec.json.encode(props))])
        Runner(self.database).step(self.workspace, SUPPRESSION, self.now)

    def whys(self):
        with self.tx() as tx:
            return [one.why for one in suppressions.part(tx, limit=10)]


@pytest.fixture
def post(database, workspace, now):
    return Post(database, workspace, now)


def test_mail_that_comes_back_for_a_while_on_several_days_stops_it(post):
    for day in range(suppressions.DAYS - 1):
        post.comes("message.bounced", post.now + day * DAY, permanent=False, soft=True, reason="mailbox full")
        post.comes("message.bounced", post.now + day * DAY, permanent=False, soft=True, reason="mailbox full")
    assert post.whys() == []
    post.comes("message.bounced", post.now + 9 * DAY, permanent=False, soft=True, reason="mailbox full")
    assert post.whys() == ["soft"]


def test_what_is_no_fault_of_the_address_never_stops_it(post):
    for day in range(10):
        post.comes("message.bounced", post.now + day * DAY, permanent=False, reason="blocked by policy")
    assert post.whys() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 60), max_size=9))
def test_it_stops_just_where_it_came_back_on_so_many_days_within_some(post, days):
    with post.tx() as tx, tx.connection.transaction(force_rollback=True):
        records.forget_bounces(tx)
        stops = False
        for number, day in enumerate(days, start=1):
            at = post.now + day * DAY
            event = Event(number, post.ann, at, "message.bounced", {"soft": True}, None, 0, historical=False)
            suppress(Batch(tx, [event], post.now, (number, number)))
            before = {one for one in days[:number] if day - suppressions.WITHIN <= one <= day}
            stops = stops or len(before) >= suppressions.DAYS
            assert bool(suppressions.count(tx)) == stops


def test_a_complaint_holds_back_all_but_what_somebody_waits_for(database, workspace, now):
    with database.workspace(workspace) as tx:
        register(tx, [SUPPRESSION])
        ann = known(tx, now, ANN, said=[(0, True)])
        append(tx, [NewEvent(ann, now, "message.complained", b"{}")])
    Runner(database).step(workspace, SUPPRESSION, now)
    with database.workspace(workspace) as tx:
        verdict = policy.gate(tx, [ann], "marketing", "email", now)[ann]
        assert (verdict.allowed, verdict.reason) == (False, "called_spam")
        assert policy.gate(tx, [ann], "service", "email", now)[ann].reason == policy.NEVER_AGREED
        assert policy.blocked(tx, [ANN[1]]) == set()


def test_a_dead_address_counts_more_than_one_that_complained(post):
    post.comes("message.complained")
    post.comes("message.bounced", permanent=True, reason="no such user")
    assert post.whys() == ["bounced"]
    with post.tx() as tx:
        assert policy.blocked(tx, [ANN[1]]) == {ANN[1]}


def test_what_is_lifted_stays_lifted_until_something_new_comes_back(post):
    post.comes("message.bounced", permanent=True, reason="no such user")
    with post.tx() as tx:
        (shown,) = suppressions.part(tx, "ANN@", "bounced", limit=5)
        assert (shown.address, shown.reason) == (ANN[1], "it bounced (no such user)")
        suppressions.lift(tx, shown.identity_id, post.now + timedelta(minutes=1))
    assert post.whys() == []
    with post.tx() as tx:
        replay(tx, "suppression")
    Runner(post.database).step(post.workspace, SUPPRESSION, post.now)
    assert post.whys() == [], "a replay does not bring it back"
    post.comes("message.bounced", post.now + DAY, permanent=True, reason="no such user")
    assert post.whys() == ["bounced"]
    with post.tx() as tx, pytest.raises(Unknown, match="not on the list"):
        suppressions.lift(tx, 4711, post.now)
    with post.tx() as tx, pytest.raises(Invalid, match="There is no reason"):
        suppressions.part(tx, why="pigeon", limit=5)
