"""Somebody who holds a phone: what a thumb presses is 44 pixels wide and high, or has that much to itself (WCAG 2.5.5).

Links in running text are left out, as WCAG leaves them out.
"""

from playwright.sync_api import Page

CRAMPED = """() => {
  const least = 44;
  const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const flows = (one) => getComputedStyle(one).display === "inline";
  const paragraph = (one) => (flows(one) ? paragraph(one.parentElement) : one);
  const inSentence = (one) => {
    if (!one.matches("a") || !flows(one)) return false;
    const line = paragraph(one), walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement: says } = walker.currentNode;
      if (/[\\p{L}\\p{N}]/u.test(data) && !says.closest("a, button, .hide") && paragraph(says) === line) return true;
    }
    return false;
  };
  const box = (one) => {
    const parts = [one, ...(one.matches("[type=checkbox], [type=radio]") ? one.labels : [])];
    if (getComputedStyle(one, "::after").position === "absolute") parts.push(one.offsetParent);
    const boxes = parts.map((part) => part.getBoundingClientRect());
    const left = Math.min(...boxes.map((at) => at.left)), right = Math.max(...boxes.map((at) => at.right));
    const top = Math.min(...boxes.map((at) => at.top)), bottom = Math.max(...boxes.map((at) => at.bottom));
    return { x: (left + right) / 2, y: (top + bottom) / 2, wide: right - left, high: bottom - top };
  };
  const small = (at) => at.wide < least - 0.5 || at.high < least - 0.5;
  const room = (at) => ({ ...at, wide: Math.max(at.wide, least), high: Math.max(at.high, least) });
  const near = (one, other, sizes) => Math.abs(one - other) < sizes / 2 - 0.5;
  const meet = (at, other) => near(at.x, other.x, at.wide + other.wide) && near(at.y, other.y, at.high + other.high);
  const cramped = (within, apart) => {
    const targets = [...within.querySelectorAll(pressed)]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest(apart))
      .map((one) => ({ one, at: box(one) }));
    return targets
      .filter(({ one, at }) => small(at) && !inSentence(one))
      .filter(({ one, at }) => targets.some((other) => other.one !== one && meet(room(at), room(other.at))))
      .map(({ one, at }) => `${Math.round(at.wide)} x ${Math.round(at.high)}: ${one.outerHTML.slice(0, 150)}`);
  };
  const found = cramped(document.body, ".skip, .hide, [popover]");
  for (const one of document.querySelectorAll("[popover]:not(:popover-open)")) {
    one.showPopover();
    found.push(...cramped(one, ".hide"));
    one.hidePopover();
  }
  return found;
}"""


def cramped(page: Page) -> list[str]:
    """Return what a thumb would miss on a page, in sight and in what opens over it."""
    return page.evaluate(CRAMPED)
