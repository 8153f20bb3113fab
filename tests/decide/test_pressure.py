from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.pressure import LONGEST, Budget
from regulars.words.errors import Invalid
from regulars.words.reasons import PRESSED, SPACED

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def free_at(now, policy, *ago):
    return when(Budget(policy, {1: [now - one for one in ago]}, now), 1)


def when(budget, customer):
    found = budget.wait(customer)
    return found[1] if found else None


def test_without_caps_there_is_always_room(now):
    assert free_at(now, ContactPolicy(), *[HOUR] * 50) is None


def test_a_day_is_the_last_24_hours_and_frees_itself(now):
    policy = ContactPolicy(per_day=2)
    assert free_at(now, policy, HOUR) is None
    assert free_at(now, policy, HOUR, 5 * HOUR) == now + 19 * HOUR
    assert free_at(now, policy, HOUR, DAY) is None, "what was sent a day ago counts no more"


def test_the_week_counts_beside_the_day_and_the_later_of_both_decides(now):
    policy = ContactPolicy(per_day=1, per_week=2)
    assert free_at(now, policy, 2 * DAY, 3 * DAY) == now + 4 * DAY
    assert free_at(now, policy, HOUR, 6 * DAY + 23 * HOUR) == now + 23 * HOUR


def test_what_was_just_taken_is_gone_for_the_next(now):
    room = Budget(ContactPolicy(per_day=1), {}, now)
    assert when(room, 1) is None
    room.take(1)
    assert when(room, 1) == now + DAY
    assert when(room, 2) is None


@given(
    per_day=st.none() | st.integers(1, 4),
    per_week=st.none() | st.integers(4, 9),
    waits=st.lists(st.integers(0, 40), max_size=40),
)
def test_no_24_hours_and_no_7_days_ever_hold_more_than_was_allowed(per_day, per_week, waits):
    policy, sent, moment = ContactPolicy(per_day=per_day, per_week=per_week), [], START
    for wait in waits:
        moment += wait * HOUR
        free = when(Budget(policy, {1: [one for one in sent if one > moment - LONGEST]}, moment), 1)
        if free is not None:
            assert free > moment
            moment = free
            assert when(Budget(policy, {1: sent}, moment), 1) is None, "it says when, and then there is room"
        sent.append(moment)
    for most, span in policy.caps:
        assert all(sum(one <= other < one + span for other in sent) <= most for one in sent)


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (ContactPolicy(per_day=0), "per_day"),
        (ContactPolicy(per_week=contact.MOST + 1), "per_week"),
        (ContactPolicy(per_day=3, per_week=2), "per_week"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(policy, field):
    with pytest.raises(Invalid) as error:
        contact.check(policy)
    assert error.value.field == field


def test_what_a_workspace_wants_is_kept(database, workspace):
    with database.workspace(workspace) as tx:
        assert contact.standing(tx) == ContactPolicy()
        contact.keep(tx, ContactPolicy(per_day=1))
        contact.keep(tx, ContactPolicy(per_week=5))
        assert contact.standing(tx) == ContactPolicy(per_week=5)


@given(days=st.integers(1, 40), waits=st.lists(st.integers(0, 400), max_size=40))
def test_who_wants_one_in_so_many_days_never_gets_two_in_them(days, waits):
    sent, moment = [], START
    for wait in waits:
        moment += wait * HOUR
        moment = when(Budget(ContactPolicy(), {1: sent}, moment, {1: days}), 1) or moment
        sent.append(moment)
    assert all(later - earlier >= days * DAY for earlier, later in pairwise(sent))


def test_of_the_workspaces_cap_and_their_own_the_one_that_holds_longer_is_told(now):
    sent = {1: [now - HOUR], 2: [now - HOUR]}
    room = Budget(ContactPolicy(per_day=1), sent, now, {1: 7})
    assert room.wait(1) == (SPACED, now - HOUR + 7 * DAY)
    assert room.wait(2) == (PRESSED, now + 23 * HOUR)
