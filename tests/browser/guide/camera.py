"""Takes the guide's pictures, and keeps every word that stood on the pages where it looked."""

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page
from tests.browser.guide.pictures import smaller

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 720}
_AIR = 16.0
_STAND_STILL = """async () => {
  await document.fonts.ready;
  const ends = (one) => one.timeline === document.timeline && one.effect.getComputedTiming().endTime < Infinity;
  const moving = document.getAnimations().filter(ends).map((one) => one.finished.catch(() => null));
  await Promise.race([Promise.all(moving), new Promise((late) => setTimeout(late, 5000))]);
}"""
"""What runs by the clock comes to its end. What follows the hand that scrolls has none."""
_TO_TOP = "(one, air) => window.scrollBy(0, one.getBoundingClientRect().top - air)"


class Camera:
    """Every picture has one size, or is a part of it: 1280 by 800 pixels at the desk, 390 by 720 on the phone."""

    def __init__(self, folder: Path, blank: Page) -> None:
        self.folder = folder
        self._blank = blank
        self.taken: list[str] = []
        self._read: list[str] = []

    @property
    def seen(self) -> str:
        """Every word that was on the pages, its white space made one space."""
        return " ".join(" ".join(self._read).split())

    def read(self, page: Page) -> None:
        """Keep what stands on a page, and what its fields and buttons are called."""
        self._read.append(page.locator("body").inner_text())
        self._read += page.locator("option, summary, legend, label, button").all_text_contents()

    def take(self, page: Page, name: str, *parts: Locator, below: Locator | None = None) -> None:
        """Take a picture of parts of a page, or of all that its window shows; `below` comes to the window's top."""
        assert name not in self.taken, f"there are two pictures {name}"
        self.read(page)
        if below:
            below.evaluate(_TO_TOP, _AIR)
        page.mouse.move(0, 0)
        page.evaluate(_STAND_STILL)
        clip = _around(parts, page) if parts else None
        picture = page.screenshot(clip=clip, scale="css", animations="disabled", caret="hide")
        (self.folder / f"{name}.png").write_bytes(smaller(picture, self._blank))
        self.taken.append(name)


def _around(parts: Iterable[Locator], page: Page) -> FloatRect:
    """Return the part of the window in which all of these stand, with some air around."""
    size = page.viewport_size
    assert size
    boxes = [box for part in parts if (box := part.bounding_box())]
    left = max(0, min(box["x"] for box in boxes) - _AIR)
    top = max(0, min(box["y"] for box in boxes) - _AIR)
    right = min(size["width"], max(box["x"] + box["width"] for box in boxes) + _AIR)
    bottom = min(size["height"], max(box["y"] + box["height"] for box in boxes) + _AIR)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}
