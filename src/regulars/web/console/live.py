"""Pages that move by themselves: a stream of server-sent events that say no more than 'look again'.

What is new the page asks for itself, behind the same guard as ever. The stream looks again and again whether its
reader may still be here, and says so when not.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from random import random
from typing import Any

from litestar import Request, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from regulars.web.console.desk import AtDesk, LoggedOut, guard
from regulars.web.console.moving import TOPICS, Moving
from regulars.web.numbers import number_in
from regulars.words.errors import RegularsError, Unavailable, Unknown

CHECK = 15.0
"""Seconds after which a stream looks whether its reader may still be here, and shows that it lives."""
AT_MOST_EVERY = 3.0
"""Seconds between two looks of one page: while a campaign is sent something is new every moment."""
_APART = 0.02
"""Seconds that each onlooker adds to the time over which all of them look again."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@get("/live/{topic:str}")
async def live(
    request: Request[Any, Any, Any], desk: AtDesk, topic: FromPath[str], since: FromQuery[int] = 0
) -> Stream:
    """Tell an open page when there is something new to show."""
    if topic not in TOPICS:
        raise Unknown("There is no page like this.")
    last = request.headers.get("last-event-id", "")
    number = number_in(last)
    shown = since if number is None else number

    async def may_stay() -> bool:
        try:
            await guard(request, request.route_handler)
        except Unavailable:
            return True
        except (LoggedOut, RegularsError):
            return False
        return True

    moving: Moving = request.app.state.moving
    beats = _beats(moving, desk.workspace.name, topic, shown, may_stay)
    return Stream(beats, media_type="text/event-stream", headers=_HEADERS)


async def _beats(
    moving: Moving, workspace: str, topic: str, shown: int, may_stay: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[bytes]:
    """Yield 'moved' when the page shows less than there is, until its reader may not stay."""
    clock = asyncio.get_running_loop().time
    seen: Any = None
    looked = clock() - AT_MOST_EVERY
    with moving.looking(workspace) as onlooker:
        yield b"retry: 2000\n\n"
        checked = clock()
        while True:
            await onlooker.wait(CHECK)
            if onlooker.over:
                return
            if clock() - checked >= CHECK:
                if not await may_stay():
                    yield b"event: ended\ndata: ended\n\n"
                    return
                checked = clock()
                yield b": here\n\n"
            if onlooker.pulse is None:
                continue
            reached, token = TOPICS[topic](onlooker.pulse)
            if token != seen and (seen is not None or reached > shown):
                spread = min(AT_MOST_EVERY, moving.onlookers(workspace) * _APART)
                until = max(looked + AT_MOST_EVERY, clock() + random() * spread)  # noqa: S311 (no secret)
                while (left := until - clock()) > 0 and not onlooker.over:
                    await onlooker.wait(left)
                if onlooker.over:
                    return
                reached, token = TOPICS[topic](onlooker.pulse)  # it may have moved on meanwhile
                looked = clock()
                yield f"event: moved\nid: {reached}\ndata: {reached}\n\n".encode()
            seen = token


ROUTES = [live]
