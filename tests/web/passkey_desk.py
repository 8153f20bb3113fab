"""A browser with an authenticator of its own that is always unlocked."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page


@contextmanager
def unlocked(browser: Browser, **settings: Any) -> Generator[tuple[Page, "Authenticator"]]:
    """Open a page of a browser that has an authenticator of its own."""
    context = browser.new_context(**settings)
    page = context.new_page()
    session = context.new_cdp_session(page)
    try:
        yield page, Authenticator(session)
    finally:
        context.close()


class Authenticator:
    """A virtual authenticator, by Chromium's own protocol."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        return self._session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def put(self, credential: dict[str, Any]) -> None:
        """Take a copy of a credential."""
        self._session.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def forget(self) -> None:
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})

    def verifies(self, *, user: bool) -> None:
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": user})

    def present(self, *, enabled: bool) -> None:
        self._session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": enabled})
