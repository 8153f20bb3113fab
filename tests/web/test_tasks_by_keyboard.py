"""More tasks of the team by the keyboard alone, from the top of a page to what is kept in the database."""

import re
from collections.abc import Iterator
from threading import Event

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, expect
from tests.web.at_desk import at_desk
from tests.web.keyboard import Keyboard
from tests.web.test_meeting import form_of

from regulars.access import passwords
from regulars.access.people import add_person, find_person
from regulars.access.team import get_member
from regulars.hear.identities import find
from regulars.loop.import_rounds import take_next
from regulars.remember import catalogue, consents, duplicates, ruling
from regulars.remember.customers import customer_of
from regulars.remember.facts import current
from regulars.speak import library
from regulars.store import records
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser
PEOPLE = b"email,Shoe size\nida@example.com,39\nnobody,40\n"
RIGHT = "horses of three colours"


@pytest.fixture
def desk(browser: Browser, address, house, workspace) -> Iterator[Keyboard]:
    with at_desk(browser, address, house, workspace, 1440, reduced_motion="reduce") as page:
        yield Keyboard(page)


def test_a_file_is_brought_looked_at_tried_and_taken_in(desk, address, house, home, workspace):
    def work():
        while take_next(house.database, house.imports, utc_now, Event(), lambda _: None):
            pass

    page, file = desk.page, {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE}
    page.on("filechooser", lambda asked: asked.set_files(file))
    desk.open(f"{address}{home}/imports")
    desk.to(page.get_by_label("File", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_label("File", exact=True)).to_have_value(re.compile("people.csv$"))
    desk.send(desk.button("Look at it"))
    desk.skip()
    desk.to(page.locator("[name='column:Shoe size']"))
    page.keyboard.type("Something else")
    desk.write(page.locator("[name='other:Shoe size']"), "size")
    desk.to(page.locator("[name='type:Shoe size']"))
    page.keyboard.type("a number")
    desk.send(desk.button("Try it: take nothing yet"))
    cancel = desk.button("Cancel")
    desk.to(cancel)
    with page.expect_response(lambda one: one.request.resource_type in {"fetch", "xhr"}):
        pass
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(cancel).to_be_focused()
    work()
    expect(desk.button("Take it in").first).to_be_visible()
    desk.stands()
    desk.send(desk.button("Take it in").first)
    work()
    expect(page.locator(".pill", has_text="taken in").first).to_be_visible()
    with house.database.workspace(workspace) as tx:
        found = records.list_events(tx, kind="identify", before=None, limit=9)
    assert [one.props["traits"] for one in found] == [{"size": 39, "email": "ida@example.com"}]


def test_a_pair_is_joined_and_that_is_taken_back(desk, address, house, home, workspace, shop):
    now = utc_now()
    with shop.tx() as tx:
        twin = shop.meet(tx, "u-3", "Ieva K", "ieva.k@post.example", now)
    with shop.tx() as tx:
        shop.say(tx, twin, {"email": "ieva@post.example"}, now)
    shop.work()
    duplicates.seek(house.database, workspace, now)
    page = desk.page
    desk.open(f"{address}{home}/duplicates")
    desk.send(desk.button("Join them", exact=False))
    shop.work()
    with shop.tx() as tx:
        assert customer_of(tx, twin) == customer_of(tx, shop.customer)
    desk.send(desk.button("Undo"))
    shop.work()
    with shop.tx() as tx:
        assert customer_of(tx, twin) != customer_of(tx, shop.customer)
    desk.open(f"{address}{home}/duplicates/rules")
    desk.choose(page.locator("[name=email][value=weak]"))
    desk.send(desk.button("See what would change"))
    desk.send(desk.button("Save"))
    shop.work()
    with shop.tx() as tx:
        assert ruling.rules_now(tx).email == "weak"


def test_a_fact_is_described_and_one_customers_is_forgotten(desk, address, home, shop):
    page = desk.page
    desk.open(f"{address}{home}/fact?name=gift_for")
    desk.write(page.get_by_label("Shelf life in days"), "365")
    desk.to(page.get_by_label("Sensitive:", exact=False))
    desk.press("Space")
    desk.send(desk.button("Save"))
    with shop.tx() as tx:
        entry = catalogue.get_entry(tx, "gift_for")
    assert (entry.shelf_days, entry.sensitive) == (365, True)
    desk.open(f"{address}{home}/customers/{shop.customer}")
    desk.send(page.locator("#fact-gift_for a").first)
    desk.to(desk.button("Forget it"))
    desk.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Leave it as it is")).to_be_focused()
    desk.press("Escape")
    expect(desk.button("Forget it")).to_be_focused()
    desk.press("Enter", "Shift+Tab")
    expect(dialog).to_be_hidden()
    desk.press("Enter")
    desk.send(dialog.get_by_role("button", name="Forget it"))
    shop.work()
    with shop.tx() as tx:
        assert "gift_for" not in {one.name for one in current(tx, shop.customer)}


def test_two_customers_are_joined_and_told_apart(desk, address, home, shop):
    with shop.tx() as tx:
        other = find(tx, ("user", "u-2"))
    page = desk.page
    desk.open(f"{address}{home}/customers/{shop.customer}")
    desk.do(page.locator("summary", has_text="The same person as …"))
    desk.write(page.get_by_label("Their number, name or address"), "ming@post.example")
    desk.send(desk.button("Join them"))
    shop.work()
    with shop.tx() as tx:
        assert customer_of(tx, other) == customer_of(tx, shop.customer)
    desk.open(f"{address}{home}/customers/{shop.customer}")
    desk.send(desk.button("These are two people: undo").first)
    shop.work()
    with shop.tx() as tx:
        assert customer_of(tx, other) != customer_of(tx, shop.customer)


def test_we_stop_writing_to_several_and_one_has_a_pause(desk, address, home, shop):
    page = desk.page
    desk.open(f"{address}{home}/customers/{shop.customer}")
    desk.do(page.locator("summary", has_text="Pause messages …"))
    desk.choose(page.get_by_label("30 days", exact=True))
    desk.send(page.locator("form[action$='/pause']").get_by_role("button", name="Save"))
    expect(page.get_by_text("They want a pause", exact=False)).to_be_visible()
    page.goto(f"{address}{home}/customers?q=ieva")
    desk.press("j", "x")
    desk.send(desk.button("Stop writing to them …"))
    desk.choose(page.locator("[name=about]").first)
    desk.write(page.get_by_label("Why"), "They asked by telephone.")
    desk.send(page.locator("button.grave"))
    shop.work()
    with shop.tx() as tx:
        (one,) = consents.deciding(tx, shop.customer)
    assert not one.granted


def test_two_versions_meet_and_mine_is_saved(desk, address, colleague, home, shop):
    page = desk.page
    desk.open(f"{address}{home}/templates/remember")
    theirs = form_of(colleague.get(f"{home}/templates/remember"))
    assert colleague.post(f"{home}/templates/remember", data=theirs | {"subject": "Greta's"}).status_code == 303
    desk.write(page.get_by_label("Subject"), "Mine")
    desk.send(desk.button("Save as the next version"))
    desk.to(desk.button("Take theirs …"))
    desk.press("Enter", "Escape")
    expect(desk.button("Take theirs …")).to_be_focused()
    desk.send(desk.button("Save mine"))
    with shop.tx() as tx:
        assert library.get_template(tx, "remember").subject == "Mine"


def test_two_segments_are_compared(desk, address, home, shop):
    with shop.tx() as tx:
        create_segment(tx, "still", "They told us something", {"fact": "gift_for", "known": True}, utc_now())
    page = desk.page
    desk.open(f"{address}{home}/segments/for-mothers")
    desk.send(page.get_by_role("link", name="Compare", exact=False).first)
    desk.to(page.get_by_label("Compare with"))
    page.keyboard.type("They told us")
    desk.send(desk.button("Compare"))
    expect(page.get_by_role("heading", name="Who is in both")).to_be_visible()


def test_somebody_is_given_another_role_and_taken_out(desk, address, house, home, workspace):
    person = add_person(house.database, f"priya@{workspace}.example", "Priya", workspace, role="agent")
    page = desk.page
    desk.open(f"{address}{home}/people")
    change = page.locator("summary", has_text="Priya")
    desk.do(change)
    desk.to(page.get_by_label("Role of Priya"))
    page.keyboard.type("Analyst")
    desk.send(page.locator(f"form[action$='/people/{person}/role'] button"))
    with house.database.shared() as tx:
        assert get_member(tx, workspace, person).role == "analyst"
    desk.open(f"{address}{home}/people")
    desk.do(change)
    desk.to(desk.button("Remove from the team …").last)
    desk.press("Enter")
    desk.send(page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True))
    expect(page.locator("main", has_text=f"priya@{workspace}")).to_have_count(0)


def test_a_key_is_made(desk, address, home):
    page = desk.page
    desk.open(f"{address}{home}/keys")
    desk.write(page.get_by_label("What it is for"), "The shop")
    desk.press("Tab", "ArrowDown")
    desk.send(desk.button("Make the key"))
    expect(page.get_by_text("It is shown this once", exact=False)).to_be_visible()
    desk.do(desk.button("Copy").first)


def test_a_password_is_set(desk, address, house, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    page = desk.page
    desk.open(f"{address}/console/account")
    desk.write(page.get_by_label("New password"), RIGHT)
    desk.send(desk.button("Save the password"))
    with house.database.shared() as tx:
        assert passwords.password_set_at(tx, find_person(house.database, "sam@x.example"))
