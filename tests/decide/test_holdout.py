"""Who is held out: the same for ever, others for each campaign, and what becomes of it when records are joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decide.test_policy import known

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.holdout import drawn, lot
from regulars.words.errors import Invalid
from regulars.words.reasons import HELD_OUT, HELD_OUT_MIXED

SECRET = b"secret"
ADDRESSES = st.sets(st.integers(1, 10**12), min_size=1, max_size=4)
SHARES = st.integers(0, 50)


def test_a_share_is_about_that_share_and_each_campaign_draws_its_own():
    spring = {one for one in range(10_000) if lot(SECRET, "campaign/spring", 10, [one])}
    summer = {one for one in range(10_000) if lot(SECRET, "campaign/summer", 10, [one])}
    assert 850 < len(spring) < 1150
    assert 50 < len(spring & summer) < 150, "a tenth of a tenth"
    assert {one for one in range(10_000) if lot(b"another", "campaign/spring", 10, [one])} != spring


@given(addresses=ADDRESSES, share=SHARES, more=SHARES)
def test_who_is_held_out_stays_so_as_long_as_the_share_does_not_shrink(addresses, share, more):
    for one in addresses:
        if lot(SECRET, "workspace", share, [one]):
            assert lot(SECRET, "workspace", max(share, more), [one])


@given(one=ADDRESSES, other=ADDRESSES, share=SHARES)
def test_joined_records_are_held_out_if_either_was_and_compared_if_both_were_alike(one, other, share):
    mine, theirs, together = (lot(SECRET, "workspace", share, some) for some in (one, other, one | other))
    assert bool(together) == bool(mine or theirs)
    if mine == theirs:
        assert together == mine
    elif together:
        assert together == HELD_OUT_MIXED


def test_nobody_is_held_out_where_nobody_is_to_be():
    assert lot(SECRET, "workspace", 0, range(100)) == ""


@pytest.fixture
def tx(database, workspace):
    with database.workspace(workspace) as tx:
        yield tx


def test_customers_are_drawn_for_the_workspace_and_for_each_campaign(tx, now):
    customers = [known(tx, now, ("user", f"u{n}"), ("email", f"c{n}@x.example")) for n in range(200)]
    assert drawn(tx, customers, {"spring": 0, "summer": 0}, ContactPolicy()) == {}
    everywhere = drawn(tx, customers, {"spring": 0, "summer": 0}, ContactPolicy(held_out=20))
    assert {one for name, one in everywhere if name == "spring"} == {
        one for name, one in everywhere if name == "summer"
    }
    assert 20 < len(everywhere) / 2 < 60
    both = drawn(tx, customers, {"spring": 20, "summer": 0}, ContactPolicy(held_out=20))
    assert both.items() >= everywhere.items()
    assert len(both) > len(everywhere)
    assert set(both.values()) == {HELD_OUT}
    assert both == drawn(tx, customers, {"spring": 20, "summer": 0}, ContactPolicy(held_out=20))
    assert drawn(tx, [known(tx, now, ("user", "without"))], {"spring": 50}, ContactPolicy(held_out=50)) == {}


@pytest.mark.parametrize("share", [-1, 51])
def test_a_share_that_cannot_be_is_refused(share):
    with pytest.raises(Invalid) as error:
        contact.check(ContactPolicy(held_out=share))
    assert error.value.field == "held_out"
