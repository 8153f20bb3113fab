"""What we remember, and a form that knows its reader, in a browser: nothing sticks out, axe finds nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.web.console_story import Shop

from regulars.access.links import Link
from regulars.engage import forms
from regulars.hear.identities import intern
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser
AGAIN = {
    "title": "Once more",
    "elements": [
        {
            "type": "radiogroup",
            "name": "for_whom",
            "title": "For whom do you like to give?",
            "fact": "gift_for",
            "choices": [{"value": "mother", "text": "My mother"}, {"value": "friend", "text": "A good friend"}],
        },
        {"type": "text", "name": "whose", "title": "What is their first name?", "fact": "whose"},
    ],
}


@pytest.fixture(params=[(1440, "light"), (390, "dark"), (390, "light")], ids=lambda one: f"{one[0]}-{one[1]}")
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A screen of a customer."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def look(page: Page) -> None:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def link(shop: Shop, *, own: bool, form: str | None = None) -> str:
    with shop.tx() as tx:
        address = intern(tx, [("email", "ieva@post.example")])["email", "ieva@post.example"]
    links = shop.house.links
    return links.sign_own(Link(shop.workspace, address)) if own else links.sign(Link(shop.workspace, address, 1, form))


def test_what_is_remembered_is_seen_put_right_and_forgotten(page: Page, address: str, shop: Shop) -> None:
    page.goto(f"{address}/me/{link(shop, own=False)}")
    look(page)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    look(page)
    page.goto(f"{address}/me/{link(shop, own=True)}")
    look(page)
    page.get_by_role("link", name="For whom do you like to give?").click()
    look(page)
    page.get_by_label("A good friend").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From now on this is what we remember")).to_be_visible()
    page.get_by_role("link", name="What is their first name?").click()
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("Forgotten.")).to_be_visible()
    expect(page.get_by_text("Marta")).to_have_count(0)
    look(page)


def test_who_wants_to_be_forgotten_reads_at_the_top_what_becomes_of_it(page: Page, address: str, shop: Shop) -> None:
    page.goto(f"{address}/me/{link(shop, own=True)}")
    page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    look(page)
    page.get_by_role("alert").get_by_role("link", name="Tick the box first").click()
    expect(page.get_by_role("checkbox")).to_be_in_viewport()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_role("status").filter(has_text="We are forgetting you.")).to_be_in_viewport()
    look(page)


def test_a_form_that_knows_its_reader_wants_one_tap(page: Page, address: str, shop: Shop) -> None:
    form = f"again-{shop.workspace}".replace("_", "-")
    with shop.tx() as tx:
        forms.create_form(tx, form, AGAIN, utc_now())
    page.goto(f"{address}/f/{form}?m={link(shop, own=False, form=form)}")
    look(page)
    expect(page.get_by_label("My mother")).to_be_checked()
    page.get_by_role("button", name="Yes, still true").click()
    expect(page.get_by_label("What is their first name?")).to_have_value("Marta")
    look(page)
    page.get_by_label("What is their first name?").fill("Zelma")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zelma")).to_be_visible()
    expect(page.get_by_text("My mother")).to_be_visible()
