"""All of the customers' pages."""

from litestar import Router
from litestar.di import Provide

from regulars.web.pages import brand, confirm, forms, links, look, me, preferences, why
from regulars.web.pages.visit import dead, receive
from regulars.words.errors import LinkDead

PAGES = [
    Router(
        path="/",
        route_handlers=[
            *forms.ROUTES,
            *preferences.ROUTES,
            *me.ROUTES,
            *why.ROUTES,
            *confirm.ROUTES,
            *brand.ROUTES,
            *look.ROUTES,
            *links.ROUTES,
        ],
        dependencies={"visit": Provide(receive)},
        exception_handlers={LinkDead: dead},
    )
]
"""What the application takes in."""
