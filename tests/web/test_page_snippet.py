"""Our own script in a shop's page: small, quiet before consent, silent for who asks for it, and it loses nothing."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.web.shop_site import site

from regulars.access.keys import create_key
from regulars.testing.serving import wait_until
from regulars.web.assets import STATIC

SHOP = """<!doctype html><html lang="en"><title>Lanterns</title>
<script>
window.regulars ||= {{ q: [] }};
["page", "track", "identify", "consent"].forEach(
  (name) => (regulars[name] ||= (...given) => regulars.q.push([name, given])));
regulars.track("Early", {{ n: 1 }});
</script>
<script async src="{address}/i.js" data-key="{key}"></script>
<form data-regulars="Newsletter" action="thanks.html">
<input name="email" value="ieva@post.example"><input name="secret" type="password" value="1234">
<input name="card" autocomplete="cc-number" value="4111"><input name="note" data-regulars="no" value="mine">
<input name="often" type="checkbox" value="weekly" checked><input name="never" type="checkbox" value="x">
<button>Send</button></form><a href="thanks.html">On</a>"""
THANKS = "<!doctype html><html lang=en><title>Thanks</title>Thanks"
Read = Callable[[int], list[dict[str, Any]]]


@pytest.fixture
def shop(address: str, house: Any, workspace: str, tmp_path: Path) -> Iterator[str]:
    key = create_key(house.database, workspace, "browser")
    files = {"shop.html": SHOP.format(address=address, key=key), "thanks.html": THANKS}
    with site(tmp_path, files) as there:
        yield there


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def heard(address: str, house: Any, workspace: str) -> Read:
    """Wait until so many events arrived, and read them, the oldest first."""
    header = {"authorization": f"Bearer {create_key(house.database, workspace, 'read')}"}

    def read(count: int) -> list[dict[str, Any]]:
        def listed() -> list[dict[str, Any]]:
            return httpx.get(f"{address}/api/arrivals", headers=header).raise_for_status().json()["items"]

        wait_until(lambda: len(listed()) >= count, f"{count} events")
        found = listed()[::-1]
        assert all(one["taken"] for one in found), found
        asked = (httpx.get(f"{address}/api/arrivals/{one['number']}", headers=header) for one in found)
        return [one.json()["event"] for one in asked]

    return read


def started(page: Page) -> None:
    """Wait until the script runs in the place of its queue."""
    page.wait_for_function("!window.regulars.q")


def stored(page: Page) -> Any:
    return page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")


def test_it_is_under_four_kilobytes() -> None:
    assert len(gzip.compress((STATIC / "i.js").read_bytes())) < 4096


def test_any_page_may_load_it(stranger: Any) -> None:
    answer = stranger.get("/i.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.browser
def test_it_says_the_page_and_what_was_done_before_it_came(visitor: BrowserContext, shop: str, heard: Read) -> None:
    page = visitor.new_page()
    page.goto(f"{shop}/shop.html?utm_source=letter&utm_campaign=spring&token=secret")
    started(page)
    first, second = heard(2)
    assert [first["kind"], second["kind"], second["props"]] == ["page", "Early", {"n": 1}]
    assert first["context"]["campaign"] == {"source": "letter", "name": "spring"}
    assert first["props"]["url"] == f"{shop}/shop.html"
    assert first["who"] == second["who"]
    assert "secret" not in str([first, second])


@pytest.mark.browser
def test_nothing_is_stored_before_consent_and_one_id_after_it(visitor: BrowserContext, shop: str, heard: Read) -> None:
    page = visitor.new_page()
    page.goto(f"{shop}/shop.html")
    started(page)
    heard(2)
    assert stored(page) == ["", 0, 0]
    page.reload()
    started(page)
    assert len({one["who"] for one in heard(4)}) == 2, "each view has an id of its own"
    page.evaluate("regulars.consent(true)")
    assert stored(page) == ["", 1, 0]
    page.reload()
    started(page)
    assert len({one["who"] for one in heard(6)}) == 2, "who agreed is known again"
    page.evaluate("regulars.consent(false)")
    assert stored(page) == ["", 0, 0]


@pytest.mark.browser
def test_a_form_is_heard_from_those_who_agreed(visitor: BrowserContext, shop: str, heard: Read) -> None:
    page = visitor.new_page()
    page.goto(f"{shop}/shop.html")
    started(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/thanks.html**")
    page.goto(f"{shop}/shop.html")
    started(page)
    page.evaluate("regulars.consent(true)")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/thanks.html**")
    found = [one for one in heard(5) if one["kind"] == "Newsletter"]
    assert [one["props"] for one in found] == [{"email": "ieva@post.example", "often": "weekly"}]


@pytest.mark.browser
def test_what_is_done_while_leaving_is_not_lost(visitor: BrowserContext, shop: str, heard: Read) -> None:
    page = visitor.new_page()
    page.goto(f"{shop}/shop.html")
    started(page)
    page.evaluate("addEventListener('pagehide', () => regulars.track('Left'), true)")
    page.get_by_role("link", name="On").click()
    page.wait_for_url("**/thanks.html")
    assert "Left" in {one["kind"] for one in heard(3)}


@pytest.mark.browser
@pytest.mark.parametrize("wish", ["globalPrivacyControl: {get: () => true}", "doNotTrack: {get: () => '1'}"])
def test_who_asks_not_to_be_tracked_is_not(visitor: BrowserContext, shop: str, address: str, wish: str) -> None:
    visitor.add_init_script(f"Object.defineProperties(Navigator.prototype, {{{wish}}})")
    page = visitor.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{shop}/shop.html")
    started(page)
    page.evaluate("regulars.consent(true); for (let n = 0; n < 30; n++) regulars.track('Looked')")
    page.get_by_role("link", name="On").click()
    page.wait_for_url("**/thanks.html")
    assert stored(page) == ["", 0, 0]
    assert not [url for url in asked if url.startswith(f"{address}/v1")]
