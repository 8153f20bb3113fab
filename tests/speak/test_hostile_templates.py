"""Templates that would stop the process or break out of their place, each refused or harmless, and soon."""

import pytest

from regulars.speak.templates import Template, facts_of
from regulars.speak.tracking import _walked
from regulars.words.errors import RegularsError

LONG = [
    "{{ " + "-" * 25_000 + "1 }}", "{{ shop" + "|d" * 30_000 + " }}", "{{ shop" + ".a" * 30_000 + " }}",
    "{{ " + "not " * 20_000 + "1 }}", "{% if 1" + " or 1" * 15_000 + " %}x{% endif %}", "{{ " + "x" * 90_000,
]  # fmt: skip


@pytest.mark.parametrize("source", LONG, ids=lambda one: one[:12])
def test_what_the_engine_would_read_by_recursion_is_refused(source):
    with pytest.raises(RegularsError, match="2000 characters at most"):
        facts_of(Template(1, "bomb", 1, "Hi", f"<p>{source}</p>", "text", None))


def led(html):
    found = []
    return _walked(html, "", lambda number, url: found.append(url) or f"https://l.example/{number}")[0], found


def test_a_customers_words_in_an_attribute_are_no_link_and_break_out_of_nothing():
    said = "a href=https://shop.example/ style=position:fixed;inset:0 onclick=alert(1) b"
    html = f'<a title="For {said}" href="https://shop.example/x">x</a>'
    assert led(html) == (f'<a title="For {said}" href="https://l.example/1">x</a>', ["https://shop.example/x"])


def test_links_are_found_however_they_are_written():
    html = "<A CLASS=b data-x='>' HREF = 'https://a.example/1'>1</A><area alt=\"\" href=https://a.example/2>"
    assert led(html)[1] == ["https://a.example/1", "https://a.example/2"]
    assert led('<a data-href="https://a.example/1">1</a>')[1] == []


def test_a_hundred_thousand_characters_of_half_a_link_take_no_time():
    for bomb in ("<a " * 33_000, "<a x" * 25_000, "<a x=" * 20_000, '<a x="' * 16_000, "<a " + "x " * 49_000):
        assert led(bomb)[1] == []
