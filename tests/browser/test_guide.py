"""The guide for marketers cannot lie: a browser walks what each of its pages says, and takes its pictures on the way.

The pictures go into a folder that is thrown away; `make pictures` names the one where the guide has them.
"""

import os
import re
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.demo import Demo
from tests.browser.guide import asking, bringing, choosing, listening, their_side, together, writing
from tests.browser.guide.camera import Camera
from tests.browser.guide.walk import WAIT, Walk

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = (listening, asking, choosing, writing, their_side, together, bringing)
_PICTURE = re.compile(r"!\[[^\]]*\]\(pictures/([\w-]+)\.png\)")
_WORDS_ON_A_PAGE = re.compile(r"\*\*(.+?)\*\*")


@pytest.mark.browser
def test_the_guide_is_walked_as_it_is_written(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    kept = os.environ.get("PICTURES")
    made: dict[str, list[str]] = {"index.md": []}
    expect.set_options(timeout=WAIT)
    with ExitStack() as closing:
        closing.callback(expect.set_options, timeout=None)
        camera = Camera(Path(kept).absolute() if kept else tmp_path, closing.enter_context(browser.new_page()))
        day = Walk(browser, demo, camera, closing)
        for page in PAGES:
            page.walk(day)
            made[_written(page)] = camera.taken[sum(map(len, made.values())) :]
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(GUIDE.glob("*.md"))}
    assert {name: _PICTURE.findall(text) for name, text in texts.items()} == made, (
        "each page's pictures, in their order"
    )
    unknown = [
        f"{name}: {words}"
        for name, text in texts.items()
        for words in _WORDS_ON_A_PAGE.findall(text)
        if " ".join(words.split()) not in camera.seen
    ]
    assert not unknown, "The guide names what stood on no page of the walk:\n" + "\n".join(unknown)


def _written(walked: ModuleType) -> str:
    """Return the page of the guide that a module walks: it has its name."""
    return f"{walked.__name__.rpartition('.')[2].replace('_', '-')}.md"
