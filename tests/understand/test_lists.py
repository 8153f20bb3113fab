"""Lists: who was put on one is in its segment until taken off, and says why; merges and a new list of the name, too."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.understand.understand_shop import House, declare, happened, meet

from regulars.store import records as store
from regulars.understand import lists, segments
from regulars.understand.editing import delete_segment, restore_version, save_segment, take_back
from regulars.understand.explaining import explain
from regulars.words.errors import Conflict, Invalid, Unknown

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def house(database, workspace):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text")
        for identity in range(1, 6):
            meet(tx, identity)
    house.follow(NOW)
    with database.workspace(workspace) as tx:
        lists.make(tx, "vips", "VIPs", NOW)
    return house


def put(house, *customers, name="vips", now=NOW, on=True):
    with house.database.workspace(house.workspace) as tx:
        changed = lists.put(tx, name, customers, "Greta", now, on=on)
    house.follow(now)
    return changed


def test_whoever_is_put_on_a_list_is_in_its_segment_until_taken_off(house):
    assert put(house, 1, 2, 99) == [1, 2]
    assert house.members() == {"vips": {1, 2}}
    assert put(house, 2, 3, now=LATER) == [3]
    assert put(house, 1, 4, now=LATER, on=False) == [1]
    assert house.members() == {"vips": {2, 3}}
    assert house.said() == [
        ("entered", "vips", 1), ("entered", "vips", 2), ("entered", "vips", 3), ("left", "vips", 1),
    ]  # fmt: skip


def test_it_says_who_put_them_there_and_when(house):
    put(house, 1)
    with house.database.workspace(house.workspace) as tx:
        (one,) = segments.members(tx, "vips")
        key = segments.get_segment(tx, "vips").rule["list"]
        (why,) = one.why
        assert (why["condition"], why["holds"], why["who"], why["day"]) == (
            {"list": key}, True, "Greta", "2026-05-03",
        )  # fmt: skip
        explained = explain(tx, "vips", 1, NOW)
        assert explained.holds
        assert explained.evidence[0].did[0].day == NOW.date()
        assert not explain(tx, "vips", 2, NOW).holds


def test_other_segments_rest_on_a_list_as_on_any(house):
    with house.database.workspace(house.workspace) as tx:
        segments.create_segment(tx, "others", "Others", {"none": [{"segment": "vips"}]}, NOW)
    assert house.members()["others"] == {1, 2, 3, 4, 5}
    put(house, 1, now=LATER)
    assert house.members() == {"vips": {1}, "others": {2, 3, 4, 5}}


def test_of_two_who_are_one_the_last_word_holds_and_parted_each_has_their_own(house):
    put(house, 1)
    put(house, 2, now=LATER)
    put(house, 2, now=LATER + timedelta(hours=1), on=False)
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 2, 1)
        happened(tx, 1, "customer.merged", LATER + timedelta(hours=2), {"loser": 2, "winner": 1})
    house.follow(LATER + timedelta(hours=2))
    assert house.members() == {}
    with house.database.workspace(house.workspace) as tx:
        meet(tx, 2, 2)
        happened(tx, 1, "customer.split", LATER + timedelta(hours=3), {"one": 1, "other": 2})
    house.follow(LATER + timedelta(hours=3))
    assert house.members() == {"vips": {1}}


def test_a_new_list_of_the_name_has_nobody_of_the_old_one(house):
    put(house, 1)
    with house.database.workspace(house.workspace) as tx:
        gone = delete_segment(tx, "vips", LATER)
        lists.make(tx, "vips", "VIPs", LATER)
    put(house, 2, now=LATER)
    assert house.members()["vips"] == {2}
    with house.database.workspace(house.workspace) as tx, pytest.raises(Conflict):
        take_back(tx, gone, LATER)
    with house.database.workspace(house.workspace) as tx:
        delete_segment(tx, "vips", LATER)
        take_back(tx, gone, LATER)
    assert house.members()["vips"] == {1}


def test_a_list_that_was_made_a_rule_is_one_again_when_its_version_is_taken_back(house):
    put(house, 1)
    with house.database.workspace(house.workspace) as tx:
        save_segment(tx, "vips", "VIPs", {"fact": "gift_for", "known": True}, LATER)
        assert lists.names(tx) == {}
        with pytest.raises(Invalid, match="is no list"):
            lists.put(tx, "vips", [2], "Greta", LATER, on=True)
        restore_version(tx, "vips", 1, LATER)
    assert house.members() == {"vips": {1}}


def test_a_rule_names_no_list_that_was_never_there(house):
    with house.database.workspace(house.workspace) as tx:
        key = segments.get_segment(tx, "vips").rule["list"]
        for rule, says in ((f"{key}x", f"list: there is no list '{key}x'. Did you mean {key}?"), ("q", "no list 'q'")):
            with pytest.raises(Invalid, match=says.replace("?", r"\?")):
                segments.create_segment(tx, "x", "X", {"list": rule}, NOW)
        segments.create_segment(tx, "same", "The same", {"all": [{"list": key}]}, NOW)
    put(house, 5)
    assert house.members() == {"vips": {5}, "same": {5}}


def test_what_cannot_be_put_is_refused(house):
    with house.database.workspace(house.workspace) as tx:
        with pytest.raises(Unknown):
            lists.put(tx, "none", [1], "Greta", NOW, on=True)
        with pytest.raises(Invalid, match="At most 5000 customers"):
            lists.put(tx, "vips", range(5001), "Greta", NOW, on=True)
        with pytest.raises(Conflict):
            lists.make(tx, "vips", "Others", NOW)
        with pytest.raises(Invalid):
            lists.make(tx, "v2", "", NOW)


def test_nothing_is_appended_where_nothing_changes(house):
    put(house, 1)
    with house.database.workspace(house.workspace) as tx:
        before = store.head(tx)
        assert lists.put(tx, "vips", [1], "Greta", LATER, on=True) == []
        assert store.head(tx) == before
        assert json.dumps(segments.get_segment(tx, "vips").rule).count("list") == 1
