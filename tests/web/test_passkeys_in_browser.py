"""Coming in as somebody sees it, on a desk and on a phone: by password, by passkey, refused, told to wait, and out."""

import asyncio
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from urllib.parse import parse_qs
from uuid import uuid4

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from granian.server.embed import Server
from playwright.sync_api import Page, expect
from tests.web.keyboard import Keyboard
from tests.web.passkey_desk import unlocked

from regulars.access import passkeys
from regulars.access.passwords import set_password
from regulars.access.people import add_person, make_login_link
from regulars.web.app import create_app
from regulars.words.clock import utc_now
from regulars.words.errors import Refused

pytestmark = pytest.mark.browser

RIGHT = "horses of three colours"


@pytest.fixture(scope="session")
def named(house) -> Iterator[str]:
    """Where a house answers that has a name, and a mail server that is away."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    settings = msgspec.structs.replace(house.settings, base_url=url, smtp_url="smtp://127.0.0.1:9")
    server = Server(create_app(replace(house, settings=settings)), address="127.0.0.1", port=port, interface="asgi")
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            continue
    yield url
    loop.call_soon_threadsafe(server.stop)
    thread.join(timeout=10)


@pytest.fixture
def harriet(house, workspace):
    email = f"harriet-{uuid4().hex[:8]}@gifts.example"
    person_id = add_person(house.database, email, "Harriet", workspace)
    with house.database.shared() as tx:
        set_password(tx, person_id, RIGHT, utc_now())
    return email


@pytest.fixture(params=[1440, 390])
def desk(browser, request):
    with unlocked(browser, viewport={"width": request.param, "height": 900}) as (page, authenticator):
        yield page, authenticator


def fine(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def log_in(page: Page, url: str, email: str, password: str) -> None:
    page.goto(f"{url}/console/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")


def log_out(page: Page) -> None:
    menu = page.get_by_role("button", name="Menu", exact=True)
    if menu.is_visible():  # on a phone it is in there
        menu.click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def add_passkey(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/console/account")
    page.get_by_label("What the passkey is called").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#passkeys strong", has_text=name)).to_be_visible()


def test_by_password_in_and_out_again(desk, named, harriet, workspace):
    page, _ = desk
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{named}/console/login")
    fine(page)
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    log_out(page)
    assert not complaints


def test_a_wrong_password_and_too_many_of_them_are_told_in_words(desk, named, harriet):
    page, _ = desk
    log_in(page, named, harriet, "wrong password")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("E-mail")).to_have_value(harriet)
    fine(page)
    for _ in range(5):
        log_in(page, named, harriet, "wrong password")
    expect(page.get_by_role("alert")).to_contain_text("tried too often")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"room again in \d\d seconds"))
    expect(page.get_by_role("button", name="Send me a link")).to_be_enabled()
    fine(page)


def test_a_link_is_asked_for(desk, named, harriet):
    page, _ = desk
    page.goto(f"{named}/console/login")
    page.get_by_label("E-mail").fill(harriet)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    fine(page)


def test_a_passkey_is_made_named_used_and_removed(desk, named, harriet, workspace):
    page, authenticator = desk
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    add_passkey(page, named, "My key ring")
    fine(page)
    expect(page.locator("#passkeys li")).to_contain_text("not used yet")
    (made,) = authenticator.credentials()
    assert made["isResidentCredential"]
    only_by_button(page)
    page.get_by_role("button", name="Log out").click()
    press_passkey(page, named)
    page.wait_for_url(f"{named}/console/{workspace}")
    page.goto(f"{named}/console/account")
    expect(page.locator("#passkeys li")).to_contain_text("last used")
    page.locator("#passkeys li").get_by_role("button", name="Remove").click()
    expect(page.locator("#passkeys li")).to_have_count(0)
    page.get_by_role("button", name="Log out").click()
    press_passkey(page, named)
    expect(page.get_by_role("alert")).to_contain_text("This passkey is not known here")


def test_the_browser_offers_a_passkey_where_the_e_mail_is_typed(desk, named, harriet, workspace):
    """A virtual authenticator accepts the offer at once."""
    page, _ = desk
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    add_passkey(page, named, "My phone")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{named}/console/{workspace}")


def test_a_passkey_that_was_copied_opens_nothing(desk, named, harriet, workspace):
    page, authenticator = desk
    only_by_button(page)
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    add_passkey(page, named, "My phone")
    (copy,) = authenticator.credentials()
    log_out(page)
    press_passkey(page, named)
    page.wait_for_url(f"{named}/console/{workspace}")
    log_out(page)
    authenticator.forget()
    authenticator.put(copy)
    press_passkey(page, named)
    expect(page.get_by_role("alert")).to_contain_text("This passkey could not be checked")


def test_a_device_that_is_not_unlocked_logs_nobody_in(desk, named, harriet, workspace):
    page, authenticator = desk
    only_by_button(page)
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    authenticator.verifies(user=False)
    page.goto(f"{named}/console/account")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#passkeys [role=status]")).to_contain_text("No passkey was made")
    fine(page)
    authenticator.verifies(user=True)
    add_passkey(page, named, "My phone")
    authenticator.verifies(user=False)
    page.get_by_role("button", name="Log out").click()
    press_passkey(page, named)
    expect(page.get_by_role("status")).to_contain_text("No passkey was used")
    fine(page)


def test_what_a_passkey_signed_counts_once_for_minutes_and_at_our_own_address(desk, named, harriet, workspace, house):
    page, _ = desk
    only_by_button(page)
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    add_passkey(page, named, "My phone")
    page.get_by_role("button", name="Log out").click()
    here, database = passkeys.relying(named), house.database
    elsewhere = passkeys.relying("https://say.shop.example")
    for place, later in [(here, timedelta(minutes=6)), (elsewhere, timedelta(0))]:
        ticket, answer = signed(page, named)
        with pytest.raises(Refused):
            passkeys.log_in(database, place, ticket, answer, utc_now() + later)
    ticket, answer = signed(page, named)
    with pytest.raises(Refused):
        passkeys.log_in(database, here, "made up", answer, utc_now())
    forged = answer.replace('"signature":"', '"signature":"AAAA')
    with pytest.raises(Refused):
        passkeys.log_in(database, here, ticket, forged, utc_now())
    ticket, answer = signed(page, named)
    assert passkeys.log_in(database, here, ticket, answer, utc_now())
    with pytest.raises(Refused, match="done already"):
        passkeys.log_in(database, here, ticket, answer, utc_now())


def test_without_scripts_one_comes_in_by_password_and_by_link(browser, named, harriet, workspace, house):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{named}/console/login")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    page.goto(f"{named}/console/account")
    expect(page.get_by_text("To add one, a browser that knows passkeys is needed")).to_be_visible()
    context.clear_cookies()
    page.goto(f"{named}/console/login/{make_login_link(house.database, harriet, utc_now())}")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{named}/console/{workspace}")
    context.close()


def test_by_keyboard_alone(desk, named, harriet, workspace):
    page, _ = desk
    only_by_button(page)
    page.goto(f"{named}/console/login")
    page.keyboard.press("Tab")
    page.keyboard.type(harriet)
    page.keyboard.press("Tab")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{named}/console/{workspace}")


def test_a_passkey_is_made_by_keyboard_alone(desk, named, harriet, workspace):
    page, authenticator = desk
    log_in(page, named, harriet, RIGHT)
    page.wait_for_url(f"{named}/console/{workspace}")
    keys = Keyboard(page)
    keys.open(f"{named}/console/account")
    keys.write(page.get_by_label("What the passkey is called"), "My key")
    keys.send(keys.button("Add a passkey"))
    expect(page.locator("#passkeys strong", has_text="My key")).to_be_visible()
    assert len(authenticator.credentials()) == 1


def only_by_button(page: Page) -> None:
    """Let the browser offer nothing by itself."""
    page.add_init_script("if (window.PublicKeyCredential) delete PublicKeyCredential.isConditionalMediationAvailable")


def press_passkey(page: Page, url: str) -> None:
    page.goto(f"{url}/console/login")
    page.get_by_role("button", name="Log in with a passkey").click()


def signed(page: Page, url: str) -> tuple[str, str]:
    """What the browser would have sent: the ticket, and the passkey's answer."""
    page.route("**/console/login/passkey", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/login/passkey")) as asked:
        press_passkey(page, url)
    page.unroute("**/console/login/passkey")
    sent = parse_qs(asked.value.post_data)
    return sent["ticket"][0], sent["answer"][0]
