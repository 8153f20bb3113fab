"""What every test may ask for: a real PostgreSQL, a fresh workspace in it, and a moment."""

import faulthandler
import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Browser, BrowserType, sync_playwright
from tests.shelf import Shelf, fresh

from regulars.store.database import Database
from regulars.store.embedded import start_postgres
from regulars.store.erasures import ErasureList
from regulars.store.machine import memory, processors
from regulars.store.migrate import migrate_shared

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "fuzz",
    settings.get_profile("busy"),
    max_examples=100_000,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # what it finds is said at once: its time may be over soon
    report_multiple_bugs=False,
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "busy")
)  # how long an example takes says what else the machine does
_NUMBER = count(1)
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What a database may forgo that no power failure has to find whole."""
_ONE_RUN = 2000
"""The MB that one process of the tests takes with its PostgreSQL, its browser, and the houses it starts."""
_MOST = 8
_HANGS = 900
"""The seconds after which a test comes to its end no more: it fails, and the rest go on."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End the process whose test hangs: whoever runs them all is told of it, instead of waiting for ever."""
    if os.environ.get("HYPOTHESIS_PROFILE") != "fuzz" and not item.config.getoption("usepdb"):
        faulthandler.dump_traceback_later(_HANGS, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_xdist_auto_num_workers() -> int:
    """Say how many processes `pytest -n auto` is: one more than processors, for a test waits as often as it works."""
    return max(1, min(processors() + 1, memory() // _ONE_RUN, _MOST))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL of our own, started for this run."""
    data = data_folder()
    server = start_postgres(data, QUICK)
    try:
        yield server.url
    finally:
        server.stop()
        remove(data)


def data_folder() -> Path:
    """A folder that PostgreSQL's own user can reach, which pytest's private ones are not when root runs the tests."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="regulars-test-"))


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database, with the shared schema."""
    database = Database(postgres, erasures=ErasureList(tmp_path_factory.mktemp("erasures") / "erasures.jsonl"))
    migrate_shared(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def shelf(database: Database) -> Iterator[Shelf]:
    """The workspaces that tests of this run hand on."""
    shelf = Shelf(database)
    yield shelf
    shelf.close()


@pytest.fixture
def workspace(shelf: Shelf) -> Iterator[str]:
    """A workspace with nothing in it, cleared afterwards."""
    name = f"t{next(_NUMBER)}_{uuid4().hex[:8]}"
    shelf.take(fresh(name))
    yield name
    shelf.give_back(name)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, or the one Playwright installed."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


def launch(chromium: BrowserType, *arguments: str) -> Browser:
    """Start a Chromium."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    return chromium.launch(executable_path=found, args=[*alone, *arguments])
