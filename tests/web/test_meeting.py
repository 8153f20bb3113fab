"""Two people save the same thing: both versions are shown, and nothing is overwritten or lost."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.at_desk import at_desk
from tests.web.console_story import HTML, SUBJECT, TEXT

from regulars.speak import library
from regulars.web.console.meeting import marked


def form_of(page):
    """What a browser would send of a page's template, as it was opened."""
    hidden = dict(re.findall(r'name="(csrf|composer|thing|base)" value="([^"]*)"', page.text))
    return {**hidden, "subject": SUBJECT, "html": HTML, "text": TEXT, "ask": "gift-quiz", "do": "save"}


def newest(shop):
    with shop.tx() as tx:
        return library.get_template(tx, "remember")


@pytest.fixture
def met(client, colleague, home, shop):
    """The page that the second of two is shown."""
    mine = form_of(client.get(f"{home}/templates/remember"))
    theirs = form_of(colleague.get(f"{home}/templates/remember"))
    assert colleague.post(f"{home}/templates/remember", data=theirs | {"subject": "Greta's"}).status_code == 303
    return client.post(f"{home}/templates/remember", data=mine | {"subject": "Mine <b>"})


def test_who_saves_second_is_shown_both_and_overwrites_nothing(met, shop):
    assert met.status_code == 409
    assert "Greta saved another version while you were typing." in met.text
    assert re.search(r"<time[^>]+>", met.text.partition("<main")[2])
    assert "<mark>Mine &lt;b&gt;</mark>" in met.text
    assert "<mark>Greta&#39;s</mark>" in met.text
    assert "The same in both: Title, HTML, Text, Question it asks." in met.text
    assert (newest(shop).version, newest(shop).subject) == (2, "Greta's")


def test_mine_can_be_saved_over_theirs_which_stays_as_an_earlier_version(met, client, home, shop):
    again = form_of(met) | {"subject": "Mine <b>"}
    assert again["base"] == "2"
    assert client.post(f"{home}/templates/remember", data=again).status_code == 303
    assert (newest(shop).version, newest(shop).subject) == (3, "Mine <b>")
    with shop.tx() as tx:
        assert library.get_template(tx, "remember", 2).subject == "Greta's"
    assert "have not saved it" not in client.get(f"{home}/templates/remember").text


def test_who_chose_is_asked_again_where_theirs_changed_once_more(met, client, colleague, home, shop):
    more = form_of(colleague.get(f"{home}/templates/remember")) | {"subject": "Greta's second"}
    assert colleague.post(f"{home}/templates/remember", data=more).status_code == 303
    again = client.post(f"{home}/templates/remember", data=form_of(met) | {"subject": "Mine <b>"})
    assert again.status_code == 409
    assert "Greta&#39;s second" in again.text


def test_a_page_that_is_left_there_has_kept_what_was_typed(met, client, home):
    page = client.get(f"{home}/templates/remember").text
    assert 'value="Mine &lt;b&gt;"' in page
    assert "Another version was saved since you began." in page


def test_one_goes_on_editing_on_top_of_theirs(met, client, home, shop):
    form = form_of(met) | {"subject": "Mine <b>"}
    assert client.post(f"{home}/drafts/on", data=form).headers["location"] == f"{home}/templates/remember"
    page = client.get(f"{home}/templates/remember")
    assert "Another version was saved since you began." not in page.text
    assert client.post(f"{home}/templates/remember", data=form_of(page) | {"subject": "Both"}).status_code == 303
    assert newest(shop).version == 3


def test_theirs_can_be_taken(met, client, home, shop):
    away = client.post(f"{home}/drafts/away", data=form_of(met))
    assert away.headers["location"] == f"{home}/templates/remember"
    page = client.get(f"{home}/templates/remember").text
    assert ("Greta&#39;s" in page, "Mine" in page) == (True, False)


def test_a_preview_still_knows_what_it_was_begun_from(client, colleague, home, shop):
    mine = form_of(client.get(f"{home}/templates/remember"))
    theirs = form_of(colleague.get(f"{home}/templates/remember"))
    colleague.post(f"{home}/templates/remember", data=theirs | {"subject": "Greta's"})
    preview = client.post(f"{home}/templates/remember", data=mine | {"do": "preview"})
    assert client.post(f"{home}/templates/remember", data=form_of(preview)).status_code == 409


def test_two_who_typed_the_same_have_nothing_to_choose(client, colleague, home, shop):
    mine = form_of(client.get(f"{home}/templates/remember")) | {"subject": "The same"}
    theirs = form_of(colleague.get(f"{home}/templates/remember")) | {"subject": "The same"}
    assert colleague.post(f"{home}/templates/remember", data=theirs).status_code == 303
    assert client.post(f"{home}/templates/remember", data=mine).status_code == 303
    assert newest(shop).version == 2


def test_words_that_the_other_lacks_are_marked():
    mine, theirs = marked("For Marta,\r\nsoon", "For Marta and Tom,\nsoon")
    assert mine == [("For Marta", False), (",\nsoon", False)]
    assert theirs == [("For Marta", False), (" and Tom", True), (",\nsoon", False)]
    assert marked("a " * 20_000, "b") == ([(("a " * 20_000).strip(), False)], [("b", False)])


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_two_people_meet_on_screen(browser, address, house, workspace, colleague, home, shop, width):
    with at_desk(browser, address, house, workspace, width) as page:
        page.goto(f"{address}{home}/templates/remember")
        theirs = form_of(colleague.get(f"{home}/templates/remember"))
        assert colleague.post(f"{home}/templates/remember", data=theirs | {"subject": "Greta's"}).status_code == 303
        page.get_by_label("Subject").fill("Mine, ours, yours")
        page.get_by_role("button", name="Save as the next version").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Two versions of “Remember”")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_role("button", name="Take theirs …").click()
        page.get_by_role("button", name="Leave it as it is").click()
        page.get_by_role("button", name="Go on editing mine").click()
        assert page.get_by_label("Subject").input_value() == "Mine, ours, yours"
        page.get_by_role("button", name="Save as the next version").click()
        expect(page.get_by_text("Saved as version 3")).to_be_visible()
