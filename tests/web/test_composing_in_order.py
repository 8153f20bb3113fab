"""Whoever composes need not wait for an answer: what is chosen, typed, clicked or saved meanwhile is not lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from tests.web.at_desk import at_desk

pytestmark = pytest.mark.browser


def slow(page: Page) -> Callable[[], None]:
    """Hold the next answer back until what is returned is called; those after it go as they come."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not held and not route.request.url.endswith("/drafts"):
            held.append(route)
        else:
            route.continue_()

    page.route("**/console/**", hold)

    def let_go() -> None:
        page.wait_for_function("document.querySelector('.htmx-request') !== null")
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()

    return let_go


def test_what_is_chosen_and_clicked_while_a_rule_comes_anew_stays(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        page.get_by_label("Title").fill("In a hurry")
        page.get_by_role("button", name="Remove condition 1").click()
        page.get_by_role("button", name="+ What came of messages").click()
        expect(page.get_by_label("What came of a message")).to_be_visible()
        let_go = slow(page)
        page.get_by_label("What came of a message").select_option("opened")
        page.get_by_label("How often").select_option("exactly")
        page.get_by_label("From").fill("30")
        page.get_by_role("button", name="+ Whether they can be reached").click()
        page.get_by_role("button", name="Make the segment").click()
        let_go()
        expect(page.get_by_role("heading", level=1)).to_have_text("In a hurry")
        said = "whose number of times that a message was opened is 30 and who can be reached by e-mail"
        expect(page.get_by_text(said).first).to_be_visible()


def test_conditions_that_change_places_show_what_each_asks(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        page.get_by_role("button", name="Remove condition 1").click()
        for n, state in enumerate(("opened", "clicked")):
            page.get_by_role("button", name="+ What came of messages").click()
            expect(page.get_by_label("What came of a message")).to_have_count(n + 1)
            page.get_by_label("What came of a message").nth(n).select_option(state)
        expect(page.locator("#result")).to_contain_text("who opened a message and who followed a link in a message")
        page.get_by_role("button", name="Up condition 2").click()
        expect(page.locator("#result")).to_contain_text("who followed a link in a message and who opened a message")
        expect(page.get_by_label("What came of a message").first).to_have_value("clicked")
        expect(page.get_by_label("What came of a message").last).to_have_value("opened")


def test_what_is_typed_into_a_form_while_a_question_opens_stays(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/form?start_from=nothing")
        page.get_by_label("Title").fill("Quick")
        let_go = slow(page)
        page.locator("button.way").first.click()
        page.get_by_label("What it is about").fill("Typed meanwhile")
        let_go()
        expect(page.get_by_label("What you ask")).to_be_visible()
        expect(page.get_by_label("What it is about")).to_have_value("Typed meanwhile")
        expect(page.get_by_label("Title")).to_have_value("Quick")
        page.get_by_label("What you ask").fill("Which one?")
        page.get_by_label("It must be answered").check()
        page.get_by_role("button", name="Fold up").click()
        page.get_by_text("Add a question").click()
        page.locator("button.way").nth(1).click()
        expect(page.get_by_label("What you ask")).to_have_value("")
        expect(page.get_by_label("It must be answered")).not_to_be_checked()


def test_what_is_typed_into_one_question_does_not_come_to_stand_in_another(
    browser, address, house, workspace, home, shop
):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/form?start_from=nothing")
        page.locator("button.way").first.click()
        page.get_by_label("What you ask").fill("The first?")
        page.get_by_text("Add a question").click()
        let_go = slow(page)
        page.locator("button.way").nth(1).click()
        page.get_by_label("What you ask").fill("Typed too late")
        let_go()
        expect(page.get_by_text("Question 2 ·")).to_be_visible()
        expect(page.get_by_label("What you ask")).to_have_value("")
        expect(page.get_by_role("button", name="Open question 1: The first?")).to_be_visible()


def test_what_is_pressed_twice_is_done_once(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        for n in (2, 3):
            page.get_by_role("button", name="+ Whether they can be reached").click()
            expect(page.get_by_label("Channel")).to_have_count(n - 1)
        let_go = slow(page)
        page.get_by_role("button", name="Remove condition 1").dblclick()
        let_go()
        expect(page.get_by_role("button", name="Remove condition 3")).to_have_count(0)
        expect(page.locator(".htmx-request")).to_have_count(0)
        expect(page.get_by_label("Channel")).to_have_count(2)
