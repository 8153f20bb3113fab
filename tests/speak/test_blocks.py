"""A template composed of blocks is a template like any other, and what is written into it is words and no more."""

import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.speak.block_mail import source_of
from regulars.speak.blocks import (
    Ask,
    Blocks,
    Button,
    Divider,
    Heading,
    Image,
    Only,
    Paragraph,
    Signature,
    TheirWords,
)
from regulars.speak.context import Brand, Choice, Context, Question, Quote
from regulars.speak.markup import Place, places, safe_address
from regulars.speak.templates import Template, check, facts_of, forms_of, render, segments_of
from regulars.words.errors import Invalid

SHOP = Brand("The Gift House", "#9c3f24", "#ffffff")
WORDS = st.text() | st.text(alphabet="{}%#*[]()<>\"'& \n|ab\\:/", max_size=60)


def template(*body, **more):
    source = source_of(Blocks(body=body, **more))
    check("Hello", source.html, source.text, ask=bool(source.ask))
    return Template(1, "t", 1, "Hello", source.html, source.text, source.ask)


def read(made, *, segments=(), forms=(), ask=None, first_name=None, **told):
    quotes = {name: Quote(words, words, n + 1) for n, (name, words) in enumerate(told.items())}
    links = {form: f"https://s/f/{form}?m=t" for form in forms}
    context = Context(
        told=quotes, first_name=first_name, segments=segments, forms=links, ask=ask, brand=SHOP, shop="The Gift House"
    )
    return render(made, context)


class Tags(HTMLParser):
    """Every element with its attributes, and every word that stands between them."""

    def __init__(self, html):
        super().__init__()
        self.found, self.words = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def names(html):
    return [tag for tag, _ in Tags(html).found]


def test_blocks_say_the_same_as_html_and_as_text():
    made = template(
        Heading('Hello {{ first_name | default("there") }}'),
        Paragraph(text="Two lines\nof **one** and *another*.\n\n[Read on](https://example.com/a?b=1&c=2)."),
        Divider(),
        Signature("Yours,\n{{ brand.title }}"),
        preheader="A word for {{ shop }}",
    )
    said = read(made, first_name="Ieva")
    assert said.text.startswith(
        "Hello Ieva\n\nTwo lines\nof one and another.\n\nRead on (https://example.com/a?b=1&c=2)."
    )
    assert "Yours,\nThe Gift House" in said.text
    seen = Tags(said.html)
    assert "Hello Ieva" in seen.words
    assert "A word for The Gift House" in seen.words
    assert ("a", "https://example.com/a?b=1&c=2") in {(tag, attrs.get("href")) for tag, attrs in seen.found}
    assert {"strong", "em", "br", "h1"} <= set(names(said.html))


def test_whoever_told_nothing_reads_what_stands_there_for_them():
    made = template(
        Paragraph('Hello {{ first_name | default("there") }}'),
        TheirWords(fact="gift_for", lead="you told us:", otherwise="tell us for whom you give."),
        Paragraph("Only for some.", only=Only(fact="occasion", segment="regulars-in-riga")),
        Paragraph("Members.", only=Only(segment="regulars-in-riga"), otherwise="Guests."),
    )
    assert facts_of(made) == {"gift_for", "occasion"}
    assert segments_of(made) == {"regulars-in-riga"}
    some = read(made, gift_for="My <b>mother</b>", occasion="May", segments=("regulars-in-riga",))
    none = read(made, occasion="May")
    assert "“My <b>mother</b>”" in some.text
    assert "My &lt;b&gt;mother&lt;/b&gt;" in some.html
    assert ["Only for some." in one.text for one in (some, none)] == [True, False]
    assert "Members." in some.text
    assert "Guests." not in some.text
    assert "tell us for whom you give." in none.text
    assert "you told us" not in none.text
    assert "Guests." in none.text
    assert render(made, some.used) == some


def test_a_question_and_a_button_lead_each_customer_to_forms_by_a_link_of_their_own():
    made = template(Ask(form="gift-quiz"), Button(text="The quiz", to="form:other-quiz"), Paragraph("[x](form:third)"))
    assert made.ask == "gift-quiz"
    assert forms_of(made) == {"other-quiz", "third"}
    question = Question("gift-quiz", "For whom?", "https://s/q", (Choice("Me", "https://s/q?for=me"),))
    said = read(made, ask=question, forms=("other-quiz", "third"))
    links = [attrs.get("href") for tag, attrs in Tags(said.html).found if tag == "a"]
    assert links[:3] == ["https://s/q?for=me", "https://s/f/other-quiz?m=t", "https://s/f/third?m=t"]
    assert "The quiz: https://s/f/other-quiz?m=t" in said.text
    assert "For whom?" not in read(made, forms=("other-quiz", "third")).text, "the form was closed"


def test_every_mail_can_be_left_whatever_is_composed():
    made = template(Heading("x"), why=" ", leave="")
    said = render(made, Context(unsubscribe_url="https://s/u/1", why_url="https://s/why/1", brand=SHOP, shop="s"))
    assert '<a class="soft" href="https://s/u/1" style="color:#6b6259">Stop these e-mails</a>' in said.html
    assert "https://s/u/1" in said.text


