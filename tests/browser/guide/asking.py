"""docs/guide/asking.md: a form is composed by clicking, beside its phone."""

from playwright.sync_api import expect
from tests.browser.guide.walk import Walk

TITLE = "How shall we wrap it?"
QUESTION = "How shall we wrap your gifts?"
CHOICES = ["Brown paper and string", "Gold ribbon", "I wrap them myself"]


def walk(day: Walk) -> None:
    a_form_is_composed(day)
    it_is_made(day)


def a_form_is_composed(day: Walk) -> None:
    desk = day.desk
    day.go("Forms")
    day.follow("New form")
    day.follow("An empty form")
    desk.get_by_label("Title", exact=True).fill(TITLE)
    day.camera.read(desk)
    desk.get_by_role("button", name="Choose one").click()
    desk.get_by_label("What you ask").fill(QUESTION)
    desk.get_by_label("Answers", exact=True).fill("\n".join(CHOICES))
    day.press("Add these answers")
    expect(desk.get_by_label("Answer 3", exact=True)).to_have_value(CHOICES[2])
    desk.get_by_text("What becomes of the answer").click()
    desk.get_by_label("Fact").fill("wrapping")
    screen = desk.frame_locator("#screen iframe")
    expect(screen.get_by_role("radio", name=CHOICES[2])).to_be_visible()
    expect(desk.get_by_text("Kept as a draft")).to_be_visible()
    day.camera.take(desk, "form", desk.locator("main"), below=desk.locator("#open"))


def it_is_made(day: Walk) -> None:
    desk = day.desk
    day.press("Make the form")
    expect(desk.get_by_text("The form is made.")).to_be_visible()
    day.go("Forms")
    day.follow("Who do you love to give to?")
    day.camera.take(desk, "answers", desk.locator("main"))
