"""A mail is composed of blocks by clicking, beside what it looks like, and as text."""

import re
from html import unescape

import pytest
from tests.web.console_story import csrf

from regulars.engage import forms
from regulars.hear.identities import intern
from regulars.speak import library
from regulars.speak.blocks import Ask, Blocks, Button, Heading, Image, Only, Paragraph, Signature, TheirWords
from regulars.web.console.mail_fields import read
from regulars.words.clock import utc_now

NEW = "/new/template"
MINE = "/templates/composed"


def fields(page):
    """Every field of the composer on a page, as a browser would send it."""
    form = re.search(r'<form class="composer.*?</form>\s*</main>', page, re.DOTALL)
    assert form, page[:500]
    whole, found = form[0], {}
    for tag in re.findall(r"<input [^>]*>", whole):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and not (' type="radio"' in tag and " checked" not in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', whole, re.DOTALL):
        found[name] = unescape(value)
    for name, inside in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', whole, re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"( selected)?>', inside)
        found[name] = unescape(next((value for value, chosen in options if chosen), options[0][0]))
    return found


class Composer:
    """Somebody before the composer, without scripts: each press sends the page's fields and reads what comes back."""

    def __init__(self, client, home, path, **query):
        self.client, self.home = client, home
        self.path, self.answer = path, client.get(f"{home}{path}", params=query)

    @property
    def page(self):
        return self.answer.text

    @property
    def text(self):
        """The mail as text."""
        return unescape(re.search(r'<p class="letter">(.*?)</p>', self.page, re.DOTALL)[1])

    @property
    def blocks(self):
        return read(fields(self.page)).body

    def press(self, do, **typed):
        sent = fields(self.page) | typed | {"do": do}
        self.answer = self.client.post(f"{self.home}{self.path}", data=sent)
        return self


@pytest.fixture
def at(client, home, shop):
    return lambda path=NEW, **query: Composer(client, home, path, **query)


@pytest.fixture
def kept(shop):
    """A template of blocks."""
    body = (Heading("One"), Paragraph("Two **words**"), Signature("{{ brand.title }}"))
    with shop.tx() as tx:
        return library.save_template(tx, "composed", subject="Hello", blocks=Blocks(body))


def newest(shop, name="composed", version=None):
    with shop.tx() as tx:
        return library.get_template(tx, name, version)


def test_a_mail_begins_with_a_good_start(at, client, home):
    starts = re.findall(r"start_from=(\w+)", client.get(f"{home}{NEW}").text)
    assert starts == ["welcome", "reminder", "question", "thanks", "nothing", "html"]
    for name in starts[:4]:
        composer = at(start_from=name)
        made = composer.press("save", name=f"from-{name}")
        assert made.answer.headers["location"] == f"{home}/templates/from-{name}?saved=yes", made.page[:2000]
    assert "“My mother”" in at("/templates/from-reminder").text


def test_a_start_quotes_what_most_have_told_and_leads_to_the_form_that_asks_it_and_a_question_is_the_newest(at, shop):
    newer = {"title": "How was it?", "elements": [{"type": "rating", "name": "score", "fact": "a_score"}]}
    with shop.tx() as tx:
        forms.create_form(tx, "how-was-it", newer, utc_now())
    assert [one.form for one in at(start_from="question").blocks if isinstance(one, Ask)] == ["how-was-it"]
    composer = at(start_from="reminder")
    assert [one.fact for one in composer.blocks if isinstance(one, TheirWords)] == ["gift_for"]
    assert [one.to for one in composer.blocks if isinstance(one, Button)] == ["form:gift-quiz"]
    assert "kept it in mind" in composer.text
    assert "kept it in mind" not in composer.press("look", customer="nobody").text


def test_what_was_counted_is_offered_as_nobodys_words(at):
    composer = at(start_from="reminder").press("open:1")
    quoted, narrowed = (
        re.search(rf'<select[^>]* name="b.{field}".*?</select>', composer.page, re.DOTALL)[0]
        for field in ("fact", "only_fact")
    )
    assert 'value="gift_for"' in quoted
    assert 'value="orders"' not in quoted
    assert 'value="orders"' in narrowed.partition("Counted from what they did")[2]
    put_in = re.search(r'<select[^>]* name="b.lead.what".*?</select>', composer.page, re.DOTALL)[0]
    usual, told, counted = re.split("<optgroup[^>]*>", put_in)
    assert 'value="first_name"' in usual
    assert 'value="told.gift_for"' in told
    assert 'value="told.orders"' in counted


