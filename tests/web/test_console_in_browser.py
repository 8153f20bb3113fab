"""The console in a real browser, on a desk and on a phone: what needs a hand on it; test_every_page.py looks at all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.web.at_desk import at_desk

pytestmark = pytest.mark.browser


@pytest.fixture(params=[1440, 390])
def page(browser, request, address, house, workspace) -> Iterator[Page]:
    """A screen in front of which somebody of the team has logged in."""
    with at_desk(browser, address, house, workspace, request.param) as page:
        yield page


def test_the_menu_opens_without_a_script(page, address, home, shop):
    page.goto(f"{address}{home}")
    if page.viewport_size["width"] < 960:
        expect(page.get_by_role("link", name="Segments", exact=True)).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Segments", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Segments")


@pytest.mark.parametrize("height", [900, 800])
def test_an_owners_whole_menu_is_in_sight_on_a_laptop(page, address, home, shop, height):
    page.set_viewport_size({"width": 1280, "height": height})
    page.goto(f"{address}{home}/health")
    expect(page.locator(".menu [aria-current]")).to_have_text("Health")
    assert page.evaluate("document.querySelector('.menu').getBoundingClientRect().bottom <= innerHeight")
    assert page.evaluate("(menu => menu.scrollHeight <= menu.clientHeight)(document.querySelector('.menu'))")


def test_a_mail_is_shown_with_its_styles_and_its_links_open_a_new_tab(page, address, home, shop):
    page.goto(f"{address}{home}/mailbox/1")
    mail = page.frame_locator("iframe.mail")
    expect(mail.locator("p")).to_have_text("You told us: My mother")
    expect(mail.locator("p")).to_have_css("color", "rgb(0, 128, 128)")
    page.context.route("http://testserver.local/**", lambda route: route.fulfill(body="preferences"))
    with page.context.expect_page() as opened:
        mail.get_by_text("Leave").click()
    expect(opened.value.get_by_text("preferences")).to_be_visible()
    assert "/u/" in opened.value.url


def test_a_campaign_is_stopped_by_keyboard_alone(page, address, home, shop):
    page.goto(f"{address}{home}/campaigns/spring")
    page.get_by_role("button", name="Stop …").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Leave it as it is")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1 + .pill")).to_have_text("stopped")


def test_at_twice_the_text_size_on_a_phone_a_chart_is_its_words(page, address, home, shop):
    page.set_viewport_size({"width": 195, "height": 900})
    page.goto(f"{address}{home}/forms/gift-quiz")
    expect(page.locator("table.bars th", has_text="My mother").first).to_be_visible()
    assert page.locator("table.bars svg").first.is_hidden()


def test_a_mails_text_is_folded_where_it_does_not_stand_beside(page, address, home, shop):
    page.goto(f"{address}{home}/mailbox/1")
    text = page.get_by_text("You told us: My mother.")
    if page.viewport_size["width"] < 960:
        expect(text).to_be_hidden()
        page.get_by_text("Show the text").click()
    expect(text).to_be_visible()
