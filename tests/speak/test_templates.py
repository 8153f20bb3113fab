import gc
from contextlib import suppress

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.speak.context import Brand, Choice, Context, Question, Quote, greeted
from regulars.speak.templates import Template, check, facts_of, render
from regulars.words.errors import Invalid, RegularsError, TooLarge

LEAVE = " {{ unsubscribe_url }}"


def template(html="x", text="x", subject="Hello"):
    return Template(1, "t", 1, subject, html, text, None)


def context(**told):
    return Context(
        told={name: Quote(words, words, n + 1) for n, (name, words) in enumerate(told.items())},
        unsubscribe_url="https://shop/u/1",
        shop="The Gift House",
    )


def test_it_quotes_the_customers_words_and_says_which_facts_it_used():
    said = render(
        template('You give to {{ told.gift_for | default("someone") }} for {{ told.occasion | default("a day") }}.'),
        context(gift_for="My mother", budget="50"),
    )
    assert said.html == "You give to My mother for a day."
    assert said.used.told == {"gift_for": Quote("My mother", "My mother", 1)}


def test_a_fact_with_dots_in_its_name_is_quoted_by_brackets():
    wanted = template('{{ told["gift-quiz.for_whom"] | default("you") }}')
    assert facts_of(wanted) == {"gift-quiz.for_whom"}
    rendered = render(wanted, Context(told={"gift-quiz.for_whom": Quote("Dad", "dad", 7)}))
    assert rendered.html == "Dad"


def test_html_is_escaped_and_text_is_not():
    said = render(
        template('{{ told.x | default("") }}', '{{ told.x | default("") }}', '{{ told.x | default("") }}'),
        context(x='<b>"Tom & Jerry"</b>'),
    )
    assert said.html == "&lt;b&gt;&quot;Tom &amp; Jerry&quot;&lt;/b&gt;"
    assert said.text == said.subject == '<b>"Tom & Jerry"</b>'


def test_the_question_and_its_choices_are_links():
    question = Question("f", "How much?", "https://s/f/f?m=t", (Choice("Up to £20", "https://s/f/f?m=t&b=20"),))
    source = '{% for c in ask.choices %}<a href="{{ c.url }}">{{ c.text }}</a>{% endfor %}'
    said = render(template(source), Context(ask=question))
    assert said.html == '<a href="https://s/f/f?m=t&amp;b=20">Up to £20</a>'


def test_a_rendering_can_be_repeated_from_what_it_used():
    wanted = template('{{ told.x | default("-") }} {{ first_name | default("friend") }} {{ shop }}')
    first = render(wanted, context(x="y", z="w"))
    assert render(wanted, first.used) == first


@given(st.text())
def test_a_subject_is_one_line_whatever_the_customer_said(words):
    said = render(template(subject='Hi {{ told.x | default("") }}'), context(x=words))
    assert len(said.subject.splitlines()) == 1
    assert not any(ord(sign) < 32 for sign in said.subject)


@given(st.text())
def test_nothing_a_customer_says_becomes_markup(words):
    html = render(template('<p title="{{ told.x | default("") }}">'), context(x=words)).html
    assert html.count("<") == 1
    assert html.count('"') == 2


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("one\n{{ two", "Line 2 of the HTML"),
        ("{% if x %}", "Line 1 of the HTML: unexpected end"),
        ("{{ told.gift_for }}", "told.gift_for (HTML, 1)"),
        ("{{ told.a }}\n{{ told['b'] }}", "told.a (HTML, 1), told.b (HTML, 2)"),
        ("{{ name }}", "Missing for: name"),
        ("{% if told.a == 'x' %}{% endif %}", "told.a (HTML, 1)"),
        ("{% if not told.a %}{{ told.a }}{% endif %}", "told.a (HTML, 1)"),
        ("{% if told.a %}{% else %}{{ told.a }}{% endif %}", "told.a (HTML, 1)"),
        ("{{ told }}", "needs the name of a fact"),
        ("{% for k in told %}{% endfor %}", "needs the name of a fact"),
        ("{{ nmae }}", "uses nmae"),
        ("{{ told.a | safe }}", "no filter 'safe'"),
        ("{{ ask.title }}", "fallback"),
        ("{% set a = 'x' %}", "'set' cannot be used"),
        ("{% macro f() %}{% endmacro %}", "'macro' cannot be used"),
        ("{% autoescape false %}{% endautoescape %}", "'autoescape' cannot be used"),
        ("{% include 'x' %}", "'include' cannot be used"),
        ("{{ 'x' * 1000000 }}", "'*' cannot be used"),
        ("{{ 'x' ~ 'y' }}", "'~' cannot be used"),
        ("{% for a in ['x'] %}{% endfor %}", "'[' cannot be used"),
        ("{{ debug() }}", "debug"),
        ("{{ shop.upper() }}", "method"),
        ("{{ ask }}", "not a text"),
    ],
)
def test_a_template_that_could_not_be_sent_to_everybody_is_refused_with_the_reason(source, says):
    with pytest.raises(Invalid) as refused:
        check("Hello", source + LEAVE, LEAVE, ask=source == "{{ ask }}")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "source",
    [
        '{{ told.a | default("b") }}',
        "{% if told.a %}You said {{ told.a }}{% endif %}",
        '{% if told.a and told["b.c"] %}{{ told.a | upper }} {{ told["b.c"] }}{% elif told.d %}{{ told.d }}{% endif %}',
        "{% if told.a is defined %}{{ told.a }}{% endif %}",
        '{{ first_name | default("as I was told, friend") }}',
        "{# told.a, by * and ~ #}",
        "{% for c in ask.choices %}{{ loop.index }} {{ c.text }} {{ c.url }}{% endfor %}",
    ],
)
def test_what_has_a_fallback_is_taken(source):
    check("Hello", source + LEAVE, LEAVE, ask=True)


