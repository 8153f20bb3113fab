"""A mail may be written as MJML: it is made into HTML once, what stands in braces stays, and nothing is fetched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.speak.bodies import draft_of, made, written_text
from regulars.speak.context import Context, Quote
from regulars.speak.mjml import compiled
from regulars.speak.plain import text_of
from regulars.speak.templates import Template, render
from regulars.words.errors import Invalid, RegularsError

LEAVE = '<mj-section><mj-column><mj-text><a href="{{ unsubscribe_url }}">Leave</a></mj-text></mj-column></mj-section>'


def mail(inside="", head=""):
    return f"<mjml><mj-head>{head}</mj-head>\n<mj-body>{inside}{LEAVE}</mj-body></mjml>"


def said(words):
    return mail(f"<mj-section><mj-column><mj-text>{words}</mj-text></mj-column></mj-section>")


def written(source, **told):
    body = made("Hello", source, "", ask=False)
    quotes = {name: Quote(words, words, 1) for name, words in told.items()}
    template = Template(1, "t", 1, "Hello", body.html, body.text, None)
    return render(template, Context(told=quotes, unsubscribe_url="https://shop.example/u/1"))


def test_what_stands_in_braces_stays_what_it_is():
    inside = (
        "\n{% if told.gift_for %}<mj-section><mj-column><mj-text>For {{ told.gift_for }}</mj-text>"
        """<mj-button href='{{ forms["gift"] }}'>Go</mj-button></mj-column></mj-section>{% else %}"""
        "<mj-section><mj-column><mj-text>For whom?</mj-text></mj-column></mj-section>{% endif %}"
    )
    html = made("Hello", mail(inside), "", ask=False).html
    for block in ("{% if told.gift_for %}", "{{ told.gift_for }}", 'href="{{ forms["gift"] }}"', "{% endif %}"):
        assert block in html
    assert "For whom?" in html


def test_the_text_says_the_same_and_what_a_customer_said_is_no_markup():
    message = written(said('You &amp; {{ told.gift_for | default("somebody") }} { %}'), gift_for="<b>Mum</b>")
    assert "You &amp; &lt;b&gt;Mum&lt;/b&gt;" in message.html
    assert "You & <b>Mum</b> { %}" in message.text
    assert "Leave (https://shop.example/u/1)" in message.text


def test_nothing_of_elsewhere_is_put_in():
    head = (
        '<mj-font name="Raleway" href="https://fonts.googleapis.com/css?family=Raleway" />'
        "<mj-style>@import url(https://elsewhere.example/a.css); .red { color: red }</mj-style>"
    )
    html = compiled(
        mail('<mj-section><mj-column><mj-text><b class="red">Hi</b></mj-text></mj-column></mj-section>', head)
    )
    assert "googleapis" not in html
    assert "elsewhere.example" not in html
    assert "@import" not in html
    assert 'style="color: red;"' in html


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<mjml>\n<mj-body>\n<mj-foo/></mj-body></mjml>", "Line 3 of the HTML: MJML has no <mj-foo>."),
        ("<mjml>\n<mj-body><mj-text>x</mj-body></mjml>", "Line 2 of the HTML: </mj-body> stands where </mj-text>"),
        ("<mjml>\n<mj-body>", "Line 2 of the HTML: <mj-body> is never ended."),
        (mail('\n<mj-include path="/etc/passwd"/>'), "Line 3 of the HTML: nothing can be included from files."),
        (mail("\n1 < 2"), "Line 3 of the HTML: '< 2<mj-section><mj-column><mj-text><a hr' is no whole tag."),
        (mail("<![CDATA[</a>]]>"), "is no whole tag"),
        (mail("<mj-wrapper>" * 5_000 + "</mj-wrapper>" * 5_000), "more than 60 elements within one another"),
        (mail('<mj-social><mj-social-element name="facebook"/></mj-social>'), "the address of its picture"),
        (mail('\n<mj-section foo="{{ shop }}"/>'), "Line 3 of the HTML: MJML leaves '{{ shop }}' out there."),
        ("<mjml><mj-body>" + "<!--" * 20_000, "is no whole tag"),
        ("<mjml " + 'a="b" ' * 15_000, "is no whole tag"),
    ],
)
def test_what_is_no_mjml_is_refused_and_its_line_is_named(source, reason):
    with pytest.raises(Invalid) as refused:
        compiled(source)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (mail("\n\n{{ told.x }}"), "Missing for: told.x (HTML, 4)"),
        (mail("\n{% for %}"), "Line 3 of the HTML"),
        ("<mjml><mj-body>" + "{{ a " * 19_000, "Line 1 of the HTML"),
        (said("x" * 100_000), "longer than"),
        (mail() + "{% macro x() %}{% endmacro %}", "'macro' cannot be used in a message"),
    ],
)
def test_what_is_wrong_in_its_braces_is_told_by_the_lines_that_were_written(source, reason):
    with pytest.raises(RegularsError) as refused:
        made("Hello", source, "{{ unsubscribe_url }}", ask=False)
    assert reason in str(refused.value)
    assert draft_of(source, "").html == source or "told" in reason


@given(st.text(alphabet="<>/mjl-body text={}%\"'!&;ꙮ1\n"))
def test_whatever_is_written_is_compiled_or_refused(inside):
    body = draft_of(f"<mjml>{inside}</mjml>", "")
    assert isinstance(body.html, str)


def test_text_that_was_made_is_made_again_and_text_that_was_written_stays():
    html = '<h1>Hello</h1><ul><li>One</li><li><a href="https://a.example/">Two</a></li></ul><img alt="A cat" src="c">'
    assert text_of(html) == "Hello\n\n- One\n- Two (https://a.example/)\n\nA cat\n"
    assert written_text(Template(1, "t", 1, "x", html, text_of(html), None)) == ""
    assert written_text(Template(1, "t", 1, "x", html, "Of one's own", None)) == "Of one's own"


@pytest.mark.parametrize("piece", ["<", "<!--", "<!", "<a href='", "&", "<p>", "</p>", "<![CDATA[", "<?"])
def test_text_is_made_of_any_html_at_once(piece):
    assert isinstance(text_of(piece * (90_000 // len(piece))), str)