def test_what_runs_from_right_to_left_does():
    assert '<html lang="he" dir="rtl">' in template(Heading("שלום"), language="he").html
    assert 'dir="ltr"' in template(Heading("Sveiki"), language="lv").html


@given(WORDS)
def test_words_are_words_in_html_and_in_text(words):
    body = (
        Paragraph(text=f"x{words}"),
        Paragraph("x", only=Only(fact="f"), otherwise=words),
        TheirWords(fact="f", otherwise=words),
    )
    try:
        made = template(*body, preheader=words, why=words, leave=words)
    except Invalid:
        return
    said = read(made, f="known")
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "table",
        "tr",
        "td",
        "span",
        "p",
        "br",
        "a",
        "em",
        "strong",
    }
    assert set(names(said.html)) <= allowed
    assert all(not name.startswith("on") for _, attrs in Tags(said.html).found for name in attrs)
    assert said.html.count("<a ") == said.html.count("</a>")


@given(WORDS)
def test_what_is_no_sign_is_kept_to_the_letter(words):
    if re.search(r"[*\[\x00-\x1f\x7f-\x9f\ue000]|\{\{", words) or not words.strip():
        return
    made = template(Heading(f"a{words}z"))
    assert f"a{words}z" in read(made).text
    assert f"a{words}z" in Tags(read(made).html).words


@given(WORDS)
def test_nothing_a_customer_says_becomes_markup(words):
    made = template(
        TheirWords(fact="f"), Paragraph('{{ told.f | default("-") }}', only=Only(segment="s"), otherwise="")
    )
    plain, said = read(made, f="x", segments=("s",)), read(made, f=f"x{words}", segments=("s",))
    assert names(said.html) == names(plain.html)
    assert [len(attrs) for _, attrs in Tags(said.html).found] == [len(attrs) for _, attrs in Tags(plain.html).found]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x",
        "//evil", "example.com", "https:", "https://", "http://[", 'https://a/"onclick="x', "https://a/{{ told.x }}",
        "https://a b/", "form:", "form:../x", 'form:x"] }}', "", "file:///etc/passwd", "https://a/<script>", "https://a/'x",
    ],
)  # fmt: skip
def test_an_address_leads_to_a_page_a_form_or_a_person(address):
    for block in (Button(text="x", to=address), Image(url=address), Image(url="https://a/x.png", to=address or "x")):
        with pytest.raises(Invalid):
            source_of(Blocks(body=(block,)))


def test_addresses_that_are_some():
    for address in (
        "https://a.example/x?y=1&z=2#w",
        "http://a.example",
        "mailto:a@b.example",
        "tel:+371200",
        "form:gift-quiz",
    ):
        assert safe_address(address) == address


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ((Heading("x"), Heading(" ")), "block:1", "says nothing"),
        ((Paragraph("{{ told.x }}"),), "block:0", "told.x has no fallback"),
        ((Paragraph("x", only=Only(fact="y"), otherwise="{{ told.y }}"),), "block:0", "no fallback"),
        ((Paragraph("{{ frist_name }}"),), "block:0", "no place '{{ frist_name }}"),
        ((Paragraph("{{ brand.title.__class__ }}"),), "block:0", "no place"),
        ((Paragraph("x", only=Only(fact='a"] %}')),), "block:0", "cannot be the name"),
        ((Paragraph("x", only=Only(segment='a"] %}')),), "block:0", "cannot be the name"),
        ((Ask(form="a"), Ask(form="b")), "block:1", "one form"),
        ((TheirWords(),), "block:0", "Choose what"),
        ((Paragraph("x" * 5001),), "block:0", "at most 5000"),
        ((Divider(),) * 61, "blocks", "at most 60"),
        ((), "blocks", "nothing in this mail"),
    ],
)
def test_what_cannot_be_sent_is_said_where_it_stands(body, field, says):
    with pytest.raises(Invalid, match=re.escape(says)) as raised:
        source_of(Blocks(body=body))
    assert raised.value.field == field


def test_what_is_unfinished_is_left_out_of_a_look():
    source = source_of(Blocks(body=(Heading(""), Heading("There")), language="<b>"), whole=False)
    assert "There" in source.text
    check("x", source.html, source.text)


def test_a_place_is_written_so_that_it_is_read_again():
    written = Place.written('told["a.b"]', 'so "called" \\ me\nnow')
    assert places(f"x {written} y") == [Place('told["a.b"]', "so ”called” me now")]
    assert places(written)[0].fact == "a.b"


def test_the_longest_mail_can_be_rendered():
    told = " ".join(f'{{{{ told.fact_{n} | default("nothing {n}") }}}}' for n in range(20))
    body = [Paragraph(told, only=Only(fact=f"fact_{n}", segment="s"), otherwise="x") for n in range(60)]
    assert "nothing 19" in read(template(*body), segments=("s",), **{f"fact_{n}": "x" for n in range(19)}).text


def test_blocks_are_read_again_as_they_were_written():
    blocks = Blocks(
        body=(Heading("x", only=Only(fact="y")), Divider(), Image(url="https://a/b", alt="c")), language="lv"
    )
    assert msgspec.json.decode(msgspec.json.encode(blocks), type=Blocks) == blocks
