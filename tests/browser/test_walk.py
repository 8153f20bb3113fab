"""A newcomer walks the loop: quiz, a mail that quotes the answer, its question, and the mail that remembers."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.demo import SCREENSHOTS, Demo

pytestmark = pytest.mark.browser

ANSWERS = {
    "For whom do you like to give?": "A good friend",
    "What is their first name?": "Marta",
    "What is the next occasion?": "A birthday",
    "When is it?": "2027-05-09",
    "What makes them smile?": "Lanterns and candle light",
    "How many gifts do you give in a year, about?": "12",
}


class Walker:
    """Somebody in front of a screen of some width."""

    def __init__(self, page: Page, width: int) -> None:
        self.page = page
        self.width = width
        self._shots = count(1)

    def look(self, name: str) -> None:
        """Keep a picture of the whole page, and check that nothing sticks out of a narrow screen."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"walk-{self.width}-{next(self._shots):02d}-{name}.png", full_page=True)
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} pixels wider than a screen of {self.width}"

    def answer_quiz(self) -> None:
        """Answer one question a screen until the end."""
        page = self.page
        for _ in range(12):
            if page.url.partition("?")[0].endswith("/thanks"):
                return
            question = page.locator("h1").inner_text()
            self._fill(ANSWERS.get(question, ""))
            self.look("question")
            page.locator("main form .go button").last.click()
        raise AssertionError("the quiz does not end")

    def _fill(self, answer: str) -> None:
        page = self.page
        if page.locator("main input[type=radio], main input[type=checkbox]").count():
            choice = page.locator("main label", has_text=answer) if answer else page.locator("main label")
            choice.first.click()
        else:
            page.locator("main input:not([type=hidden]), main textarea").first.fill(answer)

    def open_newest_mail(self) -> str:
        """Open the newest mail in the sandbox and return its text."""
        self.page.locator("main a[href*='/mailbox/']").first.click()
        frame = self.page.frame_locator("iframe")
        frame.locator("body").wait_for()
        return frame.locator("body").inner_text()


@pytest.fixture(params=[390, 1440])
def walker(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Walker]:
    width: int = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
    yield Walker(context.new_page(), width)
    context.close()


def test_the_loop_turns_from_the_quiz_to_the_mail_that_remembers(walker: Walker, demo: Demo) -> None:
    page = walker.page
    page.goto(demo.link("Log in"))
    walker.look("log-in")
    page.get_by_role("button", name="Log in").click()
    walker.look("home")

    page.goto(demo.link("Answer the quiz as"))
    walker.answer_quiz()
    walker.look("thanks")
    expect(page.locator("main")).to_contain_text("Marta")

    page.goto(demo.link("and answer its question:"))
    expect_newest_mail(page, "Marta")
    walker.look("mailbox")
    mail = walker.open_newest_mail()
    walker.look("first mail")
    assert "Marta" in mail
    assert "9 May 2027" in mail
    choice = page.frame_locator("iframe").locator("a[href*='gift-budget']").nth(1)
    budget = choice.inner_text().strip()
    page.goto(choice.get_attribute("href") or "")
    walker.look("question of the mail")
    assert page.locator("input[type=radio]:checked").count() == 1
    page.locator("main form button").last.click()
    walker.look("thanks for the answer")
    expect(page.locator("main")).to_contain_text(budget)

    page.goto(demo.link("and answer its question:"))
    expect_newest_mail(page, re.escape(budget))
    mail = walker.open_newest_mail()
    walker.look("next mail")
    assert budget in mail

    page.goto(demo.link("And so does the conversation:"))
    walker.look("conversation")
    expect(page.locator("main")).to_contain_text("A good friend")
    expect(page.locator("main")).to_contain_text(budget)
    page.goto(demo.home)
    walker.look("home afterwards")
    expect(page.locator("main")).to_contain_text(budget)


def expect_newest_mail(page: Page, subject: str) -> None:
    """Wait, by looking again, until the newest mail's line says this."""
    for _ in range(100):
        newest = page.locator("main a[href*='/mailbox/']").first
        if newest.count() and re.search(subject, newest.inner_text(), re.IGNORECASE):
            return
        page.wait_for_timeout(100)
        page.reload()
    raise AssertionError(f"no mail about {subject!r} came; the newest is {newest.inner_text()!r}")
