from datetime import UTC, datetime, timedelta

import pytest
from tests.understand.understand_shop import LONG_AGO, House, declare, done, happened, know, meet

from regulars.remember import restriction_records
from regulars.remember.rows import RestrictionSaid
from regulars.store import records as store
from regulars.store.follow import rewind
from regulars.store.log import NewEvent, append
from regulars.understand import asking, records, segments, turning
from regulars.understand.editing import delete_segment
from regulars.understand.followers import FOLLOWERS
from regulars.understand.records import StandingRule
from regulars.understand.segments import (
    count,
    create_segment,
    get_segment,
    list_segments,
    members,
    segments_of,
    try_rule,
)
from regulars.words.errors import Conflict, Invalid, Unknown

ROLLUPS, SEGMENTS = FOLLOWERS
FOR_MOTHERS = {"fact": "gift_for", "is": "mother"}
BUYERS = {"event": "Order Completed", "count": {"at_least": 2}, "within_days": 90}


@pytest.fixture
def house(database, workspace):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text", budget="number")
        for identity in range(1, 6):
            meet(tx, identity)
    return house


def answer(house, identity, name, value, now, *, at=LONG_AGO):
    """Say something, and have the facts follower (a stand-in here) know it."""
    with house.database.workspace(house.workspace) as tx:
        seq = happened(tx, identity, "form.answered", now, {"form": "gift-quiz"})
        know(tx, identity, name, value, seq=seq, at=at)


def order(house, identity, at, total=10, **more):
    with house.database.workspace(house.workspace) as tx:
        return happened(tx, identity, "Order Completed", at, {"total": total}, **more)


def make(house, name, rule, now):
    with house.database.workspace(house.workspace) as tx:
        return create_segment(tx, name, name.title(), rule, now)


def turn(house, now):
    with house.database.workspace(house.workspace) as tx:
        return turning.turn(tx, now).moved


def test_a_new_segment_has_everybody_who_matches_and_addresses_nobody(house, now):
    answer(house, 2, "gift_for", "mother", now)
    answer(house, 3, "gift_for", "friend", now)
    house.follow(now)
    segment = make(house, "for-mothers", FOR_MOTHERS, now)
    assert (segment.built, segment.size, segment.rule) == (True, 1, FOR_MOTHERS)
    house.follow(now)
    assert house.members() == {"for-mothers": {2}}
    assert house.said() == []


def test_whoever_answers_enters_and_whoever_answers_otherwise_leaves(house, now):
    make(house, "for-mothers", FOR_MOTHERS, now)
    answer(house, 2, "gift_for", "mother", now)
    house.follow(now)
    assert house.members() == {"for-mothers": {2}}
    answer(house, 2, "gift_for", "friend", now)
    house.follow(now)
    assert house.members() == {}
    assert house.said() == [("entered", "for-mothers", 2), ("left", "for-mothers", 2)]


def restrict(house, customer, now, *, restricted=True):
    """Say so, and have the consent follower (a stand-in here) know it."""
    with house.database.workspace(house.workspace) as tx:
        seq = happened(tx, customer, "restriction.changed", now, {"restricted": restricted})
        restriction_records.keep(tx, [RestrictionSaid(customer, seq, now, restricted, {})])


def test_who_is_restricted_leaves_every_segment_and_enters_none_until_it_is_lifted(house, now):
    make(house, "for-mothers", FOR_MOTHERS, now)
    make(house, "not-for-friends", {"none": [{"fact": "gift_for", "is": "friend"}]}, now)
    answer(house, 2, "gift_for", "mother", now)
    house.follow(now)
    restrict(house, 2, now)
    answer(house, 3, "gift_for", "mother", now)
    house.follow(now)
    assert house.members() == {"for-mothers": {3}, "not-for-friends": {1, 3, 4, 5}}
    make(house, "new", FOR_MOTHERS, now)
    assert house.members()["new"] == {3}
    turn(house, now + timedelta(days=1))
    assert house.members()["for-mothers"] == {3}
    restrict(house, 2, now + timedelta(days=1), restricted=False)
    house.follow(now)
    assert house.members()["for-mothers"] == {2, 3}


