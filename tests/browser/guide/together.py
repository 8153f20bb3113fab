"""docs/guide/together.md: a colleague is invited, drafts keep themselves, two save the same thing, undo, the brand."""

from playwright.sync_api import expect
from tests.browser.guide.asking import TITLE as FORM
from tests.browser.guide.walk import Walk
from tests.browser.guide.writing import TEMPLATE

PRIYA = "priya@gifthouse.example"


def walk(day: Walk) -> None:
    priya_is_invited(day)
    a_draft_is_there_when_one_comes_back(day)
    both_have_saved(day)
    a_form_is_closed_and_that_is_undone(day)
    the_brand_is_chosen(day)


def priya_is_invited(day: Walk) -> None:
    desk, other = day.desk, day.other_desk
    day.go("People")
    desk.get_by_label("Their e-mail address").fill(PRIYA)
    desk.get_by_label("Marketer").check()
    invite = desk.locator("section", has=desk.get_by_role("heading", name="Invite somebody"))
    day.camera.take(desk, "invite", invite, below=invite)
    day.press("Make the invitation")
    expect(desk.get_by_text("is invited.")).to_be_visible()
    other.goto(desk.locator(".copyable code").inner_text())
    other.get_by_label("Your name").fill("Priya")
    day.press("Join the team", other)
    expect(other.get_by_role("heading", name="What they told you")).to_be_visible()


def a_draft_is_there_when_one_comes_back(day: Walk) -> None:
    desk = day.desk
    day.go("Templates")
    day.follow(TEMPLATE)
    desk.get_by_label("Subject").fill("For {{ told.whose | default('somebody dear') }}: paper, string or ribbon?")
    expect(desk.get_by_text("Kept as a draft")).to_be_visible()
    day.go("Home")
    day.go("Templates")
    day.follow(TEMPLATE)
    expect(desk.get_by_text("You began this and have not saved it.")).to_be_visible()
    day.camera.take(
        desk, "draft", desk.locator("main .crumbs"), desk.locator("main .note"), desk.get_by_label("Subject")
    )


def both_have_saved(day: Walk) -> None:
    desk, other = day.desk, day.other_desk
    day.go("Templates", other)
    day.follow(TEMPLATE, other)
    other.get_by_label("Subject").fill("Shall we wrap it for {{ told.whose | default('you') }}?")
    day.press("Save as the next version", other)
    expect(other.get_by_text("Saved as version 3")).to_be_visible()
    day.press("Save as the next version")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Two versions of")
    day.camera.take(desk, "two-versions", desk.locator("main"))
    day.press("Save mine")
    expect(desk.get_by_text("Saved as version 4")).to_be_visible()


def a_form_is_closed_and_that_is_undone(day: Walk) -> None:
    desk = day.desk
    day.go("Forms")
    day.follow(FORM)
    day.press("Close")
    toast = desk.locator(".toast")
    expect(toast).to_contain_text("The form is closed.")
    day.camera.take(desk, "undo", desk.locator("main"), toast)
    day.press("Undo")
    expect(desk.get_by_text("The form is open again.")).to_be_visible()


def the_brand_is_chosen(day: Walk) -> None:
    desk = day.desk
    day.go("Workspace")
    desk.get_by_label("Colour").fill("#2f5d50")
    day.press("Show how it would look")
    expect(desk.get_by_label("Colour")).to_have_value("#2f5d50")
    day.camera.take(desk, "brand", desk.locator("main"))
    day.press("Save")
    day.camera.read(desk)
