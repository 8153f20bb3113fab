"""What composers offer to choose from is there once, is called as customers were asked, and can be quoted."""

import re
from html import unescape

from tests.web.console_story import csrf

from regulars.engage import forms
from regulars.words.clock import utc_now

SURVEY = {
    "title": "How was your parcel?",
    "pages": [
        {
            "elements": [
                {
                    "type": "radiogroup",
                    "name": "liked",
                    "title": "What did you like most?",
                    "choices": [{"value": "the_wrapping", "text": "The wrapping"}],
                }
            ]
        }
    ],
}
SAID, COUNTED = "What they said, or your shop sent", "Counted from what they did"
RULE = '{"fact": "how-was-your-parcel.liked", "is": "the_wrapping"}'


def options(page, name):
    """The values of a list to choose from."""
    chosen = re.search(rf'<select[^>]* name="{re.escape(name)}"[^>]*>(.*?)</select>', page.text, re.DOTALL)
    return re.findall(r'value="([^"]+)"', chosen[1])


def headings(page, name):
    """The values of a list to choose from, by the heading they stand under."""
    chosen = re.search(rf'<select[^>]* name="{re.escape(name)}"[^>]*>(.*?)</select>', page.text, re.DOTALL)
    parts = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', chosen[1], re.DOTALL)
    return {unescape(title): set(re.findall(r'value="([^"]+)"', inside)) for title, inside in parts}


def test_what_was_counted_does_not_stand_among_what_was_said(client, home, shop):
    shop.sell()
    offered = headings(client.get(f"{home}/new/segment"), "r.0:fact")
    said, counted = offered[SAID], offered[COUNTED]
    assert "gift_for" in said
    assert {"orders", "first_seen", "new_or_returning"} <= counted
    assert not said & counted


def test_a_question_that_becomes_a_shared_fact_is_offered_once(client, home, shop):
    for path, field in (("/new/segment", "r.0:fact"), ("/customers", "fact")):
        offered = options(client.get(f"{home}{path}"), field)
        assert "gift_for" in offered
        assert not [one for one in offered if one.endswith(".for_whom")]


def test_what_a_list_is_narrowed_by_stays_chosen(client, home, shop):
    page = client.get(f"{home}/customers?fact=gift-quiz.for_whom")
    assert "gift-quiz.for_whom" in options(page, "fact")


def test_a_segment_says_the_question_and_the_answer_as_customers_read_them(client, home, shop):
    with shop.tx() as tx:
        forms.create_form(tx, "how-was-your-parcel", SURVEY, utc_now())
    sent = {
        "csrf": csrf(client.get(f"{home}/new/segment").text),
        "title": "Wrapped",
        "rule": RULE,
        "do": "save",
        "as": "text",
    }
    client.post(f"{home}/new/segment", data=sent)
    said = "Customers whose answer to “What did you like most?” is “The wrapping”."
    assert said in client.get(f"{home}/segments").text
    assert said in client.get(f"{home}/segments/wrapped").text


def test_a_template_lists_what_can_be_quoted_ready_to_copy(client, home, shop):
    with shop.tx() as tx:
        forms.create_form(tx, "how-was-your-parcel", SURVEY, utc_now())
    listed = re.findall(r"<code>(.*?)</code>", client.get(f"{home}/new/template?start_from=html").text)
    snippets = [unescape(one) for one in listed]
    assert '{{ told.gift_for | default("…") }}' in snippets
    own = '{{ told["how-was-your-parcel.liked"] | default("…") }}'
    assert own in snippets
    page = client.post(
        f"{home}/new/template",
        data={
            "csrf": csrf(client.get(f"{home}/new/template?start_from=html").text),
            "name": "liked",
            "subject": f"You liked {own}",
            "html": '<p>Hello</p><a href="{{ unsubscribe_url }}">Stop</a>',
            "text": "Hello {{ unsubscribe_url }}",
            "do": "save",
        },
    )
    assert page.headers["location"] == f"{home}/templates/liked?saved=yes"