def test_an_entering_names_the_event_that_caused_it(house, now):
    make(house, "for-mothers", FOR_MOTHERS, now)
    answer(house, 2, "gift_for", "mother", now)
    order(house, 3, now)
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        entered = store.list_events(tx, kind="segment.entered", before=None, limit=9)
        assert [(e.cause, e.depth, e.historical, {**e.props, "why": ...}) for e in entered] == [
            (1, 1, False, {"segment": "for-mothers", "customer": 2, "why": ...})
        ]


def test_orders_are_counted_and_summed_by_day(house, now):
    make(house, "buyers", BUYERS, now)
    make(house, "spenders", {"event": "Order Completed", "sum": {"at_least": 30}}, now)
    order(house, 1, now, 10)
    order(house, 2, now, 40)
    order(house, 3, now - timedelta(days=200))
    house.follow(now)
    assert house.members() == {"spenders": {2}}
    order(house, 1, now - timedelta(days=1), 10)
    order(house, 3, now)
    house.follow(now)
    assert house.members() == {"spenders": {2}, "buyers": {1}}


def test_what_an_import_causes_is_historical_unless_something_live_came_too(house, now):
    make(house, "buyers", {"event": "Order Completed"}, now)
    order(house, 1, now, historical=True)
    order(house, 2, now)
    order(house, 2, now, historical=True)
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        entered = store.list_events(tx, kind="segment.entered", before=None, limit=9)
    assert {e.identity_id: (e.historical, e.cause) for e in entered} == {1: (True, 1), 2: (False, 2)}


def test_a_customer_met_for_the_first_time_enters_a_segment_of_those_who_said_nothing(house, now):
    make(house, "silent", {"none": [{"fact": "gift_for", "known": True}]}, now)
    make(house, "everybody", {"all": []}, now)
    assert house.members()["silent"] == {1, 2, 3, 4, 5}
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 6)
        happened(tx, 6, "page", now)
    house.follow(now)
    assert 6 in house.members()["silent"]
    assert 6 in house.members()["everybody"]


def test_only_segments_that_look_at_what_arrived_are_asked(house, now, monkeypatch):
    make(house, "buyers", BUYERS, now)
    make(house, "for-mothers", FOR_MOTHERS, now)
    asked = []
    settle = segments.records.settle
    monkeypatch.setattr(
        segments.records,
        "settle",
        lambda tx, rules, *more: asked.append([n for n, _ in rules]) or settle(tx, rules, *more),
    )
    with house.database.workspace(house.workspace) as tx:
        happened(tx, 1, "page", now)
        ids = {one.name: one.id for one in list_segments(tx)}
    house.follow(now)
    assert asked == []
    order(house, 1, now)
    house.follow(now)
    answer(house, 1, "gift_for", "friend", now)
    house.follow(now)
    assert asked == [[ids["buyers"]], [ids["for-mothers"]]]


def test_each_customer_is_asked_only_about_what_came_of_them(house, now, monkeypatch):
    make(house, "buyers", BUYERS, now)
    make(house, "for-mothers", FOR_MOTHERS, now)
    make(house, "silent", {"none": [{"fact": "gift_for", "known": True}]}, now)
    with house.database.workspace(house.workspace) as tx:
        happened(tx, 1, "page", now)
    house.follow(now)
    monkeypatch.setattr(asking, "LEAST_TOGETHER", 1)
    asked = {}
    settle = segments.records.settle

    def noting(tx, rules, customers, *more):
        asked.update({customer: {number for number, _ in rules} for customer in customers})
        return settle(tx, rules, customers, *more)

    monkeypatch.setattr(segments.records, "settle", noting)
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 6)
        happened(tx, 6, "page", now)
        happened(tx, 1, "page", now)
        ids = {one.name: one.id for one in list_segments(tx)}
    order(house, 2, now)
    answer(house, 3, "gift_for", "friend", now)
    house.follow(now)
    assert asked == {6: {ids["silent"]}, 2: {ids["buyers"]}, 3: {ids["for-mothers"], ids["silent"]}}


