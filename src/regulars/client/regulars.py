"""The way in: a server and a key, and everything that can be asked and done there."""

from collections.abc import Callable, Mapping
from datetime import datetime
from time import sleep
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from regulars.client.areas import Areas
from regulars.client.line import Line


class Regulars(Areas):
    """A server of Regulars, by its address and a key. Close it, or use it in a `with`."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        attempts: int = 5,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._line = Line(url, key, attempts=attempts, timeout=timeout, transport=transport, wait=wait)
        super().__init__(self._line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def identify(
        self, user: str, traits: Mapping[str, Any] | None = None, *, at: datetime | None = None, once: str | None = None
    ) -> None:
        """Say who somebody is: what is said of them becomes facts. The key has scope `write` or `admin`."""
        self._tell("identify", {"userId": user, "traits": traits or {}}, at, once)

    def track(
        self,
        user: str,
        event: str,
        properties: Mapping[str, Any] | None = None,
        *,
        at: datetime | None = None,
        once: str | None = None,
    ) -> None:
        """Say what somebody did. `once` is a number of your own for it: sent again under it, it is heard once."""
        self._tell("track", {"userId": user, "event": event, "properties": properties or {}}, at, once)

    def _tell(self, kind: str, said: Mapping[str, Any], at: datetime | None, once: str | None) -> None:
        more = {"timestamp": at} if at else {}
        self._line.post(f"/v1/{kind}", {**said, **more, "messageId": once or str(uuid4())})
