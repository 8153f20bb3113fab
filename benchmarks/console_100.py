"""`console-100`: a hundred people in the console at once, over 100,000 customers: 95 of 100 pages under 300 ms.

Each has a session and a connection of their own and opens a page of their own choice every five seconds on average, as
somebody does who reads what they open: 20 pages a second, for a minute. Each also has home open, which moves by itself:
every ten seconds a customer answers a form, and a hundred homes ask for what is new. Events keep coming meanwhile, 50 a
second. All of these pages count. The two hundred clients are threads of one process on the same machine: what they take
of it, which is printed, counts against the console, too.
"""

import resource
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from random import Random
from threading import Event
from time import perf_counter, sleep

import msgspec

from benchmarks.busy import ANSWERED, CUSTOMERS, WORKSPACE, answer, fill
from benchmarks.load import Connection, request
from benchmarks.pages import paths, session
from benchmarks.report import Result, percentile
from regulars.access.keys import create_key
from regulars.store.database import Database
from regulars.testing.serving import Served, scratch, serving
from regulars.words.clock import utc_now

NAME = "console-100"
PEOPLE = 100
SECONDS = 60
PAUSE = 5.0
RATE = 50
ANSWER_EVERY = 10.0
GOAL_MS = 300.0
_HOME = f"/console/{WORKSPACE}/"
_LIVE = f"{_HOME}live/talk"
_OF_ITSELF = {"HX-Request": "true", "HX-Target": "div#home"}
"""What htmx says when a part of a page asks for itself anew."""


def opened(connection: HTTPConnection, path: str, headers: dict[str, str]) -> float:
    """Open a page; return the milliseconds until all of it was there."""
    began = perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return (perf_counter() - began) * 1000


def person(house: Served, number: int, cookie: str, pages: list[str], taken: list[float]) -> None:
    """Open pages at a person's pace."""
    rng = Random(number)
    connection = HTTPConnection("127.0.0.1", house.port)
    end = perf_counter() + SECONDS
    sleep(rng.uniform(0, PAUSE))
    while perf_counter() < end:
        taken.append(opened(connection, rng.choice(pages), {"Cookie": f"regulars_session={cookie}"}))
        sleep(rng.uniform(0, 2 * PAUSE))
    connection.close()


def onlooker(house: Served, cookie: str, taken: list[float], over: Event) -> None:
    """Keep home open, and ask for it anew whenever the stream says so, as the page does."""
    headers = {"Cookie": f"regulars_session={cookie}"}
    live = HTTPConnection("127.0.0.1", house.port)
    live.request("GET", _LIVE, headers=headers)
    stream = live.getresponse()
    if stream.status != 200:
        raise RuntimeError(f"{_LIVE} answered {stream.status}")
    connection = HTTPConnection("127.0.0.1", house.port)
    while not over.is_set():
        if stream.readline().startswith(b"event: moved"):
            taken.append(opened(connection, _HOME, headers | _OF_ITSELF))
    live.close()
    connection.close()


def keep_answering(database: Database, over: Event) -> None:
    """Let a customer answer the form now and then."""
    number = ANSWERED
    while not over.wait(ANSWER_EVERY):
        number += 1
        answer(database, [number], utc_now())


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
        own = resource.getrusage(resource.RUSAGE_SELF)
        before = own.ru_utime + own.ru_stime
        over = Event()
        taken: list[float] = []
        moved: list[float] = []
        with ThreadPoolExecutor(2 * PEOPLE + 2) as pool:
            always = [pool.submit(onlooker, house, cookie, moved, over) for cookie in cookies]
            always += [pool.submit(keep_coming, house, key, over), pool.submit(keep_answering, database, over)]
            people = [pool.submit(person, house, n, cookie, pages, taken) for n, cookie in enumerate(cookies)]
            try:
                for one in people:
                    one.result()
            finally:  # also where a page failed: who looks on would look for ever
                over.set()
            for one in always:
                one.result()
        database.close()
    own = resource.getrusage(resource.RUSAGE_SELF)
    print(f"the clients took {own.ru_utime + own.ru_stime - before:.1f} s of processors in {SECONDS} s")
    print(f"{len(taken)} pages, p95 {percentile(taken, 0.95):.1f} ms; {len(moved)} homes that moved, ", end="")
    print(f"p95 {percentile(moved, 0.95):.1f} ms")
    return Result.less(NAME, percentile(taken + moved, 0.95), "ms p95", limit=GOAL_MS)
