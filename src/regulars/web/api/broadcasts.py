"""Campaigns in their course: paused, going on, and cancelled for ever."""

from litestar import Response, post
from litestar.params import FromPath

from regulars.speak import broadcasts
from regulars.speak.campaigns import Campaign
from regulars.web.api.entry import AnyRequest
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes


@post(
    "/campaigns/{name:str}/pause",
    sync_to_thread=True,
    opt=told(name="spring", takes=Nothing, gives=Campaign) | notes("campaign.paused", "campaign", by="name"),
)
def pause_campaign(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Hold what waits of a live campaign until it goes on. Whoever enters its segment meanwhile waits, too."""
    return once(request, Nothing, lambda tx, _: broadcasts.pause(tx, name))


@post(
    "/campaigns/{name:str}/resume",
    sync_to_thread=True,
    opt=told(name="spring", takes=Nothing, gives=Campaign) | notes("campaign.resumed", "campaign", by="name"),
)
def resume_campaign(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Let a paused campaign go on."""
    return once(request, Nothing, lambda tx, _: broadcasts.resume(tx, name))


@post(
    "/campaigns/{name:str}/cancel",
    sync_to_thread=True,
    opt=told(name="autumn", takes=Nothing, gives=Campaign) | notes("campaign.cancelled", "campaign", by="name"),
)
def cancel_campaign(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Never send anything more of a campaign: what waits is refused, and it can be launched no more."""
    return once(request, Nothing, lambda tx, _: broadcasts.cancel(tx, name))


HANDLERS = [pause_campaign, resume_campaign, cancel_campaign]
