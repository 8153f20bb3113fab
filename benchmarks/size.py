"""`size`: 1,000,000 customers and 10,000,000 events, what they take on disk, and how the console's pages do over them.

Customers are those of `pages`, followed by the real followers; to them come events of a shop's web site until there are
ten a customer. Bytes of an event are those of the log's table and all its indexes; what the events themselves say
(`props`, as text) and their context are stated beside it. Bytes of a customer are those of every table that derives
from the log. It takes about an hour on two processors: `make bench` without a name leaves it out.
"""

from http.client import HTTPConnection
from random import Random
from time import perf_counter
from typing import Any

import msgspec

from benchmarks.events import NAMES
from benchmarks.pages import median_ms, session
from benchmarks.population import follow, settle
from benchmarks.report import Result
from regulars.access.people import add_person
from regulars.access.workspaces import create_workspace
from regulars.store.database import Database, schema_of
from regulars.store.log import NewEvent, append
from regulars.store.statements import Statement
from regulars.testing.serving import scratch, serving
from regulars.words.clock import utc_now

NAME = "size"
WORKSPACE = "bench"
CUSTOMERS = 1_000_000
EVENTS = 10_000_000
GOAL_EVENT = 300.0
GOAL_CUSTOMER = 2048.0
GOAL_MS = 200.0
PAGES = ("", "/customers", "/customers?q=kalnin", "/customers?fact=occasion&value=wedding", "/segments")
_CHUNK = 10_000
_LOG = "store_event"
_SIZES = """
select c.relname, pg_total_relation_size(c.oid)::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = %s and c.relkind = 'r' order by 2 desc"""
_SAID = "select count(*), avg(length(props::text)), avg(coalesce(length(context::text), 0)) from store_event"


def visits(database: Database, count: int, *, seed: int = 2) -> None:
    """Append events of a shop's web site, drawn over all customers."""
    rng = Random(seed)
    now = utc_now()
    with database.workspace(WORKSPACE) as tx:
        users = tx.values(Statement(b"select id from hear_identity where kind = 'user' order by id"))
    for first in range(0, count, _CHUNK):
        events = [
            NewEvent(
                users[rng.randrange(len(users))],
                now,
                NAMES[number % len(NAMES)],
                msgspec.json.encode({"sku": f"SKU-{rng.randrange(4000)}", "total": rng.randrange(9000) / 100}),
                mid=rng.getrandbits(63),
                historical=True,
            )
            for number in range(first, min(first + _CHUNK, count))
        ]
        with database.workspace(WORKSPACE) as tx:
            append(tx, events)


def weigh(database: Database) -> tuple[int, float, float, dict[str, int]]:
    """Return how many events there are, the bytes they say and their context says on average, and tables' bytes."""
    with database.direct() as connection:
        connection.execute("select set_config('search_path', %s, false)", (schema_of(WORKSPACE),))
        count, said, context = _row(connection.execute(_SAID).fetchone())
        tables: dict[str, int] = dict(connection.execute(_SIZES, (schema_of(WORKSPACE),)).fetchall())
    return int(count), float(said), float(context), tables


def _row(found: Any) -> Any:
    if found is None:
        raise RuntimeError("nothing was counted")
    return found


def run(customers: int = CUSTOMERS, events: int = EVENTS) -> list[Result]:
    """Run it."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        create_workspace(database, WORKSPACE, "Benchmark")
        add_person(database, "bench@shop.example", "Bench", WORKSPACE)
        began = perf_counter()
        settle(database, WORKSPACE, customers)
        print(f"{customers:,} customers were settled after {perf_counter() - began:.0f} s", flush=True)
        with database.workspace(WORKSPACE) as tx:
            there = int(tx.value(Statement(b"select count(*) from store_event")))
        visits(database, events - there)
        print(f"{events:,} events were in the log after {perf_counter() - began:.0f} s", flush=True)
        follow(database, WORKSPACE)
        print(f"everything had followed after {perf_counter() - began:.0f} s", flush=True)
        cookie = session(database)
        count, said, context, tables = weigh(database)
        database.close()
        for name, size in list(tables.items())[:20]:
            print(f"{size / (1 << 20):9.1f} MB  {name}")
        print(f"an event says {said:.0f} bytes, and {context:.0f} of context")
        connection = HTTPConnection("127.0.0.1", house.port)
        taken = {page: median_ms(connection, f"/console/{WORKSPACE}{page}", cookie) for page in PAGES}
        for page, ms in taken.items():
            print(f"{ms:7.1f} ms  {page or 'home'}")
    derived = sum(size for name, size in tables.items() if not name.startswith("store_"))
    return [
        Result.less("size-customer", derived / customers, "bytes", limit=GOAL_CUSTOMER),
        Result.less("size-pages", max(taken.values()), "ms", limit=GOAL_MS),
        Result.less(NAME, tables[_LOG] / count, "bytes", limit=GOAL_EVENT + context),
    ]
