"""Keys move through lists and pages, keep quiet while somebody types, and can be switched off."""

import pytest
from playwright.sync_api import expect
from tests.web.at_desk import at_desk

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        yield page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_slash_leads_to_the_search_and_is_not_written_there(page, address, home):
    page.goto(f"{address}{home}/customers")
    press(page, "/")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.keyboard.type("kalnina?jx/")
    expect(page.locator("input[type=search]")).to_have_value("kalnina?jx/")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_list_is_walked_and_what_one_stands_on_is_opened(page, address, home):
    page.goto(f"{address}{home}/customers")
    names = page.locator("main a.name")
    press(page, "j")
    expect(names.nth(0)).to_be_focused()
    press(page, "j")
    expect(names.nth(1)).to_be_focused()
    press(page, "ArrowUp")
    expect(names.nth(0)).to_be_focused()
    title = names.nth(0).inner_text()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_g_and_a_letter_go_to_a_page_of_the_menu(page, address, home):
    for key, title in (("c", "Customers"), ("s", "Segments"), ("h", "What they told you"), ("f", "Forms")):
        press(page, "g", key)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_what_one_stands_on_is_selected(page, address, home):
    page.goto(f"{address}{home}/design")
    press(page, "j", "x")
    assert page.locator("main .pick input").first.is_checked()


def test_a_question_mark_lists_the_keys_and_there_they_are_switched_off(page, address, home):
    page.goto(f"{address}{home}/customers")
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("Segments")
    expect(dialog).to_contain_text("g s")
    dialog.get_by_label("Use these keys on this device").uncheck()
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    press(page, "/", "g", "s")
    expect(page.locator("input[type=search]")).not_to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    page.get_by_role("button", name="Keyboard").click()
    dialog.get_by_label("Use these keys on this device").check()
    press(page, "Escape", "g", "s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Segments")


def test_what_stands_before_a_copy_button_is_copied(page, address, home):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}{home}/design")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://shop.example/f/gift-quiz"


def test_a_time_is_said_as_one_speaks_of_it_and_written_out_beside(page, address, home):
    page.goto(f"{address}{home}")
    time = page.locator(".told time").first
    expect(time).to_have_text("9 minutes ago")
    assert "UTC" in time.get_attribute("title")


def test_without_scripts_nothing_is_offered_that_needs_them(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440, java_script_enabled=False) as page:
        page.goto(f"{address}{home}/design")
        for name in ("Copy", "Close", "Keyboard"):
            expect(page.locator("main, .menu").get_by_role("button", name=name, exact=True)).to_have_count(0)
        page.get_by_role("button", name="Stop …").click()
        expect(page.get_by_role("dialog")).to_be_visible()
