"""Facts: every statement is kept, the right one holds, and none is of a type that nobody expects."""

from datetime import timedelta

import pytest

from regulars.remember.customers import get_customer, search
from regulars.remember.did import LABELS
from regulars.remember.facts import catalogue, current, declare, history
from regulars.remember.followers import FACTS
from regulars.store import records as store
from regulars.store.follow import rewind
from regulars.words.errors import Conflict, Invalid


def told(story, customer):
    """What was stated; what is computed from behaviour has a file of its own."""
    return [fact for fact in story.ask(current, customer) if fact.source != "did"]


def listed(story):
    return {name: fact for name, fact in story.ask(catalogue).items() if name not in LABELS}


def facts_of(story, customer):
    return {fact.name: fact for fact in told(story, customer)}


def test_an_answer_is_a_fact_in_the_customers_own_words(story):
    anna = story.id("user", "anna")
    seq = story.answer(
        anna,
        [
            {
                "question": "for_whom",
                "title": "For whom do you like to give?",
                "kind": "text",
                "value": "mother",
                "words": "My mother",
                "fact": "gift_for",
            },
            {"question": "budget", "kind": "number", "value": None, "words": "", "fact": None},
        ],
    )
    story.follow()
    facts = facts_of(story, anna)
    assert set(facts) == {"gift-quiz.for_whom", "gift_for"}
    fact = facts["gift_for"]
    assert (fact.value, fact.words, fact.source, fact.origin, fact.seq) == (
        "mother",
        "My mother",
        "said",
        "gift-quiz",
        seq,
    )
    assert fact.label == "For whom do you like to give?"
    assert fact.verified


def test_a_newer_statement_supersedes_and_the_older_one_is_kept(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"size": 38})
    story.follow()
    story.identify(anna, {"size": 39}, at=story.now + timedelta(days=1))
    story.follow()
    assert facts_of(story, anna)["size"].value == 39
    assert [fact.value for fact in story.ask(history, anna, "size")] == [39, 38]


def test_a_late_statement_about_earlier_never_supersedes(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"size": 39})
    story.follow()
    story.identify(anna, {"size": 36}, at=story.now - timedelta(days=100))
    story.follow()
    assert facts_of(story, anna)["size"].value == 39
    assert [fact.value for fact in story.ask(history, anna, "size")] == [39, 36]


def test_at_the_same_moment_the_later_in_the_log_holds(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"size": 38})
    story.identify(anna, {"size": 39})
    story.follow()
    assert facts_of(story, anna)["size"].value == 39


def test_what_nobody_has_verified_is_kept_but_neither_quoted_nor_put_before_what_is(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"city": "Riga", "colour": "red"})
    story.identify(anna, {"city": "Gotham", "hobby": "chess"}, verified=False, at=story.now + timedelta(days=1))
    story.follow()
    facts = facts_of(story, anna)
    assert facts["city"].words == "Riga"
    assert facts["hobby"].words == "chess"
    assert not facts["hobby"].verified
    assert [fact.words for fact in story.ask(history, anna, "city")] == ["Riga", "Gotham"]
    story.identify(anna, {"hobby": "go"}, at=story.now - timedelta(days=1))
    story.follow()
    assert facts_of(story, anna)["hobby"].words == "go"


def test_a_public_key_makes_up_no_facts_and_no_types(story):
    browser, anna = story.id("anonymous", "b"), story.id("user", "anna")
    story.identify(browser, {"born": "who knows", "size": 39, "made_up": "x"}, verified=False)
    story.follow()
    assert listed(story) == {}
    story.identify(anna, {"born": "1985-02-28"})
    story.follow()
    assert {name: fact.kind for name, fact in listed(story).items()} == {"born": "date"}
    assert {name: (fact.words, fact.value) for name, fact in facts_of(story, browser).items()} == {
        "born": ("who knows", None),
        "size": ("39", None),
        "made_up": ("x", None),
    }


def test_a_name_that_is_too_long_is_no_fact(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"n" * 201: 1, "o": {"n" * 199: 1}, "p": {"n" * 198: 1}})
    story.follow()
    assert list(facts_of(story, anna)) == ["p." + "n" * 198]