def test_of_many_different_things_the_rarest_are_asked_together():
    standing = [StandingRule(n, f"s{n}", f'{{"event": "kind {n}"}}', built=True, asked_on=None) for n in range(30)]
    rules = [(one.id, one.rule) for one in standing]
    came = {customer: asking.Came({f"kind {customer % 30}"}) for customer in range(1, 26)}
    came |= {customer: asking.Came({"kind 0"}) for customer in range(1000, 1000 + asking.LEAST_TOGETHER)}
    often, rare = asking.concerned(asking.Looks.of(standing), came)
    assert often == ((rules[0],), list(range(1000, 1000 + asking.LEAST_TOGETHER)))
    assert rare == (tuple(rules), list(range(1, 26))), "most rules: then all of them"
    few = {customer: one for customer, one in came.items() if customer > 18}
    assert asking.concerned(asking.Looks.of(standing), few)[1] == (tuple(rules[19:26]), list(range(19, 26)))


def test_merged_customers_leave_and_their_winner_enters_saying_so(house, now):
    make(house, "buyers", BUYERS, now)
    make(house, "once", {"event": "Order Completed"}, now)
    order(house, 4, now)
    order(house, 5, now)
    house.follow(now)
    assert house.members() == {"once": {4, 5}}
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 5, 4)
        meet(tx, 4, 4)
        happened(tx, 4, "customer.merged", now, {"winner": 4, "loser": 5})
    house.follow(now)
    assert house.members() == {"once": {4}, "buyers": {4}}
    assert set(house.said()[2:]) == {("left", "once", 5), ("entered", "buyers", 4)}


def test_a_winner_who_takes_over_a_membership_names_whose_it_was(house, now):
    make(house, "once", {"event": "Order Completed"}, now)
    order(house, 5, now)
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 5, 4)
        happened(tx, 4, "customer.merged", now, {"winner": 4, "loser": 5})
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        (last, *_) = store.list_events(tx, kind="segment.entered", before=None, limit=1)
        why = [{"by": "customer.merged"}]
        assert last.props == {"segment": "once", "customer": 4, "why": why, "merged": 5}
        assert segments_of(tx, 4) == ["once"]
        assert segments_of(tx, 5) == []


def test_after_a_split_both_are_asked_again(house, now):
    make(house, "buyers", BUYERS, now)
    order(house, 4, now)
    order(house, 5, now)
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 5, 4)
        happened(tx, 4, "customer.merged", now, {"winner": 4, "loser": 5})
    house.follow(now)
    assert house.members() == {"buyers": {4}}
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 5, 5)
        split = happened(tx, 4, "customer.split", now, {"seq": 3, "one": 4, "other": 5})
    house.follow(now)
    assert house.members() == {}
    with house.database.workspace(house.workspace) as tx:
        (left, *_) = store.list_events(tx, kind="segment.left", before=None, limit=1)
        assert (left.props["customer"], left.cause) == (4, split)


def test_after_a_split_the_other_one_is_asked_whatever_they_do_right_after_it(house, now):
    make(house, "once", {"event": "Order Completed"}, now)
    order(house, 5, now)
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 5, 4)
        happened(tx, 4, "customer.merged", now, {"winner": 4, "loser": 5})
    house.follow(now)
    assert house.members() == {"once": {4}}
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 5, 5)
        happened(tx, 4, "customer.split", now, {"seq": 3, "one": 4, "other": 5})
        happened(tx, 5, "consent.changed", now, {"purpose": "marketing", "channel": "email", "granted": True})
    house.follow(now)
    assert house.members() == {"once": {5}}


