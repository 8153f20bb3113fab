"""Somebody who has a keyboard and nothing else. Wherever they stop, they see where they are."""

from playwright.sync_api import Locator, Page

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
MOST = 60


class Keyboard:
    """The keys of a page; there is no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

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

    def to(self, target: Locator) -> None:
        """Go to something, stop by stop."""
        for _ in range(MOST):
            if target.evaluate("(one) => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{self.page.url}: {MOST} stops do not lead to {target}")

    def write(self, target: Locator, text: str) -> None:
        """Go to a field and write this into it, over what stands there."""
        self.to(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """Return a button by its name."""
        return self.page.get_by_role("button", name=name, exact=exact)
