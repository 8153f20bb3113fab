"""Where providers of mail call us: `/hooks/<provider>/<workspace>`. Who calls is verified by the workspace's own key.

Whoever is not who they say gets the same answer for a workspace that there is and one that there is not.
"""

import re
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, post
from litestar.params import FromPath, RawBody

from regulars.channels.smtp import post as posting
from regulars.channels.smtp.marks import Marks
from regulars.channels.smtp.providers import PROVIDERS, Call, Told
from regulars.channels.smtp.providers.call import forged
from regulars.engage import returns
from regulars.engage.returns import Return
from regulars.outbound import Outbound
from regulars.web.noting import unnoted
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, Refused, Unknown

log = structlog.get_logger()

_OURS = re.compile(r"<?regulars\.(\d{1,18})@")
_LARGEST = 1_000_000
"""Bytes of a call: SendGrid's are the largest, and end at 768 KB."""


@post(
    "/hooks/{provider:str}/{workspace:str}",
    sync_to_thread=True,
    status_code=200,
    opt=unnoted("what came of a message is in the log"),
)
def hear(
    request: Request[Any, Any, Any], body: RawBody, provider: FromPath[str], workspace: FromPath[str]
) -> Response[bytes]:
    """Take what a provider tells of mail: returned, called spam, or unsubscribed from. Told again it is nothing new."""
    house: House = request.app.state.house
    try:
        taken = _heard(house, provider, workspace, dict(request.headers), body)
    except Refused as error:
        log.warning("a call that is no provider's was refused", provider=provider, workspace=workspace, why=str(error))
        raise
    if taken:
        house.waker.poke(workspace)
    return Response(msgspec.json.encode({"taken": taken}), media_type="application/json")


def _heard(house: House, provider: str, workspace: str, headers: dict[str, str], body: bytes) -> int:
    hears = PROVIDERS.get(provider)
    if hears is None:
        raise Unknown(
            "There is no provider '{name}'. There are: {names}.", name=provider[:40], names=", ".join(PROVIDERS)
        )
    if len(body) > _LARGEST:
        raise Invalid("This is longer than anything that a provider tells.")
    try:
        with house.database.workspace(workspace) as tx:
            one, marks = posting.standing(tx), posting.marks(tx, workspace)
    except Unknown:
        raise forged(provider) from None
    key = posting.secrets_of(one, house.vault, workspace).get("provider", "") if one.provider == provider else ""
    if not key:
        raise forged(provider)
    now = utc_now()
    names = {name.lower(): value for name, value in headers.items()}
    told = hears(Call(names, body, now, Outbound(private=house.settings.outbound_private)), key)
    with house.database.workspace(workspace) as tx:
        return returns.take(tx, [_return(one, marks) for one in told], now)


def _return(told: Told, marks: Marks) -> Return:
    """Return what is told with the message it is about: by our mark, by its Message-ID, or by whom it went to."""
    named = _OURS.match(told.message_id.strip())
    message_id = marks.read(told.mark) or (int(named[1]) if named else None)
    return Return(told.what, told.key, message_id, told.address, told.reason, told.dead)


ROUTES = [hear]
"""What the application takes in."""