def test_a_replay_counts_nothing_twice_and_says_nothing_twice(house, now):
    make(house, "buyers", BUYERS, now)
    for identity in (1, 1, 2, 3, 3, 3):
        order(house, identity, now)
    house.follow(now)
    before, said = house.members(), house.said()
    for follower in FOLLOWERS:
        with house.database.workspace(house.workspace) as tx:
            rewind(tx, follower)
    with house.database.workspace(house.workspace) as tx:
        assert turning.turn(tx, now).moved == 0, "counts are on their way back: nobody can be asked now"
    house.follow(now)
    assert turn(house, now) == 0
    house.follow(now)
    assert house.members() == before == {"buyers": {1, 3}}
    assert house.said() == said
    with house.database.workspace(house.workspace) as tx:
        counts = tx.connection.execute(
            """select identity_id, count, total from understand_rollup join store_kind k on k.id = kind
            where name = 'Order Completed' order by 1"""
        )
        assert counts.fetchall() == [(1, 2, 20.0), (2, 1, 10.0), (3, 3, 30.0)]


def test_what_a_replay_corrects_is_made_true_and_said_by_the_next_round(house, now):
    make(house, "buyers", BUYERS, now)
    for identity in (1, 1, 2, 2):
        order(house, identity, now)
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        tx.connection.execute("delete from understand_member where customer_id = 1")
        tx.connection.execute("insert into understand_member select id, 3, now() from understand_segment")
        rewind(tx, ROLLUPS)
    house.follow(now)
    assert house.members() == {"buyers": {2, 3}}
    assert turn(house, now) == 2
    assert turn(house, now) == 0
    assert house.members() == {"buyers": {1, 2}}
    assert house.said()[2:] == [("left", "buyers", 3), ("entered", "buyers", 1)]


def test_a_segment_made_during_a_replay_is_filled_by_the_next_round(house, now):
    order(house, 1, now)
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        rewind(tx, ROLLUPS)
    assert not make(house, "once", {"event": "Order Completed"}, now).built
    assert turn(house, now) == 0
    house.follow(now)
    turn(house, now)
    assert house.members() == {"once": {1}}
    assert house.said() == []


def test_time_moves_members_out_of_a_window_when_the_day_is_over(house, now):
    make(house, "lately", {"event": "Order Completed", "within_days": 2}, now)
    make(house, "not-lately", {"none": [{"event": "Order Completed", "within_days": 2}]}, now)
    order(house, 1, now)
    house.follow(now)
    assert house.members() == {"lately": {1}, "not-lately": {2, 3, 4, 5}}
    assert turn(house, now) == 0
    assert turn(house, now + timedelta(days=1)) == 0
    assert turn(house, now + timedelta(days=2)) == 2
    assert house.members() == {"not-lately": {1, 2, 3, 4, 5}}
    assert house.said()[-2:] == [("left", "lately", 1), ("entered", "not-lately", 1)]


def test_time_moves_members_as_what_is_known_grows_old(house, now):
    make(house, "fresh", {"fact": "gift_for", "source": "said", "within_days": 2}, now)
    make(house, "old", {"fact": "gift_for", "is": "mother", "older_than_days": 1}, now)
    make(house, "in-may", {"fact": "gift_for", "from": "2026-01-01", "until": "2026-05-31"}, now)
    answer(house, 1, "gift_for", "mother", now, at=now)
    house.follow(now)
    assert house.members() == {"fresh": {1}, "in-may": {1}}
    assert [turn(house, now + timedelta(days=n)) for n in (0, 1, 2, 3)] == [0, 0, 2, 0]
    assert house.members() == {"old": {1}, "in-may": {1}}
    assert house.said()[-2:] == [("left", "fresh", 1), ("entered", "old", 1)]


def test_a_large_round_is_taken_in_pieces(house, now, monkeypatch):
    monkeypatch.setattr(turning, "MOST_ASKED", 2)
    for identity in range(1, 6):
        order(house, identity, now)
    house.follow(now)
    make(house, "lately", {"event": "Order Completed", "within_days": 1}, now)
    later = now + timedelta(days=1)
    assert [turn(house, later) for _ in range(4)] == [2, 2, 1, 0]
    assert len(house.said()) == 5


