"""Every page there is in a real browser: axe finds nothing, nothing sticks out, nothing comes from elsewhere; a thumb
meets what it presses; by Tab alone each thing is reached, in the order it is read, has a name and shows where one is.

A page is opened once a width; in the dark, unfolded, and with everything twice as large (browsers zoom by making the
screen half as wide for the page) it is looked at in place, and walked at last.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from tests.web.at_desk import two_screens
from tests.web.console_story import Shop
from tests.web.doors import Door
from tests.web.every_page import Story
from tests.web.keyboard import WALKED, nameless, walk
from tests.web.thumb import cramped

pytestmark = pytest.mark.browser

WATCH = """
window.refused = [];
addEventListener("securitypolicyviolation", (one) => refused.push(`${one.violatedDirective} ${one.blockedURI}`));
"""
AXE = """async (rules) => {
  const options = { resultTypes: ["violations"], iframes: false };
  if (rules.length) options.runOnly = { type: "rule", values: rules };
  const found = await axe.run(document, options);
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
}"""
PHONE = 390
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > wide + 0.5);
  return out.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" | ") || "something";
}"""
SCRIPTS = (WATCH, AXE_SCRIPT, WALKED)
UNFOLD = """() => {
  const folded = [...document.querySelectorAll("main details:not([open])")];
  for (const one of folded) one.open = true;
  return folded.length;
}"""


@pytest.fixture
def story(shop: Shop) -> Story:
    return Story(shop)


@pytest.fixture(params=[1440, PHONE])
def screens(browser: Browser, address: str, story: Story, request: pytest.FixtureRequest) -> Iterator[dict[bool, Page]]:
    with two_screens(browser, address, story.house, story.workspace, request.param, *SCRIPTS) as screens:
        yield screens


class Look:
    """A look at one page: what is wrong with it. `skips`: one walks it from behind its menu, where it has one."""

    def __init__(self, page: Page, url: str, *, skips: bool) -> None:
        self.page, self.skips, self.wrong = page, skips, list[str]()
        home = url.partition("//")[2].partition("/")[0]

        def asked(address: str) -> None:
            if address.startswith(("http", "ws")) and address.partition("//")[2].partition("/")[0] != home:
                self.wrong.append(f"it asks {address}")

        page.on("request", on_request := lambda one: asked(one.url))
        page.on("console", on_console := lambda said: self._says(said.type == "error", said.text))
        page.on("pageerror", on_error := lambda error: self._says(wrong=True, text=str(error)))
        answer = page.goto(url)
        if answer is None or answer.status != 200 or page.url != url:
            self.wrong.append(f"it answers {answer and answer.status} and leads to {page.url}")
        self._everything()
        page.remove_listener("request", on_request)
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_error)

    def _says(self, wrong: bool, text: str) -> None:
        if wrong:
            self.wrong.append(f"the browser says: {text}")

    def _everything(self) -> None:
        page = self.page
        if not page.title().strip():
            self.wrong.append("it has no title")
        if page.locator("h1:visible").count() != 1:
            self.wrong.append(f"it has {page.locator('h1:visible').count()} headings of the first level")
        self._axe("")
        page.emulate_media(color_scheme="dark")
        self._axe("in the dark: ", "color-contrast")
        page.emulate_media(color_scheme="light")
        if page.evaluate(UNFOLD):
            self._axe("unfolded: ")
        size = page.viewport_size or {"width": 0, "height": 0}
        page.set_viewport_size({"width": size["width"] // 2, "height": size["height"]})
        self._fits("with everything twice as large ")
        page.set_viewport_size(size)
        if size["width"] == PHONE:
            self.wrong += [f"a thumb misses {one}" for one in cramped(page)]
        self.wrong += [f"by keyboard it {one}" for one in (*walk(page, skips=self.skips), *nameless(page))]
        self.wrong += [f"it was refused {one}" for one in page.evaluate("refused")]

    def _fits(self, how: str) -> None:
        if out := self.page.evaluate(STICKS_OUT):
            self.wrong.append(f"{how}this sticks out: {out}")

    def _axe(self, how: str, *rules: str) -> None:
        self._fits(how)
        self.wrong += [f"{how}{one}" for one in self.page.evaluate(AXE, list(rules))]


def test_every_page_is_well(screens: dict[bool, Page], address: str, story: Story) -> None:
    wrong, seen = list[str](), 0
    for door, path in story.pages():
        skips = path != f"/console/{story.workspace}"
        look = Look(screens[known(door)], f"{address}{path}", skips=skips)
        wrong += [f"{path}: {one}" for one in look.wrong]
        seen += 1
    assert not wrong, "\n".join(wrong)
    assert seen > 50


def known(door: Door) -> bool:
    """Tell whether a page is for who has logged in."""
    return door.kind in {"role", "session"}
