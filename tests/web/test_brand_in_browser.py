"""A brand in a real browser: on the page where it is made, and on every page that customers meet, however it looks."""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.access.test_brands import png
from tests.web.at_desk import at_desk

from regulars.access import brands
from regulars.access.links import Link
from regulars.access.workspaces import close_workspace, create_workspace, delete_workspace, get_workspace
from regulars.hear.identities import intern
from regulars.web.brands import LOOK
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser

HEAVIEST = 60_000
NEW = ["/workspace", "/workspace/exports", "/workspace/delete"]
LOOKS = {"deep": "#1f2a5a", "bright": "#ffd400", "pale": "#f4ecdf"}


@pytest.fixture
def worn(house, workspace, shop):
    """The shop's workspace in a look of its own, and the paths of every page its customers meet."""

    def wear(accent):
        known = get_workspace(house.database, workspace)
        given = {"title": "Ziedu nams", "tone": "formal", "languages": ["en", "lv", "hi"], "zone": "Europe/Riga"}
        with house.database.workspace(workspace) as tx:
            brands.change_brand(tx, known, **given, accent=accent, delivery="sandbox", sender="")
            brands.change_logo(tx, workspace, png(240, 80), utc_now())
        with house.database.workspace(workspace) as tx:
            address = intern(tx, [("email", "ieva@post.example")])["email", "ieva@post.example"]
        link = Link(workspace, address, 1, None)
        token, own = house.links.sign(link), house.links.sign_own(link)
        answered = house.links.sign(Link(workspace, shop.customer, None, "gift-quiz"))
        return [
            "/f/gift-quiz", "/f/gift-quiz/2", f"/f/gift-quiz?m={token}", f"/f/gift-quiz/thanks?m={answered}",
            f"/u/{token}", f"/why/{token}", f"/me/{token}", f"/me/{own}", f"/me/{own}/correct?fact=gift_for",
            "/f/gift-quiz?m=broken",
        ]  # fmt: skip

    return wear


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def fits_in_light_and_dark(page, path):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        fits(page, path)


def fits(page, path):
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{path} is {wider} pixels too wide"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{path}: {found.generate_report()}"


@pytest.mark.parametrize("look", LOOKS)
def test_every_customers_page_is_well_in_every_look(page, address, worn, look):
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    for path in worn(LOOKS[look]):
        page.goto(f"{address}{path}")
        fits_in_light_and_dark(page, path)
    assert not complaints


@pytest.mark.parametrize("look", LOOKS)
def test_our_mails_are_read_in_the_light_and_in_the_dark(page, address, house, workspace, worn, look):
    worn(LOOKS[look])
    papers = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}/look/{house.links.seal(LOOK, get_workspace(house.database, workspace))}/mail")
        papers.add(page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))
        found = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
        assert found.violations_count == 0, found.generate_report()
    assert len(papers) == 2, "it is dark where all else is"


def test_every_customers_page_weighs_less_than_sixty_kilobytes_before_images(browser, address, worn):
    """All that a browser loads for a page it has never seen, but images."""
    for path in worn("#1f2a5a"):
        context = browser.new_context()
        page = context.new_page()
        loaded = []
        page.on("response", lambda one, loaded=loaded: loaded.append(one))
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        kinds = {one.request.resource_type for one in loaded}
        assert kinds <= {"document", "stylesheet", "image", "font", "other"}, f"{path} loads {kinds}"
        bodies = [
            one.body() for one in loaded if one.request.resource_type != "image" and one.status not in range(300, 400)
        ]
        plain, packed = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
        assert 0 < packed < plain < HEAVIEST, f"{path}: {plain} bytes, {packed} packed"
        context.close()


def test_a_reader_chooses_a_language_without_a_script(browser, address, worn):
    worn("#1f2a5a")
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(f"{address}/f/gift-quiz")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Latviešu").click()
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    assert page.url == f"{address}/f/gift-quiz"
    page.goto(f"{address}/f/gift-quiz/2")
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    context.close()


@pytest.fixture
def desk(browser, address, house, workspace):
    with at_desk(browser, address, house, workspace, 390, reduced_motion="reduce") as page:
        yield page


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_the_workspace_are_well_in_every_look(desk, address, home, worn, look):
    worn(LOOKS[look])
    for path in NEW:
        desk.goto(f"{address}{home}{path}")
        desk.wait_for_load_state("networkidle")
        fits_in_light_and_dark(desk, path)


def test_so_are_those_outside_of_any(desk, address, house, workspace):
    other = f"o_{workspace}"
    create_workspace(house.database, other, "Cake Corner & a title that is quite a lot longer than any line can be")
    with house.database.shared() as tx:
        tx.connection.execute(
            "insert into access_role (person_id, workspace, role) "
            "select id, %s, 'owner' from access_person where email = 'sam@x.example'",
            (other,),
        )
        close_workspace(tx, other, "sam", utc_now())
    for path in ("/console/workspaces", "/console/workspaces/new"):
        desk.goto(f"{address}{path}")
        fits(desk, path)
    desk.goto(f"{address}/console/workspaces")
    desk.get_by_role("button", name="Bring back").click()
    desk.wait_for_url(f"**/console/{other}")
    delete_workspace(house.database, other)


def test_a_colour_is_seen_at_once_and_kept_by_saving(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/workspace")
        before = page.locator("iframe.look").first.get_attribute("src")
        page.get_by_label("Colour", exact=True).fill("#ffd400")
        expect(page.locator("iframe.look").first).not_to_have_attribute("src", before)
        button = page.frame_locator("iframe.look").first.get_by_role("button", name="Next")
        expect(button).to_have_css("background-color", "rgb(255, 212, 0)")
        assert get_workspace(house.database, workspace).accent == "#9c3f24"
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Customers see it from now on")).to_be_visible()
        assert get_workspace(house.database, workspace).accent == "#ffd400"
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("again what it was before")).to_be_visible()
        assert get_workspace(house.database, workspace).accent == "#9c3f24"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_nothing_that_was_typed_is_lost_with_a_logo(browser, address, house, workspace, home, shop, scripts):
    with at_desk(browser, address, house, workspace, 1440, java_script_enabled=scripts) as page:
        page.goto(f"{address}{home}/workspace")
        page.get_by_label("Title", exact=True).fill("Ziedu nams")
        page.get_by_label("Logo", exact=True).set_input_files(
            {"name": "logo.png", "mimeType": "image/png", "buffer": png(240, 80)}
        )
        if scripts:
            page.get_by_role("button", name="Show how it would look").click()
            expect(page.frame_locator("iframe.look").first.get_by_text("Ziedu nams")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_alt_text("The logo now")).to_be_visible()
        expect(page.get_by_label("Title", exact=True)).to_have_value("Ziedu nams")
    kept = get_workspace(house.database, workspace)
    assert (kept.title, kept.logo_width) == ("Ziedu nams", 240)


def test_one_switches_by_keyboard_alone(browser, address, house, workspace, home):
    other = f"o_{workspace}"
    create_workspace(house.database, other, "Cake Corner")
    with at_desk(browser, address, house, workspace, 1440) as page:
        with house.database.shared() as tx:
            tx.connection.execute(
                "insert into access_role (person_id, workspace, role) "
                "select id, %s, 'viewer' from access_person where email = 'sam@x.example'",
                (other,),
            )
        page.goto(f"{address}{home}")
        page.get_by_role("button", name=re.compile("Switch to another workspace")).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=re.compile("Cake Corner"))).to_be_visible()
        page.get_by_role("link", name=re.compile("Cake Corner")).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/console/{other}")
    delete_workspace(house.database, other)
