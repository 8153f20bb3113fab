"""The clients that shops use already send to a running house, as their makers ship them, and it is all there."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import rudderstack.analytics.client as rudder
import segment.analytics.client as segment
from playwright.sync_api import Browser
from tests.web.shop_site import site

from regulars.access.keys import create_key
from regulars.testing.serving import wait_until

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".cache" / "clients"
WEB = PLACE / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
ALL = ["identify", "Product Viewed", "page", "screen", "group", "alias"]
Arrivals = Callable[[int], list[dict[str, Any]]]


@pytest.fixture
def arrivals(address: str, house: Any, workspace: str) -> Arrivals:
    """Wait until so many events arrived, and read them by the API: the oldest first, each as it was taken."""
    key = create_key(house.database, workspace, "read")

    def ask(path: str) -> Any:
        return httpx.get(f"{address}/api{path}", headers={"authorization": f"Bearer {key}"}).raise_for_status().json()

    def read(count: int) -> list[dict[str, Any]]:
        wait_until(lambda: ask("/arrivals")["total"] >= count, f"{count} events")
        found = ask("/arrivals")["items"][::-1]
        assert all(one["taken"] for one in found), found
        return [ask(f"/arrivals/{one['number']}")["event"] for one in found]

    return read


@pytest.fixture
def write_key(house: Any, workspace: str) -> str:
    return create_key(house.database, workspace, "write")


@pytest.mark.parametrize(
    ("client", "packed"),
    [(segment.Client, False), (segment.Client, True), (rudder.Client, True), (rudder.Client, False)],
)
def test_the_clients_for_python(address: str, write_key: str, arrivals: Arrivals, client: Any, packed: bool) -> None:
    wrong: list[Exception] = []
    analytics = client(
        write_key, host=address, gzip=packed, max_retries=0, on_error=lambda error, _: wrong.append(error)
    )
    analytics.identify("py-1", {"name": "Petra Python", "phone": "+371 29123456"})
    analytics.track("py-1", "Product Viewed", {"name": "Lantern"})
    analytics.page("py-1", None, "Lanterns") if client is segment.Client else analytics.page("py-1", name="Lanterns")
    analytics.screen("py-1", None, "Basket") if client is segment.Client else analytics.screen("py-1", name="Basket")
    analytics.group("py-1", "club", {"name": "Book club"})
    analytics.alias("py-old", "py-1")
    analytics.shutdown()
    assert not wrong
    found = arrivals(6)
    assert [one["kind"] for one in found] == ALL
    assert {one["who"] for one in found} == {"user:py-1"}
    assert found[0]["props"]["traits"]["name"] == "Petra Python"
    assert found[0]["props"]["links"], "the phone number is an identifier"
    assert found[4]["props"] == {"group_id": "club", "traits": {"name": "Book club"}}
    assert found[5]["props"]["previous_id"] == "py-old"
    assert all(one["context"]["library"]["name"] for one in found)


def node() -> str:
    found = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    assert found, "Node is missing: `make ready-browser` installs it"
    assert PLACE.exists(), "Segment's clients are missing: `make ready-browser` installs them"
    return found


@pytest.mark.browser
def test_the_client_for_node(address: str, write_key: str, arrivals: Arrivals) -> None:
    script = Path(__file__).parent / "clients" / "send.mjs"
    command = [node(), script, PLACE, address, write_key]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    found = arrivals(6)
    assert sorted(one["kind"] for one in found) == sorted(ALL)
    assert {one["context"]["library"]["name"] for one in found} == {"@segment/analytics-node"}
    told = next(one for one in found if one["kind"] == "identify")
    assert len(told["props"]["links"]) == 2, "the anonymous id and the e-mail address"


PAGE = '<!doctype html><title>A shop</title><script src="index.js"></script><p>Lanterns</p>'
SEND = """async ([writeKey, cdnURL]) => {
  const analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL });
  await analytics.identify("boss", { email: "boss@gifts.example" });
  await analytics.track("Product Viewed", { name: "Lantern" });
  await analytics.page("Shop", "Lanterns");
  await analytics.screen("Shop", "Basket");
  await analytics.group("club", { name: "Book club" });
  await analytics.alias("boss-2");
}"""


@pytest.mark.browser
def test_the_client_for_pages(
    browser: Browser, address: str, house: Any, workspace: str, arrivals: Arrivals, tmp_path: Path
) -> None:
    """It is told by us where to send, and what it says of who that is is not believed: its key is public."""
    node()
    key = create_key(house.database, workspace, "browser")
    context = browser.new_context()
    ours = house.base_url  # what the house tells clients; it is reached at another address here
    context.route(f"{ours}/**", lambda route: route.continue_(url=route.request.url.replace(ours, address)))
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    files = {"lanterns.html": PAGE, "index.js": (WEB / "index.js").read_text(encoding="utf-8")}
    with site(tmp_path, files) as shop:
        page.goto(f"{shop}/lanterns.html?utm_source=letter&utm_campaign=spring")
        page.evaluate(SEND, [key, address])
        found = arrivals(6)
        assert all(url.startswith((address, ours, shop)) for url in asked), asked
        context.close()
    assert sorted(one["kind"] for one in found) == sorted(ALL)
    (who,) = {one["who"] for one in found}
    assert who.startswith("anonymous:")
    told = next(one for one in found if one["kind"] == "identify")
    assert (told["props"]["verified"], told["props"]["links"]) == (False, [])
    seen = next(one for one in found if one["kind"] == "Product Viewed")["context"]
    assert seen["campaign"] == {"source": "letter", "name": "spring"}
    assert seen["page"]["path"] == "/lanterns.html"
    assert "userAgent" not in seen
