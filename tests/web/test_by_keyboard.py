"""Every task by the keyboard alone, on a desk and where the screen is narrow; no mouse is there, no stop unseen."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect
from tests.web.at_desk import at_desk
from tests.web.console_story import HTML, SUBJECT, TEXT
from tests.web.keyboard import Keyboard

from regulars.access import passwords
from regulars.access.keys import add_key
from regulars.access.links import Link
from regulars.access.people import add_person
from regulars.engage import forms
from regulars.engage.preferences import COUNTING, preferences
from regulars.hear.identities import intern
from regulars.remember.facts import current
from regulars.speak import campaigns
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser
RIGHT = "horses of three colours"


@pytest.fixture(params=[1440, 390])
def width(request) -> int:
    return request.param


@pytest.fixture
def desk(browser: Browser, address, house, workspace, width) -> Iterator[Keyboard]:
    """A desk at which an owner has logged in and sees home."""
    with at_desk(browser, address, house, workspace, width, reduced_motion="reduce") as page:
        yield Keyboard(page)


@pytest.fixture
def theirs(browser: Browser, width) -> Iterator[Page]:
    """A screen of a customer, or of somebody who has not logged in."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_one_logs_in_by_password(theirs, address, house, workspace, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    email = f"harriet@{workspace}.example"
    person = add_person(house.database, email, "Harriet", workspace)
    with house.database.shared() as tx:
        passwords.set_password(tx, person, RIGHT, utc_now())
    keys = Keyboard(theirs)
    theirs.goto(f"{address}/console/login")
    keys.write(theirs.get_by_label("E-mail"), email)
    keys.write(theirs.get_by_label("Password"), RIGHT)
    keys.go("Enter", f"**/console/{workspace}")


def test_what_pops_up_is_gone_through_closed_and_left(desk, address, home, house, workspace):
    with house.database.shared() as tx:
        add_key(tx, workspace, "read", "The old till")
    page = desk.page
    page.goto(f"{address}{home}/keys")
    openers = page.locator("button[popovertarget]:not([popovertargetaction]):visible").all()
    assert openers
    for opener in openers:
        over = page.locator(f"#{opener.get_attribute('popovertarget')}")
        within = over.locator(":focus")
        desk.to(opener)
        page.keyboard.press("Enter")
        expect(within).to_have_count(1)
        desk.press("Escape")
        expect(over).to_be_hidden()
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        expect(within).to_have_count(1)
        while within.count():
            desk.press("Tab")
        expect(over).to_be_hidden()
        desk.stands()


def test_a_customer_is_found_and_what_they_said_is_read(desk, home, shop):
    page = desk.page
    page.reload()
    desk.press("g")
    desk.go("c", f"**{home}/customers")
    desk.press("/")
    page.keyboard.insert_text("kalnina")
    desk.go("Enter", "**q=kalnina**")
    desk.press("j")
    desk.go("Enter", f"**/customers/{shop.customer}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ieva")
    desk.to(page.locator("#main a[href*='#fact-']").first)
    expect(page.locator(".said").first).to_contain_text("My mother")


def test_a_customer_answers_a_form(theirs, address, shop):
    keys = Keyboard(theirs)
    theirs.goto(f"{address}/f/gift-quiz")
    keys.to(theirs.get_by_label("My mother"))
    keys.press("ArrowDown")
    expect(theirs.get_by_label("A good friend")).to_be_checked()
    keys.to(keys.button("Next"))
    keys.go("Enter", "**/f/gift-quiz/2**")
    keys.write(theirs.get_by_label("What is their first name?"), "Zelma")
    keys.go("Enter", "**/f/gift-quiz/3**")
    keys.to(theirs.get_by_label("Yes, write to me by e-mail."))
    keys.press("Space")
    keys.to(keys.button("Send my answers"))
    keys.go("Enter", "**/thanks**")
    expect(theirs.locator("main")).to_contain_text("Zelma")


def test_a_customer_withdraws(theirs, address, shop):
    link = of_ieva(shop)
    with shop.tx() as tx:
        assert any(one.granted for one in preferences(tx, link.identity_id) if one.about != COUNTING)
    keys = Keyboard(theirs)
    theirs.goto(f"{address}/u/{shop.house.links.sign(link)}")
    keys.to(theirs.locator("main input[type=checkbox]:checked").first)
    keys.press("Space")
    keys.to(keys.button("Save"))
    keys.go("Enter", "**saved=**")
    expect(theirs.get_by_role("status")).to_contain_text("We do not write to you any more")
    shop.work()
    with shop.tx() as tx:
        assert not any(one.granted for one in preferences(tx, link.identity_id) if one.about != COUNTING)


def of_ieva(shop):
    """The link that Ieva's mails carry."""
    with shop.tx() as tx:
        return Link(shop.workspace, intern(tx, [("email", "ieva@post.example")])["email", "ieva@post.example"], 1)


