"""`size`: 1,000,000 customers and 10,000,000 events, what they take on disk, and how the console's pages do over them.

Customers are those of `pages`, followed by the real followers; to them come events of a shop's web site until there are
ten a customer. They come in ten parts, each followed and tidied up after before the next, as a shop grows; whether that
slows down as it grows is printed. Bytes of an event are those of the log's table and all its indexes; what the events
themselves say (`props`, as text) and their context are stated beside it. Bytes of a customer are those of every table
that derives from the log, also of those that grow with what they do: each is printed with its indexes.

It takes more than an hour on two processors: `make bench` without a name leaves it out, and `SIZE_PART=20 make bench
NAME=size` does it with a twentieth of everybody. Under a hundredth (10,000 customers), what is fixed for each table and
index weighs more than what grows.
"""

import os
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
PAGES = (
    "",
    "/customers",
    "/customers?q=kalnin",
    "/customers?fact=occasion&value=wedding",
    "/customers?fact=orders&value=3",
    "/customers?seen=30",
    "/segments",
    "/facts",
)
PARTS = 10
_CHUNK = 10_000
_LOG = "store_event"
_SMALL = 8
"""Bytes a customer under which a table is not printed."""
_SIZES = """
select c.relname, pg_total_relation_size(c.oid)::bigint,
       (select coalesce(jsonb_object_agg(i.relname, pg_relation_size(i.oid)), '{}')
        from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
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


def weigh(database: Database) -> tuple[int, float, float, dict[str, tuple[int, dict[str, int]]]]:
    """Return how many events there are, the bytes they say and their context says on average, and what tables take.

    Of each table that is its bytes, all in all, and those of each of its indexes.
    """
    with database.direct() as connection:
        connection.execute("select set_config('search_path', %s, false)", (schema_of(WORKSPACE),))
        count, said, context = _row(connection.execute(_SAID).fetchone())
        rows = connection.execute(_SIZES, (schema_of(WORKSPACE),)).fetchall()
    return int(count), float(said), float(context), {name: (size, indexes) for name, size, indexes in rows}


def grow(database: Database, customers: int, events: int) -> None:
    """Let customers and their events come, part after part."""
    began = perf_counter()
    for part in range(PARTS):
        beside, there = customers * part // PARTS, events * part // PARTS
        settle(database, WORKSPACE, customers * (part + 1) // PARTS - beside, seed=part, beside=beside)
        with database.workspace(WORKSPACE) as tx:
            settled = int(tx.value(Statement(b"select count(*) from store_event")))
        visits(database, events * (part + 1) // PARTS - settled, seed=PARTS + part)
        follow(database, WORKSPACE)
        taken, began = perf_counter() - began, perf_counter()
        came = events * (part + 1) // PARTS - there
        print(f"{there + came:,} events were followed: the last {came:,} at {came / taken:,.0f} a second", flush=True)


def say(tables: dict[str, tuple[int, dict[str, int]]], customers: int) -> None:
    """Print what each table takes, and each of its indexes."""
    for name, (size, indexes) in tables.items():
        if size >= _SMALL * customers:
            print(f"{size / customers:9.1f} bytes a customer  {name}")
            for index, bytes_of in sorted(indexes.items(), key=lambda one: -one[1]):
                print(f"{bytes_of / customers:18.1f}  {index}")


def _row(found: Any) -> Any:
    if found is None:
        raise RuntimeError("nothing was counted")
    return found


def run() -> list[Result]:
    """Run it."""
    part = int(os.environ.get("SIZE_PART", "1"))
    customers, events = CUSTOMERS // part, EVENTS // part
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        create_workspace(database, WORKSPACE, "Benchmark")
        add_person(database, "bench@shop.example", "Bench", WORKSPACE)
        grow(database, customers, events)
        cookie = session(database)
        count, said, context, tables = weigh(database)
        database.close()
        say(tables, customers)
        print(f"an event says {said:.0f} bytes, and {context:.0f} of context")
        connection = HTTPConnection("127.0.0.1", house.port)
        taken = {page: median_ms(connection, f"/console/{WORKSPACE}{page}", cookie) for page in PAGES}
        for page, ms in taken.items():
            print(f"{ms:7.1f} ms  {page or 'home'}")
    derived = sum(size for name, (size, _) in tables.items() if not name.startswith("store_"))
    return [
        Result.less("size-customer", derived / customers, "bytes", limit=GOAL_CUSTOMER),
        Result.less("size-pages", max(taken.values()), "ms", limit=GOAL_MS),
        Result.less(NAME, tables[_LOG][0] / count, "bytes", limit=GOAL_EVENT + context),
    ]
