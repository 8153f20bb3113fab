"""Whoever composes need not wait for an answer: what is chosen, typed, clicked or saved meanwhile is not lost."""

from collections.abc import Iterator
from time import monotonic
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect
from tests.web.at_desk import at_desk

pytestmark = pytest.mark.browser

PATIENCE = 60.0
"""Seconds in which a composer asks what it was told to, on a busy machine."""


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Wait as long as a busy machine takes: nothing here is about how fast an answer comes."""
    expect.set_options(timeout=PATIENCE * 1000)
    yield
    expect.set_options(timeout=5_000)


class Slow:
    """Holds an answer of a composer back until it is let go; all others go as they come.

    The composer asks one thing after the other, so whatever is asked meanwhile waits behind the one that is held. Which
    one that is, is said by what it does: what was typed before may still be on its way to be looked at.
    """

    def __init__(self, page: Page, does: str = "") -> None:
        self._page, self._does, self._asked = page, does, page.url.partition("?")[0]
        self._held: list[Route] = []
        page.route(lambda url: url.partition("?")[0] == self._asked, self._take)

    def _take(self, route: Route) -> None:
        does, *_ = parse_qs(route.request.post_data or "").get("do", [""])
        if route.request.method == "POST" and not self._held and does.startswith(self._does):
            self._held.append(route)
        else:
            route.continue_()

    def reached(self) -> None:
        """Wait until it was asked: what is typed from now on was typed after that."""
        until = monotonic() + PATIENCE
        while not self._held:
            assert monotonic() < until, "the composer did not ask that"
            self._page.wait_for_timeout(20)

    def let_go(self) -> None:
        self.reached()
        self._held[0].continue_()


def test_what_is_chosen_and_clicked_while_a_rule_comes_anew_stays(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        page.get_by_label("Title").fill("In a hurry")
        page.get_by_role("button", name="Remove condition 1").click()
        expect(page.get_by_role("button", name="Remove condition 1")).to_have_count(0)
        page.get_by_role("button", name="+ What came of messages").click()
        expect(page.get_by_label("What came of a message")).to_be_visible()
        slow = Slow(page)
        page.get_by_label("What came of a message").select_option("opened")
        page.get_by_label("How often").select_option("exactly")
        page.get_by_label("From").fill("30")
        page.get_by_role("button", name="+ Whether they can be reached").click()
        page.get_by_role("button", name="Make the segment").click()
        slow.let_go()
        expect(page.get_by_role("heading", level=1)).to_have_text("In a hurry")
        said = "whose number of times that a message was opened is 30 and who can be reached by e-mail"
        expect(page.get_by_text(said).first).to_be_visible()


def test_conditions_that_change_places_show_what_each_asks(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        page.get_by_role("button", name="Remove condition 1").click()
        expect(page.get_by_role("button", name="Remove condition 1")).to_have_count(0)
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
        slow = Slow(page, "add:")
        page.locator("button.way").first.click()
        slow.reached()
        page.get_by_label("What it is about").fill("Typed meanwhile")
        slow.let_go()
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
        slow = Slow(page, "add:")
        page.locator("button.way").nth(1).click()
        slow.reached()
        page.get_by_label("What you ask").fill("Typed too late")
        slow.let_go()
        expect(page.get_by_text("Question 2 ·")).to_be_visible()
        expect(page.get_by_label("What you ask")).to_have_value("")
        expect(page.get_by_role("button", name="Open question 1: The first?")).to_be_visible()


def test_what_is_pressed_twice_is_done_once(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        for n in (2, 3):
            page.get_by_role("button", name="+ Whether they can be reached").click()
            expect(page.get_by_label("Channel")).to_have_count(n - 1)
        slow = Slow(page, "remove:")
        page.get_by_role("button", name="Remove condition 1").dblclick()
        slow.let_go()
        expect(page.get_by_role("button", name="Remove condition 3")).to_have_count(0)
        expect(page.locator(".htmx-request")).to_have_count(0)
        expect(page.get_by_label("Channel")).to_have_count(2)
