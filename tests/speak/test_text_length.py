"""How long a text message is, as gateways count."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.speak.text_length import measure


@pytest.mark.parametrize(("text", "plain", "parts", "left"), [
    ("", True, 0, 160),
    ("a" * 160, True, 1, 0),
    ("a" * 161, True, 2, 145),
    ("a" * 306, True, 2, 0),
    ("a" * 307, True, 3, 152),
    ("€" * 80, True, 1, 0),
    ("€" * 81, True, 2, 143),
    ("ā" * 70, False, 1, 0),
    ("ā" * 71, False, 2, 63),
    ("🎁" * 35, False, 1, 0),
    ("🎁" * 36, False, 2, 61),
    ("Åäöéà£¥@", True, 1, 152),
])  # fmt: skip
def test_parts(text, plain, parts, left):
    found = measure(text)
    assert (found.plain, found.parts, found.left) == (plain, parts, left)


def test_what_takes_two_places_is_not_cut_in_half():
    assert measure("a" * 152 + "€" + "a" * 152).parts == 3, "the euro goes whole into the second part"
    assert measure("a" * 151 + "€" + "a" * 153).parts == 2


def test_it_says_which_characters_make_it_dear_and_what_it_costs():
    found = measure("Sveika, Māra! Tev 🎁 Māra")
    assert found.dear == "ā🎁"
    assert measure("a" * 161).cost(Decimal("0.045")) == Decimal("0.090")


@given(st.text(max_size=700))
def test_all_of_it_has_room_in_its_parts_and_not_in_one_less(text):
    found = measure(text)
    alone, part = (160, 153) if found.plain else (70, 67)
    room = alone if found.parts <= 1 else part
    assert found.places <= found.parts * room
    assert found.parts <= 1 or found.places > (found.parts - 1) * (room - 1) or found.places > alone
    assert 0 <= found.left <= alone
