"""docs/guide/their-side.md: the mail, the tap that answers it, why it came, a pause, and the customer's own page."""

import re

from playwright.sync_api import expect
from tests.browser.guide.asking import CHOICES, QUESTION
from tests.browser.guide.walk import Walk

ADDRESS = "ieva.kalnina@example.com"


def walk(day: Walk) -> None:
    the_mail_is_answered(day)
    it_says_why_it_came(day)
    messages_may_pause(day)
    everything_is_on_her_own_page(day)


def the_mail_is_answered(day: Walk) -> None:
    desk, phone = day.desk, day.phone
    day.newest_mail(ADDRESS, "One small question")
    mail = desk.frame_locator("iframe.mail")
    expect(mail.get_by_text(QUESTION)).to_be_visible()
    day.camera.take(desk, "mail", mail.locator("table.sheet"), below=desk.locator("iframe.mail"))
    day.links = {one.inner_text().strip(): one.get_attribute("href") or "" for one in mail.locator("a").all()}
    phone.goto(day.links[CHOICES[1]])
    expect(phone.get_by_label(CHOICES[1])).to_be_checked()
    day.camera.take(phone, "phone-answer")
    day.press("Send my answer", phone)
    expect(phone.get_by_text("We will remember it.")).to_be_visible()


def it_says_why_it_came(day: Walk) -> None:
    phone = day.phone
    phone.goto(day.links["Why we wrote"])
    expect(phone.get_by_role("heading", name="Why we wrote to you")).to_be_visible()
    day.camera.take(phone, "phone-why")


def messages_may_pause(day: Walk) -> None:
    phone = day.phone
    day.follow("Change what we may write about", phone)
    expect(phone.get_by_role("heading", name="Too much just now?")).to_be_visible()
    day.camera.take(phone, "phone-pause")
    day.press("30 days", phone)
    expect(phone.get_by_text("Your pause has begun.")).to_be_visible()
    day.press("Go on now", phone)
    expect(phone.get_by_text("We write to you again.")).to_be_visible()


def everything_is_on_her_own_page(day: Walk) -> None:
    desk, phone = day.desk, day.phone
    day.follow("What do you remember about me?", phone)
    day.press("Send me the link", phone)
    expect(phone.get_by_role("heading", name="Look into your mail")).to_be_visible()
    day.newest_mail(ADDRESS, "remember")
    link = desk.frame_locator("iframe.mail").locator("a[href*='/me/']").first
    phone.goto(link.get_attribute("href") or "")
    expect(phone.get_by_text(re.compile("Gold ribbon"))).to_be_visible()
    day.camera.take(phone, "phone-own-page")
