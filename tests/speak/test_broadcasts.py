"""A campaign goes at its time, is paused and goes on, or is cancelled; and by each customer's own clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from tests.speak.scene import Post
from tests.speak.test_campaigns import SEGMENTS, entered, follow

from regulars.speak import broadcasts, campaigns
from regulars.speak.clocks import own_moment, starts_at
from regulars.speak.followers import CAMPAIGNS
from regulars.speak.restored import withdraw
from regulars.words.errors import Conflict, Invalid

ZONES = ["Pacific/Kiritimati", "Europe/Riga", "America/New_York", "Pacific/Pago_Pago", "Asia/Kolkata", "Pacific/Apia"]
HOUR = timedelta(hours=1)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def state(shop, name="spring"):
    with shop.tx() as tx:
        return campaigns.get(tx, name).state


def planned(shop, at, **more):
    shop.campaign(launch=False, whom="once", goes_at=at, **more)
    with shop.tx() as tx:
        assert campaigns.launch(tx, "spring", shop.now) == 0


def send(shop, post):
    sender = shop.sender(post)
    sent = 0
    while some := sender.send_some(shop.now):
        sent += some
    sender.close()
    return sent


def go(shop, at):
    with shop.tx() as tx:
        return broadcasts.go_due(tx, at)


def put(shop, into):
    with shop.tx() as tx:
        return into(tx, "spring")


def test_a_planned_campaign_goes_at_its_time_to_whoever_is_there_then_and_to_nobody_later(shop):
    shop.register(SEGMENTS, CAMPAIGNS)
    ann, bob, cy = (shop.customer(name) for name in ("ann", "bob", "cy"))
    shop.segment("gives", ann)
    planned(shop, shop.now + HOUR)
    post = Post()
    assert (state(shop), go(shop, shop.now), send(shop, post)) == ("planned", [], 0)
    shop.segment("gives", bob)
    shop.now += HOUR
    assert (go(shop, shop.now), go(shop, shop.now), state(shop)) == (["spring"], [], "live")
    entered(shop, cy)
    follow(shop)
    send(shop, post)
    assert sorted(one.recipient for one in post.delivered) == ["ann@x.example", "bob@x.example"]


def test_a_plan_is_taken_back_and_is_a_draft_again(shop):
    shop.segment("gives", shop.customer("ann"))
    planned(shop, shop.now + HOUR)
    with shop.tx() as tx:
        campaigns.stop(tx, "spring")
    assert (state(shop), go(shop, shop.now + 2 * HOUR)) == ("draft", [])


def test_what_waits_is_held_while_a_campaign_is_paused_and_goes_when_it_goes_on(shop):
    shop.register(SEGMENTS, CAMPAIGNS)
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann)
    shop.campaign()
    post = Post()
    put(shop, broadcasts.pause)
    entered(shop, bob)
    follow(shop)
    send(shop, post)
    with shop.tx() as tx:
        held = campaigns.reasons(tx, "spring")
    assert [(one.reason, one.count, one.due) for one in held] == [("parked", 2, None)]
    shop.now += timedelta(days=30)
    send(shop, post)
    assert post.delivered == []
    put(shop, broadcasts.resume)
    send(shop, post)
    assert sorted(one.recipient for one in post.delivered) == ["ann@x.example", "bob@x.example"]


def test_an_offer_that_ends_while_paused_is_not_sent(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign(ends_at=shop.now + HOUR)
    put(shop, broadcasts.pause)
    send(shop, Post())
    shop.now += HOUR
    send(shop, Post())
    with shop.tx() as tx:
        assert [(one.state, one.reason) for one in campaigns.reasons(tx, "spring")] == [("refused", "ended")]


def test_what_is_cancelled_is_refused_and_launched_no_more(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    put(shop, broadcasts.pause)
    send(shop, Post())
    put(shop, broadcasts.cancel)
    post = Post()
    send(shop, post)
    assert (post.delivered, state(shop)) == ([], "cancelled")
    with shop.tx() as tx:
        assert [(one.state, one.reason) for one in campaigns.reasons(tx, "spring")] == [("refused", "stopped")]
    for again in (lambda tx, name: campaigns.launch(tx, name, shop.now), campaigns.stop, broadcasts.resume):
        with pytest.raises(Conflict):
            put(shop, again)


def test_each_customer_gets_it_when_their_own_clock_shows_the_time(shop):
    east = shop.customer("east", told={"timezone": "Pacific/Kiritimati"})
    west = shop.customer("west", told={"timezone": "America/New_York"})
    home = ZoneInfo("UTC")
    with shop.tx() as tx:
        tx.run(b"update access_workspace set zone = 'UTC'")
    shop.segment("gives", east, west)
    nine = (shop.now + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    planned(shop, nine, by_clock=True)
    for who, zone in (("east", "Pacific/Kiritimati"), ("west", "America/New_York")):
        moment = own_moment(nine, home, ZoneInfo(zone), shop.now)
        assert moment.astimezone(ZoneInfo(zone)).hour == 9
        post = Post()
        for at in (moment - timedelta(minutes=1), moment + timedelta(seconds=20)):
            shop.now = at
            go(shop, at)
            send(shop, post)
            assert len(post.delivered) == (at > moment), who


@given(
    at=st.integers(0, 2 * 365 * 24 * 60).map(lambda n: BEGINNING + timedelta(minutes=n)),
    launched=st.integers(0, 2 * 365 * 24 * 60).map(lambda n: BEGINNING + timedelta(minutes=n)),
    home=st.sampled_from(ZONES),
    theirs=st.sampled_from(ZONES),
)
def test_the_own_hour_is_the_chosen_one_in_every_zone_and_not_long_before_the_launch(at, launched, home, theirs):
    here, there = ZoneInfo(home), ZoneInfo(theirs)
    moment = own_moment(at, here, there, launched)
    wall, chosen = moment.astimezone(there), at.astimezone(here)
    assert moment >= launched - HOUR
    assert abs((wall.hour * 60 + wall.minute) - (chosen.hour * 60 + chosen.minute)) in {0, 60}  # 60: an hour left out
    campaign = campaigns.Campaign("c", "", "", "", "", "email", "draft", None, whom="once", goes_at=at, by_clock=True)
    assert starts_at(campaign, here, launched) <= max(moment, launched)


def test_times_that_do_not_go_together_are_refused(shop):
    shop.segment("gives")
    later = shop.now + HOUR
    for wrong in (
        {"by_clock": True, "whom": "once"},
        {"by_clock": True, "goes_at": later},
        {"whom": "twice"},
        {"goes_at": later, "ends_at": later},
    ):
        with pytest.raises(Invalid):
            shop.campaign(launch=False, **wrong)


def test_after_the_launch_title_priority_and_end_change_and_what_waits_has_the_new_priority(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    with shop.tx() as tx:
        now = campaigns.get(tx, "spring")
        wanted = structs.replace(now, title="Late spring", priority=3, ends_at=shop.now + HOUR)
        kept = campaigns.change(tx, "spring", wanted)
        assert (kept.title, kept.priority, kept.ends_at) == ("Late spring", 3, shop.now + HOUR)
        assert tx.values(b"select priority from decide_intent") == [3]
        assert campaigns.change(tx, "spring", structs.replace(kept, ends_at=None)).ends_at is None
        with pytest.raises(Conflict):
            campaigns.change(tx, "spring", structs.replace(kept, purpose="service"))


def test_after_a_restore_a_plan_whose_time_has_come_is_stopped_and_a_later_one_stays(shop):
    shop.segment("gives", shop.customer("ann"))
    planned(shop, shop.now + HOUR)
    withdraw(shop.database, shop.workspace, shop.now, shop.now)
    assert state(shop) == "planned"
    withdraw(shop.database, shop.workspace, shop.now, shop.now + HOUR)
    assert state(shop) == "stopped"
