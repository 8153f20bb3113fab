"""docs/guide/writing.md: a template that remembers, and a campaign from who can be reached to what came of it."""

from playwright.sync_api import expect
from tests.browser.guide.asking import QUESTION
from tests.browser.guide.choosing import SEGMENT
from tests.browser.guide.listening import IEVA
from tests.browser.guide.walk import Walk

TEMPLATE = "A question about wrapping"
CAMPAIGN = "Wrapped for you"


def walk(day: Walk) -> None:
    a_template_remembers(day)
    a_campaign_says_whom_it_reaches(day)
    it_is_launched(day)


def a_template_remembers(day: Walk) -> None:
    desk = day.desk
    day.go("Templates")
    day.follow("New template")
    day.follow("A question in a mail")
    desk.get_by_label("Title", exact=True).fill(TEMPLATE)
    desk.get_by_label("For", exact=True).select_option(label=IEVA)
    desk.get_by_text("Add a block").click()
    day.camera.read(desk)
    desk.get_by_role("button", name="Their own words").click()
    mail = desk.frame_locator("iframe.mail").first
    expect(mail.get_by_text("A good friend")).to_be_visible()
    expect(mail.get_by_text(QUESTION)).to_be_visible()
    expect(desk.get_by_label("What it quotes")).to_be_visible()
    day.camera.take(desk, "template", below=desk.get_by_role("heading", name="Blocks", exact=True))
    with_versions(day)


def with_versions(day: Walk) -> None:
    """Make the template, and save it once more: now there is an earlier version."""
    desk = day.desk
    day.press("Make the template")
    expect(desk.get_by_role("heading", level=1)).to_have_text(TEMPLATE)
    day.press("Save as the next version")
    desk.get_by_text("Earlier versions").click()
    day.camera.read(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text(TEMPLATE)


def a_campaign_says_whom_it_reaches(day: Walk) -> None:
    desk = day.desk
    day.go("Segments")
    day.follow(SEGMENT)
    day.follow("Write to them")
    desk.get_by_label("Title").fill(CAMPAIGN)
    desk.get_by_label("Template").select_option(label=TEMPLATE)
    expect(desk.get_by_label("Purpose")).to_have_value("marketing")
    desk.get_by_label("Show it as it would be for").select_option(label=IEVA)
    result = desk.locator("#result")
    expect(result).to_contain_text("Who would get it now")
    expect(result.frame_locator("iframe.mail").first.get_by_text(QUESTION)).to_be_visible()
    day.camera.take(desk, "campaign", desk.locator("main"))
    day.press("Make the campaign")
    expect(desk.get_by_role("heading", name="Who would get it now")).to_be_visible()
    desk.get_by_text("Launch …").click()
    day.camera.take(desk, "reach", desk.locator("main"))


def it_is_launched(day: Walk) -> None:
    desk = day.desk
    day.press("Launch the campaign")
    expect(desk.locator("h1 + .pill")).to_have_text("live")
    sent = desk.locator(".facts a", has_text="sent").locator("b")
    waiting = desk.locator(".facts a", has_text="waiting").locator("b")

    def over() -> None:
        expect(sent).not_to_have_text("0", timeout=500)
        expect(waiting).to_have_text("0", timeout=500)

    day.until(over)
    day.camera.take(
        desk,
        "came-of-it",
        desk.locator("main .crumb"),
        desk.locator("main .cards"),
        desk.get_by_role("button", name="Stop …"),
    )
    desk.locator(".facts a", has_text="not written").click()
    expect(desk.get_by_role("heading", name="Who was addressed")).to_be_visible()
    day.camera.read(desk)
