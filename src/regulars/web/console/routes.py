"""Every route of the console: those before the log-in, and those behind the one guard."""

from litestar import Router
from litestar.di import Provide

from regulars.web.console import (
    account,
    alerts,
    audit,
    buying,
    buying_ways,
    campaign_composer,
    campaigns,
    catalogue,
    closing,
    comparing,
    customer_file,
    customer_list,
    customer_stop,
    customers,
    debugger,
    design,
    drafts,
    duplicates,
    exports,
    figures,
    forgetting,
    form_composer,
    form_list,
    forms,
    health,
    home,
    imports,
    invitation,
    letters,
    live,
    lobby,
    login,
    machine_keys,
    mailbox,
    memory,
    merging,
    messages,
    orders,
    people,
    quarantine,
    restricting,
    retention,
    segment_composer,
    segments,
    template_list,
    together,
    undoing,
    workspace,
)
from regulars.web.console.desk import guard, seat

_ROOMS = (
    home,
    restricting,
    imports,
    live,
    design,
    debugger,
    customer_file,
    customer_list,
    customer_stop,
    customers,
    memory,
    merging,
    forgetting,
    orders,
    catalogue,
    duplicates,
    segment_composer,
    segments,
    comparing,
    buying,
    buying_ways,
    together,
    campaigns,
    campaign_composer,
    template_list,
    letters,
    drafts,
    mailbox,
    messages,
    form_list,
    forms,
    form_composer,
    health,
    people,
    machine_keys,
)

_HOUSE = (workspace, exports, retention, closing, undoing)

HANDLERS = [route for room in (*_ROOMS, audit, figures, quarantine, alerts, *_HOUSE) for route in room.ROUTES]
"""What answers below a workspace; none of them without the guard."""

WORKSPACE = Router(
    path="/console/{workspace:str}",
    route_handlers=HANDLERS,
    guards=[guard],
    dependencies={"desk": Provide(seat, sync_to_thread=False)},
)

CONSOLE = [login.DOOR, invitation.INVITATION, account.ACCOUNT, lobby.LOBBY, WORKSPACE]
