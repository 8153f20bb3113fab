"""Every route of `/api`, behind the one guard."""

from litestar import Router

from regulars.web.api import (
    arrivals,
    audit,
    buying,
    buying_ways,
    campaigns,
    catalogue,
    cohorts,
    consents,
    customers,
    duplicates,
    erasures,
    events,
    exports,
    facts,
    followers,
    forms,
    health,
    home,
    imports,
    keys,
    lists,
    mailbox,
    mappings,
    merges,
    messages,
    orders,
    pauses,
    people,
    restrictions,
    retention,
    segments,
    templates,
    together,
    workspace,
)
from regulars.web.api.entry import with_key

_MODULES = (
    home,
    customers,
    facts,
    catalogue,
    consents,
    pauses,
    restrictions,
    merges,
    orders,
    buying,
    buying_ways,
    together,
    cohorts,
    duplicates,
    erasures,
    events,
    arrivals,
    segments,
    lists,
    forms,
    templates,
    campaigns,
    messages,
    mailbox,
    followers,
    health,
    people,
    keys,
    audit,
    exports,
    mappings,
    imports,
    retention,
    workspace,  # the last: its example deletes the workspace
)

HANDLERS = [handler for module in _MODULES for handler in module.HANDLERS]
"""What answers below `/api`; none of them without a key."""

API = Router(path="/api", guards=[with_key], route_handlers=HANDLERS)
