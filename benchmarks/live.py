"""Events at a steady pace over HTTP, while somebody outside looks how soon their effect can be seen."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from random import Random
from time import perf_counter, sleep
from typing import Any

import msgspec

from benchmarks.load import Connection, request
from regulars.testing.serving import Served

LANES = 4
_GIVE_UP = 20.0
_LATE = 1.05
_LOOK_AGAIN = 0.05
"""Seconds between two looks: a look costs the house more than an event, and whoever asks without a pause slows it."""


@dataclass(frozen=True)
class Pace:
    """How many events a second come, how many in a request, and for how many seconds."""

    rate: int
    per_request: int
    seconds: int
    probes: int
    """Customers a second who are looked at."""


@dataclass(frozen=True)
class Looked:
    """What is looked for: where (a path under a customer), and what stands there once it is so."""

    path: str
    wanted: bytes


def stream(house: Served, key: str, pace: Pace, lane: int, made: Callable[[Random], dict[str, Any]]) -> None:
    """Send this lane's share of the events at its pace. Raise RuntimeError where they are refused or late."""
    rng = Random(lane)
    connection = Connection("127.0.0.1", house.port)
    every = pace.per_request * LANES / pace.rate
    began = perf_counter()
    for number in range(int(pace.seconds / every)):
        calls = [{"type": "track", "messageId": f"{lane}-{number}-{n}", **made(rng)} for n in range(pace.per_request)]
        status = connection.send(request("127.0.0.1", "/v1/batch", key, msgspec.json.encode({"batch": calls})))
        if status != 200:
            raise RuntimeError(f"an event was answered {status}")
        sleep(max(0.0, began + (number + 1) * every - perf_counter()))
    if perf_counter() - began > pace.seconds * _LATE:
        raise RuntimeError(f"{pace.rate} events a second were not kept up")
    connection.close()


class Probe:
    """Lets customers buy who never have, and asks until that can be seen."""

    def __init__(self, house: Served, write: str, read: str, pace: Pace, looked: Sequence[Looked]) -> None:
        self._house = house
        self._write = write
        self._read = read
        self._pace = pace
        self._looked = looked
        self.waited: list[list[float]] = [[] for _ in looked]
        """Seconds from the answer until each thing could be seen."""

    def run(self, lane: int) -> None:
        """Probe at this lane's pace."""
        began = perf_counter()
        every = LANES / self._pace.probes
        for number in range(int(self._pace.seconds / every)):
            self._one(f"c-{number * LANES + lane + 1}")
            sleep(max(0.0, began + (number + 1) * every - perf_counter()))

    def _one(self, customer: str) -> None:
        connection = HTTPConnection("127.0.0.1", self._house.port)
        body = msgspec.json.encode({"userId": customer, "event": "Order Completed", "properties": {"total": 12}})
        basic = b64encode(f"{self._write}:".encode()).decode()
        connection.request("POST", "/v1/track", body, {"Authorization": f"Basic {basic}"})
        connection.getresponse().read()
        answered = perf_counter()
        for looked, into in zip(self._looked, self.waited, strict=True):
            self._ask(connection, f"/api/customers/user:{customer}{looked.path}", looked.wanted, answered, into)
        connection.close()

    def _ask(self, connection: HTTPConnection, path: str, wanted: bytes, since: float, into: list[float]) -> None:
        while True:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self._read}"})
            seen = wanted in connection.getresponse().read()
            waited = perf_counter() - since
            if seen or waited > _GIVE_UP:
                into.append(waited)
                return
            sleep(_LOOK_AGAIN)


def look(
    house: Served, write: str, read: str, pace: Pace, made: Callable[[Random], dict[str, Any]], looked: Sequence[Looked]
) -> list[list[float]]:
    """Send events and look beside them; return the seconds until each thing that is looked for could be seen."""
    probe = Probe(house, write, read, pace, looked)
    with ThreadPoolExecutor(2 * LANES) as pool:
        lanes = [pool.submit(stream, house, write, pace, lane, made) for lane in range(LANES)]
        lanes += [pool.submit(probe.run, lane) for lane in range(LANES)]
        for lane in lanes:
            lane.result()
    return probe.waited
