"""A template has a title that people read, wherever it is spoken of, beside the name that stands in links."""

import re
from html import unescape

import pytest
from tests.web.console_story import HTML, SUBJECT, TEXT, csrf
from tests.web.test_mail_composer import Composer, fields

from regulars.engage import forms
from regulars.engage.asking import save_template
from regulars.engage.changing import close_form
from regulars.speak import library
from regulars.speak.blocks import Blocks, Heading
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid

PARTS = {"subject": SUBJECT, "html": HTML, "text": TEXT, "ask": "gift-quiz"}
TITLE = "A word <at> Līgo"


@pytest.fixture
def titled(shop):
    """The template of the story, with a title that is not its name."""
    with shop.tx() as tx:
        return save_template(tx, "remember", title=TITLE, **PARTS)


@pytest.fixture
def made(client, home, shop):
    """Make a template as the page with its HTML does; where one lands, and the page where it was refused."""

    def make(**typed):
        page = client.get(f"{home}/new/template", params={"start_from": "html"})
        sent = {**PARTS, "as": "html", "do": "save", "csrf": csrf(page.text), **typed}
        answer = client.post(f"{home}/new/template", data=sent)
        return answer.headers.get("location", "").removeprefix(home), unescape(answer.text)

    return make


def of(shop, name):
    with shop.tx() as tx:
        return library.get_template(tx, name).title


@pytest.mark.parametrize(
    "path",
    [
        "/templates",
        "/templates/remember",
        "/new/campaign",
        "/campaigns/spring",
        "/fact?name=gift_for",
    ],
)
def test_pages_call_a_template_by_its_title(client, home, shop, titled, path):
    assert TITLE in unescape(client.get(f"{home}{path}").text)


def test_a_closed_form_says_which_templates_leave_its_question_out(client, home, shop, titled):
    with shop.tx() as tx:
        close_form(tx, "gift-quiz", utc_now())
    assert TITLE in unescape(client.get(f"{home}/forms/gift-quiz").text)


def test_the_list_calls_the_form_that_one_asks_by_its_title(client, home, shop, titled):
    with shop.tx() as tx:
        (form,) = forms.titles(tx).values()
    assert f"asks {form}" in unescape(client.get(f"{home}/templates").text)


def test_why_we_wrote_says_from_which_template(client, home, shop, titled):
    with shop.tx() as tx:
        (message,) = tx.values(b"select id from speak_message order by id limit 1")
    page = client.get(f"{home}/messages/{message}").text
    assert "<at>" not in page
    assert f">{TITLE}</a>, version 1" in unescape(page)


def test_a_search_finds_it_by_its_title_and_by_its_name(client, home, shop, titled):
    for words in ("ligo", "remember"):
        assert TITLE in unescape(client.get(f"{home}/templates", params={"q": words}).text)


def test_the_audit_log_calls_it_by_its_title(client, home, shop, titled):
    page = client.get(f"{home}/templates/remember").text
    client.post(f"{home}/templates/remember", data={**PARTS, "as": "html", "do": "save", "csrf": csrf(page)})
    assert TITLE in unescape(client.get(f"{home}/audit").text)


def test_what_was_archived_is_said_by_its_title(client, home, shop):
    with shop.tx() as tx:
        library.save_template(tx, "winter", title=TITLE, subject=SUBJECT, html=HTML, text=TEXT)
    token = csrf(client.get(f"{home}/templates").text)
    answer = client.post(f"{home}/archived/templates", data={"csrf": token, "pick:winter": "1"})
    assert f"The template “{TITLE}” is archived." in unescape(client.get(answer.headers["location"]).text)


def test_a_name_that_is_left_empty_is_made_from_the_title_and_free(made, shop):
    assert made(title="Maija sveiciens")[0] == "/templates/maija-sveiciens?saved=yes"
    assert made(title="Maija sveiciens")[0] == "/templates/maija-sveiciens-2?saved=yes"
    assert of(shop, "maija-sveiciens-2") == "Maija sveiciens"


def test_one_that_is_only_named_is_called_as_its_name_says(made, shop):
    assert made(title="", name="spring-greeting")[0] == "/templates/spring-greeting?saved=yes"
    assert of(shop, "spring-greeting") == "Spring greeting"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"title": "x" * 81, "name": "long"}, "A template's title has 1 to 80 characters."),
        ({"title": " ", "name": "blank"}, "A template's title has 1 to 80 characters."),
        ({"title": "Another", "name": "remember"}, "There is a template 'remember' already. Choose another name."),
    ],
)
def test_what_is_wrong_stands_on_the_page_and_nothing_is_kept(made, shop, typed, says):
    where, page = made(**typed)
    assert (where, says in page) == ("", True)
    with shop.tx() as tx:
        assert library.titles(tx) == {"remember": "Remember"}


def test_a_mail_of_blocks_is_given_a_title_and_another(client, home, shop):
    new = Composer(client, home, "/new/template", start_from="nothing").press("add:heading", title="First said")
    assert new.press("save", subject="Hello", title="First said", **{"b.text": "Hi"}).answer.status_code == 303, (
        new.page
    )
    assert of(shop, "first-said") == "First said"
    Composer(client, home, "/templates/first-said").press("save", title="Said anew")
    assert of(shop, "first-said") == "Said anew"
    Composer(client, home, "/templates/first-said").press("save", title="")
    assert of(shop, "first-said") == "Said anew"


def test_a_version_without_a_title_keeps_the_one_there_is(shop, titled):
    with shop.tx() as tx:
        assert save_template(tx, "remember", **PARTS).title == TITLE
        assert save_template(tx, "remember", title=f" {TITLE}! ", **PARTS).title == f"{TITLE}!"
        with pytest.raises(Invalid):
            save_template(tx, "remember", title="", **PARTS)
        assert library.titles(tx) == {"remember": f"{TITLE}!"}


@pytest.mark.parametrize("how", ["html", "blocks"])
def test_who_meets_another_sees_that_the_titles_differ(client, home, shop, how):
    written = {"html": HTML, "text": TEXT} if how == "html" else {"blocks": Blocks((Heading("Hi"),))}
    with shop.tx() as tx:
        begun = library.save_template(tx, "winter", title="Snow", subject="Hello", **written)
    page = client.get(f"{home}/templates/winter").text
    typed = {"as": "html", "subject": "Hello", **written, "base": str(begun.version), "csrf": csrf(page)}
    mine = typed if how == "html" else fields(page)
    with shop.tx() as tx:
        library.save_template(tx, "winter", title="Theirs", subject="Hello", replaces=begun.version, **written)
    met = client.post(f"{home}/templates/winter", data=mine | {"title": "Mine", "do": "save"})
    assert met.status_code == 409
    assert {"Mine", "Theirs"} <= set(re.findall(r">([^<>]+)<", met.text))
