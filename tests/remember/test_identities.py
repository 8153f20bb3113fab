"""Who is who: what joins, what never does, and that only the log's order decides."""

from datetime import timedelta

import pytest

from regulars.remember.customers import customer_of, get_customer, identities_of, search
from regulars.remember.facts import current
from regulars.remember.followers import FACTS, IDENTITY
from regulars.store import records as store
from regulars.store.follow import rewind
from regulars.words.errors import Unknown


def test_everybody_who_is_heard_becomes_a_customer(story):
    visitor = story.id("anonymous", "browser-1")
    story.tell("page", visitor, {"name": "Lanterns"})
    story.follow()
    assert story.ask(customer_of, visitor) == visitor
    assert story.ask(get_customer, visitor).created_at == story.now
    assert story.ask(customer_of, story.id("anonymous", "never-heard")) is None
    with pytest.raises(Unknown):
        story.ask(get_customer, 999_999)


def test_a_visitor_who_logs_in_is_the_user_and_what_was_said_before_is_kept(story):
    visitor, user = story.id("anonymous", "browser-1"), story.id("user", "anna")
    story.answer(visitor, [{"question": "for_whom", "kind": "text", "value": "mother", "words": "My mother"}])
    story.identify(user, {"name": "Anna"})
    story.follow()
    assert story.ask(customer_of, visitor) == visitor
    story.identify(user, links=[visitor])
    story.follow()
    assert story.ask(customer_of, visitor) == user
    assert story.ask(get_customer, visitor).id == user
    assert {i.value for i in story.ask(identities_of, visitor)} == {"browser-1", "anna"}
    assert {fact.name: fact.words for fact in story.ask(current, user) if fact.source != "did"} == {
        "name": "Anna",
        "gift-quiz.for_whom": "My mother",
    }
    assert story.sql("select count(*) from remember_current where customer_id = %s", visitor) == [(0,)]
    assert story.ask(search).total == 1
    events = story.ask(store.list_events, kind="customer.merged", before=None, limit=10)
    assert [(event.identity_id, event.props) for event in events] == [(user, {"winner": user, "loser": visitor})]
    assert events[0].cause == 3


def test_another_user_on_the_same_browser_does_not_swallow_the_first(story):
    browser, anna, boris = story.id("anonymous", "b"), story.id("user", "anna"), story.id("user", "boris")
    story.tell("page", browser)
    story.identify(anna, links=[browser])
    story.identify(boris, links=[browser])
    story.follow()
    assert story.ask(customer_of, browser) == story.ask(customer_of, anna) == anna
    assert story.ask(customer_of, boris) == boris


def test_a_browser_that_an_address_is_known_of_joins_nobody_else(story):
    browser, email, boris = story.id("anonymous", "b"), story.id("email", "a@x.lv"), story.id("user", "boris")
    story.identify(browser, links=[email])
    story.identify(boris, links=[browser])
    story.follow()
    assert story.ask(customer_of, browser) == story.ask(customer_of, email) == browser
    assert story.ask(customer_of, boris) == boris


def test_an_address_joins_the_user_unless_it_is_another_users(story):
    email, anna, boris = story.id("email", "a@x.lv"), story.id("user", "anna"), story.id("user", "boris")
    number = story.id("customer", "17850")
    story.tell("Order Completed", number)
    story.identify(number, links=[email])
    story.identify(anna, links=[email])
    story.identify(boris, links=[email])
    story.follow()
    assert story.ask(customer_of, email) == story.ask(customer_of, anna) == story.ask(customer_of, number)
    assert story.ask(customer_of, boris) == boris


def test_links_of_a_public_key_join_nobody(story):
    browser, email = story.id("anonymous", "b"), story.id("email", "a@x.lv")
    story.identify(browser, links=[email], verified=False)
    story.follow()
    assert story.ask(customer_of, browser) == browser
    assert story.ask(customer_of, email) is None


def test_a_named_customer_beats_a_nameless_one_and_then_the_older_id(story):
    first, second, user = story.id("email", "1@x.lv"), story.id("email", "2@x.lv"), story.id("user", "anna")
    for identity in (first, second, user):
        story.tell("page", identity)
    story.identify(second, links=[first])
    story.follow()
    assert story.ask(customer_of, second) == first
    story.identify(second, links=[user])
    story.follow()
    assert {story.ask(customer_of, identity) for identity in (first, second, user)} == {user}
    assert story.ask(get_customer, second).id == user


def test_a_chain_of_merges_in_one_batch_ends_with_the_last_winner(story):
    first, second, third, user = [story.id("email", f"{n}@x.lv") for n in range(3)] + [story.id("user", "anna")]
    for identity in (first, second, third, user):
        story.tell("page", identity)
    story.follow()
    story.identify(third, links=[second])
    story.identify(second, links=[first])
    last = story.identify(user, links=[first])
    story.follow()
    assert {story.ask(customer_of, identity) for identity in (first, second, third)} == {user}
    assert story.sql("select distinct seq from remember_identity where identity_id <> %s", user) == [(last,)]
    assert [row[0] for row in story.sql("select id from remember_customer")] == [user]


def test_a_merged_customer_was_met_when_the_first_of_both_was(story):
    visitor, user = story.id("anonymous", "b"), story.id("user", "anna")
    long_ago = story.now - timedelta(days=400)
    story.tell("page", visitor, at=long_ago)
    story.identify(user, links=[visitor])
    story.follow()
    assert story.ask(get_customer, user).created_at == long_ago


def test_an_identify_that_cannot_be_read_is_set_aside_and_the_others_go_on(story):
    user, other = story.id("user", "anna"), story.id("user", "boris")
    bad = story.tell("identify", user, {"links": "not a list", "verified": True})
    story.tell("page", other)
    story.follow()
    assert [(q.follower, q.seq) for q in story.ask(store.list_quarantine)] == [("identity", bad)]
    assert story.ask(customer_of, other) == other


def test_a_replay_from_zero_gives_the_same_and_says_nothing_again(story):
    browser, email, anna = story.id("anonymous", "b"), story.id("email", "a@x.lv"), story.id("user", "anna")
    for identity in (browser, email, anna):
        story.tell("page", identity)
    story.identify(anna, {"name": "Anna", "age": 41}, links=[browser, email])
    story.identify(anna, {"age": 42})
    story.follow()
    tables = ("remember_identity", "remember_customer", "remember_fact", "remember_current")
    before = {table: sorted(map(repr, story.sql(f"select * from {table}"))) for table in tables}
    head = story.ask(store.head)
    with story.tx() as tx:
        rewind(tx, IDENTITY)
        rewind(tx, FACTS)
    assert story.ask(search).total == 0
    story.follow()
    assert {table: sorted(map(repr, story.sql(f"select * from {table}"))) for table in tables} == before
    assert story.ask(store.head) == head
