"""Every page in the mirrored pseudo-locale: it runs from right to left, and nothing sticks out on either side."""

import re

import pytest
from tests.web.at_desk import at_desk
from tests.web.console_story import PAGES

from regulars.web.i18n import MIRRORED

pytestmark = pytest.mark.browser

OUTSIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const hidden = one => one.closest(".hide, .skip, [popover], svg") || !one.getClientRects().length;
  return [...document.querySelectorAll("body *")]
    .filter(one => !hidden(one))
    .filter(one => { const at = one.getBoundingClientRect(); return at.left < -1 || at.right > wide + 1; })
    .map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture(params=[1440, 390])
def page(browser, request, address, house, workspace):
    with at_desk(browser, address, house, workspace, request.param, locale=MIRRORED) as page:
        yield page


def test_every_page_runs_from_right_to_left_and_fits(page, client, address, home, shop):
    mail = client.get(f"{home}/mailbox/1").text
    leave = re.search(r"http://testserver.local(/u/[^\s<\"]+)", mail).group(1)
    console = [f"{home}{path}" for path in [*PAGES, f"/customers/{shop.customer}", "/mailbox/1", "/messages/1"]]
    for path in [*console, "/f/gift-quiz", "/f/gift-quiz/2", leave, leave.replace("/u/", "/why/"), "/nothing"]:
        page.goto(f"{address}{path}")
        assert page.locator("html").get_attribute("dir") == "rtl", path
        assert page.evaluate(OUTSIDE) == [], path
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} pixels too wide"


def test_what_customers_said_stands_on_the_right(page, address, home, shop):
    page.goto(f"{address}{home}/customers/{shop.customer}")
    said, spoken = (page.locator(f".{one} .bubble").first.bounding_box() for one in ("said", "spoken"))
    assert said["x"] + said["width"] > spoken["x"] + spoken["width"]
