"""Segments that rest on others."""

from datetime import timedelta

import msgspec
import pytest
from tests.understand.understand_shop import House, address, allow, declare, happened, know, meet

from regulars.loop.followers import set_aside
from regulars.remember.followers import CONSENT
from regulars.store import records as store
from regulars.understand import segments, turning
from regulars.understand.asking import standing
from regulars.understand.editing import delete_segment, save_segment, take_back
from regulars.understand.expanding import MOST_TOGETHER
from regulars.understand.explaining import explain
from regulars.understand.segments import create_segment, facts_used, get_segment, try_rule
from regulars.words.errors import Conflict, Invalid

FOR_MOTHERS = {"fact": "gift_for", "is": "mother"}


@pytest.fixture
def house(database, workspace, now):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text", budget="number")
        for identity in range(1, 6):
            meet(tx, identity)
        create_segment(tx, "for-mothers", "For mothers", FOR_MOTHERS, now)
        create_segment(tx, "spenders", "Spenders", {"event": "Order Completed"}, now)
        both = {"all": [{"segment": "for-mothers"}, {"segment": "spenders"}]}
        create_segment(tx, "both", "Both", both, now)
        create_segment(tx, "not-both", "Not both", {"segment": "both", "member": False}, now)
    return house


def tx_of(house):
    return house.database.workspace(house.workspace)


def say(house, customer, value, now):
    with tx_of(house) as tx:
        know(tx, customer, "gift_for", value, seq=happened(tx, customer, "form.answered", now, {"form": "quiz"}))
    house.follow(now)


def order(house, customer, now):
    with tx_of(house) as tx:
        happened(tx, customer, "Order Completed", now)
    house.follow(now)


def test_what_arrives_moves_whoever_rests_on_what_mentions_it_at_once(house, now):
    assert house.members() == {"not-both": {1, 2, 3, 4, 5}}
    say(house, 2, "mother", now)
    order(house, 2, now)
    assert house.members() == {"for-mothers": {2}, "spenders": {2}, "both": {2}, "not-both": {1, 3, 4, 5}}
    assert house.said() == [
        ("entered", "for-mothers", 2),
        ("left", "not-both", 2),
        ("entered", "spenders", 2),
        ("entered", "both", 2),
    ]
    say(house, 2, "friend", now)
    assert house.members() == {"spenders": {2}, "not-both": {1, 2, 3, 4, 5}}


def test_an_edit_moves_whoever_rests_on_it_without_a_word(house, now):
    say(house, 2, "mother", now)
    say(house, 3, "friend", now)
    order(house, 2, now)
    order(house, 3, now)
    said = house.said()
    with tx_of(house) as tx:
        save_segment(tx, "for-mothers", "For friends", {"fact": "gift_for", "is": "friend"}, now)
    assert house.members()["both"] == {3}
    assert house.members()["not-both"] == {1, 2, 4, 5}
    house.follow(now)
    assert house.said() == said


def test_a_window_of_a_segment_is_a_window_of_what_rests_on_it(house, now):
    with tx_of(house) as tx:
        save_segment(tx, "spenders", "Lately", {"event": "Order Completed", "within_days": 1}, now)
    say(house, 2, "mother", now)
    order(house, 2, now)
    assert house.members()["both"] == {2}
    with tx_of(house) as tx:
        assert turning.turn(tx, now + timedelta(days=1)).moved == 3
    assert house.members() == {"for-mothers": {2}, "not-both": {1, 2, 3, 4, 5}}


def test_a_segment_cannot_rest_on_itself_and_the_old_version_keeps_running(house, now):
    for name, rule, said in (
        ("both", {"any": [FOR_MOTHERS, {"segment": "both"}]}, "any[1].segment: it would rest on itself: both → both."),
        (
            "for-mothers",
            {"segment": "not-both"},
            "segment: it would rest on itself: for-mothers → not-both → both → for",
        ),
    ):
        with tx_of(house) as tx:
            with pytest.raises(Invalid) as refused:
                save_segment(tx, name, "A circle", rule, now)
            assert str(refused.value).startswith(said)
            with pytest.raises(Invalid, match="it would rest on itself"):
                try_rule(tx, rule, now, name)
            assert get_segment(tx, name).version == 1
    with tx_of(house) as tx, pytest.raises(Invalid, match="there is no segment 'for-mother'"):
        create_segment(tx, "new", "New", {"segment": "for-mother"}, now)


