"""The API's workspace. Made by tools/make_client.py: do not edit."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from regulars.client.line import Line


class Deleted(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace that was deleted. Until its day comes an owner can take it back, in the console."""

    name: str
    gone_at: datetime


class WorkspaceBrand(msgspec.Struct, frozen=True, kw_only=True):
    """How the workspace looks, speaks and sends."""

    name: str
    title: str
    accent: str
    tone: str
    languages: list[str]
    zone: str
    delivery: str
    sender: str
    logo: str | None


class WorkspaceApi:
    """What can be asked and done about workspace."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def brand(self) -> WorkspaceBrand:
        """Return how the workspace looks, speaks and sends."""
        return self._line.ask("/api/workspace", WorkspaceBrand)

    def change_brand(
        self,
        *,
        title: str | None = None,
        accent: str | None = None,
        tone: str | None = None,
        languages: Sequence[str] | None = None,
        zone: str | None = None,
        delivery: str | None = None,
        sender: str | None = None,
        replaces: WorkspaceBrand | None = None,
        once: str | None = None,
    ) -> WorkspaceBrand:
        """Change how the workspace looks, speaks and sends; it holds for the next page and the next message."""
        return self._line.change(
            "POST",
            "/api/workspace",
            WorkspaceBrand,
            {
                "title": title,
                "accent": accent,
                "tone": tone,
                "languages": languages,
                "zone": zone,
                "delivery": delivery,
                "sender": sender,
                "replaces": replaces,
            },
            once,
        )

    def change_logo(self, *, image: str | None, once: str | None = None) -> WorkspaceBrand:
        """Show another logo, or none."""
        return self._line.change("POST", "/api/workspace/logo", WorkspaceBrand, {"image": image}, once)

    def delete(self, *, sure: bool, once: str | None = None) -> Deleted:
        """Delete the workspace: it closes at once, its keys with it, and is gone after seven days."""
        return self._line.change("POST", "/api/workspace/delete", Deleted, {"sure": sure}, once)