def test_a_template_without_the_way_out_or_without_a_subject_is_refused():
    with pytest.raises(Invalid, match="lets its reader leave"):
        check("Hello", "x", LEAVE)
    with pytest.raises(Invalid, match="subject is empty"):
        check(" ", LEAVE, LEAVE)


CHOICES = Question("f", "t", "u", tuple(Choice("x", "u") for _ in range(50)))
ROUND = "{% for c in ask.choices %}"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (ROUND * 8 + "x" + "{% endfor %}" * 8, ""),
        (ROUND * 3 + "y" * 50_000 + "{% endfor %}" * 3, ""),
        (ROUND + '{{ told.x | default("") }}' + "{% endfor %}", "z" * 100_000),
        ("{% if shop %}" * 5000 + "{% endif %}" * 5000, ""),
        ("{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}", ""),
        ("x" * 5_000_000, ""),
    ],
)
def test_bombs_are_stopped(source, words):
    with pytest.raises((Invalid, TooLarge)):
        render(template(source), Context(ask=CHOICES, told={"x": Quote(words, words, 1)}))


@given(st.text(alphabet="{}%#|.'\"[]() toldefaultx-\n", max_size=60))
def test_whatever_is_written_is_checked_or_refused_never_a_crash(source):
    with suppress(RegularsError):
        check("s", source + LEAVE, LEAVE)


@pytest.mark.parametrize("inner", ["__class__", "_quotes", "_read", "__getitem__"])
def test_no_python_object_can_be_reached(inner):
    with pytest.raises(Invalid):
        render(template("{{ told." + inner + " }}"), context(x="y"))
    with pytest.raises(Invalid):
        render(template('{{ (told.x | default("")).' + inner + " }}"), context(x="y"))


@pytest.mark.parametrize(
    ("known", "says"),
    [("Ieva Kalniņa", ("Ieva Kalniņa", "Ieva")), ("ieva@example.com", (None, None)), ("", (None, None))],
)
def test_nobody_is_greeted_by_an_address(known, says):
    assert greeted(known) == says


@pytest.mark.parametrize(
    ("name", "given", "first"),
    [
        ("王小明", None, "王小明"),
        ("王小明", "小明", "小明"),
        ("田中 さくら", None, "田中 さくら"),
        ("田中 さくら", "さくら", "さくら"),
        ("김 민수", None, "김 민수"),
        ("अनीता शर्मा", None, "अनीता"),
        ("Ieva Kalniņa", "Ieviņa", "Ieviņa"),
        ("Ieva Kalniņa", " ", "Ieva"),
        ("Ieva Kalniņa", "ieva@example.com", "Ieva"),
        (None, "Ieva", "Ieva"),
    ],
)
def test_a_customer_is_greeted_by_the_first_name_given_else_by_what_can_be_one(name, given, first):
    assert greeted(name, given) == (name, first)


def test_a_template_wears_the_brand():
    brand = Brand("The Gift House", "#1f5f4a", "#ffffff", "https://gifts.example/brand/gifts/a.png")
    html = (
        '<p style="background:{{ brand.colour }};color:{{ brand.on_colour }}">{{ brand.title }}</p>'
        '{% if brand.logo %}<img src="{{ brand.logo }}" alt="">{% endif %}<a href="{{ unsubscribe_url }}">x</a>'
    )
    check("Hello", html, "{{ brand.title }} {{ unsubscribe_url }}")
    template = Template(1, "t", 1, "Hello", html, "{{ brand.title }} {{ unsubscribe_url }}", None)
    worn = render(template, Context(brand=brand, unsubscribe_url="u"))
    assert 'style="background:#1f5f4a;color:#ffffff">The Gift House' in worn.html
    assert '<img src="https://gifts.example/brand/gifts/a.png"' in worn.html
    before = render(template, Context(shop="The Gift House", unsubscribe_url="u"))
    assert "<img" not in before.html
    assert "The Gift House" in before.text


def test_a_template_that_is_looked_at_and_not_kept_leaves_nothing_in_memory():
    def look(number):
        check(f"Hello {number}", "<p>{{ unsubscribe_url }}</p>", "{{ unsubscribe_url }}")

    for number in range(50):
        look(number)
    before = psutil.Process().memory_info().rss
    for number in range(400):
        look(number)
    gc.collect()
    assert psutil.Process().memory_info().rss - before < 6_000_000