def test_what_others_rest_on_is_not_deleted_and_what_rests_on_nothing_is_not_taken_back(house, now):
    with tx_of(house) as tx, pytest.raises(Conflict, match="The segment 'not-both' rests on this one"):
        delete_segment(tx, "both", now)
    with tx_of(house) as tx:
        number = delete_segment(tx, "not-both", now)
        delete_segment(tx, "both", now)
    for _ in range(2):
        with pytest.raises(Conflict, match="It rests on the segment 'both', which is not there"), tx_of(house) as tx:
            take_back(tx, number, now)
    assert "not-both" not in house.members()


def test_rules_that_grow_by_resting_on_one_another_are_refused_in_time(house, now):
    wide = [FOR_MOTHERS, {"event": "page"}]
    with tx_of(house) as tx:
        create_segment(tx, "s0", "S", {"any": wide * 4}, now)
        for n in range(6):
            create_segment(tx, f"s{n + 1}", "S", {"any": [{"segment": f"s{n}"}] * 2}, now)
        with pytest.raises(Invalid, match=f"'s7' has 1533 conditions with those it rests on.* {MOST_TOGETHER} and"):
            create_segment(tx, "s7", "S", {"any": [{"segment": "s6"}] * 2}, now)
        with pytest.raises(Invalid, match="'s6' has 1341 conditions"):
            save_segment(tx, "s0", "S", {"any": [*wide * 8, FOR_MOTHERS]}, now)
        assert get_segment(tx, "s0").version == 1


def test_the_facts_of_what_a_segment_rests_on_are_facts_it_uses(house):
    with tx_of(house) as tx:
        assert facts_used(tx, "not-both") == {"gift_for"}


def test_a_trial_finds_whoever_is_in_what_it_rests_on(house, now):
    say(house, 2, "mother", now)
    with tx_of(house) as tx:
        trial = try_rule(tx, {"segment": "for-mothers"}, now)
        assert (trial.size, [one.customer_id for one in trial.sample]) == (1, [2])


def test_why_somebody_is_in_it_leads_to_the_other_segment_and_to_what_they_allow(house, now):
    agreed = {"consent": "marketing/email", "is": "granted"}
    with tx_of(house) as tx:
        create_segment(tx, "allowed", "Allowed", {"all": [{"segment": "for-mothers"}, agreed]}, now)
    say(house, 2, "mother", now)
    with tx_of(house) as tx:
        allow(tx, 2, "marketing", "email", granted=True)
        tx.connection.execute(
            """insert into remember_consent (identity_id, purpose, channel, seq, at, granted, proof)
            values (2, 'marketing', 'email', 9, %s, true, '{"words": "Yes, write to me"}')""",
            (now,),
        )
        found = explain(tx, "allowed", 2, now)
    assert found.holds
    segment, consent = found.evidence
    assert (segment.segment, segment.holds) == ("for-mothers", True)
    assert (consent.holds, consent.said.words) == (True, "Yes, write to me")


def test_consent_and_addresses_move_members_when_they_change(house, now):
    with tx_of(house) as tx:
        create_segment(tx, "may-be-written-to", "May", {"consent": "marketing/email", "is": "granted"}, now)
        create_segment(tx, "dumb", "Dumb", {"reachable": "email", "is": False}, now)
        address(tx, 1)
        happened(tx, 1, "identify", now)
        allow(tx, 2, "marketing", "email", granted=True)
        happened(tx, 2, "consent.changed", now)
    house.follow(now)
    assert house.members()["may-be-written-to"] == {2}
    assert house.members()["dumb"] == {2, 3, 4, 5}
    with tx_of(house) as tx:
        happened(tx, 1, "message.bounced", now, {"permanent": False})
        allow(tx, 2, "marketing", "email", granted=False)
        happened(tx, 2, "consent.changed", now)
    house.follow(now)
    assert "may-be-written-to" not in house.members()
    assert house.members()["dumb"] == {2, 3, 4, 5}
    with tx_of(house) as tx:
        happened(tx, 1, "message.bounced", now, {"permanent": True})
    house.follow(now)
    assert house.members()["dumb"] == {1, 2, 3, 4, 5}


