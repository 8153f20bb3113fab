"""The application, put together without reading its hundreds of routes anew, which takes most of a second each time.

`create_app` stays as it is and makes all that belongs to one house. Only Litestar, given the same routes once more,
becomes a twin of the one that it made of them: it has the same routes, and a state and an event loop of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from litestar import Litestar
from litestar.events.emitter import SimpleEventEmitter

from regulars.web import app

OWN = {"state", "on_startup", "on_shutdown"}
"""What a twin has of its own; whatever else `create_app` gives must be the same for it to be one."""


@contextmanager
def routes_read_once() -> Iterator[None]:
    """Let `create_app` make twins for the length of a block."""
    made = dict[tuple[Any, ...], tuple[Litestar, dict[str, Any]]]()

    def litestar(**given: Any) -> Litestar:
        key = kept(given)
        if key not in made:
            made[key] = Litestar(**given), given  # what was given is kept: a key names it by where it is in memory
        return twin(made[key][0], given)

    usual = app.Litestar
    app.Litestar = litestar
    try:
        yield
    finally:
        app.Litestar = usual


def kept(given: dict[str, Any]) -> tuple[Any, ...]:
    """Tell one set of routes and their surroundings from another."""
    handlers = tuple(id(one) for one in given["route_handlers"] if getattr(one, "path", "") != "/static")
    more = {name: value for name, value in given.items() if name not in OWN | {"route_handlers"}}
    return handlers, repr(sorted(more.items()))


def twin(made: Litestar, given: dict[str, Any]) -> Litestar:
    """Return an application with the routes of another."""
    one = copy(made)
    one.state, one.on_startup, one.on_shutdown = given["state"], given["on_startup"], given["on_shutdown"]
    one.event_emitter = SimpleEventEmitter([])
    one.asgi_router = copy(made.asgi_router)
    one.asgi_router.app = one
    return one
