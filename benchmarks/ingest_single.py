"""`ingest-single`: events a second over HTTP, one event of 0.5 KB a request, 64 connections, on disk before the answer.

The limit is the same server merely answering 200: the same requests to the address where analytics.js says how it is
doing itself, which is read and not kept. Whoever asks shares the two processors, in both. The customers are known:
each has sent an event before.
"""

from random import Random

import msgspec

from benchmarks.events import event
from benchmarks.load import flood, request
from benchmarks.report import Result
from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.store.database import Database
from regulars.testing.serving import scratch, serving

NAME = "ingest-single"
EVENTS = 20_000
CUSTOMERS = 4_000
CONNECTIONS = 64
GOAL = 0.7


def _requests(key: str, path: str, first: int, count: int) -> list[bytes]:
    rng = Random(first)
    calls = (event(rng, n, n % CUSTOMERS, run="single") for n in range(first, first + count))
    return [request("127.0.0.1", path, key, msgspec.json.encode(call)) for call in calls]


def _rate(port: int, requests: list[bytes]) -> float:
    seconds, statuses = flood("127.0.0.1", port, requests, connections=CONNECTIONS)
    if statuses != {200: len(requests)}:
        raise RuntimeError(f"not everything was answered with 200: {statuses}")
    return len(requests) / seconds


def run() -> Result:
    """Run it: half of the events, half of the answers, and the other halves, so that both meet the same machine."""
    with scratch() as data, serving(data, work_processes=0) as house:
        database = Database(house.database_url)
        create_workspace(database, "bench", "Benchmark")
        key = create_key(database, "bench", "write")
        database.close()
        _rate(house.port, _requests(key, "/v1/track", 0, CUSTOMERS))
        kept: list[float] = []
        answered: list[float] = []
        half = EVENTS // 2
        for first in (CUSTOMERS, CUSTOMERS + half):
            answered.append(_rate(house.port, _requests(key, "/v1/m", first, half)))
            kept.append(_rate(house.port, _requests(key, "/v1/track", first, half)))
    return Result.more(NAME, sum(kept) / len(kept), "events/s", limit=sum(answered) / len(answered), goal=GOAL)
