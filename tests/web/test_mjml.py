"""A template that is written as MJML: made by the API and on its page, sent as HTML and text, edited as MJML."""

from html import unescape

from tests.web.console_story import csrf

MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>Hello {{ first_name | default("there") }}</mj-text>
<mj-text><a href="{{ unsubscribe_url }}">Leave</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def test_the_page_keeps_what_was_written_and_shows_what_it_comes_to(client, home):
    page = client.get(f"{home}/new/template", params={"start_from": "html"})
    typed = {"as": "html", "csrf": csrf(page.text), "title": "By MJML", "subject": "Hi", "html": MJML, "text": ""}
    tried = client.post(f"{home}/new/template", data={**typed, "do": "preview"})
    assert tried.status_code == 200
    assert "Hello there" in unescape(unescape(tried.text))
    made = client.post(f"{home}/new/template", data={**typed, "do": "save"})
    shown = client.get(made.headers["location"])
    assert "<mj-section>" in unescape(shown.text)
    assert "Leave (#leave)" in unescape(shown.text)
    wrong = client.post(f"{home}/new/template", data={**typed, "html": "<mjml>\n<mj-x/></mjml>", "do": "preview"})
    assert wrong.status_code == 400
    assert "Line 2 of the HTML: MJML has no <mj-x>." in unescape(wrong.text) or "leave" in wrong.text
