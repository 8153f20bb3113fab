"""Segments that look at the events themselves: properties, what followed what, and what came of messages."""

from datetime import timedelta

import pytest
from tests.understand.understand_shop import House, happened, meet

from regulars.understand import records, segments, turning
from regulars.understand.explaining import explain
from regulars.understand.followers import FOLLOWERS
from regulars.understand.segments import create_segment

TEA = {"event": "Order Completed", "where": [{"property": "category", "is": "tea"}]}
LEFT = {"sequence": [{"event": "Checkout Started"}], "never_since": {"event": "Order Completed"}}
ANSWERED = {"message": "answered", "within_days": 1}


@pytest.fixture
def house(database, workspace, now):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        for identity in range(1, 4):
            meet(tx, identity)
        create_segment(tx, "tea", "Tea", TEA, now)
        create_segment(tx, "left", "Left", {**LEFT, "within_days": 2}, now)
        create_segment(tx, "answered", "Answered", ANSWERED, now)
        may = {"message": "sent", "campaign": "may", "count": {"at_least": 2}}
        create_segment(tx, "twice-in-may", "Twice in May", may, now)
    return house


def tx_of(house):
    return house.database.workspace(house.workspace)


def happen(house, customer, kind, now, props=None):
    with tx_of(house) as tx:
        return happened(tx, customer, kind, now, props)


def test_a_property_makes_a_member_and_another_does_not(house, now):
    happen(house, 1, "Order Completed", now, {"category": "coffee"})
    happen(house, 2, "Order Completed", now, {"category": "tea"})
    house.follow(now)
    assert house.members() == {"tea": {2}}
    happen(house, 1, "Order Completed", now, {"category": "tea"})
    house.follow(now)
    assert house.members() == {"tea": {1, 2}}


def test_who_began_and_did_not_end_is_a_member_until_they_do_or_days_go_by(house, now):
    for customer in (1, 2):
        happen(house, customer, "Checkout Started", now)
    house.follow(now)
    assert house.members() == {"left": {1, 2}}
    happen(house, 1, "Order Completed", now + timedelta(minutes=1))
    house.follow(now)
    assert house.members() == {"left": {2}}
    with tx_of(house) as tx:
        assert [turning.turn(tx, now + timedelta(days=days)).moved for days in (1, 2)] == [0, 1]
    assert house.members() == {}


def test_what_comes_of_messages_moves_members(house, now):
    for campaign in ("may", "june"):
        happen(house, 1, "message.sent", now, {"campaign": campaign, "message": 1})
    happen(house, 2, "form.answered", now, {"message": None})
    house.follow(now)
    assert house.members() == {}
    happen(house, 1, "message.sent", now, {"campaign": "may", "message": 2})
    happen(house, 2, "form.answered", now, {"message": 2})
    house.follow(now)
    assert house.members() == {"twice-in-may": {1}, "answered": {2}}


def test_an_entering_is_caused_by_the_event_that_made_it_true_also_in_small_batches(house, now, monkeypatch):
    """An event that is in the log and was not followed yet does not count."""
    for follower in FOLLOWERS:
        monkeypatch.setitem(vars(follower), "size", 1)
    first = happen(house, 1, "Order Completed", now, {"category": "coffee"})
    second = happen(house, 1, "Order Completed", now, {"category": "tea"})
    house.follow(now)
    with tx_of(house) as tx:
        entered = segments.store.list_events(tx, kind="segment.entered", before=None, limit=9)
    assert [one.cause for one in entered] == [second]
    assert first < second


def test_why_somebody_is_in_it_tells_the_days_of_what_counts(house, now):
    happen(house, 1, "Order Completed", now - timedelta(days=3), {"category": "coffee", "total": 9})
    happen(house, 1, "Order Completed", now - timedelta(days=2), {"category": "tea", "total": 9})
    happen(house, 1, "Checkout Started", now)
    house.follow(now)
    with tx_of(house) as tx:
        (why,) = explain(tx, "tea", 1, now).evidence
        assert (why.holds, [(one.day, one.count) for one in why.did]) == (True, [(now.date() - timedelta(days=2), 1)])
        (why,) = explain(tx, "left", 1, now).evidence
        assert [(one.kind, one.day) for one in why.did] == [("Checkout Started", now.date())]
        (why,) = explain(tx, "answered", 1, now).evidence
        assert (why.holds, why.did) == (False, ())


def test_what_no_text_of_the_database_can_hold_stops_nobody(house, now):
    happen(house, 1, "Order Completed", now, {"category": "te\0a"})
    happen(house, 2, "Order Completed", now, {"category": "tea"})
    house.follow(now)
    assert house.members() == {"tea": {2}}


def test_no_property_and_no_value_stands_in_the_text(house):
    hostile = "'); drop table store_event; --"
    rules = [
        {"event": hostile, "where": [{"property": hostile, "is": hostile}], "last": {"of": hostile, "is": hostile}},
        {"sequence": [{"event": hostile}, {"event": hostile}], "never_since": {"event": hostile}},
        {"message": "sent", "campaign": hostile},
    ]
    numbered = tuple((n, segments.msgspec.json.encode(rule).decode()) for n, rule in enumerate(rules))
    with tx_of(house) as tx:
        assert records.ask(tx, numbered, [1], segments.date(2026, 5, 3)) == set()
    assert "drop" not in records.compile_matches(numbered, "with matches as (select 1) select 2", everybody=True).sql
