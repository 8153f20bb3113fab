"""A pause in a browser, as its owner and the team see it: nothing sticks out, axe finds nothing, one tap is enough."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.web.at_desk import at_desk
from tests.web.console_story import Shop

from regulars.access.links import Link
from regulars.hear.identities import intern
from regulars.wiring import House

pytestmark = pytest.mark.browser
SEEN = os.environ.get("REGULARS_SCREENSHOTS")


def look(page: Page, name: str) -> None:
    if SEEN:
        page.screenshot(path=Path(SEEN) / f"{name}.png", full_page=True)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"
    low = page.evaluate(
        "[...document.querySelectorAll('button[name=pause], .choices label')]"
        ".map(b => b.getBoundingClientRect().height).filter(h => h > 0 && h < 44)"
    )
    assert not low or page.viewport_size["width"] > 600, low
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_its_owner_takes_one_with_a_tap_and_goes_on_with_another(
    browser: Browser, address: str, shop: Shop, width: int, scheme: str
) -> None:
    with shop.tx() as tx:
        whose = intern(tx, [("email", "ieva@post.example")])["email", "ieva@post.example"]
    link = Link(shop.workspace, whose)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in (f"/u/{shop.house.links.sign(link)}", f"/me/{shop.house.links.sign_own(link)}"):
        where = path[1:3].strip("/")
        page.goto(f"{address}{path}")
        look(page, f"{where}-{width}-before")
        page.get_by_role("button", name="30 days").click()
        expect(page.get_by_text("Your pause has begun.")).to_be_visible()
        look(page, f"{where}-{width}-pause")
        page.get_by_role("button", name="Go on now").press("Enter")
        expect(page.get_by_text("We write to you again.", exact=True)).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_team_sets_one_with_the_keyboard(
    browser: Browser, address: str, house: House, workspace: str, shop: Shop, width: int
) -> None:
    with at_desk(browser, address, house, workspace, width) as page:
        page.goto(f"{address}/console/{workspace}/customers/{shop.customer}")
        page.get_by_text("Pause messages …").focus()
        page.keyboard.press("Enter")
        look(page, f"customer-{width}-open")
        page.get_by_label("30 days", exact=True).focus()
        page.keyboard.press("Space")
        page.get_by_label("In their words, if they said any").first.fill("I am travelling until the new year.")
        page.keyboard.press("Enter")
        expect(page.get_by_text("They want a pause: no campaign writes to them before")).to_be_visible()
        look(page, f"customer-{width}-pause")
