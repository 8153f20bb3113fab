"""Segments beside one another, counted by hand."""

import pytest
from tests.understand.understand_shop import declare, know, meet

from regulars.understand import comparing
from regulars.understand.comparing import Difference, Middle, Overlap
from regulars.understand.segments import create_segment
from regulars.words.errors import Invalid, Unknown


@pytest.fixture
def two(database, workspace, now):
    """Twenty customers: the first twelve like tea, the last twelve spend; who likes tea lives in Riga, but one."""
    with database.workspace(workspace) as tx:
        declare(tx, likes="list", spends="boolean", city="text", age="number", diary="text")
        for one in range(1, 21):
            meet(tx, one)
            know(tx, one, "likes", ["tea", "tea", "milk"] if one <= 12 else ["milk"])
            know(tx, one, "spends", one > 8)
            know(tx, one, "city", "Riga" if one < 12 else "Taipei", verified=one != 20)
            know(tx, one, "age", one * 10)
            know(tx, one, "diary", f"what only {one} wrote")
        create_segment(tx, "tea", "They like tea", {"fact": "likes", "contains": "tea"}, now)
        create_segment(tx, "spends", "They spend", {"fact": "spends", "is": True}, now)
        create_segment(tx, "nobody", "Nobody", {"fact": "city", "is": "Rome"}, now)
    return workspace


def test_who_is_in_both_is_counted(database, two):
    with database.workspace(two) as tx:
        assert comparing.overlaps(tx, "tea") == [Overlap("spends", "They spend", 4)]
        assert comparing.overlaps(tx, "nobody") == []
        assert comparing.compare(tx, "tea", "spends").shared == 4


def test_what_sets_them_apart_is_said_in_shares_and_what_few_said_is_not(database, two):
    with database.workspace(two) as tx:
        found = comparing.compare(tx, "tea", "spends")
    assert (found.mine.size, found.theirs.size) == (12, 12)
    assert found.differences == [
        Difference("likes", "tea", 1.0, 4 / 12),
        Difference("spends", "true", 4 / 12, 1.0),
        Difference("city", "Riga", 11 / 12, 3 / 12),
        Difference("spends", "false", 8 / 12, 0.0),
        Difference("city", "Taipei", 1 / 12, 8 / 12),
    ]
    assert found.middles == [Middle("age", 65.0, 145.0, 12, 12)]


def test_of_large_segments_some_are_drawn_and_shares_are_of_those(database, two, monkeypatch):
    monkeypatch.setattr(comparing, "DRAWN", 10)
    with database.workspace(two) as tx:
        found = comparing.compare(tx, "tea", "spends")
    assert found.shared == 4
    shares = {(one.fact, one.value): (one.mine, one.theirs) for one in found.differences}
    assert shares["likes", "tea"][0] == shares["spends", "true"][1] == 1.0
    assert found.middles[0].of_mine == found.middles[0].of_theirs == 10


def test_what_is_hidden_is_not_compared(database, two):
    with database.workspace(two) as tx:
        found = comparing.compare(tx, "tea", "spends", {"city", "age"})
    assert {one.fact for one in found.differences} == {"likes", "spends"}
    assert found.middles == []


def test_an_empty_segment_is_compared_too(database, two):
    with database.workspace(two) as tx:
        found = comparing.compare(tx, "nobody", "tea")
    assert (found.shared, found.mine.size) == (0, 0)
    assert all(one.mine == 0.0 for one in found.differences)
    assert found.middles == [Middle("age", None, 65.0, 0, 12)]


def test_the_same_one_and_one_that_is_not_there_are_refused(database, two):
    with database.workspace(two) as tx:
        with pytest.raises(Invalid, match="the same one"):
            comparing.compare(tx, "tea", "tea")
        with pytest.raises(Unknown):
            comparing.compare(tx, "tea", "gone")
