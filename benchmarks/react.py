"""`react`: how long after an event was answered its effect can be seen from outside.

100,000 customers, 20 segments over facts, events and answers, 500 events a second over HTTP for 60 seconds from
customers drawn at random. Ten times a second a customer who has never bought buys; from the moment that event is
answered, another client asks the API until the customer is a member, and until the message is in the outbox.
"""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from random import Random
from time import perf_counter, sleep
from typing import Any

import msgspec

from benchmarks.load import Connection, request
from benchmarks.population import CITIES, OCCASIONS, settle
from benchmarks.report import Result, percentile
from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store.database import Database
from regulars.testing.serving import Served, scratch, serving
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

NAME = "react"
CUSTOMERS = 100_000
SECONDS = 60
RATE = 500
PER_REQUEST = 5
PROBES = 10
GOAL_SECONDS = 1.0
_GIVE_UP = 20.0


def rules() -> dict[str, dict[str, Any]]:
    """Twenty segments over facts, events and answers; the first is the one that probes enter."""
    found: dict[str, dict[str, Any]] = {"bought": {"event": "Order Completed", "count": {"at_least": 1}}}
    for city in CITIES[:5]:
        found[f"in-{city.lower()}"] = {"all": [{"fact": "city", "is": city}, {"fact": "age", "at_least": 30}]}
    for occasion in OCCASIONS:
        found[f"gives-{occasion}"] = {"answer": "quiz.occasion", "is": occasion}
    for count in (1, 2, 3, 5, 8):
        found[f"viewed-{count}"] = {"event": "Product Viewed", "count": {"at_least": count}, "within_days": 30}
    for total in (10, 100, 500):
        found[f"spent-{total}"] = {"event": "Order Completed", "sum": {"at_least": total}, "within_days": 90}
    found["quiet"] = {
        "none": [{"event": "Product Viewed", "count": {"at_least": 1}}, {"fact": "occasion", "known": True}]
    }
    found["keen"] = {
        "any": [{"fact": "occasion", "is": "birthday"}, {"event": "Search Made", "count": {"at_least": 4}}]
    }
    return found


def prepare(database: Database) -> tuple[str, str]:
    """Settle the customers, the segments and a campaign; return a writing and a reading key."""
    create_workspace(database, "bench", "Benchmark")
    settle(database, "bench", CUSTOMERS)
    now = utc_now()
    for name, rule in rules().items():
        with database.workspace("bench") as tx:
            create_segment(tx, name, name, rule, now)
    with database.workspace("bench") as tx:
        save_template(
            tx,
            "thanks",
            subject="Thank you",
            html="<p>Thank you. {{ unsubscribe_url }}</p>",
            text="Thank you. {{ unsubscribe_url }}",
        )
        campaigns.create(tx, "thanks", title="Thanks", segment="bought", template="thanks", purpose="marketing")
        campaigns.launch(tx, "thanks", now)
    return create_key(database, "bench", "write"), create_key(database, "bench", "read")


def stream(house: Served, key: str, lane: int, lanes: int) -> None:
    """Send this lane's share of the events at its pace."""
    rng = Random(lane)
    connection = Connection("127.0.0.1", house.port)
    every = PER_REQUEST * lanes / RATE
    began = perf_counter()
    for number in range(int(SECONDS / every)):
        calls = [
            {
                "type": "track",
                "userId": f"c-{rng.randrange(CUSTOMERS // 10, CUSTOMERS)}",
                "event": rng.choice(("Product Viewed", "Product Added", "Search Made")),
                "messageId": f"{lane}-{number}-{n}",
                "properties": {"sku": rng.randrange(4000), "note": "x" * 300},
            }
            for n in range(PER_REQUEST)
        ]
        status = connection.send(request("127.0.0.1", "/v1/batch", key, msgspec.json.encode({"batch": calls})))
        if status != 200:
            raise RuntimeError(f"an event was answered {status}")
        sleep(max(0.0, began + (number + 1) * every - perf_counter()))
    if perf_counter() - began > SECONDS * 1.05:
        raise RuntimeError(f"{RATE} events a second were not kept up")
    connection.close()


class Probe:
    """Lets customers buy who never have, and asks until that can be seen."""

    def __init__(self, house: Served, write: str, read: str) -> None:
        self._house = house
        self._write = write
        self._read = read
        self.member: list[float] = []
        self.message: list[float] = []

    def run(self, lane: int, lanes: int) -> None:
        """Probe at this lane's pace."""
        began = perf_counter()
        every = lanes / PROBES
        for number in range(int(SECONDS / every)):
            self._one(f"c-{number * lanes + lane + 1}")
            sleep(max(0.0, began + (number + 1) * every - perf_counter()))

    def _one(self, customer: str) -> None:
        connection = HTTPConnection("127.0.0.1", self._house.port)
        body = msgspec.json.encode({"userId": customer, "event": "Order Completed", "properties": {"total": 12}})
        basic = b64encode(f"{self._write}:".encode()).decode()
        connection.request("POST", "/v1/track", body, {"Authorization": f"Basic {basic}"})
        connection.getresponse().read()
        answered = perf_counter()
        self._ask(connection, f"/api/customers/user:{customer}", b'"bought"', answered, self.member)
        self._ask(connection, f"/api/customers/user:{customer}/messages", b'"thanks"', answered, self.message)
        connection.close()

    def _ask(self, connection: HTTPConnection, path: str, wanted: bytes, since: float, into: list[float]) -> None:
        while True:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self._read}"})
            seen = wanted in connection.getresponse().read()
            waited = perf_counter() - since
            if seen or waited > _GIVE_UP:
                into.append(waited)
                return
            sleep(0.01)


def run() -> list[Result]:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        write, read = prepare(database)
        database.close()
        probe = Probe(house, write, read)
        with ThreadPoolExecutor(8) as pool:
            lanes = [pool.submit(stream, house, write, lane, 4) for lane in range(4)]
            lanes += [pool.submit(probe.run, lane, 4) for lane in range(4)]
            for lane in lanes:
                lane.result()
    print(f"probes {len(probe.member)}, median {percentile(probe.member, 0.5):.3f} s to membership")
    return [
        Result.less("react-message", percentile(probe.message, 0.99), "s p99", limit=GOAL_SECONDS),
        Result.less(NAME, percentile(probe.member, 0.99), "s p99", limit=GOAL_SECONDS),
    ]
