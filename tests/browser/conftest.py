"""The demo as a newcomer starts it, and a real browser to walk it in."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.demo import Demo

from regulars.testing.serving import scratch, serving, wait_until


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo of one's own: the story begins anew."""
    with scratch() as data, serving(data, command="demo") as served:
        said = data.with_suffix(".log")
        wait_until(lambda: "Ctrl-C ends it" in said.read_text(), "the demo prints its links")
        yield Demo(served, said.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, or the one Playwright installed."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()
