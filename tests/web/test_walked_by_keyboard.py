"""Every page by Tab alone: each thing on it is reached, in the order it is read, has a name and shows where one is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.web.at_desk import two_screens
from tests.web.every_page import Story
from tests.web.keyboard import WALKED, nameless, walk

pytestmark = pytest.mark.browser


@pytest.fixture
def story(shop) -> Story:
    return Story(shop)


@pytest.fixture(params=[1440, 390])
def screens(browser: Browser, address: str, story: Story, request: pytest.FixtureRequest) -> Iterator[dict[bool, Page]]:
    with two_screens(browser, address, story.house, story.workspace, request.param, WALKED) as screens:
        yield screens


def test_every_page_is_walked_by_tab(screens: dict[bool, Page], address: str, story: Story) -> None:
    wrong = list[str]()
    for door, path in story.pages():
        page = screens[door.kind in {"role", "session"}]
        page.goto(f"{address}{path}")
        found = (*walk(page, skips=path != f"/console/{story.workspace}"), *nameless(page))
        wrong += [f"{path}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)
