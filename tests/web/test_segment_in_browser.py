"""A segment is composed on screen: what it says, finds and whom moves along while one clicks and types."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.at_desk import at_desk


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_a_segment_is_composed_and_moves_along(browser, address, house, workspace, home, shop, width):
    with at_desk(browser, address, house, workspace, width) as page:
        said = []
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}{home}/new/segment")
        result = page.locator("#result")
        expect(result).to_contain_text("Everybody.")
        page.get_by_label("What you know of them").select_option("gift_for")
        page.get_by_label("Value").select_option("mother")
        expect(result).to_contain_text("Customers whose gift for is “My mother”.")
        expect(result.get_by_role("link", name="Ieva Kalniņa")).to_be_visible()
        expect(result.get_by_role("link", name="王小明")).to_have_count(0)
        page.get_by_role("button", name="+ What they did").click()
        page.get_by_label("What they did").fill("order complete")
        page.get_by_label("From").fill("2")
        expect(result).to_contain_text("who did “order complete” at least 2 times")
        expect(result).to_contain_text("Nobody yet")
        page.get_by_role("button", name="Order Completed").click()
        expect(page.get_by_label("What they did")).to_have_value("Order Completed")
        page.get_by_label("From").fill("1")
        expect(result).to_contain_text("who did “Order Completed”.")
        expect(page.get_by_text("Kept as a draft")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_role("button", name="Up condition 2").click()
        expect(page.get_by_label("Customers of whom")).to_have_value("all")
        expect(result).to_contain_text("Customers who did “Order Completed” and whose gift for is “My mother”.")
        page.get_by_label("Title").fill("Mothers who buy")
        page.get_by_role("button", name="Make the segment").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mothers who buy")
        expect(page.get_by_role("link", name="Ieva Kalniņa").first).to_be_visible()
        assert not said


@pytest.mark.browser
def test_a_rule_is_composed_with_the_keyboard_alone(browser, address, house, workspace, home, shop):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        page.get_by_label("What you know of them").focus()
        page.keyboard.type("For whom")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Test")).to_be_visible()
        page.get_by_role("button", name="+ A group").press("Enter")
        expect(page.get_by_label("of whom", exact=True)).to_be_visible()
        page.get_by_role("button", name="Remove condition 2").press("Enter")
        expect(page.get_by_label("of whom", exact=True)).to_have_count(0)


@pytest.mark.browser
def test_conditions_on_segments_consent_addresses_and_messages_are_composed(
    browser, address, house, workspace, home, shop
):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/segment")
        result = page.locator("#result")
        page.get_by_label("Title").fill("Four kinds")
        page.get_by_role("button", name="Remove condition 1").click()
        page.get_by_role("button", name="+ What they allow").click()
        page.get_by_label("Purpose and channel").fill("marketing/email")
        expect(result).to_contain_text("Customers who agreed to “marketing” by e-mail.")
        page.get_by_role("button", name="+ Whether they can be reached").click()
        page.get_by_label("Reached or not").select_option("no")
        expect(result).to_contain_text("and who cannot be reached by e-mail.")
        page.get_by_role("button", name="+ What came of messages").click()
        page.get_by_label("What came of a message").select_option("opened")
        page.get_by_label("How often").select_option("never")
        expect(result).to_contain_text("and who never opened a message.")
        page.get_by_role("button", name="+ A condition as text").click()
        text = '{"sequence": [{"event": "Checkout Started"}], "never_since": {"event": "Order Completed"}}'
        page.get_by_label("A condition as text").fill(text)
        expect(result).to_contain_text("who did “Checkout Started”, and never did “Order Completed” since.")
        expect(page.get_by_text("Kept as a draft")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.get_by_role("button", name="Make the segment").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Four kinds")
        page.get_by_role("link", name="Edit").first.click()
        expect(page.get_by_label("What came of a message")).to_have_value("opened")
        expect(page.get_by_label("What they did")).to_have_count(2)