def test_one_who_has_no_name_is_called_by_number_among_those_whose_eyes_one_looks_through(at, shop):
    now = utc_now()
    with shop.tx() as tx:
        nobody_known = intern(tx, [("anonymous", "visitor-1")])["anonymous", "visitor-1"]
        shop.answer(tx, forms.get_form(tx, "gift-quiz"), nobody_known, {"for_whom": "friend"}, now)
    shop.work()
    page = at(start_from="welcome").page
    assert re.search(r'<option value="(\d+)"[^>]*>Customer \1</option>', page)


def test_blocks_are_added_moved_copied_and_taken_out(at):
    composer = at(start_from="nothing").press("add:heading")
    composer.press("add:paragraph", **{"b.text": "First"}).press("add:divider", **{"b.text": "Second"})
    assert [type(one).__name__ for one in composer.blocks] == ["Heading", "Paragraph", "Divider"]
    composer.press("up:2").press("down:0").press("copy:2")
    assert [type(one).__name__ for one in composer.blocks] == ["Divider", "Heading", "Paragraph", "Paragraph"]
    composer.press("drop:1")
    assert Heading("First") not in composer.blocks
    assert "The block was taken out." in composer.page
    composer.press("back")
    assert composer.blocks[1:3] == (Heading("First"), Paragraph("Second"))


def test_what_a_place_says_to_those_who_told_nothing_is_asked_and_shown(at):
    composer = at(start_from="nothing").press("add:paragraph")
    chosen = {
        "b.text": "Hello .",
        "b.text.what": "first_name",
        "b.text.otherwise": 'dear "friend"',
        "b.text.caret": "6",
    }
    composer.press("place:b.text", **chosen)
    assert composer.blocks == (Paragraph('Hello {{ first_name | default("dear ”friend”") }}.'),)
    assert "unknown: “dear ”friend””" in composer.page
    assert "Hello dear ”friend”." in composer.press("look", customer="nobody").text
    composer.press("place:subject", **{"subject": "For", "subject.what": "told.gift_for", "subject.otherwise": "you"})
    assert fields(composer.page)["subject"] == 'For {{ told.gift_for | default("you") }}'
    composer.press("open:0", **{"b.text": "{{ told.gift_for }}"})
    assert "told.gift_for has no fallback" in composer.page
    assert "say what those read of whom you do not know it" in composer.page


def test_one_looks_through_the_eyes_of_one_customer_after_the_other(at):
    composer = at(start_from="reminder")
    assert "“My mother”" in composer.text
    assert fields(composer.press("next").page)["customer"] == "nobody"
    assert "we would like to know you better." in composer.text
    composer.press("look", customer="nobody", width="phone")
    assert "we would like to know you better." in composer.text
    assert re.search(r'value="phone" checked', composer.page)
    assert "“My mother”" in composer.press("next").text


def test_a_block_is_only_for_some_and_the_others_read_something_else(at, shop, client, home):
    composer = at(start_from="nothing").press("add:paragraph")
    composer.press("shut", **{"b.text": "For you", "b.only_segment": "for-mothers", "b.otherwise": "For all"})
    assert composer.blocks == (Paragraph("For you", only=Only(segment="for-mothers"), otherwise="For all"),)
    assert "only for those in" in composer.page
    shop.work()
    assert "For you" in composer.press("look", customer=str(shop.customer)).text
    assert "For all" in composer.press("look", customer="nobody").text
    composer.press("save", name="some", subject="Some")
    assert newest(shop, "some").blocks.body == (
        Paragraph("For you", only=Only(segment="for-mothers"), otherwise="For all"),
    )


