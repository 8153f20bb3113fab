"""Every route of `/api`, behind the one guard."""

from litestar import Router

from regulars.web.api import campaigns, consents, followers, forms, reading, segments, templates
from regulars.web.api.entry import with_key

_MODULES = (reading, consents, segments, forms, templates, campaigns, followers)

HANDLERS = [handler for module in _MODULES for handler in module.HANDLERS]
"""What answers below `/api`; none of them without a key."""

API = Router(path="/api", guards=[with_key], route_handlers=HANDLERS)
