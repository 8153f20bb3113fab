"""docs/guide/bringing.md: the customers of the old shop are brought from a file, looked at, tried, and taken in."""

from playwright.sync_api import expect
from tests.browser.guide.walk import Walk

PEOPLE = """Customer number,Email,First name,Newsletter,Opt-in date,Favourite paper
8001,maija@customers.example,Maija,yes,2025-03-14,brown
8002,oskars@customers.example,Oskars,yes,2025-04-02,striped
8003,elina@customers.example,Elīna,no,,gold
8004,nobody at all,Juris,yes,2025-05-20,brown
8005,rasa@customers.example,Rasa,yes,2025-06-11,gold
"""
PROOF = "The sign-up card at our old counter"


def walk(day: Walk) -> None:
    a_file_is_brought(day)
    it_is_tried(day)
    it_is_taken_in(day)


def a_file_is_brought(day: Walk) -> None:
    desk = day.desk
    day.go("Imports")
    file = {"name": "old-shop.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    desk.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    day.press("Look at it")
    expect(desk.get_by_role("heading", name="What each column is")).to_be_visible()
    day.camera.take(desk, "bring-columns")


def it_is_tried(day: Walk) -> None:
    desk = day.desk
    desk.get_by_label("Where they consented", exact=True).fill(PROOF)
    day.press("Try it: take nothing yet")
    result = desk.get_by_role("heading", name="What would come of it")
    day.until(lambda: expect(desk.get_by_role("button", name="Take it in").first).to_be_visible(timeout=300))
    expect(result).to_be_visible()
    expect(desk.get_by_text("1 row: no e-mail address")).to_be_visible()
    day.camera.take(desk, "bring-tried", below=result)


def it_is_taken_in(day: Walk) -> None:
    desk = day.desk
    desk.get_by_role("button", name="Take it in", exact=True).first.click()
    day.until(lambda: expect(desk.get_by_role("link", name="Bring their orders")).to_be_visible(timeout=300))
    day.camera.take(desk, "bring-done", desk.locator("main"))
    day.follow("Look at the customers")
    day.until(lambda: expect(desk.get_by_role("link", name="Maija").first).to_be_visible(timeout=300))
