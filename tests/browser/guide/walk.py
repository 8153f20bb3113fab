"""Who walks the guide: Harriet at her desk, a colleague at another, Ieva with her phone, and the camera."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property

from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.demo import Demo
from tests.browser.guide.camera import DESK, PHONE, Camera

WAIT = 30_000
"""The milliseconds that something may take on a slow machine."""


class Walk:
    """The day at The Gift House, as far as it has come. What a page made for the next ones is kept here."""

    def __init__(self, browser: Browser, demo: Demo, camera: Camera, closing: ExitStack) -> None:
        self.demo = demo
        self.camera = camera
        self._browser = browser
        self._closing = closing
        self.links: dict[str, str] = {}

    @cached_property
    def desk(self) -> Page:
        """Harriet's screen; she has logged in."""
        page = self.screen(DESK)
        page.goto(self.demo.link("Log in"))
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="What they told you")).to_be_visible()
        return page

    @cached_property
    def phone(self) -> Page:
        """Ieva's phone."""
        return self.screen(PHONE, is_mobile=True, has_touch=True)

    @cached_property
    def other_desk(self) -> Page:
        """A colleague's screen; nobody has logged in there."""
        return self.screen(DESK)

    def screen(self, size: dict[str, int], **settings: object) -> Page:
        context: BrowserContext = self._browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            device_scale_factor=1,
            locale="en-GB",
            timezone_id="UTC",
            color_scheme="light",
            reduced_motion="reduce",
            accept_downloads=True,
            **settings,  # type: ignore[arg-type]
        )
        context.set_default_timeout(WAIT)
        self._closing.callback(context.close)
        return context.new_page()

    def go(self, menu: str, page: Page | None = None) -> None:
        """Choose a page in the menu."""
        page = page or self.desk
        page.locator(".menu").get_by_role("link", name=menu, exact=True).click()
        expect(page.locator(".menu").get_by_role("link", name=menu, exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        self.camera.read(page)

    def press(self, name: str, page: Page | None = None) -> None:
        """Press the button of this name; what is left behind has been read."""
        page = page or self.desk
        self.camera.read(page)
        page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, page: Page | None = None) -> None:
        """Follow the link of this name; what is left behind has been read."""
        page = page or self.desk
        self.camera.read(page)
        page.get_by_role("link", name=name, exact=True).first.click()

    def newest_mail(self, address: str, about: str) -> None:
        """Look into the sandbox's mailbox until a mail about something has come to an address, and open it."""
        page = self.desk
        page.goto(self.demo.link("and answer its question:"))
        mails = page.locator("main li", has_text=address).filter(has_text=re.compile(about))

        def come() -> None:
            expect(mails.first).to_be_visible(timeout=200)

        self.until(come)
        mails.first.get_by_role("link").first.click()
        expect(page.frame_locator("iframe.mail").locator("a").first).to_be_visible()

    def until(self, holds: Callable[[], None]) -> None:
        """Load the desk's page anew until something holds."""
        for _ in range(WAIT // 300):
            try:
                return holds()
            except AssertionError:
                self.desk.reload()
        return holds()
