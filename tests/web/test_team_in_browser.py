"""People, keys, the account and an invitation in a real browser: nothing sticks out, axe finds nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.web.at_desk import at_desk

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(1440, "light"), (390, "light"), (390, "dark")], ids=lambda one: f"{one[0]}-{one[1]}")
def page(browser, request, address, house, workspace) -> Iterator[Page]:
    """A screen in front of which an owner has logged in."""
    width, scheme = request.param
    with at_desk(browser, address, house, workspace, width, color_scheme=scheme, reduced_motion="reduce") as page:
        yield page


def fine(page: Page) -> None:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def test_somebody_is_invited_joins_and_is_removed(page, browser, address, home, workspace):
    page.goto(f"{address}{home}/people")
    fine(page)
    page.get_by_label("Their e-mail address").fill(f"priya@{workspace}.example")
    page.get_by_label("Marketer").check()
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_text("is invited.")).to_be_visible()
    fine(page)
    link = page.locator(".copyable code").inner_text().replace("http://testserver.local", address)
    theirs = browser.new_context(viewport=page.viewport_size).new_page()
    theirs.goto(link)
    fine(theirs)
    theirs.get_by_label("Your name").fill("Priya")
    theirs.get_by_role("button", name="Join the team").click()
    theirs.wait_for_url(f"**{home}?joined=yes")
    if page.viewport_size["width"] < 960:
        theirs.get_by_role("button", name="Menu").click()
    expect(theirs.locator(".menu").get_by_role("link", name="Segments")).to_be_visible()
    expect(theirs.locator(".menu").get_by_role("link", name="People")).to_have_count(0)
    page.goto(f"{address}{home}/people")
    page.locator("summary", has_text="Change").last.click()
    fine(page)
    page.get_by_role("button", name="Remove from the team …").last.click()
    fine(page)
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Priya")).to_have_count(0)
    theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).not_to_have_text("Home")
    theirs.context.close()


def test_a_key_is_made_by_keyboard_alone_and_revoked(page, address, home):
    page.goto(f"{address}{home}/keys")
    page.get_by_label("What it is for").focus()
    page.keyboard.type("The shop")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is shown this once")).to_be_visible()
    assert page.locator(".copyable code").first.inner_text().startswith("read_")
    fine(page)
    page.get_by_role("button", name="Revoke …").click()
    fine(page)
    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("No keys yet")).to_be_visible()


def test_an_account_is_reached_from_every_page(page, address, home):
    page.goto(f"{address}{home}/customers")
    if page.viewport_size["width"] < 960:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Your account").locator("visible=true").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_text("Chrome on Linux").first).to_be_visible()
    fine(page)


@pytest.mark.parametrize("text", ["😀" * 40, "<b>bold</b>" * 10, "שלום" * 20 + "\u202e", "x" * 10_000])
def test_odd_names_break_no_page(page, address, home, text):
    for path, label, button in (
        ("/people", "Their e-mail address", "Make the invitation"),
        ("/keys", "What it is for", "Make the key"),
    ):
        page.goto(f"{address}{home}{path}")
        page.get_by_label(label).evaluate("(field, text) => { field.value = text }", text)
        page.get_by_role("button", name=button).click()
        expect(page.locator(".wrong, .note.good").first).to_be_visible()
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} pixels too wide"
