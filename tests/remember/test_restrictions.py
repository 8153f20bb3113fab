"""Customers who are kept and not used: with the proof, until it is lifted, in no segment meanwhile."""

from datetime import timedelta

from regulars.remember import restrictions
from regulars.remember.followers import CONSENT


def say(story, identity, *, restricted=True, hours=0):
    now = story.now + timedelta(hours=hours)

    def change(tx):
        return restrictions.change(tx, identity, "Please do not use it", "your page", now, restricted=restricted)

    return story.ask(change)


def restricted(story, *identities):
    return story.ask(restrictions.among, identities)


def test_a_restriction_is_a_statement_with_its_proof_and_holds_until_it_is_lifted(story):
    anna = story.id("email", "anna@x.lv")
    assert say(story, anna)
    assert story.ask(restrictions.stands, anna), "before it is heard"
    assert not say(story, anna), "saying it again adds nothing"
    story.follow()
    assert restricted(story, anna) == {anna}
    assert say(story, anna, restricted=False, hours=1)
    assert not story.ask(restrictions.stands, anna)
    story.follow()
    assert restricted(story, anna) == set()
    lifted, begun = story.ask(restrictions.of_customer, anna)
    assert (lifted.restricted, begun.restricted) == (False, True)
    assert begun.proof == {"words": "Please do not use it", "how": "your page"}


def test_two_who_turn_out_to_be_one_are_restricted_until_it_is_lifted_for_both(story):
    user, email = story.id("user", "anna"), story.id("email", "anna@x.lv")
    say(story, email)
    story.follow()
    assert restricted(story, user, email) == {email}
    story.identify(user, links=[email])
    story.follow()
    assert restricted(story, user, email) == {user, email}
    assert say(story, user, restricted=False, hours=1)
    story.follow()
    assert restricted(story, user, email) == set()


def test_a_replay_comes_to_the_same(story):
    anna = story.id("email", "anna@x.lv")
    say(story, anna)
    story.follow()
    before = story.sql("select * from remember_restriction")
    with story.tx() as tx:
        CONSENT.reset(tx)
        tx.run(b"update store_follower set cursor = 0 where name = 'consent'")
    assert restricted(story, anna) == set()
    story.follow()
    assert story.sql("select * from remember_restriction") == before
