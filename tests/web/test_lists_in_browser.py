"""The story of lists in a browser: narrowed by a chip, ticked by keys, taken along, deleted and taken back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.at_desk import at_desk

from regulars.access.keys import add_key
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now


@pytest.fixture
def two(shop):
    """Two segments that nobody writes to."""
    with shop.tx() as tx:
        for name in ("aunts", "uncles"):
            create_segment(tx, name, name.title(), {"all": [{"fact": "gift_for", "known": True}]}, utc_now())


def sound(page):
    """The page fits, and axe finds nothing on it."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_customers_are_narrowed_taken_along_and_segments_come_back(
    browser, address, house, workspace, home, shop, two, width
):
    with at_desk(browser, address, house, workspace, width) as page:
        page.goto(f"{address}{home}/forms/gift-quiz")
        page.get_by_role("rowheader", name="My mother").get_by_role("link").click()
        expect(page.get_by_role("link", name="Ieva Kalniņa")).to_be_visible()
        expect(page.get_by_role("link", name="王小明")).to_have_count(0)
        page.locator("a.chip").first.click()
        expect(page.get_by_role("link", name="王小明")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("link", name="王小明")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.get_by_label("Select Ieva Kalniņa")).to_be_checked()
        sound(page)
        with page.expect_download() as taken:
            page.locator('[formaction$="/customers/file"], form[action$="/customers/file"] button').first.click()
        text = taken.value.path().read_text(encoding="utf-8-sig")
        assert "Ieva Kalniņa" in text
        assert "王小明" not in text
        page.goto(f"{address}{home}/segments?q=s")
        page.get_by_label("Select Aunts").check()
        page.get_by_label("Select Uncles").check()
        sound(page)
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("status")).to_contain_text("2 segments are deleted.")
        expect(page.get_by_role("link", name="Aunts")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status")).to_contain_text("Taken back: everything is as it was.")
        expect(page.get_by_role("link", name="Aunts")).to_be_visible()


LISTS = {"/campaigns": 1, "/segments": 3, "/audit": 2, "/health/quarantine": 1, "/keys": 2}
"""How many rows a list has, at least."""
ROW = """() => {
  const rows = [...document.querySelectorAll("main li, main [data-row]")];
  return rows.indexOf(document.activeElement.closest("main li, main [data-row]"));
}"""


@pytest.mark.browser
def test_a_key_goes_from_row_to_row_whatever_links_each_has(browser, address, house, workspace, home, shop, two):
    shop.follower_fails()
    with house.database.shared() as tx:
        for name in ("The till", "The shop"):
            add_key(tx, workspace, "read", name)
    with at_desk(browser, address, house, workspace, 1440) as page:
        for path, rows in LISTS.items():
            page.goto(f"{address}{home}{path}")
            gone = []
            for _ in range(rows):
                page.keyboard.press("j")
                gone.append(page.evaluate(ROW))
            assert -1 not in gone, path
            assert gone == sorted(set(gone)), path
            if rows > 1:
                page.keyboard.press("k")
                assert page.evaluate(ROW) == gone[-2], path
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
        page.goto(f"{address}{home}/health/quarantine")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("identify")
