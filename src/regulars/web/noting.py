"""What a route notes in the audit log, said beside the route, and written with what it did or before it is shown.

    @post("/campaigns/{name:str}/launch", opt=needs(Right.SEND) | notes("campaign.launched", "campaign", by="name"))

What changes something writes its note in the transaction of the change (`with desk.noted() as tx`; in `/api` all do).
Where a handler did not, it is written right after, and so is what was shown: only then the answer leaves.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import msgspec
from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from regulars.access.audit import Deed, Who
from regulars.store.database import Tx
from regulars.web.client_address import client_of, networks
from regulars.web.watching import NUMBER
from regulars.wiring import House
from regulars.words.clock import utc_now

_NOTES, _UNNOTED, _SLIP = "notes", "unnoted", "slip"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_AGAIN = timedelta(minutes=10)
_REFUSED_AGAIN = timedelta(hours=1)
_CHANGED = frozenset({HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT, HTTPStatus.SEE_OTHER})
"""How a change is answered. A page that comes back with 200 shows what was typed once more: nothing was changed."""


class Noted(msgspec.Struct, frozen=True):
    """What a route notes: the action, on what kind of thing, and which place of its path names it."""

    action: str
    kind: str
    by: str
    again: timedelta


def notes(action: str, kind: str = "", *, by: str = "", again: timedelta = _AGAIN) -> dict[str, Any]:
    """Say what a route notes. What only shows something notes the same thing again after `again`."""
    return {_NOTES: Noted(action, kind, by, again)}


def unnoted(why: str) -> dict[str, Any]:
    """Say why a route that takes something notes nothing: it changes nothing, and shows nobody."""
    return {_UNNOTED: why}


def noted_by(handler: BaseRouteHandler) -> Noted | None:
    """Return what a route notes."""
    return handler.opt.get(_NOTES)


def why_unnoted(handler: BaseRouteHandler) -> str:
    """Return why a route notes nothing, where it says so."""
    return handler.opt.get(_UNNOTED, "")


class Slip:
    """What one request will note. It is written once, or not at all."""

    def __init__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, who: Who) -> None:
        self._house: House = connection.app.state.house
        self._who = who
        self._noted = noted_by(handler)
        self._reads = connection.scope.get("method") in _READING
        self._request = str(connection.scope.get(NUMBER) or "")
        self._address = client_of(connection, networks(self._house.settings.trusted_proxies))
        self._workspaces: tuple[str, ...] = ()
        self._deed = Deed("")
        if self._noted is not None:
            name = str(connection.path_params.get(self._noted.by, ""))
            self._deed = Deed(self._noted.action, self._noted.kind, name)

    @property
    def whoever(self) -> Who:
        """Who asks."""
        return self._who

    @property
    def who(self) -> str:
        """What the one who acts is called."""
        return self._who.name

    def keep(self, workspaces: Iterable[str]) -> "Slip":
        """Say in which workspaces' logs it belongs."""
        self._workspaces = tuple(workspaces)
        return self

    def tell(
        self,
        name: object = None,
        *,
        kind: str | None = None,
        label: str | None = None,
        action: str | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Say more: on which thing it was, what that is called, what changed, or that it was another action."""
        said: dict[str, Any] = {"kind": kind, "label": label, "action": action, "before": before, "after": after}
        said["name"] = None if name is None else str(name)
        self._deed = msgspec.structs.replace(self._deed, **{key: one for key, one in said.items() if one is not None})

    def drop(self) -> None:
        """Note nothing: nothing was changed after all, and nobody shown."""
        self._noted = None

    def shows(self, action: str, kind: str = "", name: object = "") -> None:
        """Note now that something was shown and nothing changed: a form that came back, beside what it is about."""
        self._deed = Deed(action, kind, str(name))
        self.write_after(shown=True)

    def write(self, tx: Tx) -> None:
        """Write it as the last thing of a transaction."""
        noted, self._noted = self._noted, None
        if noted is None:
            raise LookupError("this route does not say what it notes (notes(...)), or has noted it already")
        self._house.audit.note(tx, self._who, self._deed, utc_now(), request=self._request, address=self._address)

    def write_after(self, *, shown: bool = False) -> None:
        """Write what no transaction wrote; what was `shown`, unless the same was noted of the same some minutes ago."""
        shown = shown or self._reads
        noted, self._noted = self._noted, None
        audit, now = self._house.audit, utc_now()
        where = {"request": self._request, "address": self._address}
        for workspace in self._workspaces if noted else ():
            if noted and shown and audit.known(workspace, self._who, self._deed, now, noted.again):
                continue
            with self._house.database.workspace(workspace) as tx:
                if noted and shown:
                    audit.note_again(tx, self._who, self._deed, now, noted.again, **where)
                else:
                    audit.note(tx, self._who, self._deed, now, **where)
            audit.remember(workspace, self._who, self._deed, now)

    def waits_for(self, status: int) -> bool:
        """Whether there is something that nobody wrote yet and that was done or shown, as the answer's status says."""
        return self._noted is not None and (status == HTTPStatus.OK if self._reads else status in _CHANGED)


def give_slip(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, who: Who, workspaces: Iterable[str]
) -> None:
    """Put a slip into a request: the guards do, when they know who asks."""
    connection.state[_SLIP] = Slip(connection, handler, who).keep(workspaces)


def slip_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Slip:
    """Return the slip of a request that a guard let in."""
    return connection.state[_SLIP]


async def note_refused(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, who: Who, workspace: str
) -> None:
    """Note that somebody tried what their role or key does not allow: the same thing once an hour."""
    method, path = connection.scope.get("method", ""), min(handler.paths, default="")
    deed = Deed("refused", "route", f"{method} {path}")
    house: House = connection.app.state.house
    now = utc_now()
    if house.audit.known(workspace, who, deed, now, _REFUSED_AGAIN):
        return
    where = {
        "request": str(connection.scope.get(NUMBER) or ""),
        "address": client_of(connection, networks(house.settings.trusted_proxies)),
    }

    def write() -> None:
        with house.database.workspace(workspace) as tx:
            house.audit.note_again(tx, who, deed, now, _REFUSED_AGAIN, **where)
        house.audit.remember(workspace, who, deed, now)

    await run_sync(write)


async def note_what_leaves(message: Message, scope: Scope) -> None:
    """Write, before an answer leaves, what is still to be noted of it. Litestar calls it for all that is sent."""
    if message["type"] != "http.response.start":
        return
    slip = scope["state"].get(_SLIP)
    if isinstance(slip, Slip) and slip.waits_for(message["status"]):
        await run_sync(slip.write_after)
