"""Every page of the console in a real browser, on a desk and on a phone: nothing sticks out, axe finds nothing."""

import asyncio
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from granian.server.embed import Server
from playwright.sync_api import Page, expect
from tests.web.console_story import PAGES

from regulars.access.people import add_person, make_login_link
from regulars.web.app import create_app
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def address(house) -> Iterator[str]:
    """Where the application answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(create_app(house), address="127.0.0.1", port=port, interface="asgi")
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            continue
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(server.stop)
    thread.join(timeout=10)


@pytest.fixture(params=[(1440, "light"), (390, "light"), (390, "dark")], ids=lambda one: f"{one[0]}-{one[1]}")
def page(browser, request, address, house, workspace) -> Iterator[Page]:
    """A screen in front of which somebody of the team has logged in."""
    width, scheme = request.param
    add_person(house.database, "sam@x.example", "Sam", workspace)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/console/login/{make_login_link(house.database, 'sam@x.example', utc_now())}")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/console/**")
    yield page
    context.close()


def test_every_page_fits_and_axe_finds_nothing(page, address, home, shop):
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    for path in [*PAGES, f"/customers/{shop.customer}", "/mailbox/1", "/messages/1"]:
        page.goto(f"{address}{home}{path}")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} pixels too wide"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    assert not complaints


def test_the_menu_opens_without_a_script(page, address, home, shop):
    page.goto(f"{address}{home}")
    if page.viewport_size["width"] < 960:
        expect(page.get_by_role("link", name="Segments", exact=True)).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Segments", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Segments")


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


def test_a_campaign_is_launched_by_keyboard_alone(page, address, home, shop):
    page.goto(f"{address}{home}/campaigns/spring")
    summary = page.locator("summary", has_text="Stop")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1 + .pill")).to_have_text("stopped")
