"""A rating says what its ends mean: to whoever composes it, whoever answers it by eye or by ear, and in counts."""

import pytest
from playwright.sync_api import expect
from tests.web.form_desk import Composer

from regulars.web.i18n import translator

latvian = translator("lv").gettext
pytestmark = pytest.mark.browser


@pytest.fixture
def own(workspace):
    return f"rating-{workspace.replace('_', '-')}"


def test_it_begins_with_a_meaning_in_every_language_and_is_read_out(client, home, own, shop, browser, address):
    composer = Composer(client, f"{home}/new/form?start_from=nothing")
    composer.press("add:rating", title="Candles")
    assert ">\nLowest</textarea>" in composer.text
    composer.press("look", q__title="How did you like it?", q__high="It was the best")
    composer.press("lang:lv")
    composer.press("save", name=own)
    for locale, lowest, *highest in (
        ("en", "1 (Lowest)", "5 (It was the best)"),
        ("lv", f"1 ({latvian('Lowest')})"),
    ):
        context = browser.new_context(locale=locale, viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(f"{address}/f/{own}")
        expect(page.get_by_role("radio")).to_have_count(5)
        for end in (lowest, *highest):
            expect(page.get_by_role("radio", name=end, exact=True)).to_be_visible()
        expect(page.get_by_role("radio", name="3", exact=True)).to_be_visible()
        expect(page.locator(".ends")).to_be_visible()
        page.get_by_role("radio", name=lowest, exact=True).check()
        page.locator("main .go button").first.click()
        page.wait_for_url("**/thanks**")
        context.close()
    assert "1 · Lowest" in client.get(f"{home}/forms/{own}").text
