"""A segment is edited, brought back to an earlier version, deleted and taken back; nobody is addressed by any of it."""

from datetime import timedelta

import pytest
from tests.understand.understand_shop import House, declare, happened, know, meet

from regulars.store.follow import rewind
from regulars.understand import editing, segments, turning
from regulars.understand.followers import FOLLOWERS
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown

ROLLUPS = FOLLOWERS[0]
MOTHERS, FRIENDS = {"fact": "gift_for", "is": "mother"}, {"fact": "gift_for", "is": "friend"}
BOTH = {"any": [MOTHERS, FRIENDS]}


@pytest.fixture
def house(database, workspace, now):
    house = House(database, workspace)
    with house.database.workspace(workspace) as tx:
        declare(tx, gift_for="text")
        for identity, whom in enumerate(("mother", "friend", "nobody"), 1):
            meet(tx, identity)
            seq = happened(tx, identity, "form.answered", now, {"form": "gift-quiz"})
            know(tx, identity, "gift_for", whom, seq=seq)
    house.follow(now)
    with house.database.workspace(workspace) as tx:
        segments.create_segment(tx, "kind", "Kind", MOTHERS, now)
    return house


@pytest.fixture
def tx(house):
    with house.database.workspace(house.workspace) as tx:
        yield tx


def test_an_edit_asks_everybody_again_and_addresses_nobody(house, now):
    later = now + timedelta(days=1)
    with house.database.workspace(house.workspace) as tx:
        saved = editing.save_segment(tx, "kind", " Kinder ", BOTH, later, replaces=1)
        assert (saved.version, saved.title, saved.size, saved.built) == (2, "Kinder", 2, True)
        since = {one.customer_id: one.since for one in segments.members(tx, "kind")}
        assert since == {1: now, 2: later}, "who stays keeps the moment since when"
        editing.save_segment(tx, "kind", "Kinder", FRIENDS, later)
    house.follow(later)
    assert house.members() == {"kind": {2}}
    assert house.said() == []


def test_an_edit_holds_for_what_customers_say_next(house, now):
    with house.database.workspace(house.workspace) as tx:
        editing.save_segment(tx, "kind", "Kind", FRIENDS, now)
        seq = happened(tx, 3, "form.answered", now, {"form": "gift-quiz"})
        know(tx, 3, "gift_for", "friend", seq=seq)
    house.follow(now)
    assert house.said() == [("entered", "kind", 3)]


def test_a_new_title_alone_asks_nobody(tx, now):
    tx.connection.execute("delete from understand_member")
    assert editing.save_segment(tx, "kind", "Friendly", MOTHERS, now).size == 0


def test_whoever_saves_over_a_newer_version_is_stopped(tx, now):
    editing.save_segment(tx, "kind", "Theirs", BOTH, now, replaces=1)
    with pytest.raises(Overtaken, match="Somebody else saved"):
        editing.save_segment(tx, "kind", "Mine", BOTH, now, replaces=1)
    assert segments.get_segment(tx, "kind").title == "Theirs"


def test_the_same_once_more_is_no_new_version(tx, now):
    assert editing.save_segment(tx, "kind", "Kind", MOTHERS, now).version == 1


@pytest.mark.parametrize(
    ("name", "title", "rule", "error"),
    [("kind", " ", MOTHERS, Invalid), ("kind", "x", {"all": 1}, Invalid), ("none", "x", MOTHERS, Unknown)],
)
def test_what_cannot_be_is_refused(tx, now, name, title, rule, error):
    with pytest.raises(error):
        editing.save_segment(tx, name, title, rule, now)
    assert [one.version for one in editing.versions(tx, "kind")] == [1]


def test_an_earlier_version_can_hold_again_and_none_is_lost(tx, now):
    editing.save_segment(tx, "kind", "Kinder", BOTH, now)
    saved = editing.restore_version(tx, "kind", 1, now)
    assert (saved.version, saved.title, saved.rule, saved.size) == (3, "Kind", MOTHERS, 1)
    assert [(one.version, one.title) for one in editing.versions(tx, "kind")] == [
        (3, "Kind"),
        (2, "Kinder"),
        (1, "Kind"),
    ]
    with pytest.raises(Unknown, match="has no version 9"):
        editing.restore_version(tx, "kind", 9, now)


def test_an_edit_during_a_replay_waits_for_the_round_after_it(house, now):
    with house.database.workspace(house.workspace) as tx:
        rewind(tx, ROLLUPS, FOLLOWERS)
        assert not editing.save_segment(tx, "kind", "Kind", FRIENDS, now).built
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        turning.turn(tx, now)
    house.follow(now)
    assert house.members() == {"kind": {2}}
    assert house.said() == []


def test_what_was_deleted_is_taken_back_with_its_members(house, now):
    later = now + timedelta(hours=1)
    with house.database.workspace(house.workspace) as tx:
        number = editing.delete_segment(tx, "kind", now)
        assert segments.list_segments(tx) == []
        assert segments.titles(tx) == {}
        assert segments.segments_of(tx, 1) == []
        assert [(one.id, one.name) for one in editing.deleted_segments(tx, later)] == [(number, "kind")]
        seq = happened(tx, 2, "form.answered", now, {"form": "gift-quiz"})
        know(tx, 2, "gift_for", "mother", seq=seq)
    house.follow(now)
    with house.database.workspace(house.workspace) as tx:
        back = editing.take_back(tx, number, later)
        assert (back.name, back.size, back.built) == ("kind", 2, True)
        assert {one.customer_id: one.since for one in segments.members(tx, "kind")} == {1: now, 2: later}
        assert editing.deleted_segments(tx, later) == []
        with pytest.raises(Unknown, match="taken back already"):
            editing.take_back(tx, number, later)
    assert house.said() == []


def test_a_name_is_free_again_and_then_stands_in_the_way(tx, now):
    number = editing.delete_segment(tx, "kind", now)
    segments.create_segment(tx, "kind", "Another", FRIENDS, now)
    assert [one.customer_id for one in segments.members(tx, "kind")] == [2]
    with pytest.raises(Conflict, match="There is a new segment 'kind' by now"):
        editing.take_back(tx, number, now)


def test_after_thirty_days_what_was_deleted_is_gone(tx, now):
    number = editing.delete_segment(tx, "kind", now)
    later = now + timedelta(days=31)
    assert editing.deleted_segments(tx, later) == []
    segments.create_segment(tx, "other", "Other", FRIENDS, later)
    editing.delete_segment(tx, "other", later)
    with pytest.raises(Unknown):
        editing.take_back(tx, number, later)


def test_what_was_deleted_longer_ago_than_it_is_kept_is_not_taken_back(tx, now):
    number = editing.delete_segment(tx, "kind", now)
    with pytest.raises(Unknown):
        editing.take_back(tx, number, now + editing.KEPT + timedelta(seconds=1))
    assert editing.take_back(tx, number, now + editing.KEPT).name == "kind"
