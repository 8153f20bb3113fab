"""A real browser in front of which somebody of the team has logged in."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from regulars.access.people import add_person, make_login_link
from regulars.wiring import House
from regulars.words.clock import utc_now


@contextmanager
def at_desk(
    browser: Browser, address: str, house: House, workspace: str, width: int, **settings: Any
) -> Generator[Page]:
    """Open a screen of a width, and log in."""
    add_person(house.database, "sam@x.example", "Sam", workspace)
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    page = context.new_page()
    page.goto(f"{address}/console/login/{make_login_link(house.database, 'sam@x.example', utc_now())}")
    page.locator("main button").click()
    page.wait_for_url("**/console/**")
    yield page
    context.close()