def test_only_rules_that_speak_of_consent_or_rest_on_such_are_asked_when_it_changes(house, now, monkeypatch):
    with tx_of(house) as tx:
        create_segment(tx, "agreed", "Agreed", {"consent": "marketing/email", "is": "granted"}, now)
        create_segment(tx, "by-way", "By way", {"all": [{"segment": "agreed"}, {"event": "page"}]}, now)
        ids = {one.id: one.name for one in segments.list_segments(tx)}
    asked = []
    settle = segments.records.settle
    monkeypatch.setattr(
        segments.records,
        "settle",
        lambda tx, rules, *more: asked.append({ids[n] for n, _ in rules}) or settle(tx, rules, *more),
    )
    with tx_of(house) as tx:
        happened(tx, 2, "consent.changed", now)
    house.follow(now)
    assert asked == [{"agreed", "by-way", "not-both"}], "not-both holds for strangers, so it is always asked"


def test_what_waits_in_quarantine_is_asked_for_again_when_it_was_taken(house, now):
    with tx_of(house) as tx:
        create_segment(tx, "agreed", "Agreed", {"consent": "marketing/email", "is": "granted"}, now)
        allow(tx, 2, "marketing", "email", granted=True)
        store.quarantine(tx, CONSENT.name, [(happened(tx, 2, "consent.changed", now), 2)], "unread")
    house.follow(now)
    assert "agreed" not in house.members()
    with tx_of(house) as tx:
        set_aside(tx, [(CONSENT.name, store.head(tx))])
        turning.turn(tx, now)
    assert house.members()["agreed"] == {2}


def test_a_stored_rule_is_read_with_all_it_rests_on(house):
    with tx_of(house) as tx:
        rules = {one.name: msgspec.json.decode(one.rule) for one in standing(tx)}
    assert rules["for-mothers"] == FOR_MOTHERS
    assert rules["not-both"] == {"none": [{"all": [{"all": [FOR_MOTHERS]}, {"all": [{"event": "Order Completed"}]}]}]}


def test_naming_everybody_very_often_is_too_much_too(house, now):
    with tx_of(house) as tx:
        create_segment(tx, "all", "All", {"all": []}, now)
        create_segment(tx, "all-1", "All of all", {"all": [{"segment": "all"}] * 150}, now)
    with tx_of(house) as tx, pytest.raises(Invalid, match="conditions with those it rests on"):
        create_segment(tx, "all-2", "All of all of all", {"all": [{"segment": "all-1"}] * 150}, now)
    with tx_of(house) as tx, pytest.raises(Invalid, match="conditions with those it rests on"):
        try_rule(tx, {"any": [{"segment": "all-1"}] * 150}, now)


def test_more_conditions_than_one_statement_takes_are_asked_in_several(house, now):
    """PostgreSQL takes 1,664 columns in one statement."""
    values = ["v1", "v2"]
    with tx_of(house) as tx:
        for number in range(12):
            many = [{"fact": "gift_for", "in": [*values, f"{number}-{one}"]} for one in range(180)]
            create_segment(tx, f"many-{number}", "Many", {"any": many}, now)
    say(house, 3, "7-100", now)
    assert house.members()["many-7"] == {3}
    with tx_of(house) as tx:
        turning.ask_again(tx)
    with tx_of(house) as tx:
        assert turning.turn(tx, now).moved == 0
    with tx_of(house) as tx:
        assert not turning._due(standing(tx), now)
