"""`timeline`: the page of one customer with 10,000 events, over HTTP, logged in: under 100 ms, and so are its parts."""

from datetime import timedelta
from http.client import HTTPConnection
from random import Random

import msgspec

from benchmarks.pages import median_ms, session
from benchmarks.population import follow
from benchmarks.report import Result
from regulars.access.people import add_person
from regulars.access.workspaces import create_workspace
from regulars.hear.identities import intern
from regulars.store.database import Database
from regulars.store.log import NewEvent, append
from regulars.testing.serving import scratch, serving
from regulars.words.clock import utc_now

NAME = "timeline"
EVENTS = 10_000
GOAL_MS = 100.0
_CHUNK = 2_000
_WORKSPACE = "bench"
_KINDS = ("page", "page", "page", "Product Viewed", "Product Viewed", "Product Added", "Order Completed")


def live(database: Database) -> int:
    """Let somebody look, buy and come back for a year; return who it is."""
    rng, now = Random(1), utc_now()
    with database.workspace(_WORKSPACE) as tx:
        (customer,) = intern(tx, [("user", "busy")]).values()
    for first in range(0, EVENTS, _CHUNK):
        events: list[NewEvent] = []
        for number in range(first, first + _CHUNK):
            kind = rng.choice(_KINDS)
            product = {"product_id": f"p-{rng.randrange(500)}", "name": "Lantern", "price": 9.5, "currency": "GBP"}
            order = {"order_id": f"o-{number}", "total": 9.5, "currency": "GBP", "products": [product]}
            props = {"name": f"Page {number}"} if kind == "page" else order if kind == "Order Completed" else product
            at = now - timedelta(minutes=50 * (EVENTS - number))
            events.append(NewEvent(customer, at, kind, msgspec.json.encode(props), historical=True))
        with database.workspace(_WORKSPACE) as tx:
            append(tx, events)
    follow(database, _WORKSPACE)
    return customer


def run() -> Result:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        create_workspace(database, _WORKSPACE, "Benchmark")
        add_person(database, "bench@shop.example", "Bench", _WORKSPACE)
        customer = live(database)
        cookie = session(database)
        database.close()
        page = f"/console/{_WORKSPACE}/customers/{customer}"
        connection = HTTPConnection("127.0.0.1", house.port)
        parts = ("", "?only=said", "?only=bought", "?only=looked", "?channel=email")
        taken = {part: median_ms(connection, page + part, cookie) for part in parts}
    for part, ms in taken.items():
        print(f"{ms:7.1f} ms  {part or 'everything'}")
    return Result.less(NAME, max(taken.values()), "ms", limit=GOAL_MS)
