"""Customers who may be one: what makes them suspected, what is done with them, and rules that are tried before."""

import pytest

from regulars.remember import duplicates, ruling
from regulars.remember.customers import customer_of
from regulars.remember.heard import Rules
from regulars.store import records as store
from regulars.words.errors import Invalid


@pytest.fixture
def look(story):
    def found():
        duplicates.seek(story.database, story.workspace, story.now)
        pairs = story.ask(duplicates.look, story.now)
        return {(one.one.customer.id, one.other.customer.id): one.reasons for one in pairs}

    return found


def user(story, who, **traits):
    identity = story.id("user", who)
    story.identify(identity, traits)
    return identity


def test_they_are_suspected_by_what_they_share_and_by_refused_links(story, look):
    mail = user(story, "m1", email="Ieva@post.example"), story.id("email", "ieva@post.example")
    story.tell("page", mail[1])
    phone = user(story, "p1", phone="+371 2000-0000"), user(story, "p2", phone="+37120000000")
    born = (
        user(story, "b1", name="Anna Ozola", birthday="1990-05-01"),
        user(story, "b2", name="anna ozola", birthday="1990-05-01"),
    )
    lives = user(story, "l1", name="Tom Lee", postcode="LV 1010"), user(story, "l2", name="Tom Lee", postcode="lv1010")
    like = (
        user(story, "n1", name="Jo Bo", email="jo.bo@a.example"),
        user(story, "n2", name="Jo Bo", email="jobo@b.example"),
    )
    browser, one, two = story.id("anonymous", "b"), story.id("user", "d1"), story.id("user", "d2")
    story.identify(one, links=[browser])
    story.identify(two, links=[browser])
    user(story, "x1", name="Jo Bo")
    story.follow()
    assert look() == {
        tuple(sorted(mail)): ["email"],
        phone: ["phone"],
        born: ["birthday"],
        lives: ["postcode"],
        like: ["namesake"],
        (one, two): ["link"],
    }


def test_what_was_merely_typed_is_the_weakest_reason_hides_nobody_and_is_joined_one_by_one(story, look):
    mails = [user(story, f"m{n}", email="ieva@post.example", name="Ieva Ozola", birthday="1990-05-01") for n in (1, 2)]
    fakes = [story.id("anonymous", f"fake-{n}") for n in range(6)]
    traits = {"email": "ieva@post.example", "name": "Ieva Ozola", "birthday": "1990-05-01"}
    for fake in fakes:
        story.identify(fake, traits, verified=False)
    victim, thief = user(story, "v", phone="+37120000001"), story.id("anonymous", "thief")
    story.identify(thief, {"phone": "+371 20000001"}, verified=False)
    story.follow()
    assert look() == {tuple(mails): ["email", "birthday", "namesake"], (victim, thief): ["typed"]}
    pairs = [tuple(mails), (victim, thief)]
    assert story.ask(duplicates.join, pairs, story.now, unseen=True) == [tuple(mails)]
    assert story.ask(duplicates.join, pairs[1:], story.now) == [(victim, thief)]


def test_what_is_decided_is_asked_no_more_and_what_is_postponed_later(story, look):
    first, second, third, fourth = (user(story, f"u{n}", phone=f"+3712000000{n // 2}") for n in range(4))
    story.follow()
    assert set(look()) == {(first, second), (third, fourth)}
    story.ask(duplicates.join, [(first, second)], story.now)
    story.ask(duplicates.postpone, [(third, fourth)], story.now + duplicates.LATER)
    story.follow()
    assert look() == {}
    assert story.ask(customer_of, second) == first
    assert len(story.ask(duplicates.look, story.now + duplicates.LATER)) == 1
    assert story.ask(duplicates.decide_apart, [(third, fourth), (first, second)], story.now) == [(third, fourth)]
    story.follow()
    assert look() == {}


def test_rules_are_tried_on_what_was_heard_and_change_nothing_that_was(story):
    email, anna, boris = story.id("email", "home@x.lv"), story.id("user", "anna"), story.id("customer", "7")
    story.identify(anna, links=[email])
    story.tell("page", boris)
    story.identify(boris, links=[email])
    story.follow()
    tried = story.ask(ruling.try_rules, Rules(email="weak"))
    assert (tried.links, tried.identities, tried.customers_now, tried.customers_then) == (2, 3, 1, 2)
    story.ask(ruling.change, Rules(email="weak"), story.now)
    story.follow()
    assert story.ask(ruling.rules_now) == Rules(email="weak")
    assert [one.seq for one in story.ask(ruling.versions)] == [story.ask(store.head)]
    assert story.ask(customer_of, boris) == story.ask(customer_of, anna)
    with pytest.raises(Invalid):
        story.ask(ruling.change, Rules(devices=99), story.now)


def test_what_is_hidden_is_not_shown_of_either(story, look):
    one, other = (user(story, f"u{n}", phone="+37120000000", city="Riga") for n in range(2))
    story.follow()
    assert set(look()) == {(one, other)}
    (pair,) = story.ask(duplicates.look, story.now)
    assert {fact.name for fact in pair.one.facts} == {"phone", "city"}
    (pair,) = story.ask(duplicates.look, story.now, hidden={"city"})
    assert {fact.name for side in (pair.one, pair.other) for fact in side.facts} == {"phone"}
