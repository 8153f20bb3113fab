"""Lighthouse on every page that customers meet: at least 95 of 100 for accessibility, and 90 for performance."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.conftest import launch
from tests.web.console_story import Shop
from tests.web.every_page import Story

from regulars.testing.serving import free_port

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".cache" / "lighthouse"
LEAST = {"accessibility": 0.95, "performance": 0.90}
TEAM = ("/console", "/look/")
TRIES = 3
Measured = dict[str, Any]


def measure(addresses: list[str], port: int) -> list[Measured]:
    """Measure pages in the Chromium of a port, as a phone of the middle on a slow connection would have them."""
    node = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    assert node, "Node is missing: `make ready-browser` installs it"
    assert PLACE.exists(), "Lighthouse is missing: `make ready-browser` installs it"
    script = Path(__file__).parent / "lighthouse" / "measure.mjs"
    command = [node, script, PLACE, str(port), *addresses]
    said = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def short(one: Measured) -> list[str]:
    """Say where a page falls short."""
    found = [f"{one['address']}: {what} is {one[what]}" for what in LEAST if (one[what] or 0) < LEAST[what]]
    if one["problem"] or one["shown"] != one["address"]:
        found.append(f"{one['address']}: {one['problem']}, it leads to {one['shown']}")
    return [f"{line} ({'; '.join(one['lacking'])})" for line in found]


def measured_anew(browser: Browser, addresses: list[str]) -> list[Measured]:
    """Measure pages in a Chromium of their own."""
    port = free_port()
    chromium = launch(browser.browser_type, f"--remote-debugging-port={port}")
    found = measure(addresses, port)
    chromium.close()
    assert [one["address"] for one in found] == addresses
    return found


def test_customers_pages_are_quick_and_for_everybody(browser: Browser, address: str, shop: Shop) -> None:
    asked = [f"{address}{path}" for door, path in Story(shop).pages() if not door.path.startswith(TEAM)]
    assert len(asked) > 8
    found = measured_anew(browser, asked)
    for _ in range(TRIES):  # the machine may have had something else to do, and now and then Lighthouse loses its trace
        asked = [one["address"] for one in found if short(one)]
        found = measured_anew(browser, asked) if asked else []
    wrong = [line for one in found for line in short(one)]
    assert not wrong, "\n".join(wrong)
