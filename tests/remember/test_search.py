"""Search finds people by any piece of a name, in any script, and by what they are known by."""

import pytest

from regulars.remember.customers import search
from regulars.remember.folding import fold, patterns, sought

NAMES = ["Ieva Kalniņa", "王小明", "सुनीता शर्मा", "Łukasz Żółć", "Zoë O'Brien", "100%_sure"]


@pytest.fixture
def shop(story):
    for number, name in enumerate(NAMES):
        story.identify(story.id("user", f"user-{number}"), {"name": name})
    email = story.id("email", "ieva@kalni.example")
    story.identify(story.id("user", "user-0"), links=[email])
    story.tell("Order Completed", story.id("customer", "17850"))
    story.tell("page", story.id("anonymous", "0b2c-browser"))
    story.follow()
    return story


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kalnina", ["Ieva Kalniņa"]),
        ("ALNIŅ", ["Ieva Kalniņa"]),
        ("kalniņa ieva", ["Ieva Kalniņa"]),
        ("小明", ["王小明"]),
        ("明", ["王小明"]),
        ("नीता", ["सुनीता शर्मा"]),
        ("नता", []),
        ("lukasz zolc", ["Łukasz Żółć"]),
        ("zoe", ["Zoë O'Brien"]),
        ("o'b", ["Zoë O'Brien"]),
        ("0%_s", ["100%_sure"]),
        ("0_s", []),
        ("a@kalni.ex", ["Ieva Kalniņa"]),
        ("17850", [""]),
        ("0b2c-browser", []),
        ("nina kal xyz", []),
    ],
)
def test_a_piece_of_a_name_finds_it(shop, text, found):
    page = shop.ask(search, text)
    assert [customer.name for customer in page.customers] == found
    assert page.total == len(found)


def test_the_pairs_alone_do_not_make_a_match(story):
    story.identify(story.id("user", "u"), {"name": "banan ana nab"})
    story.follow()
    assert story.ask(search, "nanab").total == 0


def test_the_index_has_what_a_search_looks_for(story):
    for folded in ("ab c", "王小明", "x"):
        ((indexed,),) = story.sql("select remember_grams(%s)", folded)
        assert {*folded} | set(sought(folded)) <= set(indexed)


def test_the_newest_are_found_and_how_many_there_are(shop):
    whole = shop.ask(search, limit=50)
    ids = [customer.id for customer in whole.customers]
    assert ids == sorted(ids, reverse=True)
    some = shop.ask(search, limit=3)
    assert [customer.id for customer in some.customers] == ids[:3]
    assert some.total == whole.total == len(ids) == len(NAMES) + 2


def test_folding_keeps_what_a_script_needs():
    assert fold("Kalniņa  Straße") == "kalnina strasse"
    assert fold("हिन्दी") == "हिन्दी"
    assert fold("ＡＢＣ") == "abc"
    assert patterns("a_b 50%") == [r"%a\_b%", r"%50\%%"]
