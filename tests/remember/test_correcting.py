"""What customers put right or have forgotten: it holds, whatever arrives later about earlier, and after a replay."""

from datetime import timedelta

import pytest

from regulars.remember import correcting
from regulars.remember.customers import get_customer
from regulars.remember.facts import current, history
from regulars.remember.followers import FACTS
from regulars.store.follow import rewind
from regulars.words.kinds import FACT_FORGOTTEN


@pytest.fixture
def anna(story):
    return story.id("user", "anna")


def told(story, customer):
    return [fact for fact in story.ask(current, customer) if fact.source != "did"]


def facts_of(story, customer):
    return {fact.name: fact for fact in told(story, customer)}


def forget(story, who, name="size", *, days=1):
    story.tell(FACT_FORGOTTEN, who, {"name": name}, at=story.now + timedelta(days=days))
    story.follow()


def correct(story, who, name, value, words):
    known = [facts_of(story, who)[name]]
    story.ask(correcting.correct, who, known, value, words, story.now + timedelta(days=1))


def test_a_correction_is_a_statement_of_their_own(story, anna):
    story.identify(anna, {"size": 38}, at=story.now + timedelta(days=30))
    story.follow()
    correct(story, anna, "size", 39, "39")
    assert story.ask(correcting.unheard, anna)["size"].words == "39"
    story.follow()
    fact = facts_of(story, anna)["size"]
    assert (fact.value, fact.words, fact.source, fact.origin, fact.verified) == (39, "39", "said", "your page", True)
    assert [one.value for one in story.ask(history, anna, "size")] == [39, 38]
    assert story.ask(correcting.unheard, anna) == {}


def test_what_is_forgotten_leaves_with_everything_that_was_said_before(story, anna):
    story.identify(anna, {"size": 38, "city": "Riga"})
    story.identify(anna, {"size": 39}, at=story.now + timedelta(hours=1))
    story.follow()
    with story.tx() as tx:
        correcting.forget(tx, anna, [one for one in current(tx, anna) if one.name == "size"], story.now)
    assert story.ask(correcting.unheard, anna) == {"size": None}
    story.follow()
    assert set(facts_of(story, anna)) == {"city"}
    assert story.ask(history, anna, "size") == []


def test_what_arrives_late_about_earlier_stays_forgotten_and_what_is_said_anew_is_remembered(story, anna):
    story.identify(anna, {"size": 38})
    forget(story, anna)
    story.identify(anna, {"size": 37}, at=story.now)
    story.follow()
    assert facts_of(story, anna) == {}
    story.identify(anna, {"size": 40}, at=story.now + timedelta(days=2))
    story.follow()
    assert facts_of(story, anna)["size"].value == 40
    assert [one.value for one in story.ask(history, anna, "size")] == [40]


def test_it_is_forgotten_over_all_identities_also_of_those_who_are_merged_later(story, anna):
    browser, phone = story.id("anonymous", "b"), story.id("anonymous", "p")
    story.identify(browser, {"size": 36})
    story.identify(phone, {"size": 37})
    story.identify(anna, {"size": 38}, links=[browser])
    forget(story, browser)
    assert "size" not in facts_of(story, anna)
    story.identify(anna, links=[phone])
    story.follow()
    assert facts_of(story, anna) == {}


def test_nobody_else_loses_anything(story, anna):
    boris = story.id("user", "boris")
    story.identify(anna, {"size": 38})
    story.identify(boris, {"size": 44})
    forget(story, anna)
    assert facts_of(story, boris)["size"].value == 44


def test_a_forgotten_name_names_nobody(story, anna):
    story.identify(anna, {"name": "Anna Ozola", "email": "anna@x.lv"})
    forget(story, anna, "name")
    assert story.ask(get_customer, anna).name == "anna@x.lv"


def test_a_replay_gives_the_same(story, anna):
    story.identify(anna, {"size": 38, "city": "Riga"})
    forget(story, anna)
    story.identify(anna, {"size": 41}, at=story.now + timedelta(days=3))
    story.follow()
    correct(story, anna, "city", "Cēsis", "Cēsis")
    forget(story, anna, "name", days=4)
    before = told(story, anna)
    assert {one.name for one in before} == {"size", "city"}
    with story.tx() as tx:
        rewind(tx, FACTS)
    story.follow()
    assert told(story, anna) == before
