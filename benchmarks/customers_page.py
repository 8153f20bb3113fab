"""`customers-page`: the console's pages over 100,000 customers, over HTTP, logged in: each under 100 ms.

The list, its page 1,000, search by a middle piece of a name (Latin with accents, Devanagari, Chinese), and a customer
with 10,000 events. The figure is the slowest page's median of fifteen.
"""

from http.client import HTTPConnection
from random import Random
from time import perf_counter
from urllib.parse import quote

import msgspec

from benchmarks.population import follow, settle
from benchmarks.report import Result, percentile
from regulars.access.people import add_person, make_login_link, open_session
from regulars.access.workspaces import create_workspace
from regulars.hear.identities import intern
from regulars.remember.customers import search
from regulars.store.database import Database
from regulars.store.log import NewEvent, append
from regulars.testing.serving import scratch, serving
from regulars.words.clock import utc_now

NAME = "customers-page"
CUSTOMERS = 100_000
TIMES = 15
GOAL_MS = 100.0
PIECES = ("kalnin", "zolin", "शर्म", "明", "美玲")


def busy_customer(database: Database) -> int:
    """Give one customer 10,000 events; return its id."""
    now = utc_now()
    rng = Random(1)
    with database.workspace("bench") as tx:
        (number,) = intern(tx, [("user", "c-7")]).values()
    for _ in range(5):
        with database.workspace("bench") as tx:
            props = [msgspec.json.encode({"sku": rng.randrange(4000), "note": "x" * 200}) for _ in range(2_000)]
            append(tx, [NewEvent(number, now, "Product Viewed", text, historical=True) for text in props])
    follow(database, "bench")
    return number


def session(database: Database) -> str:
    """Log somebody in; return the cookie."""
    add_person(database, "bench@shop.example", "Bench", "bench")
    return open_session(database, make_login_link(database, "bench@shop.example", utc_now()), utc_now())


def median_ms(connection: HTTPConnection, path: str, cookie: str) -> float:
    """Ask for a page some times; return the median in milliseconds."""
    taken: list[float] = []
    for _ in range(TIMES + 1):
        began = perf_counter()
        connection.request("GET", path, headers={"Cookie": f"regulars_session={cookie}"})
        answer = connection.getresponse()
        answer.read()
        taken.append((perf_counter() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    return percentile(taken[1:], 0.5)


def run() -> Result:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        create_workspace(database, "bench", "Benchmark")
        settle(database, "bench", CUSTOMERS)
        busy = busy_customer(database)
        with database.workspace("bench") as tx:
            found = search(tx, limit=1)
        if found.total < CUSTOMERS:
            raise RuntimeError(f"{found.total} customers are there, not {CUSTOMERS}")
        cookie = session(database)
        database.close()
        connection = HTTPConnection("127.0.0.1", house.port)
        pages = {"list": "?page=1", "page 1,000": "?page=1000", "10,000 events": f"/{busy}"}
        pages |= {f"search {piece}": f"?q={quote(piece)}" for piece in PIECES}
        taken = {
            name: median_ms(connection, f"/console/bench/customers{query}", cookie) for name, query in pages.items()
        }
    for name, ms in taken.items():
        print(f"{name}: {ms:.1f} ms")
    return Result.less(NAME, max(taken.values()), "ms", limit=GOAL_MS)
