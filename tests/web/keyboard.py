"""Somebody who has a keyboard and nothing else. Wherever they stop, they see where they are."""

from playwright.sync_api import Locator, Page, expect

LOST = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here.tagName === "IFRAME") return "";
  const around = [here, here.closest("label"), ...(here.labels ?? []), here.closest(".choice")].filter(Boolean);
  const ringed = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  if (!around.some(ringed)) return `no ring around ${here.outerHTML.slice(0, 150)}`;
  const seen = (one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    const spots = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + x * width, top + y * height]));
    return spots.some(([x, y]) => one.contains(document.elementFromPoint(x, y)));
  };
  if (!around.some(seen)) return `out of sight: ${here.outerHTML.slice(0, 150)}`;
  return "";
}"""
MOST = 90


class Keyboard:
    """The keys of a page; there is no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> None:
        """Open a page and go behind its menu, as the first stop offers, or where the page itself puts one."""
        self.page.goto(url)
        self.skip()

    def skip(self) -> None:
        """Go behind the menu of a page that has just come."""
        if self.page.evaluate("document.activeElement !== document.body"):
            return
        self.press("Tab")
        expect(self.page.locator(".skip")).to_be_focused()
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; wherever that leads on the page can be seen."""
        for key in keys:
            self.page.keyboard.press(key)
            lost = self.page.evaluate(LOST)
            assert not lost, f"{self.page.url}, {key}: {lost}"

    def go(self, key: str, url: str) -> None:
        """Press what leads to another page, and wait until that is there."""
        with self.page.expect_navigation(url=url):
            self.page.keyboard.press(key)
        self.page.wait_for_load_state()

    def do(self, target: Locator) -> None:
        """Go to what changes a part of the page, and press it; wherever that part leaves one is seen."""
        self.to(target)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.stands()

    def send(self, target: Locator) -> None:
        """Go to what leads to another page or sends a form, and press it."""
        self.to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def stands(self) -> None:
        """Say no where one stands nowhere, or where one does not see it."""
        here = self.page.evaluate("document.activeElement.tagName")
        assert here != "BODY", f"{self.page.url}: one stands nowhere"
        lost = self.page.evaluate(LOST)
        assert not lost, f"{self.page.url}: {lost}"

    def to(self, target: Locator) -> None:
        """Go to something, stop by stop."""
        for _ in range(MOST):
            if target.evaluate("(one) => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{self.page.url}: {MOST} stops do not lead to {target}")

    def choose(self, target: Locator) -> None:
        """Go to a group of choices, and from one to the next until this one is chosen."""
        for _ in range(MOST):
            if target.evaluate("(one) => one.name === document.activeElement.name"):
                break
            self.press("Tab")
        self.press("Space")
        for _ in range(MOST):
            if target.is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: no arrow leads to {target}")

    def write(self, target: Locator, text: str) -> None:
        """Go to a field and write this into it, over what stands there."""
        self.to(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """Return a button by its name."""
        return self.page.get_by_role("button", name=name, exact=exact)


WALKED = """
window.walked = { stops: [], wrong: [], over: false };
addEventListener("focusin", ({ target }) => {
  walked.over ||= target === walked.stops[0];
  if (!walked.over) walked.stops.push(target);
}, true);
addEventListener("keyup", ({ key }) => {
  walked.over ||= walked.stops.length > 0 && document.activeElement === document.body;
  const lost = key === "Tab" && !walked.over && (LOST)();
  if (lost) walked.wrong.push(lost);
}, true);
""".replace("LOST", LOST)
"""What notes every stop of a walk in the page itself, and whether one sees where one is."""
UNFOLD = """() => {
  for (const one of document.querySelectorAll("details:not([open])")) one.open = true;
  for (const one of document.querySelectorAll("iframe")) one.inert = true;
}"""
"""Frames are left out: their stops are another process's, which keys pressed at once do not wait for."""
MISSED = """(within) => {
  const { stops, wrong } = walked;
  const say = (one) => one.outerHTML.slice(0, 150).replaceAll("\\n", " ");
  const sameGroup = (one) => (other) => other.name === one.name && other.form === one.form;
  const radios = [...document.querySelectorAll("[type=radio]")];
  const group = (one) => one.type === "radio" ? radios.filter(sameGroup(one)) : [one];
  const every = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  for (const one of document.querySelector(within).querySelectorAll(every)) {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) continue;
    if (one.tabIndex > 0) wrong.push(`jumps the queue: ${say(one)}`);
    if (!group(one).some((other) => stops.includes(other))) wrong.push(`is not reached: ${say(one)}`);
  }
  const stuck = (one) => ["sticky", "fixed"].includes(getComputedStyle(one).position);
  const floats = (one) => one && (stuck(one) || floats(one.parentElement));
  const box = (one) => (one.closest(".choice, label") ?? one).getBoundingClientRect();
  stops.forEach((one, place) => {
    if (!place || one.matches("iframe") || floats(one) || floats(stops[place - 1])) return;
    const [before, here] = [box(stops[place - 1]), box(one)];
    if (here.bottom <= before.top + 1 && here.left < before.right && here.right > before.left)
      wrong.push(`stands above the stop before it: ${say(one)}`);
  });
  return wrong;
}"""
LONGEST = 600


def walk(page: Page, *, skips: bool) -> list[str]:
    """Press Tab from a page's top to its end, everything unfolded; return what is wrong on the way.

    skips: go by the link that skips the menu, where the page has one.
    """
    page.evaluate(UNFOLD)
    skip = page.locator(".skip")
    within = "main" if skips and skip.count() else "body"
    if within == "main":
        page.keyboard.press("Tab")
        if not skip.evaluate("(one) => one === document.activeElement"):
            return ["the first stop is not the link that skips the menu"]
        page.keyboard.press("Enter")
        page.evaluate("Object.assign(walked, { stops: [], wrong: [], over: false })")
    for _ in range(LONGEST // 20):
        for _ in range(20):
            page.keyboard.press("Tab")
        if page.evaluate("walked.over"):
            return page.evaluate(MISSED, within)
    return [f"it does not end after {LONGEST} stops"]


def nameless(page: Page) -> list[str]:
    """Return what can be stopped at and says nothing to who hears the page."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        f"has no name: {one['role']['value']}"
        for one in nodes
        if any(each["name"] == "focusable" and each["value"]["value"] for each in one.get("properties", []))
        and not one.get("name", {}).get("value")
        and one["role"]["value"] != "RootWebArea"
    ]
