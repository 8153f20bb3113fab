"""What was typed is shown back in a real browser, and nothing of it runs."""

import pytest
from playwright.sync_api import Browser
from tests.web.at_desk import at_desk
from tests.web.console_story import HTML, TEXT
from tests.web.forms_of import MARK

from regulars.access.links import Link
from regulars.hear.identities import intern
from regulars.speak import library
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser


def test_marks_in_names_answers_and_templates_are_words(browser: Browser, address, house, workspace, shop) -> None:
    with shop.tx() as tx:
        shop.meet(tx, "u-9", MARK, "mark@post.example", utc_now())
        create_segment(tx, "marked", MARK, {"fact": "gift_for", "is": MARK}, utc_now())
        library.save_template(tx, "marked", subject=MARK, html=f"{MARK}{HTML}", text=MARK + TEXT)
        whose = intern(tx, [("email", "mark@post.example")])["email", "mark@post.example"]
    shop.work()
    ran: list[str] = []
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        for path in ("", "/customers", f"/customers/{whose}", "/segments", "/segments/marked", "/templates/marked"):
            page.goto(f"{address}/console/{workspace}{path}")
            page.wait_for_load_state("load")
        page.goto(f"{address}/console/{workspace}/customers?q=onerror")
        assert "onerror=alert(1)" in page.locator("main").inner_text()
        page.goto(f"{address}/me/{house.links.sign_own(Link(workspace, whose))}")
        assert "<script>alert(1)</script>" in page.locator("main").inner_text()
    assert ran == []
