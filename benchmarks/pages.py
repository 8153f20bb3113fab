"""`pages`: every page of the console over 100,000 customers, over HTTP, logged in: each under 200 ms.

The pages are taken from the routes, so a new one is measured too: whatever answers by GET and gives neither a file nor
a stream. To them come the list of customers narrowed in each
way, searches by a middle piece of a name (Latin with accents, Devanagari, Chinese), and two segments side by side. The
figure is the slowest page's median of fifteen.
"""

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import quote

from litestar import Response
from litestar.handlers import BaseRouteHandler
from litestar.response import File, Stream

from benchmarks.busy import CUSTOMERS, WORKSPACE, fill
from benchmarks.report import Result, percentile
from regulars.access.people import make_login_link, open_session
from regulars.remember.customers import search
from regulars.store.database import Database
from regulars.testing.serving import scratch, serving
from regulars.web.console.account import ACCOUNT
from regulars.web.console.lobby import LOBBY
from regulars.web.console.routes import WORKSPACE as BEHIND_THE_GUARD
from regulars.web.cursors import made
from regulars.words.clock import utc_now

NAME = "pages"
TIMES = 15
GOAL_MS = 200.0
ASKED = {
    "/fact": "?name=occasion",
    "/order": "?number=o-1",
    "/product": "?number=p-1",
    "/health/figure": "?kind=identify",
    "/buying/people": "?recency=5&frequency=5",
    "/cohorts/people": "?began=2026-03-01&of=visits&n=1",
    "/buying/stage": "?stage=after_sale&category=Gifts%201",
}
"""What the addresses of some pages must ask for."""
NARROWED = (
    "segment=gives-birthday",
    "fact=occasion",
    "fact=occasion&value=wedding",
    "consent=marketing/email",
    "consent=no:marketing/email",
    "seen=30",
    f"after={made(CUSTOMERS)}",
)
PIECES = ("kalnin", "zolin", "शर्म", "明", "美玲")
_PLACE = re.compile(r"\{(\w+):\w+\}")
NO_PAGES = (File, Stream, Response[bytes])
"""What gives one of these is no page: nobody waits for it as for one."""


def session(database: Database) -> str:
    """Log somebody in; return the cookie."""
    return open_session(database, make_login_link(database, "bench@shop.example", utc_now()), utc_now())


def routes() -> Iterator[tuple[str, BaseRouteHandler]]:
    """Return every page that somebody who has logged in is shown: its route, and what answers there."""
    for router in (ACCOUNT, LOBBY, BEHIND_THE_GUARD):
        for route in router.routes:
            for handler in getattr(route, "route_handlers", []):
                if "GET" in handler.http_methods and handler.fn.__annotations__["return"] not in NO_PAGES:
                    yield route.path, handler


def paths(places: dict[str, str]) -> list[str]:
    """Return the path of every page that the console shows on GET, its places filled."""
    home = f"/console/{WORKSPACE}"
    filled = [
        _PLACE.sub(lambda place, path=path: _filling(path, place[1], places), path)
        for path in sorted(path for path, _ in routes())
    ]
    lists = [f"{home}/customers?{narrowed}" for narrowed in (*NARROWED, *(f"q={quote(piece)}" for piece in PIECES))]
    lists += [f"{home}/together?product=p-1", f"{home}/together?q=gift"]
    lists += [f"{home}/segments/gives-birthday/beside?other=bought"]
    asked = [path + next((query for end, query in ASKED.items() if path.endswith(end)), "") for path in filled]
    return asked + lists


def _filling(path: str, place: str, places: dict[str, str]) -> str:
    if place == "workspace":
        return WORKSPACE
    below = path.removeprefix("/console/{workspace:str}")
    found = places.get(below) or places.get(place) or places.get(below.split("/")[1])
    if found is None:
        raise RuntimeError(f"Say in benchmarks/busy.py what stands for {{{place}}} in {path}.")
    return found


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
        places = fill(database)
        with database.workspace(WORKSPACE) as tx:
            found = search(tx, limit=1)
        if found.total < CUSTOMERS:
            raise RuntimeError(f"{found.total} customers are there, not {CUSTOMERS}")
        cookie = session(database)
        database.close()
        connection = HTTPConnection("127.0.0.1", house.port)
        taken = {path: median_ms(connection, path, cookie) for path in paths(places)}
    for path, ms in sorted(taken.items(), key=lambda one: -one[1]):
        print(f"{ms:7.1f} ms  {path}")
    return Result.less(NAME, max(taken.values()), "ms", limit=GOAL_MS)