def test_an_event_between_making_a_segment_and_following_is_not_lost(house, now):
    with house.database.workspace(house.workspace) as tx:
        create_segment(tx, "once", "Once", {"event": "Order Completed"}, now)
        assert not any(house.runner.step(house.workspace, SEGMENTS, now).moved for _ in range(2)), (
            "membership is held still while a segment is being made"
        )
    order(house, 1, now)
    house.follow(now)
    assert house.members() == {"once": {1}}


def test_unverified_statements_do_not_make_a_member(house, now):
    make(house, "for-mothers", FOR_MOTHERS, now)
    with house.database.workspace(house.workspace) as tx:
        know(tx, 1, "gift_for", "mother", verified=False, seq=happened(tx, 1, "identify", now))
    house.follow(now)
    assert house.members() == {}


def test_segments_are_listed_looked_into_and_deleted(house, now):
    with house.database.workspace(house.workspace) as tx:
        done(tx, 1, "page", now.date())
        done(tx, 3, "page", now.date())
        create_segment(tx, "visitors", " Visitors ", {"event": "page"}, now)
        create_segment(tx, "all", "All", {"all": []}, now)
        assert [(one.name, one.title, one.size) for one in list_segments(tx)] == [
            ("all", "All", 5),
            ("visitors", "Visitors", 2),
        ]
        assert [(m.customer_id, m.name) for m in members(tx, "visitors")] == [(3, "Customer 3"), (1, "Customer 1")]
        newest, older = members(tx, "visitors")
        assert members(tx, "visitors", limit=1, before=(newest.since, newest.customer_id)) == [older]
        assert count(tx, "all") == 5
        trial = try_rule(tx, {"event": "page"}, now)
        assert (trial.size, len(trial.sample)) == (2, 2)
        delete_segment(tx, "visitors", now)
        for act in (get_segment, members, count, lambda tx, name: delete_segment(tx, name, now)):
            with pytest.raises(Unknown, match="There is no segment 'visitors'"):
                act(tx, "visitors")


def test_a_segment_that_cannot_be_is_refused_and_nothing_is_kept(house, now):
    make(house, "taken", {"all": []}, now)
    for name, title, rule, error, said in (
        ("Not A Name", "x", {"all": []}, Invalid, "cannot be a name"),
        ("fine", "  ", {"all": []}, Invalid, "Give the segment a title"),
        ("fine", "x", {"fact": "gift_fur", "is": "x"}, Invalid, "Did you mean gift_for"),
        ("taken", "x", {"all": []}, Conflict, "There is a segment 'taken' already"),
    ):
        with house.database.workspace(house.workspace) as tx, pytest.raises(error, match=said):
            create_segment(tx, name, title, rule, now)
    assert list(house.members()) == ["taken"]


def test_a_day_is_a_day_in_utc(house, now):
    late = datetime(2026, 5, 3, 23, 59, tzinfo=UTC)
    with house.database.workspace(house.workspace) as tx:
        append(tx, [NewEvent(1, late, "page"), NewEvent(1, late + timedelta(minutes=2), "page")])
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        days = tx.connection.execute("select day::text, count from understand_rollup order by day").fetchall()
    assert days == [("2026-05-03", 1), ("2026-05-04", 1)]


def test_a_rule_that_a_segment_has_is_answered_from_its_members_also_on_later_days(house, now, monkeypatch):
    make(house, "visitors", {"event": "page"}, now)
    make(house, "lately", {"event": "page", "within_days": 3}, now)
    later = now + timedelta(days=2)
    asked = []
    monkeypatch.setattr(records, "try_matches", lambda _, rule, *__: (asked.append(rule), (0, []))[1])

    with house.database.workspace(house.workspace) as tx:
        try_rule(tx, {"any": [{"all": [{"event": "page", "count": {"at_least": 1}}]}]}, later)
        assert not asked, "the same in other words"
        try_rule(tx, {"none": [{"event": "page"}]}, later)
        assert len(asked) == 1, "the opposite is another rule"
        try_rule(tx, {"event": "page", "within_days": 3}, later)
        assert len(asked) == 2, "days have passed since who has been here lately was asked"
