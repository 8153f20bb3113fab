"""docs/guide/listening.md: what customers tell us, one of them as a conversation, and something put right."""

import re

from playwright.sync_api import Page, expect
from tests.browser.guide.walk import Walk

IEVA = "Ieva Kalniņa"
ANSWERS = {
    "For whom do you like to give?": "A good friend",
    "What is their first name?": "Marta",
    "What is the next occasion?": "A birthday",
    "When is it?": "2027-05-09",
    "What makes them smile?": "Lanterns and candle light",
    "How many gifts do you give in a year, about?": "12",
}


def walk(day: Walk) -> None:
    ieva_answers_the_quiz(day)
    home_shows_what_she_said(day)
    her_conversation_is_read(day)
    what_she_said_is_put_right(day)


def ieva_answers_the_quiz(day: Walk) -> None:
    phone = day.phone
    phone.goto(day.demo.link("Answer the quiz as"))
    expect(phone.get_by_text("For whom do you like to give?")).to_be_visible()
    phone.get_by_label("A good friend").check()
    day.camera.take(phone, "phone-quiz")
    for _ in range(12):
        if "/thanks" in phone.url:
            break
        _answer(phone)
    expect(phone.get_by_text("We will remember:")).to_be_visible()


def home_shows_what_she_said(day: Walk) -> None:
    desk = day.desk
    first = desk.locator(".told > li, .told li").filter(has_text=IEVA).first
    day.until(lambda: expect(first).to_contain_text("We remember the birthday", timeout=300))
    day.camera.take(desk, "home")
    day.follow("Nobody has answered yet")
    expect(desk.locator("main").get_by_role("link", name=IEVA)).to_have_count(0)
    desk.go_back()


def her_conversation_is_read(day: Walk) -> None:
    desk = day.desk
    day.follow(IEVA)
    expect(desk.get_by_role("heading", name=IEVA)).to_be_visible()
    said = desk.locator(".said", has_text="A good friend")
    day.camera.take(desk, "conversation", desk.locator("main"), below=said)
    desk.locator("#fact-whose").get_by_role("link", name="where from").click()
    expect(desk).to_have_url(re.compile("#e[0-9]+$"))
    expect(said).to_be_in_viewport()


def what_she_said_is_put_right(day: Walk) -> None:
    desk = day.desk
    desk.locator("#fact-whose").get_by_role("link", name="What is their first name?").click()
    desk.get_by_label("What is so now").fill("Mārta")
    desk.get_by_label("They told us").check()
    day.camera.take(desk, "put-right", desk.locator("main"))
    day.press("Save")
    expect(desk.locator("main")).to_contain_text("Mārta")
    expect(desk.get_by_role("heading", name=IEVA)).to_be_visible()
    day.camera.read(desk)


def _answer(phone: Page) -> None:
    question = phone.locator("h1").inner_text()
    answer = ANSWERS.get(question, "")
    labels = phone.locator("main label").filter(has=phone.locator("input[type=radio], input[type=checkbox]"))
    if labels.count():
        (labels.filter(has_text=answer) if answer else labels).first.click()
    else:
        phone.locator("main input:not([type=hidden]), main textarea").first.fill(answer)
    phone.locator("main form .go button").last.click()
