"""What is sent and cannot be taken is kept aside with its reason, so that whoever sent it finds out why.

Strangers can send nonsense with a key that stands in page source. So little is kept, of each a piece, for days; in
each second a few rows of a workspace are written, and of the rest only the number. Nobody who sends waits for it.
"""

import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import Any

import msgspec
import structlog

from regulars.hear import rejected_records as records
from regulars.hear.contexts import left_of
from regulars.hear.protocol import Rejected
from regulars.hear.rejected_records import NewRejected
from regulars.store.database import Database
from regulars.store.waking import Waker

log = structlog.get_logger()

MOST = 1_000
"""Rejected events that a workspace keeps: the newest."""
KEPT_FOR = timedelta(days=7)
CUT = 2_000
"""Characters that are kept of what was sent."""
AT_ONCE = 20
"""Rejected events of a workspace that are kept each time that is written; of more, only the number."""
_EVERY = 1.0
"""Seconds from one writing to the next."""
_LONGEST_NAME = 200
_LONGEST_REASON = 500
_PLACES = 1_000
"""Workspaces that may wait to be written."""


def sweep_rejected(database: Database, workspace: str, now: datetime) -> None:
    """Let go of what was rejected long ago, also where nobody sends anything any more."""
    with database.workspace(workspace) as tx:
        records.sweep(tx, now - KEPT_FOR, MOST)


class _Said(msgspec.Struct):
    type: Any = None
    event: Any = None
    context: Any = None


_SAID = msgspec.json.Decoder(_Said)


class Aside:
    """Takes what was rejected from many threads, and writes a little of it every second."""

    def __init__(self, database: Database, waker: Waker, *, every: float = _EVERY) -> None:
        self._database = database
        self._waker = waker
        self._every = every
        self._lock = Lock()
        self._waiting: dict[str, deque[NewRejected]] = {}
        self._more: dict[str, int] = {}
        self._closing = Event()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="aside")

    def keep(self, workspace: str, source: int | None, kind: str, found: list[Rejected], now: datetime) -> None:
        """Keep some of what was rejected, in a while. `kind` is that of the address, '' where each names its own."""
        with self._lock:
            first = not self._waiting
            if workspace not in self._waiting and len(self._waiting) >= _PLACES:
                return
            waiting = self._waiting.setdefault(workspace, deque())
            room = max(0, AT_ONCE - len(waiting))
            waiting.extend(_piece(one, source, kind, now) for one in found[:room])
            self._more[workspace] = self._more.get(workspace, 0) + len(found[room:])
        if first:
            with suppress(RuntimeError):  # the house is closing
                self._writer.submit(self._write)

    def close(self) -> None:
        """Write what waits, and keep no more."""
        self._closing.set()
        self._writer.shutdown()

    def _write(self) -> None:
        self._closing.wait(self._every)
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            more, self._more = self._more, {}
        for workspace, found in waiting.items():
            try:
                with self._database.workspace(workspace) as tx:
                    records.keep(tx, list(found), more=more.get(workspace, 0), most=MOST, kept_for=KEPT_FOR)
            except Exception as error:  # nothing that must be kept; and the next workspace's is written all the same
                log.info("rejected events are not kept", workspace=workspace, count=len(found), exc_info=error)
            else:
                self._waker.poke(workspace)


def _piece(one: Rejected, source: int | None, kind: str, now: datetime) -> NewRejected:
    text = one.text.decode(errors="replace").replace("\0", "�")
    said = _Said()
    with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        said = _SAID.decode(one.text)
    library: Any = said.context.get("library") if isinstance(said.context, dict) else None  # pyright: ignore[reportUnknownVariableType]
    name: Any = library.get("name") if isinstance(library, dict) else None  # pyright: ignore[reportUnknownVariableType]
    called = next((one for one in (said.event, kind, said.type) if isinstance(one, str) and one.strip()), "")
    return NewRejected(
        at=now,
        source=source,
        kind=_short(called),
        library=_short(name if isinstance(name, str) else ""),
        reason=one.reason.replace("\0", "�")[:_LONGEST_REASON],
        said=_tidied(one.text, text)[:CUT],
        bytes=len(one.text),
    )


def _tidied(sent: bytes, text: str) -> str:
    """Return what was sent without what is kept of no context; of what cannot be read, what stands before a context."""
    with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        said: Any = msgspec.json.decode(sent)
        if not isinstance(said, dict) or not isinstance(context := said.get("context"), dict):  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
            return text
        return msgspec.json.encode({**said, "context": left_of(context)}).decode()  # pyright: ignore[reportUnknownArgumentType]
    return _CONTEXT.split(text, maxsplit=1)[0]


_CONTEXT = re.compile(r'"context"|\\u')
"""Where a context may begin; a name of JSON may hide itself by escapes."""


def _short(text: str) -> str:
    return text.strip().replace("\0", "�")[:_LONGEST_NAME]