def test_types_are_those_first_seen_and_other_values_are_read_as_them_or_kept_as_words(story):
    anna = story.id("user", "anna")
    story.identify(
        anna,
        {
            "age": 41,
            "born": "1985-02-28",
            "vip": True,
            "likes": ["tea", "cake"],
            "city": "Riga",
            "address": {"zip": "LV-1010", "lines": {"first": "Brīvības 1"}},
            "nothing": None,
            "empty": "",
        },
    )
    story.follow()
    kinds = {name: fact.kind for name, fact in listed(story).items()}
    assert kinds == {
        "age": "number",
        "born": "date",
        "vip": "boolean",
        "likes": "list",
        "city": "text",
        "address.zip": "text",
        "address.lines.first": "text",
    }
    later = story.now + timedelta(days=1)
    story.identify(
        anna, {"age": "42", "born": "1985-02-28T00:00:00Z", "vip": "no", "likes": "tea", "city": 7}, at=later
    )
    story.follow()
    facts = facts_of(story, anna)
    assert [facts[name].value for name in ("age", "born", "vip", "likes", "city")] == [
        42,
        "1985-02-28",
        False,
        ["tea"],
        "7",
    ]
    story.identify(anna, {"age": "old enough", "born": "1985-02-30", "vip": 7}, at=later + timedelta(days=1))
    story.follow()
    facts = facts_of(story, anna)
    assert [(facts[name].value, facts[name].words) for name in ("age", "born", "vip")] == [
        (None, "old enough"),
        (None, "1985-02-30"),
        (None, "7"),
    ]


def test_a_fact_is_declared_once_with_one_type(story):
    story.ask(declare, "budget", "number", "Budget")
    story.ask(declare, "budget", "number", "What a gift may cost")
    with pytest.raises(Conflict):
        story.ask(declare, "budget", "text", "")
    with pytest.raises(Invalid):
        story.ask(declare, "budget2", "money", "")
    assert story.ask(catalogue)["budget"].label == "What a gift may cost"
    anna = story.id("user", "anna")
    story.identify(anna, {"budget": "25.50"})
    story.follow()
    assert facts_of(story, anna)["budget"].value == 25.5


@pytest.mark.parametrize(
    "props",
    [
        {"traits": ["no", "object"], "verified": True},
        {"traits": {"name": "zero \0 byte"}, "verified": True},
        {"traits": {"name": "Anna"}, "verified": "perhaps"},
    ],
)
def test_a_poison_statement_is_set_aside_and_leaves_nothing_behind(story, props):
    anna, boris = story.id("user", "anna"), story.id("user", "boris")
    story.identify(anna, {"name": "Anna"})
    bad = story.tell("identify", anna, props)
    story.identify(boris, {"name": "Boris"})
    story.follow()
    assert ("facts", bad) in [(q.follower, q.seq) for q in story.ask(store.list_quarantine)]
    assert facts_of(story, anna)["name"].words == "Anna"
    assert facts_of(story, boris)["name"].words == "Boris"
    assert story.sql("select count(*) from remember_fact where seq = %s", bad) == [(0,)]


def test_names_and_addresses_name_the_customer(story):
    anna = story.id("user", "anna")
    story.identify(anna, {"email": "anna@x.lv"})
    story.follow()
    assert story.ask(get_customer, anna).name == "anna@x.lv"
    story.identify(anna, {"first_name": "Anna", "last_name": "Ozola"})
    story.follow()
    assert story.ask(get_customer, anna).name == "Anna Ozola"
    story.identify(anna, {"name": "  Dr Anna\nOzola "})
    story.follow()
    assert story.ask(get_customer, anna).name == "Dr Anna Ozola"
    for text in ("ozol", "anna@x", "dr anna"):
        assert story.ask(search, text).total == 1


def test_a_replay_of_the_facts_gives_the_same_facts(story):
    anna, browser = story.id("user", "anna"), story.id("anonymous", "b")
    story.identify(browser, {"city": "Riga"}, verified=False)
    story.identify(anna, {"age": 41, "city": "Ventspils"}, links=[browser])
    story.identify(anna, {"age": "unknown"})
    story.follow()
    before = told(story, anna)
    with story.tx() as tx:
        rewind(tx, FACTS)
    assert told(story, anna) == []
    story.follow()
    assert told(story, anna) == before


def test_a_thousand_events_take_a_handful_of_statements(story, monkeypatch):
    from regulars.store.database import Tx

    people = [story.id("user", f"u{number}") for number in range(40)]
    for number in range(200):
        story.identify(people[number % 40], {"name": f"N{number}", "size": number})
    asked = []
    for name in ("all", "one", "rows", "values", "value", "run"):
        plain = getattr(Tx, name)
        monkeypatch.setattr(
            Tx, name, lambda tx, sql, *a, _plain=plain, **k: asked.append(sql) or _plain(tx, sql, *a, **k)
        )
    story.follow()
    assert len(asked) < 60
