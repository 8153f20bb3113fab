"""`/hooks/<workspace>/<channel>/<token>`: where gateways tell what came of messages, and what was answered.

Whoever knows the address is believed: its token is a signature of ours, which cannot be guessed, so it is shown to the
team only. What is told about a message of another workspace finds none.
"""

from hmac import compare_digest
from typing import Any

import structlog
from anyio.to_thread import run_sync
from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath

from regulars import channels
from regulars.engage.replies import take_replies
from regulars.engage.returns import take
from regulars.speak import ways
from regulars.speak.channel import Call
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import LinkDead

log = structlog.get_logger()

_PURPOSE = "hook"
_LARGEST = 256 * 1024


def hook(house: House, workspace: str, channel: str) -> str:
    """Return the address at which a channel's gateway tells us things."""
    return f"{house.base_url}/hooks/{workspace}/{channel}/{house.links.brief(_PURPOSE, workspace, channel)}"


@route(
    "/hooks/{workspace:str}/{channel:str}/{token:str}",
    http_method=[HttpMethod.GET, HttpMethod.POST],
    request_max_body_size=_LARGEST,
    status_code=200,
)
async def called(
    request: Request[Any, Any, Any], workspace: FromPath[str], channel: FromPath[str], token: FromPath[str]
) -> Response[bytes]:
    """Take what a gateway tells. It asks by GET where that is its way of telling."""
    house: House = request.app.state.house
    call = Call(
        request.scope["query_string"].decode("latin-1"),
        request.headers.get("content-type", "")[:200],
        await request.body(),
    )
    await run_sync(_take, house, workspace, channel, token, call)
    return Response(b"", status_code=200, media_type="text/plain", headers={"cache-control": "no-store"})


def _take(house: House, workspace: str, channel: str, token: str, call: Call) -> None:
    if not compare_digest(house.links.brief(_PURPOSE, workspace, channel).encode(), token.encode()):
        log.warning("a call that was forged was refused", workspace=workspace[:64], channel=channel[:64])
        raise LinkDead("This address is not whole. Copy it once more from the page of channels.")
    with house.database.workspace(workspace) as tx:
        way = ways.get(tx, channel)
        values = ways.values_of(way, house.vault, workspace)
        heard = channels.hear(tx, way.adapter, values, call, utc_now())
        take(tx, heard.returns, utc_now())
        take_replies(tx, heard.replies, utc_now())


ROUTES = [called]
