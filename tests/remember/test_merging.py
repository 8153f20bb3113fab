"""What the team decides about who is who, and what becomes of facts, consent and names when a merge is undone."""

from datetime import timedelta

import pytest

from regulars.remember import merging
from regulars.remember.consents import standing
from regulars.remember.customers import customer_of, get_customer, identities_of, search
from regulars.remember.facts import current
from regulars.store import records as store
from regulars.words.errors import Conflict, Unknown


@pytest.fixture
def two(story):
    """Anna logged in on the browser on which Boris had answered a question."""
    browser, anna = story.id("anonymous", "b"), story.id("user", "anna")
    before = story.now - timedelta(days=30)
    story.answer(browser, [{"question": "for_whom", "kind": "text", "value": "wife", "words": "My wife"}], at=before)
    story.identify(anna, {"name": "Anna", "size": 38})
    story.identify(anna, links=[browser])
    story.follow()
    return browser, anna


def undo(story, customer):
    """Undo the newest merge of a customer."""
    newest = story.ask(merging.joined, customer)[0]
    story.ask(merging.split, customer, newest.seq, newest.other, story.now)
    story.follow()


def said(story, customer):
    return {fact.name: fact.words for fact in story.ask(current, customer) if fact.source != "did"}


def test_a_merge_says_what_it_rests_on_and_is_undone(story, two):
    browser, anna = two
    (merge,) = story.ask(merging.joined, browser)
    assert (merge.kind, merge.one_value, merge.other_value) == ("identify", "anna", "b")
    assert story.ask(get_customer, anna).created_at == story.now - timedelta(days=30)
    undo(story, anna)
    assert (story.ask(customer_of, browser), story.ask(customer_of, anna)) == (browser, anna)
    assert said(story, anna) == {"name": "Anna", "size": "38"}
    assert said(story, browser) == {"gift-quiz.for_whom": "My wife"}
    assert story.ask(get_customer, anna).created_at == story.now
    assert story.ask(get_customer, browser).created_at == story.now - timedelta(days=30)
    assert [one.id for one in story.ask(search, "anna").customers] == [anna]
    assert story.ask(search).total == 2
    assert story.ask(merging.joined, anna) == []
    assert [one.customer_id for one in story.ask(merging.parted, anna)] == [browser]
    assert {row[0] for row in story.sql("select seq from remember_identity where identity_id = %s", browser)} == {
        story.ask(store.head)
    }


def test_the_same_link_does_not_join_them_again_and_a_person_does(story, two):
    browser, anna = two
    undo(story, anna)
    email = story.id("email", "anna@x.lv")
    story.identify(anna, links=[browser, email])
    story.identify(email, links=[browser])
    story.follow()
    assert story.ask(customer_of, browser) == browser
    assert story.ask(customer_of, email) == anna
    story.ask(merging.join, anna, browser, story.now)
    story.follow()
    assert story.ask(customer_of, browser) == anna
    assert story.ask(merging.parted, anna) == []
    (merge,) = [one for one in story.ask(merging.joined, anna) if one.kind == "customer.joined"]
    story.ask(merging.split, anna, merge.seq, merge.other, story.now)
    story.follow()
    assert story.ask(customer_of, browser) == browser


def test_what_is_said_after_a_merge_stays_with_the_identity_that_said_it(story, two):
    browser, anna = two
    story.identify(browser, {"colour": "green"})
    story.identify(anna, {"size": 39})
    story.follow()
    undo(story, anna)
    assert said(story, browser) == {"gift-quiz.for_whom": "My wife", "colour": "green"}
    assert said(story, anna) == {"name": "Anna", "size": "39"}


def test_of_two_merges_the_first_can_be_undone(story):
    first, second, third = (story.id("email", f"{n}@x.lv") for n in range(3))
    for identity in (first, second, third):
        story.tell("page", identity)
    story.identify(first, links=[second])
    story.identify(first, links=[third])
    story.follow()
    newer, older = story.ask(merging.joined, first)
    story.ask(merging.split, first, older.seq, older.other, story.now)
    story.follow()
    assert [story.ask(customer_of, one) for one in (first, second, third)] == [first, second, first]
    with pytest.raises(Unknown):
        story.ask(merging.split, first, older.seq, older.other, story.now)
    with pytest.raises(Unknown):
        story.ask(merging.split, second, newer.seq, newer.other, story.now)