def test_what_should_be_looked_at_is_said_beside_its_block(at, shop):
    body = (
        Image("https://shop.example/a.png"),
        Button("Go", "http://shop.example"),
        TheirWords("shoe_size"),
        Paragraph("x", only=Only(segment="gone")),
        Ask("gone"),
    )
    with shop.tx() as tx:
        library.save_template(tx, "composed", subject="Hello", blocks=Blocks(body))
    page = unescape(at(MINE).page)
    for said in (
        "Say what the picture shows",
        "http://shop.example is not encrypted",
        "Nobody has been asked for “shoe_size” yet.",
        "There is no segment “gone” any more",
        "The form “gone” cannot be answered now.",
        "Without a preheader",
    ):
        assert said in page
    assert "img-src https:" in at(MINE).answer.headers["content-security-policy"]


def test_what_cannot_be_sent_is_said_at_the_block_which_opens(at, kept, shop):
    composer = at(MINE).press("add:button").press("shut").press("save")
    assert (composer.answer.status_code, newest(shop).version) == (400, 1)
    assert fields(composer.page)["at"] == "3"
    assert "It says nothing yet." in composer.page
    composer.press("save", **{"b.text": "Go", "b.leads": "address", "b.to": "javascript:alert(1)"})
    assert "is no address of a page" in composer.page
    assert "javascript:" not in re.search(r'srcdoc="([^"]*)"', composer.page)[1]
    composer.press("save", **{"b.text": "Go", "b.leads": "form:gift-quiz", "b.to": ""})
    assert composer.answer.status_code == 303
    assert newest(shop).blocks.body[3] == Button("Go", "form:gift-quiz")


def test_it_is_the_same_as_text_and_back(at, kept, shop):
    composer = at(MINE).press("text")
    typed = fields(composer.page)["blocks"]
    assert '"kind": "heading"' in typed
    assert composer.press("blocks").blocks == kept.blocks.body
    wrong = composer.press("text").press("blocks", blocks='{"body": [{"kind": "script"}]}')
    assert (wrong.answer.status_code, "These are no blocks" in wrong.page) == (400, True)
    assert "&#34;script&#34;" in wrong.page
    wrong.press("save", blocks=typed.replace("One", "Another"))
    assert newest(shop).blocks.body[0] == Heading("Another")


def test_what_was_done_is_kept_as_a_draft(at, kept, client, home):
    at(MINE).press("drop:0")
    again = at(MINE)
    assert "You began this and have not saved it." in again.page
    assert len(again.blocks) == 2


def test_blocks_turned_into_html_are_a_draft_until_they_are_saved_and_an_earlier_version_after(
    at, kept, shop, client, home
):
    composer = at(MINE).press("html")
    assert composer.answer.headers["location"] == f"{home}{MINE}"
    page = client.get(f"{home}{MINE}").text
    assert "it is edited as HTML" in page
    html = unescape(re.search(r'name="html"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1])
    parts = {"subject": "Hello", "html": html, "text": kept.text, "as": "html", "base": "1"}
    assert client.post(f"{home}{MINE}", data={"csrf": csrf(page), "do": "save", **parts}).status_code == 303
    assert (newest(shop).version, newest(shop).blocks, newest(shop).html) == (2, None, kept.html)
    back = at(MINE, version=1)
    assert "This is version 1 as it was." in back.page
    assert back.press("save").answer.status_code == 303
    assert (newest(shop).version, newest(shop).blocks) == (3, kept.blocks)


def test_two_who_compose_the_same_mail_meet(at, kept, colleague, home, shop):
    mine, theirs = at(MINE).press("drop:0"), Composer(colleague, home, MINE).press("copy:1")
    assert theirs.press("save").answer.status_code == 303
    met = mine.press("save")
    assert (met.answer.status_code, "Where they differ" in met.page) == (409, True)
    assert newest(shop).version == 2
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', met.page))
    again = {name: unescape(value) for name, value in hidden.items()} | {"do": "save"}
    assert mine.client.post(f"{home}{MINE}", data=again).status_code == 303
    assert len(newest(shop).blocks.body) == 2


def test_whoever_may_only_read_sees_the_mail_and_no_buttons(kept, house, workspace, client, home):
    token = csrf(client.get(f"{home}{MINE}").text)
    with house.database.shared() as tx:
        tx.connection.execute("update access_role set role = 'viewer' where workspace = %s", (workspace,))
    page = client.get(f"{home}{MINE}").text
    assert 'class="letter">One' in page
    assert 'name="do"' not in page
    assert client.post(f"{home}{MINE}", data={"csrf": token, "as": "blocks", "do": "save"}).status_code == 403
