"""`merge`: how long two customers with 10,000 events each take to become one, and to be two again.

From the decision's event being appended until every follower has taken it in: who is who, the facts folded anew, and
both asked again about 20 segments. 10,000 other customers are there; events have 0.5 KB of props, every 50th states ten
facts. One process, nothing else to do.
"""

from time import perf_counter

import msgspec

from benchmarks.population import follow, settle
from benchmarks.react import rules
from benchmarks.report import Result, percentile
from regulars.access.workspaces import create_workspace
from regulars.hear.identities import intern
from regulars.loop.followers import FOLLOWERS
from regulars.remember import merging
from regulars.remember.customers import customers_of
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.store.log import NewEvent, append
from regulars.testing.serving import scratch, serving
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now
from regulars.words.kinds import IDENTIFY

NAME = "merge"
PAIRS = 5
EVENTS = 10_000
ROUNDS = 8
OTHERS = 10_000
GOAL_MS = 100.0
_FACTS = 10
_EVERY = 50
_CHUNK = 2_000


def _live(database: Database, identity: int) -> int:
    """Give an identity its events; return their bytes."""
    now, note, size = utc_now(), "x" * 480, 0
    for first in range(0, EVENTS, _CHUNK):
        events: list[NewEvent] = []
        for number in range(first, first + _CHUNK):
            if number % _EVERY:
                kind, props = "Product Viewed", msgspec.json.encode({"sku": number, "note": note})
            else:
                traits = {f"fact_{n}": f"said {number}" for n in range(_FACTS)}
                said = {"traits": {"city": "Riga", **traits}, "links": [], "verified": True}
                kind, props = IDENTIFY, msgspec.json.encode(said)
            size += len(props)
            events.append(NewEvent(identity, now, kind, props))
        with database.workspace("bench") as tx:
            append(tx, events)
    return size


def _prepare(database: Database) -> list[tuple[int, int]]:
    """Settle everybody and the segments; return the pairs."""
    create_workspace(database, "bench", "Benchmark")
    settle(database, "bench", OTHERS)
    for name, rule in rules().items():
        with database.workspace("bench") as tx:
            create_segment(tx, name, name, rule, utc_now())
    pairs = [(("user", f"merge-{n}"), ("email", f"merge{n}@customers.example")) for n in range(PAIRS)]
    with database.workspace("bench") as tx:
        ids = intern(tx, [one for pair in pairs for one in pair])
    size = sum(_live(database, ids[one]) for pair in pairs for one in pair)
    follow(database, "bench")
    print(f"{PAIRS} pairs with {EVENTS:,} events each side, {size:,} bytes of props", flush=True)
    return [(ids[one], ids[other]) for one, other in pairs]


def run() -> list[Result]:
    """Run it."""
    took: dict[str, list[float]] = {"merge": [], "undo": []}
    with scratch() as data, serving(data, work_processes=0) as house:
        database = Database(house.database_url)
        pairs = _prepare(database)
        dispatcher = Dispatcher(database, FOLLOWERS, lambda: ["bench"], utc_now)
        for turn in range(ROUNDS):
            for one, other in pairs:
                for what, decide in (("merge", merging.join), ("undo", merging.unjoin)):
                    began = perf_counter()
                    with database.workspace("bench") as tx:
                        decide(tx, one, other, utc_now())
                    dispatcher.catch_up(["bench"])
                    if turn:  # the first is cold: plans and caches
                        took[what].append((perf_counter() - began) * 1000)
                    with database.workspace("bench") as tx:
                        whose = customers_of(tx, {one, other})
                    if (len(set(whose.values())) == 1) != (what == "merge"):
                        raise RuntimeError(f"after {what} the pair is {whose}")
        database.close()
    for what, times in took.items():
        print(f"{what}: median {percentile(times, 0.5):.1f} ms, longest {max(times):.1f} ms, {len(times)} times")
    return [
        Result.less("merge-undo", percentile(took["undo"], 0.95), "ms p95", limit=GOAL_MS),
        Result.less(NAME, percentile(took["merge"], 0.95), "ms p95", limit=GOAL_MS),
    ]
