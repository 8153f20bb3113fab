"""`segment-live`: how long after an event was answered a membership that it makes can be seen from outside.

100,000 customers and 50 segments of every kind that what arrives can move: counts and sums in windows, properties, what
followed what, facts and answers, segments that rest on others, and those of whom something is missing. 2,000 events a
second over HTTP for 60 seconds. Ten times a second a customer who has never bought buys, and another client asks the
API until they are a member.
"""

from random import Random
from typing import Any

from benchmarks.live import Looked, Pace, look
from benchmarks.population import CITIES, OCCASIONS, follow, settle
from benchmarks.react import rules as of_react
from benchmarks.report import Result, percentile
from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.store.database import Database
from regulars.testing.serving import scratch, serving
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

NAME = "segment-live"
CUSTOMERS = 100_000
SEGMENTS = 50
PACE = Pace(rate=2_000, per_request=20, seconds=60, probes=10)
GOAL_SECONDS = 1.0
CATEGORIES = ("tea", "coffee", "cups", "cakes", "books")
_DOING = ("Product Viewed", "Product Added", "Search Made", "Checkout Started")


def rules() -> dict[str, dict[str, Any]]:
    """Fifty segments; `bought` is the one that probes enter."""
    found = of_react()
    for days in (7, 30, 90):
        found[f"quiet-{days}"] = {"none": [{"event": "Product Viewed", "within_days": days}]}
        found[f"searched-{days}"] = {"event": "Search Made", "count": {"at_least": 3}, "within_days": days}
    for category in CATEGORIES:
        where = [{"property": "category", "is": category}]
        found[f"saw-{category}"] = {"event": "Product Viewed", "where": where, "within_days": 30}
        found[f"took-{category}"] = {"event": "Product Added", "where": where, "count": {"at_least": 2}}
    for days in (1, 7, 30):
        since = {"event": "Order Completed"}
        found[f"left-{days}"] = {"sequence": [{"event": "Checkout Started"}], "never_since": since, "within_days": days}
        found[f"then-{days}"] = {
            "sequence": [{"event": "Product Viewed"}, {"event": "Product Added"}],
            "apart_days": days,
        }
    for city in CITIES[5:]:
        found[f"keen-in-{city.lower()}"] = {"all": [{"fact": "city", "is": city}, {"segment": "keen"}]}
    for occasion in OCCASIONS:
        found[f"saw-for-{occasion}"] = {"all": [{"segment": f"gives-{occasion}"}, {"segment": "viewed-3"}]}
    found["dear"] = {"event": "Product Viewed", "max": {"of": "price", "at_least": 90}}
    if len(found) != SEGMENTS:
        raise RuntimeError(f"there are {len(found)} segments")
    return found


def doing(rng: Random) -> dict[str, Any]:
    """Something that a customer does who is not probed."""
    return {
        "userId": f"c-{rng.randrange(CUSTOMERS // 10, CUSTOMERS)}",
        "event": rng.choice(_DOING),
        "properties": {
            "sku": rng.randrange(4000),
            "category": rng.choice(CATEGORIES),
            "price": rng.randrange(1, 100),
            "note": "x" * 250,
        },
    }


def run() -> Result:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        create_workspace(database, "bench", "Benchmark")
        settle(database, "bench", CUSTOMERS)
        for name, rule in rules().items():
            with database.workspace("bench") as tx:
                create_segment(tx, name, name, rule, utc_now())
        follow(database, "bench")  # half a million events: who entered each when it was made
        write, read = create_key(database, "bench", "write"), create_key(database, "bench", "read")
        database.close()
        (member,) = look(house, write, read, PACE, doing, (Looked("", b'"bought"'),))
    print(f"probes {len(member)}, median {percentile(member, 0.5):.3f} s to membership")
    return Result.less(NAME, percentile(member, 0.99), "s p99", limit=GOAL_SECONDS)
