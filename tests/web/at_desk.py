"""A real browser in front of which somebody of the team has logged in."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from regulars.access.people import add_person, make_login_link
from regulars.access.sessions import begin_session
from regulars.web.console.desk import SESSION
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


@contextmanager
def two_screens(
    browser: Browser, address: str, house: House, workspace: str, width: int, *scripts: str
) -> Generator[dict[bool, Page]]:
    """Open two screens of one width, of a stranger and of the workspace's owner, each with scripts of the test's."""
    person = add_person(house.database, f"sam@{workspace}.example", "Sam", workspace)
    with house.database.shared() as tx:
        cookie = begin_session(tx, person, utc_now())
    size = {"width": width, "height": 900}
    contexts = {known: browser.new_context(viewport=size, reduced_motion="reduce") for known in (False, True)}
    contexts[True].add_cookies([{"name": SESSION, "value": cookie, "url": address}])
    for context in contexts.values():
        for script in scripts:
            context.add_init_script(script)
    yield {known: context.new_page() for known, context in contexts.items()}
    for context in contexts.values():
        context.close()
