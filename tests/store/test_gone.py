"""By what somebody is looked for who goes: it finds them, and nobody else, whatever strangers call themselves."""

import re

import msgspec
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as some

from regulars.hear.identities import Identity
from regulars.loop.forgetting import _needles  # what it looks for is not seen from outside
from regulars.store.gone import Gone, whole

SIGNS = some.text('ab" :,{}[]\\tTrue.é0', max_size=12)
THINGS = some.recursive(
    some.none() | some.booleans() | some.integers(0, 99) | SIGNS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(SIGNS, inner, max_size=3),
    max_leaves=8,
)


def values(thing) -> set[str]:
    match thing:
        case str():
            return {thing.lower()}
        case list():
            return set().union(*map(values, thing))
        case dict():
            return set().union(*map(values, thing.values()))
    return set()


@pytest.fixture(scope="module")
def finds(postgres):
    """Whether patterns find somebody in JSON, as the database says and as Python says."""
    with psycopg.connect(postgres, autocommit=True) as connection:

        def asked(patterns, thing):
            text = msgspec.json.encode(thing).decode()
            (found,) = connection.execute("select %s::text ~* any (%s::text[])", (text, patterns)).fetchone()
            assert found == any(re.search(one, text, re.IGNORECASE) for one in patterns)
            return found

        yield asked


@given(name=SIGNS, thing=THINGS)
def test_a_name_finds_who_is_called_so_and_nothing_else(finds, name, thing):
    needle = whole(name)
    if needle is not None:
        assert finds(Gone([], 0, [needle]).patterns, {"label": name, "more": thing})
        assert finds(Gone([], 0, [needle]).patterns, thing) == (name.lower() in values(thing))


@pytest.mark.parametrize("name", ["} {", '": "', ", ", 'null, "', "true ,", "{ }"])
def test_signs_of_json_are_nobodys_name(name):
    assert whole(name) is None


@given(thing=THINGS, address=some.sampled_from(["anna@post.example", "+37120998877"]))
def test_an_address_is_found_wherever_it_stands_apart(finds, thing, address):
    patterns = Gone([], 0, [address]).patterns
    assert not finds(patterns, thing)
    assert finds(patterns, [thing, f"Write to {address}."])
    assert not finds(patterns, [thing, f"jo{address}", f"{address}0"])


def test_a_short_id_or_a_mere_word_is_looked_for_nowhere_and_an_anonymous_one_as_a_value(finds):
    known = [
        ("anonymous", "customer"),
        ("anonymous", "2026-11-29T02"),
        ("user", "administrators"),
        ("user", "u-2026-00012"),
    ]
    patterns = Gone([], 0, _needles([Identity(0, *one) for one in known], "Anna Maria")).patterns
    for other in ("Every customer", "at 2026-11-29T02:23", "administrators", "Anna Maria Schmidt", "u-2026-000123"):
        assert not finds(patterns, {"said": other})
    for theirs in ("2026-11-29T02", "anna maria", "order of u-2026-00012"):
        assert finds(patterns, {"said": theirs})
