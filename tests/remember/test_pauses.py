"""Pauses from messages: with their proof, the longest over a customer's identities, over by themselves."""

from datetime import timedelta

from regulars.remember import pauses
from regulars.remember.consents import standing
from regulars.remember.followers import CONSENT


def lasts(story, identity, *, days=0):
    found = story.ask(pauses.standing, [identity], story.now + timedelta(days=days))
    return (found[identity] - story.now).days if identity in found else None


def change(story, identity, days, *, minutes=0):
    until = None if days is None else story.now + timedelta(days=days)
    now = story.now + timedelta(minutes=minutes)
    return story.ask(pauses.change, identity, until, "Not now", "your page", now)


def test_a_pause_is_a_statement_with_its_proof_and_is_over_by_itself(story):
    anna = story.id("email", "anna@x.lv")
    assert change(story, anna, 30)
    story.follow()
    assert lasts(story, anna) == 30
    assert lasts(story, anna, days=30) is None
    [said] = story.ask(pauses.of_customer, anna)
    assert said.proof == {"words": "Not now", "how": "your page"}


def test_saying_it_again_adds_nothing_also_before_it_is_heard(story):
    anna = story.id("email", "anna@x.lv")
    assert change(story, anna, 30)
    assert not change(story, anna, 30)
    story.follow()
    assert not change(story, anna, 30)
    assert change(story, anna, None, minutes=1)
    assert not change(story, anna, None, minutes=2)
    story.follow()
    assert [one.until is None for one in story.ask(pauses.of_customer, anna)] == [True, False]


def test_two_who_turn_out_to_be_one_are_in_the_longer_pause(story):
    user, email = story.id("user", "anna"), story.id("email", "anna@x.lv")
    change(story, email, 90)
    change(story, user, 7, minutes=1)
    story.follow()
    assert (lasts(story, user), lasts(story, email)) == (7, 90)
    story.identify(user, links=[email])
    story.follow()
    assert (lasts(story, user), lasts(story, email)) == (90, 90)


def test_ending_it_ends_it_for_every_identity_of_the_customer(story):
    user, email = story.id("user", "anna"), story.id("email", "anna@x.lv")
    change(story, email, 90)
    story.identify(user, links=[email])
    story.follow()
    assert change(story, user, None, minutes=1)
    assert story.ask(pauses.lasts_until, email, story.now) is None, "before it is heard"
    story.follow()
    assert lasts(story, email) is None


def test_another_end_takes_the_place_of_a_longer_one(story):
    user, email = story.id("user", "anna"), story.id("email", "anna@x.lv")
    change(story, email, 90)
    story.identify(user, links=[email])
    story.follow()
    assert change(story, user, 7, minutes=1)
    story.follow()
    assert lasts(story, email) == 7


def test_a_replay_comes_to_the_same(story):
    anna = story.id("email", "anna@x.lv")
    change(story, anna, 30)
    story.follow()
    before = story.sql("select * from remember_pause")
    with story.tx() as tx:
        CONSENT.reset(tx)
        tx.run(b"update store_follower set cursor = 0 where name = 'consent'")
    assert lasts(story, anna) is None
    story.follow()
    assert story.sql("select * from remember_pause") == before


def test_a_pause_that_cannot_be_read_lets_nothing_out(story):
    anna = story.id("email", "anna@x.lv")
    story.consent(anna, granted=True)
    story.tell("pause.changed", anna, {"until": "next week"})
    story.follow()
    assert not story.ask(standing, [anna], "marketing", "email")[anna].granted
