"""A part of a long list: few are looked at where the first of them fill it, and ever more where they do not."""

import pytest

from regulars.understand.walking import FIRST, MOST, Looked, walk


@pytest.fixture
def tx(database, workspace):
    with database.workspace(workspace) as tx:
        yield tx


def walked(tx, holds, there=10 * MOST, **about):
    asked = []

    def look(after, many):
        asked.append(many)
        return [Looked(one, "", holds(one)) for one in range(after + 1, min(after + many, there) + 1)]

    return walk(tx, look, about.get("after", 0), 50), asked


def test_where_everybody_is_sought_few_are_looked_at(tx):
    (found, after), asked = walked(tx, lambda _: True)
    assert [one.customer_id for one in found] == list(range(1, 51))
    assert after == 50
    assert asked == [FIRST]


def test_where_few_are_sought_ever_more_are_looked_at_at_once(tx):
    (found, after), asked = walked(tx, lambda one: one > 2 * MOST)
    assert [one.customer_id for one in found] == list(range(2 * MOST + 1, 2 * MOST + 51))
    assert after == 2 * MOST + 50
    assert asked == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST, MOST]


def test_it_goes_on_behind_where_it_ended_and_says_when_nobody_is_left(tx):
    (found, after), _ = walked(tx, lambda _: True, there=70, after=50)
    assert [one.customer_id for one in found] == list(range(51, 71))
    assert after is None
