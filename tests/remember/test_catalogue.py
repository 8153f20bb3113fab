"""The catalogue of facts: what is said of each, versions, what contradicts, and what is past its shelf life."""

from datetime import timedelta

import pytest

from regulars.remember import catalogue, correcting, facts
from regulars.remember.catalogue import Said
from regulars.words.errors import Invalid, Overtaken, Unknown


@pytest.fixture
def anna(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"size": 38})
    story.follow()
    return anna


def test_what_is_said_of_a_fact_has_versions_and_can_be_as_it_was(story, anna):
    said = Said("Shoe size", {"lv": "Izmērs"}, 365, sensitive=True, purposes=["service"])
    saved = story.ask(catalogue.save, "size", said, story.now)
    assert (saved.version, saved.called("lv-LV"), saved.called("de")) == (2, "Izmērs", "Shoe size")
    assert story.ask(catalogue.save, "size", said, story.now).version == 2, "the same again changes nothing"
    with pytest.raises(Overtaken), story.tx() as tx:
        catalogue.save(tx, "size", Said("Size"), story.now, replaces=1)
    back = story.ask(catalogue.restore, "size", 1, story.now)
    assert (back.version, back.sensitive, back.purposes, back.shelf_days) == (3, False, None, None)
    assert [one.version for one in story.ask(catalogue.versions, "size")] == [3, 2, 1]


@pytest.mark.parametrize("said", [Said(shelf_days=0), Said(purposes=["Not a purpose!"]), Said("x" * 300)])
def test_what_cannot_be_is_refused(story, anna, said):
    with pytest.raises(Invalid), story.tx() as tx:
        catalogue.save(tx, "size", said, story.now)
    with pytest.raises(Unknown), story.tx() as tx:
        catalogue.save(tx, "shoe", Said(), story.now)


def test_a_fact_is_refused_for_what_it_is_not_for(story, anna):
    story.ask(catalogue.save, "size", Said(purposes=["service"]), story.now)
    story.ask(catalogue.check_use, ["size", "never-heard"], "service")
    with pytest.raises(Invalid, match="size"), story.tx() as tx:
        catalogue.check_use(tx, ["size"], "marketing")


def test_it_is_stale_after_its_shelf_life(story, anna):
    entry = story.ask(catalogue.save, "size", Said(shelf_days=30), story.now)
    assert not catalogue.stale(entry, story.now - timedelta(days=30), story.now)
    assert catalogue.stale(entry, story.now - timedelta(days=31), story.now)
    assert not catalogue.stale(None, story.now - timedelta(days=999), story.now)


def test_sensitive_words_are_masked(story, anna):
    known = catalogue.masked(story.ask(facts.current, anna), {"size"})
    assert {(one.words, one.value) for one in known if one.name == "size"} == {("•••", None)}


def test_two_sources_that_differ_are_shown_until_somebody_says_which_holds(story, anna):
    answer = {"question": "size", "kind": "number", "value": 40, "words": "40", "fact": "size"}
    story.answer(anna, [answer], at=story.now + timedelta(days=2))
    story.follow()
    (other,) = story.ask(catalogue.contradictions, anna)["size"]
    assert (other.words, other.origin) == ("38", "identify")
    held = [one for one in story.ask(facts.current, anna) if one.name == "size"]
    care = correcting.Care(by="Harriet")
    story.ask(correcting.state, anna, {"size": ""}, 38, "38", held[0].at, care)
    story.follow()
    assert story.ask(catalogue.contradictions, anna) == {}


@pytest.mark.parametrize(("value", "days"), [(38, 2), (40, 90)])
def test_the_same_value_and_a_change_over_time_are_no_contradiction(story, anna, value, days):
    answer = {"question": "size", "kind": "number", "value": value, "words": str(value), "fact": "size"}
    story.answer(anna, [answer], at=story.now + timedelta(days=days))
    story.follow()
    assert story.ask(catalogue.contradictions, anna) == {}


def test_how_many_know_it_and_which_values_they_have(story, anna):
    bert = story.id("user", "bert")
    story.identify(bert, {"size": 40})
    story.follow()
    assert story.ask(catalogue.how_many, ["size"]) == {"size": 2}
    assert story.ask(catalogue.distribution, "size") == [("38", 1), ("40", 1)]
