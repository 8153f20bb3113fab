"""The API's channels. Made by tools/make_client.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set of an adapter; `secret`: it is kept encrypted and never told again."""

    name: str
    label: str
    hint: str
    secret: bool
    needed: bool
    usual: str
    options: list[str]


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """An adapter by which messages may leave, and what can be set of it."""

    adapter: str
    title: str
    settings: list[Setting]


class ChannelWay(msgspec.Struct, frozen=True, kw_only=True):
    """How messages of a channel leave; `adapter` is null where they have no way of their own."""

    channel: str
    adapter: str | None
    settings: dict[str, str]
    secrets: list[str]
    version: int
    tested_at: datetime | None
    problem: str | None
    hook: str | None
    offered: list[Offered]


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test: `sent` (the other side took it), `failed` or `uncertain`; and why, in its words."""

    state: str
    why: str = ""
    parts: int = 0
    cost: str = ""


class ChannelsApi:
    """What can be asked and done about channels."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, limit: int | None = None) -> Pages[ChannelWay]:
        """List every channel with how its messages leave, and what could carry them."""
        return self._line.pages("/api/channels", ChannelWay, {"limit": limit})

    def get(self, channel: str) -> ChannelWay:
        """Return how messages of a channel leave."""
        return self._line.ask(f"/api/channels/{place(channel)}", ChannelWay)

    def set(
        self,
        channel: str,
        *,
        adapter: str,
        settings: Mapping[str, str] = {},
        replaces: int | None = None,
        once: str | None = None,
    ) -> ChannelWay:
        """Let messages of a channel leave by an adapter from now on."""
        return self._line.change(
            "PUT",
            f"/api/channels/{place(channel)}",
            ChannelWay,
            {"adapter": adapter, "settings": settings, "replaces": replaces},
            once,
        )

    def remove(self, channel: str, *, once: str | None = None) -> ChannelWay:
        """Forget how messages of a channel leave, its secrets too; what is due waits until there is another way."""
        return self._line.change("DELETE", f"/api/channels/{place(channel)}", ChannelWay, {}, once)

    def test(self, channel: str, *, address: str, once: str | None = None) -> Tested:
        """Send a test by the way that is saved; the answer says what came of it, in the words of the other side."""
        return self._line.change("POST", f"/api/channels/{place(channel)}/test", Tested, {"address": address}, once)
