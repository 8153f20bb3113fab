"""Every page in the mirrored pseudo-locale: it runs from right to left, and nothing sticks out on either side."""

import pytest
from tests.web.at_desk import at_desk
from tests.web.every_page import Story

from regulars.web.i18n import MIRRORED

pytestmark = pytest.mark.browser

OUTSIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolled = one => one.parentElement.closest(".wide, .pane");
  const hidden = one => one.closest(".hide, .skip, [popover], svg") || scrolled(one) || !one.getClientRects().length;
  return [...document.querySelectorAll("body *")]
    .filter(one => !hidden(one))
    .filter(one => { const at = one.getBoundingClientRect(); return at.left < -1 || at.right > wide + 1; })
    .map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture(params=[1440, 390])
def page(browser, request, address, house, workspace):
    with at_desk(browser, address, house, workspace, request.param, locale=MIRRORED) as page:
        yield page


def test_every_page_runs_from_right_to_left_and_fits(page, address, shop):
    for path in [*(path for _, path in Story(shop).pages()), "/nothing"]:
        page.goto(f"{address}{path}")
        assert page.locator("html").get_attribute("dir") == "rtl", path
        assert page.evaluate(OUTSIDE) == [], path
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} pixels too wide"


def test_what_customers_said_stands_on_the_right(page, address, home, shop):
    page.goto(f"{address}{home}/customers/{shop.customer}")
    said, spoken = (page.locator(f".{one} .bubble").first.bounding_box() for one in ("said", "spoken"))
    assert said["x"] + said["width"] > spoken["x"] + spoken["width"]
