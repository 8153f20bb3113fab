"""`react`: how long after an event was answered its effect can be seen from outside.

100,000 customers, 20 segments over facts, events and answers, 500 events a second over HTTP for 60 seconds from
customers drawn at random. Ten times a second a customer who has never bought buys; from the moment that event is
answered, another client asks the API until the customer is a member, and until the message is in the outbox.
"""

from random import Random
from typing import Any

from benchmarks.live import Looked, Pace, look
from benchmarks.population import CITIES, OCCASIONS, settle
from benchmarks.report import Result, percentile
from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store.database import Database
from regulars.testing.serving import scratch, serving
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

NAME = "react"
CUSTOMERS = 100_000
PACE = Pace(rate=500, per_request=5, seconds=60, probes=10)
GOAL_SECONDS = 1.0


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


def looked_at(rng: Random) -> dict[str, Any]:
    """Something that a customer does who is not probed."""
    return {
        "userId": f"c-{rng.randrange(CUSTOMERS // 10, CUSTOMERS)}",
        "event": rng.choice(("Product Viewed", "Product Added", "Search Made")),
        "properties": {"sku": rng.randrange(4000), "note": "x" * 300},
    }


def run() -> list[Result]:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        write, read = prepare(database)
        database.close()
        looked = (Looked("", b'"bought"'), Looked("/messages", b'"thanks"'))
        member, message = look(house, write, read, PACE, looked_at, looked)
    print(f"probes {len(member)}, median {percentile(member, 0.5):.3f} s to membership")
    return [
        Result.less("react-message", percentile(message, 0.99), "s p99", limit=GOAL_SECONDS),
        Result.less(NAME, percentile(member, 0.99), "s p99", limit=GOAL_SECONDS),
    ]
