"""The audit log in a real browser, wide and narrow: found and opened by keyboard alone, and axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.at_desk import at_desk

from regulars.access.audit import Deed, Who
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_an_owner_sees_who_looked_at_a_customer_and_what_was_changed(
    browser, address, house, workspace, home, shop, width
):
    with house.database.workspace(workspace) as tx:
        change = {"before": {"state": "draft"}, "after": {"state": "live", "addressed": 1}}
        tom = Who("person", "tom@gifts.example")
        house.audit.note(tx, tom, Deed("campaign.launched", "campaign", "spring", **change), utc_now())
    with at_desk(browser, address, house, workspace, width) as page:
        page.goto(f"{address}{home}/customers/{shop.customer}")
        page.get_by_role("link", name="Who looked at this customer?").click()
        expect(page.get_by_text("Sam saw Ieva Kalniņa")).to_be_visible()
        expect(page.locator("ol.rows").get_by_text("launched the campaign")).to_have_count(0)

        page.get_by_label("On whom or what").fill("campaign:spring")
        page.keyboard.press("Enter")
        expect(page.get_by_text("tom@gifts.example launched the campaign Spring")).to_be_visible()
        summary = page.locator("details.more summary")
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details.more del")).to_have_text("draft")
        expect(page.locator("details.more ins").first).to_have_text("live")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

        page.get_by_role("link", name="Is it as it was written?").click()
        expect(page.get_by_role("status").filter(has_text="as they were written")).to_be_visible()
        with page.expect_download() as taken:
            page.get_by_role("link", name="As a table (CSV)").click()
        assert taken.value.suggested_filename.endswith(".csv")
