"""`console-100`: a hundred people in the console at once, over 100,000 customers: 95 of 100 pages under 300 ms.

Each has a session and a connection of their own, an open home that moves by itself, and opens a page of their own
choice every five seconds on average, as somebody does who reads what they open: 20 pages a second, for a minute.
Events keep coming meanwhile, 50 a second.
"""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from random import Random
from threading import Event, Thread
from time import perf_counter, sleep

import msgspec

from benchmarks.busy import CUSTOMERS, WORKSPACE, fill
from benchmarks.load import Connection, request
from benchmarks.pages import paths, session
from benchmarks.report import Result, percentile
from regulars.access.keys import create_key
from regulars.store.database import Database
from regulars.testing.serving import Served, scratch, serving

NAME = "console-100"
PEOPLE = 100
SECONDS = 60
PAUSE = 5.0
RATE = 50
GOAL_MS = 300.0
_LIVE = f"/console/{WORKSPACE}/live"


def person(house: Served, number: int, cookie: str, pages: list[str], taken: list[float]) -> None:
    """Open pages at a person's pace."""
    rng = Random(number)
    headers = {"Cookie": f"regulars_session={cookie}"}
    live = HTTPConnection("127.0.0.1", house.port)
    live.request("GET", _LIVE, headers=headers)
    if live.getresponse().status != 200:
        raise RuntimeError(f"{_LIVE} is not there")
    connection = HTTPConnection("127.0.0.1", house.port)
    end = perf_counter() + SECONDS
    sleep(rng.uniform(0, PAUSE))
    while perf_counter() < end:
        path = rng.choice(pages)
        began = perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        taken.append((perf_counter() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        sleep(rng.uniform(0, 2 * PAUSE))
    connection.close()
    live.close()


def keep_coming(house: Served, key: str, over: Event) -> None:
    """Send events while people work."""
    rng = Random(0)
    connection = Connection("127.0.0.1", house.port)
    while not over.wait(10 / RATE):
        calls = [
            {"type": "track", "userId": f"c-{rng.randrange(1, CUSTOMERS)}", "event": "Product Viewed"}
            for _ in range(10)
        ]
        if connection.send(request("127.0.0.1", "/v1/batch", key, msgspec.json.encode({"batch": calls}))) != 200:
            raise RuntimeError("an event was refused")
    connection.close()


def run() -> Result:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        pages = paths(fill(database))
        key = create_key(database, WORKSPACE, "write")
        cookies = [session(database) for _ in range(PEOPLE)]
        database.close()
        over = Event()
        events = Thread(target=keep_coming, args=(house, key, over))
        events.start()
        taken: list[float] = []
        with ThreadPoolExecutor(PEOPLE) as pool:
            people = [pool.submit(person, house, n, cookie, pages, taken) for n, cookie in enumerate(cookies)]
            for one in people:
                one.result()
        over.set()
        events.join()
    print(f"{len(taken)} pages, median {percentile(taken, 0.5):.1f} ms, slowest {max(taken):.1f} ms")
    return Result.less(NAME, percentile(taken, 0.95), "ms p95", limit=GOAL_MS)
