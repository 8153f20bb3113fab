"""Composers by the keyboard alone: whatever comes anew, one stands with what one moved, opened or added."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.web.at_desk import at_desk
from tests.web.keyboard import Keyboard

from regulars.engage import forms
from regulars.speak import library
from regulars.speak.blocks import Ask, Heading, Paragraph
from regulars.understand.segments import create_segment, get_segment
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, address, house, workspace) -> Iterator[Keyboard]:
    with at_desk(browser, address, house, workspace, 1440, reduced_motion="reduce") as page:
        yield Keyboard(page)


def test_a_mail_is_put_together_from_blocks(desk, address, home, shop):
    page = desk.page
    desk.open(f"{address}{home}/new/template?start_from=nothing")
    desk.write(page.get_by_label("Title"), "By hand")
    desk.write(page.get_by_label("Subject"), "For you")
    desk.do(desk.button("Heading", exact=False))
    text = page.locator("[name='b.text']")
    expect(text).to_be_focused()
    page.keyboard.type("Hello")
    desk.do(page.locator("summary", has_text="Add a block"))
    desk.do(page.locator("[value='add:paragraph']"))
    expect(text).to_be_focused()
    page.keyboard.type("Dear ")
    desk.do(page.locator("#open summary", has_text="Put in something about the customer").first)
    desk.to(page.locator("[name='b.text.what']"))
    page.keyboard.type("First name")
    desk.write(page.locator("[name='b.text.otherwise']"), "friend")
    desk.do(page.locator("[value='place:b.text']"))
    expect(text).to_be_focused()
    expect(text).to_have_value('Dear {{ first_name | default("friend") }}')
    desk.do(page.locator("summary", has_text="Add a block"))
    desk.do(page.locator("[value='add:question']"))
    form = page.get_by_label("Whose first question it asks")
    expect(form).to_be_focused()
    page.keyboard.type("Who do you")
    desk.do(desk.button("Done"))
    expect(desk.button("Open block 3:", exact=False)).to_be_focused()
    desk.do(desk.button("Move block 3 up"))
    expect(desk.button("Move block 2 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.button("Move block 1 down")).to_be_focused()
    desk.do(desk.button("Open block 2:", exact=False))
    expect(text).to_be_focused()
    desk.do(desk.button("Duplicate"))
    expect(desk.button("Open block 2:", exact=False)).to_be_visible()
    expect(text).to_be_focused()
    desk.do(desk.button("Take out"))
    expect(page.get_by_text("The block was taken out.")).to_be_visible()
    desk.do(desk.button("Next customer"))
    expect(desk.button("Next customer")).to_be_focused()
    desk.choose(page.get_by_label("Phone"))
    desk.do(page.locator("#mail summary", has_text="As text"))
    expect(page.locator("#mail .letter")).to_contain_text("Hello")
    desk.do(desk.button("As text"))
    desk.do(desk.button("Compose by clicking"))
    desk.send(desk.button("Make the template"))
    with shop.tx() as tx:
        kinds = [type(one) for one in library.get_template(tx, "by-hand").blocks.body]
    assert kinds == [Ask, Heading, Paragraph]


def test_a_form_is_composed_with_answers_in_their_order(desk, address, home, workspace, shop):
    page, own = desk.page, f"form-{workspace.replace('_', '-')}"
    desk.open(f"{address}{home}/new/form?start_from=nothing")
    desk.write(page.get_by_label("Link"), own)
    desk.write(page.get_by_label("Title"), "Gifts")
    desk.do(page.locator("[value='add:one']"))
    asked = page.get_by_label("What you ask")
    expect(asked).to_be_focused()
    page.keyboard.type("For whom?")
    desk.write(page.get_by_label("Answers", exact=True), "Mother\nFriend\nMyself")
    desk.do(desk.button("Add these answers"))
    desk.do(desk.button("Move answer 3 up"))
    expect(desk.button("Move answer 2 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.button("Move answer 1 down")).to_be_focused()
    desk.do(desk.button("Take answer 3 out"))
    desk.do(page.locator("summary", has_text="Add a question"))
    desk.do(page.locator("[value='add:short']"))
    expect(asked).to_be_focused()
    page.keyboard.type("Whose name?")
    only_if = page.get_by_label("Only if")
    desk.to(only_if)
    page.keyboard.type("For whom")
    compared = page.get_by_label("How it is compared")
    expect(compared).to_be_visible()
    desk.stands()
    desk.to(compared)
    page.keyboard.press("Home")
    expect(page.get_by_label("The answer", exact=True)).to_be_visible()
    desk.stands()
    desk.to(page.get_by_label("The answer", exact=True))
    page.keyboard.type("Mother")
    desk.do(desk.button("Question before"))
    desk.do(desk.button("Next question"))
    desk.do(desk.button("Fold up"))
    expect(desk.button("Open question 2:", exact=False)).to_be_focused()
    desk.send(desk.button("Make the form"))
    with shop.tx() as tx:
        survey = forms.get_form(tx, own).survey
    assert [one.title.at("en") for one in survey.questions] == ["For whom?", "Whose name?"]
    assert [one.text.at("en") for one in survey.questions[0].choices] == ["Myself", "Mother"]
    assert survey.questions[1].shown_if is not None


def test_a_rule_with_groups_and_every_kind_of_condition_is_composed(desk, address, home, shop):
    with shop.tx() as tx:
        create_segment(tx, "still", "They told us something", {"fact": "gift_for", "known": True}, utc_now())
    page = desk.page
    desk.open(f"{address}{home}/new/segment")
    desk.write(page.get_by_label("Title"), "By hand")
    desk.to(page.get_by_label("What you know of them"))
    page.keyboard.type("For whom")
    expect(page.get_by_label("Value")).to_be_visible()
    desk.to(page.get_by_label("Value"))
    page.keyboard.type("My mother")
    desk.do(page.locator("[value='add-group:r']"))
    expect(page.get_by_label("of whom", exact=True)).to_be_focused()
    page.keyboard.type("any of")
    desk.do(page.locator("[value='add-event:r.1']"))
    expect(page.locator("[name='r.1.0:event']")).to_be_focused()
    page.keyboard.type("Order Completed")
    desk.do(page.locator("[value='add-segment:r.1']"))
    expect(page.locator("[name='r.1.1:member']")).to_be_focused()
    desk.to(page.locator("[name='r.1.1:segment']"))
    page.keyboard.type("They told us")
    for kind in ("consent", "reachable", "message", "text"):
        desk.do(page.locator(f"[value='add-{kind}:r']"))
        assert page.evaluate("document.activeElement.name").startswith("r."), kind
    page.keyboard.type('{"event": "page"}')
    desk.write(page.get_by_label("Purpose and channel"), "marketing/email")
    desk.to(page.locator("[name='r.4:message']"))
    page.keyboard.type("were sent")
    desk.do(page.locator("[value='up:r.5']"))
    expect(page.locator("[value='up:r.4']")).to_be_focused()
    desk.do(page.locator("[value='down:r.0']"))
    expect(page.locator("[value='down:r.0.0']")).to_be_focused()
    desk.do(page.locator("[value='remove:r.3']"))
    expect(page.locator("[value='remove:r.3']")).to_be_focused()
    expect(page.locator("#result")).to_contain_text("“Order Completed”")
    desk.do(desk.button("As text"))
    desk.do(desk.button("As fields"))
    desk.send(desk.button("Make the segment"))
    with shop.tx() as tx:
        rule = get_segment(tx, "by-hand").rule
    assert len(rule["all"][0]["any"]) == 3


def test_a_funnel_is_composed_of_steps_in_their_order(desk, address, home, shop):
    page = desk.page
    desk.open(f"{address}{home}/new/funnel")
    desk.write(page.get_by_label("Title"), "By hand")
    desk.write(page.locator("[name='s.0:event']"), "page")
    desk.write(page.locator("[name='s.1:event']"), "Order Completed")
    desk.do(desk.button("+ A step"))
    expect(page.locator("[name='s.2:event']")).to_be_focused()
    page.keyboard.type("identify")
    desk.do(page.locator("[value='add-condition:s.2']"))
    expect(page.locator("[name='s.2.0:property']")).to_be_focused()
    page.keyboard.type("plan")
    desk.do(page.locator("[value='up:s.2']"))
    expect(page.locator("[value='up:s.1']")).to_be_focused()
    expect(page.locator("[name='s.1.0:property']")).to_have_value("plan")
    page.keyboard.press("Enter")
    expect(page.locator("[value='down:s.0']")).to_be_focused()
    expect(page.locator("[name='s.0:event']")).to_have_value("identify")
    desk.do(page.locator("[value='remove:s.0.0']"))
    expect(page.locator("[name='s.0.0:property']")).to_have_count(0)
    expect(page.locator("body")).not_to_be_focused()
    desk.do(page.locator("[value='remove:s.2']"))
    expect(page.locator("[name='s.2:event']")).to_have_count(0)
    expect(page.locator("body")).not_to_be_focused()


def test_enter_in_a_field_of_a_composer_leaves_one_there(desk, address, home, shop):
    page = desk.page
    desk.open(f"{address}{home}/new/template?start_from=nothing")
    title = page.get_by_label("Title")
    desk.write(title, "By hand")
    page.evaluate("() => { window.stayed = true }")
    desk.press("Enter")
    desk.write(page.get_by_label("Subject"), "For you")
    assert page.evaluate("window.stayed")