def test_a_customer_asks_for_the_link_to_their_page(theirs, address, shop):
    keys = Keyboard(theirs)
    theirs.goto(f"{address}/me/{shop.house.links.sign(of_ieva(shop))}")
    keys.send(keys.button("Send me the link"))
    expect(theirs.get_by_role("heading", name="Look into your mail")).to_be_visible()


def test_a_customer_puts_right_pauses_takes_along_and_is_forgotten(theirs, address, shop):
    keys, page = Keyboard(theirs), f"{address}/me/{shop.house.links.sign_own(of_ieva(shop))}"
    said = theirs.get_by_role("status")
    theirs.goto(page)
    keys.send(theirs.get_by_role("link", name="Change or forget: For whom", exact=False))
    keys.choose(theirs.get_by_label("A good friend"))
    keys.send(keys.button("Save"))
    expect(said).to_contain_text("From now on this is what we remember")
    keys.send(theirs.get_by_role("link", name="Change or forget: What is their first name?"))
    keys.send(keys.button("Forget it"))
    expect(said).to_contain_text("Forgotten.")
    shop.work()
    with shop.tx() as tx:
        known = {one.name: one.value for one in current(tx, shop.customer)}
    assert (known.get("gift_for"), "whose" in known) == ("friend", False)
    keys.send(keys.button("30 days"))
    expect(said).to_contain_text("Your pause has begun.")
    keys.send(keys.button("Go on now"))
    keys.to(theirs.get_by_role("link", name="Take it along (zip)"))
    with theirs.expect_download() as taken:
        theirs.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".zip")
    keys.send(keys.button("Keep it and do not use it"))
    expect(said).to_contain_text("do not use it")
    keys.to(theirs.get_by_label("Yes, forget everything about me"))
    keys.press("Space")
    keys.send(keys.button("Forget me"))
    expect(theirs.get_by_text("We are forgetting you.", exact=False)).to_be_visible()


def test_a_template_is_written_and_a_campaign_launched(desk, address, home, shop):
    page = desk.page
    page.goto(f"{address}{home}/new/template?start_from=html")
    desk.write(page.get_by_label("Title"), "By hand")
    desk.write(page.get_by_label("Subject"), SUBJECT)
    desk.write(page.get_by_label("HTML", exact=True), HTML)
    desk.write(page.get_by_label("Text", exact=True), TEXT)
    desk.to(desk.button("Make the template"))
    desk.go("Enter", "**/templates/by-hand**")
    desk.to(page.get_by_role("link", name="Use in a campaign"))
    desk.go("Enter", "**/new/campaign**")
    desk.write(page.get_by_label("Title"), "By hand")
    desk.to(page.get_by_label("Segment"))
    page.keyboard.type("They")
    expect(page.get_by_label("Template")).to_have_value("by-hand")
    desk.to(page.get_by_label("Purpose"))
    page.keyboard.type("Ideas")
    desk.to(desk.button("Make the campaign"))
    desk.go("Enter", "**/campaigns/by-hand**")
    desk.to(page.locator("summary", has_text="Launch"))
    desk.press("Enter")
    desk.to(desk.button("Launch the campaign"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1 + .pill")).to_have_text("live")
    with shop.tx() as tx:
        assert campaigns.get(tx, "by-hand").state == "live"


def test_a_form_is_composed(desk, address, home, workspace, shop):
    page, own = desk.page, f"form-{workspace.replace('_', '-')}"
    page.goto(f"{address}{home}/new/form")
    desk.to(page.get_by_role("link", name="An empty form"))
    desk.go("Enter", "**start_from=nothing**")
    desk.write(page.get_by_label("Link"), own)
    desk.write(page.get_by_label("Title"), "Names")
    desk.to(desk.button("A few words", exact=False))
    page.keyboard.press("Enter")
    asked = page.get_by_label("What you ask")
    expect(asked).to_be_visible()
    desk.write(asked, "What is her name?")
    desk.to(desk.button("Make the form"))
    desk.go("Enter", f"**/forms/{own}**")
    with shop.tx() as tx:
        assert [one.title.at("en") for one in forms.get_form(tx, own).survey.questions] == ["What is her name?"]


def test_somebody_is_invited(desk, address, home, workspace):
    page = desk.page
    page.goto(f"{address}{home}/people")
    desk.write(page.get_by_label("Their e-mail address"), f"priya@{workspace}.example")
    desk.press("Tab", "ArrowDown")
    desk.to(desk.button("Make the invitation"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("is invited.")).to_be_visible()
    desk.to(desk.button("Take back"))


def test_a_key_is_revoked(desk, address, house, home, workspace):
    with house.database.shared() as tx:
        add_key(tx, workspace, "read", "The old till")
    page = desk.page
    page.goto(f"{address}{home}/keys")
    desk.to(desk.button("Revoke …", exact=False))
    desk.press("Enter")
    desk.to(page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("No keys yet")).to_be_visible()
