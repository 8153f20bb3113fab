"""`small`: the smallest honest machine, one processor and 1 GB, with the whole house on it.

The example shop is set up (its orders imported, its customers introduced, its mail sent), and then, for a minute,
200 events a second come in while somebody reads the console, a page a second. The house has one processor and, where
control groups can be made, 1 GB and no more, the files it reads and writes included; whoever asks stands outside.
Memory is what all its processes hold together, shared parts counted once (PSS), at its most.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Self

import msgspec
import psutil

from benchmarks.load import Connection, request
from benchmarks.report import Result, percentile
from regulars.access.keys import create_key
from regulars.access.people import make_login_link, open_session
from regulars.store.database import Database
from regulars.testing.serving import Served, scratch, serving
from regulars.testing.shop.set_up import OWNER, WORKSPACE
from regulars.words.clock import utc_now

NAME = "small"
SECONDS = 60
RATE = 200
PER_REQUEST = 5
MEMORY_MB = 1024
GOAL_MB = 600.0
GOAL_MS = 1000.0
_GROUPS = Path("/sys/fs/cgroup")
_PAGES = ("", "/customers", "/customers?q=kalnina", "/segments", "/campaigns", "/forms", "/health", "/mailbox")


@contextmanager
def confined() -> Iterator[list[str]]:
    """Give what stands before a command so that it has one processor and 1 GB, as far as this machine allows it."""
    processor = str(max(os.sched_getaffinity(0)))
    before = ["taskset", "-c", processor]
    group = _make_group()
    if group is None:
        print("Control groups cannot be made here: memory is measured, not limited.")
        yield before
        return
    try:
        yield ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh", *before]
    finally:
        with suppress(OSError):
            names = ("memory.peak", "memory.max_usage_in_bytes")
            peak = next(group / name for name in names if (group / name).exists())
            print(f"the group's peak, with its files in memory: {int(peak.read_text()) >> 20} MB of {MEMORY_MB}")
            group.rmdir()


def _make_group() -> Path | None:
    """Make a group inside our own, in either version of control groups."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers not in {"", "memory"}:
            continue
        group = _GROUPS / controllers / path.lstrip("/") / f"regulars-{os.getpid()}"
        limit = group / ("memory.limit_in_bytes" if controllers else "memory.max")
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            limit.write_text(str(MEMORY_MB << 20))
        except OSError:
            group.rmdir()
        else:
            return group
    return None


class Scale:
    """Weighs all processes of a house twice a second."""

    def __init__(self, house: Served) -> None:
        self._root = psutil.Process(house.process.pid)
        self._over = Event()
        self._thread = Thread(target=self._watch)
        self.peak: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            now: dict[str, float] = {}
            for process in (self._root, *self._root.children(recursive=True)):
                with suppress(psutil.Error, OSError):
                    kind = "postgres" if "postgres" in process.name() else " ".join(process.cmdline()[2:4]) or "other"
                    now[kind] = now.get(kind, 0.0) + process.memory_full_info().pss / (1 << 20)
            if sum(now.values()) > sum(self.peak.values()):
                self.peak = now


def stream(house: Served, key: str, over: Event) -> tuple[int, float]:
    """Send events at their pace; return how many were taken in how many seconds."""
    connection = Connection("127.0.0.1", house.port)
    began, sent = perf_counter(), 0
    while not over.is_set():
        calls = [
            {
                "type": "track",
                "userId": f"{12346 + (sent + n) % 4000}",
                "event": "Product Viewed",
                "messageId": f"small-{sent + n}",
                "properties": {"sku": (sent + n) % 500, "note": "x" * 200},
            }
            for n in range(PER_REQUEST)
        ]
        status = connection.send(request("127.0.0.1", "/v1/batch", key, msgspec.json.encode({"batch": calls})))
        if status != 200:
            raise RuntimeError(f"an event was answered {status}")
        sent += PER_REQUEST
        sleep(max(0.0, began + sent / RATE - perf_counter()))
    connection.close()
    return sent, perf_counter() - began


def read(house: Served, cookie: str) -> list[float]:
    """Read a page of the console every second; return how many milliseconds each took."""
    connection = HTTPConnection("127.0.0.1", house.port)
    taken: list[float] = []
    began = perf_counter()
    for number in range(SECONDS):
        start = perf_counter()
        path = f"/console/{WORKSPACE}{_PAGES[number % len(_PAGES)]}"
        connection.request("GET", path, headers={"Cookie": f"regulars_session={cookie}"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        taken.append((perf_counter() - start) * 1000)
        sleep(max(0.0, began + number + 1 - perf_counter()))
    connection.close()
    return taken


def run() -> list[Result]:
    """Run it."""
    with scratch() as data, confined() as before:
        began = perf_counter()
        with serving(data, command="demo", before=before, memory=MEMORY_MB) as house, Scale(house) as scale:
            print(f"the shop was open after {perf_counter() - began:.0f} s")
            database = Database(house.database_url, connections=1)
            key = create_key(database, WORKSPACE, "write")
            cookie = open_session(database, make_login_link(database, OWNER[0], utc_now()), utc_now())
            database.close()
            over, done = Event(), list[tuple[int, float]]()
            talking = Thread(target=lambda: done.append(stream(house, key, over)))
            talking.start()
            try:
                taken = read(house, cookie)
            finally:
                over.set()
                talking.join()
            for kind, mb in sorted(scale.peak.items(), key=lambda one: -one[1]):
                print(f"{mb:7.1f} MB  {kind}")
    (sent, seconds), peak = done[0], sum(scale.peak.values())
    return [
        Result.less("small-pages", percentile(taken, 0.95), "ms p95", limit=GOAL_MS),
        Result.more("small-events", sent / seconds, "events/s", limit=RATE, goal=0.98),
        Result.less(NAME, peak, "MB", limit=GOAL_MB),
    ]