def test_what_was_linked_to_the_one_who_leaves_goes_with_them(story):
    anna, boris, address = story.id("user", "anna"), story.id("customer", "7"), story.id("email", "b@x.lv")
    for identity in (anna, boris):
        story.tell("page", identity)
    story.identify(anna, links=[boris])
    story.identify(boris, links=[address])
    story.follow()
    assert story.ask(customer_of, address) == anna
    merge = next(one for one in story.ask(merging.joined, anna))
    story.ask(merging.split, anna, merge.seq, merge.other, story.now)
    story.follow()
    assert {one.value for one in story.ask(identities_of, boris)} == {"7", "b@x.lv"}


def test_two_undos_of_one_merge_undo_it_once(story, two):
    browser, anna = two
    merge = story.ask(merging.joined, anna)[0]
    for _ in range(2):
        story.ask(merging.split, anna, merge.seq, merge.other, story.now)
    story.follow()
    assert story.ask(customer_of, browser) == browser
    assert story.ask(store.list_quarantine) == []


def test_who_is_told_apart_is_joined_by_no_link(story):
    anna, email = story.id("user", "anna"), story.id("email", "a@x.lv")
    for identity in (anna, email):
        story.tell("page", identity)
    story.follow()
    story.ask(merging.tell_apart, anna, email, story.now)
    story.identify(anna, links=[email])
    story.follow()
    assert story.ask(customer_of, email) == email
    story.ask(merging.join, email, anna, story.now)
    story.follow()
    assert story.ask(customer_of, email) == anna
    with pytest.raises(Conflict):
        story.ask(merging.join, email, anna, story.now)
    with pytest.raises(Conflict):
        story.ask(merging.tell_apart, email, anna, story.now)
    with pytest.raises(Unknown):
        story.ask(merging.join, anna, 999_999, story.now)


def test_consent_of_two_is_the_stricter_one_and_each_has_their_own_after_an_undo(story, two):
    browser, anna = two
    story.consent(anna, granted=True, words="Write to me")
    story.consent(browser, granted=False, words="No mail", at=story.now - timedelta(days=9))
    story.follow()
    ask = lambda: story.ask(standing, [anna, browser], "marketing", "email")  # noqa: E731 (asked twice)
    assert {one: found.granted for one, found in ask().items()} == {anna: False, browser: False}
    undo(story, anna)
    assert {one: found.granted for one, found in ask().items()} == {anna: True, browser: False}


def test_what_was_forgotten_by_both_stays_forgotten_and_what_one_withdrew_alone_comes_back(story):
    first, second = story.id("email", "1@x.lv"), story.id("email", "2@x.lv")
    story.identify(first, {"size": 38, "colour": "red"})
    story.identify(second, {"size": 40, "colour": "blue"}, at=story.now - timedelta(days=2))
    story.tell("fact.forgotten", first, {"name": "colour"}, at=story.now)
    story.identify(first, links=[second])
    story.follow()
    assert said(story, first) == {"size": "38"}
    story.tell("fact.forgotten", first, {"name": "size", "beside": [second]}, at=story.now)
    story.follow()
    assert said(story, first) == {}
    undo(story, first)
    assert said(story, first) == {}
    assert said(story, second) == {"colour": "blue"}


def test_one_browser_brings_as_many_as_the_rules_say(story):
    def told(name, **rules):
        story.tell("identity.rules", 0, {"email": "strong", "phone": "strong", "devices": 1, **rules})
        browser, email, user = (story.id(kind, name) for kind in ("anonymous", "email", "user"))
        for identity in (browser, email, user):
            story.tell("page", identity)
        story.identify(browser, links=[email])
        story.identify(user, links=[browser])
        story.follow()
        return len({story.ask(customer_of, one) for one in (browser, email, user)})

    assert told("one@x.lv") == 2
    assert told("two@x.lv", devices=2) == 1
    assert told("none@x.lv", devices=0) == 3


def test_an_address_that_several_share_joins_nobody_and_rules_hold_from_when_they_were_made(story):
    email, anna, boris = story.id("email", "home@x.lv"), story.id("user", "anna"), story.id("customer", "7")
    for identity in (email, anna, boris):
        story.tell("page", identity)
    story.tell("identity.rules", 0, {"email": "weak", "phone": "strong", "devices": 1})
    story.identify(anna, links=[email])
    story.identify(boris, links=[email])
    story.follow()
    assert story.ask(customer_of, email) == anna
    assert story.ask(customer_of, boris) == boris
    story.tell("identity.rules", 0, {"email": "strong"})
    story.identify(boris, links=[email])
    story.follow()
    assert story.ask(customer_of, boris) == story.ask(customer_of, anna)
