"""docs/guide/choosing.md: a segment is composed by clicking, and lists are narrowed, picked from and taken along."""

from playwright.sync_api import expect
from tests.browser.guide.listening import IEVA
from tests.browser.guide.walk import Walk

SEGMENT = "Regulars who give for birthdays"


def walk(day: Walk) -> None:
    a_segment_is_composed(day)
    somebody_is_in_it_and_why(day)
    a_list_is_narrowed_and_taken_along(day)


def a_segment_is_composed(day: Walk) -> None:
    desk = day.desk
    day.go("Segments")
    day.follow("New segment")
    desk.get_by_label("Title").fill(SEGMENT)
    desk.get_by_label("What you know of them").select_option("occasion")
    desk.get_by_label("Value").select_option("birthday")
    day.press("+ What they did")
    desk.get_by_label("What they did").fill("Order Completed")
    desk.get_by_label("From").fill("3")
    result = desk.locator("#result")
    expect(result).to_contain_text(
        "Customers whose occasion is “A birthday” and who did “Order Completed” at least 3 times."
    )
    expect(result.get_by_role("link").first).to_be_visible()
    expect(desk.get_by_text("Kept as a draft")).to_be_visible()
    day.camera.take(
        desk, "segment", desk.locator("#composing"), desk.locator(".saving"), below=desk.locator("#composing")
    )
    day.press("Make the segment")
    expect(desk.get_by_role("heading", level=1)).to_have_text(SEGMENT)


def somebody_is_in_it_and_why(day: Walk) -> None:
    desk = day.desk
    day.until(lambda: expect(desk.get_by_role("link", name=IEVA, exact=True)).to_be_visible(timeout=500))
    day.camera.read(desk)
    desk.get_by_role("link", name=f"Why? {IEVA}").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("is in")
    day.camera.take(desk, "why-in-it", desk.locator("main .crumbs"), desk.locator("main .rows"))


def a_list_is_narrowed_and_taken_along(day: Walk) -> None:
    desk = day.desk
    day.go("Customers")
    desk.get_by_text("Narrow the list").click()
    desk.get_by_label("In the segment").select_option(label=SEGMENT)
    desk.get_by_label("May be written to").select_option(index=1)
    day.press("Search")
    expect(desk.get_by_role("list", name="What narrows the list")).to_contain_text(SEGMENT)
    desk.get_by_label("Select ").nth(0).check()
    desk.get_by_label("Select ").nth(1).check()
    day.camera.take(desk, "list", desk.locator("main"))
    with desk.expect_download() as taken:
        day.press("Take along as a file")
    assert taken.value.suggested_filename.endswith(".csv")
