"""`segment-bulk`: a segment's rule asked of everybody in the mirror, beside what somebody would write by hand.

1,000,000 customers with 1,200,000 identities and 10,000,000 events over a year; SHARE=0.05 is a twentieth. The files
are written by the mirror's own writer, from rows made here and not from PostgreSQL. The same rule is asked by us
(compiled, as the house does), as a DuckDB query written by hand over the same files, and in pandas, which reads the
columns and kinds it needs from the same Parquet. Each opens its files itself; all must find the same customers. The
best of five turns counts, of pandas' two.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import IO
from uuid import uuid4

import duckdb
import msgspec
import pandas as pd

from benchmarks.report import Result
from regulars.loop.mirror_files import Files
from regulars.store.mirror import SNAPSHOTS, Manifest, Mirror
from regulars.understand import mirrored

CUSTOMERS, EVENTS, PIECE = 1_000_000, 10_000_000, 500_000
TODAY = date(2026, 5, 3)
SLOWEST, PANDAS = 1 / 1.3, 5.0
RULE = {
    "all": [
        {"event": "Order Completed", "count": {"at_least": 1}, "within_days": 180},
        {"event": "Product Viewed", "where": [{"property": "category", "is": "mugs"}], "count": {"at_least": 2}},
        {"fact": "city", "in": ["Riga", "Tallinn"]},
        {"none": [{"event": "Order Completed", "sum": {"at_least": 300}}]},
    ]
}
BY_HAND = """
with bought as (
    select i.customer, count(*) filter (where e.day > date '2026-05-03' - 180) as lately,
        round(sum(e.money), 6) as spent
    from m_events e join m_identities i using (identity) where e.kind = 'Order Completed' group by i.customer),
looked as (
    select i.customer from m_events e join m_identities i using (identity)
    where e.kind = 'Product Viewed' and e.whole and e.p_category = 'mugs' group by i.customer having count(*) >= 2)
select count(*) from bought join looked using (customer)
join m_facts f on f.customer = bought.customer and f.name = 'city' and f.verified and f.text in ('Riga', 'Tallinn')
where lately >= 1 and spent < 300
and bought.customer not in (select customer from m_customers where restricted)"""
_EVENTS = """
select n + 1 as seq, 1 + (hash(n) % {identities})::bigint as identity,
    case when n % 10 = 0 then 'Order Completed' when n % 10 < 5 then 'Product Viewed' else 'page' end as kind,
    1746230400000000 + n * (31500000000000 // {events}) as at, 1746230400000000 as received, false, true, null,
    case when n % 10 = 0 then '{{"total":' || (hash(n + 1) % 20000) / 100 || ',"order_id":"o-' || n || '"}}'
         when n % 10 < 5 then '{{"category":"' || ['mugs', 'teas', 'pots', 'cups', 'jars'][1 + (hash(n + 2) % 5)::int]
             || '","product_id":"p-' || hash(n + 3) % 5000 || '","price":' || (hash(n + 4) % 5000) / 100 || '}}'
         else '{{"path":"/shop/' || hash(n + 5) % 10000 || '","title":"A page of the shop"}}' end, null
from range({first}, {last}) t (n)"""
_SNAPSHOTS = {
    "customers": "select n, 1746230400000000, n % 1000 = 0 from range(1, {customers} + 1) t (n)",
    "identities": "select n, 1 + (n - 1) % {customers}, 'user', false, false from range(1, {identities} + 1) t (n)",
    "facts": """select n, 'city', 'string', c, null, '"' || c || '"', 'said', true, 1746230400000000, 1
        from (select n, ['Riga', 'Tallinn', 'Vilnius', 'Oslo', 'Turku'][1 + (hash(n) % 5)::int] as c
              from range(1, {customers} + 1) t (n))""",
    "disputes": "select 0, '' where false",
    "consents": "select n, n, 'marketing', 'email', n % 3 > 0 from range(1, {customers} + 1) t (n)",
    "memberships": "select '', 0, 0 where false",
    "stages": "select 0, '', '', 0 where false",
}


def run() -> list[Result]:
    """Run it."""
    share = float(os.environ.get("SHARE", "1"))
    folder = Path(tempfile.mkdtemp(prefix="regulars-bulk-"))
    try:
        mirror = Mirror(folder, "shop")
        began = perf_counter()
        manifest = made(mirror, int(CUSTOMERS * share), int(EVENTS * share))
        size = sum((mirror.folder / file).stat().st_size for file in manifest.files) / 1e6
        rows = sum(one.rows for one in manifest.events)
        took = perf_counter() - began
        print(f"   {rows:,} events in {len(manifest.events)} files, {size:,.0f} MB, written in {took:.0f} s")
        return beside(mirror, manifest)
    finally:
        shutil.rmtree(folder)


def beside(mirror: Mirror, manifest: Manifest) -> list[Result]:
    """Measure all three ways in turns."""
    rule = msgspec.json.encode(RULE).decode()

    def by_hand() -> int:
        with mirrored.opened(mirror, manifest) as duck:
            return duck.execute(BY_HAND).fetchall()[0][0]

    ways: dict[str, Callable[[], int]] = {
        "ours": lambda: mirrored.count(mirror, manifest, rule, TODAY),
        "by hand": by_hand,
        "pandas": partial(in_pandas, mirror, manifest),
    }
    best = dict.fromkeys(ways, float("inf"))
    found = {}
    for turn in range(5):
        for way, go in ways.items():
            if way != "pandas" or turn < 2:
                began = perf_counter()
                found[way] = go()
                best[way] = min(best[way], (perf_counter() - began) * 1000)
    if len(set(found.values())) > 1:
        raise RuntimeError(f"they do not find the same: {found}")
    print(f"   {found['ours']:,} customers; " + ", ".join(f"{way} {ms:,.0f} ms" for way, ms in best.items()))
    ours = best["ours"]
    return [
        Result.less("segment-bulk (pandas)", ours, "ms", limit=best["pandas"], goal=PANDAS),
        Result.less("segment-bulk", ours, "ms", limit=best["by hand"], goal=round(SLOWEST, 3)),
    ]


def in_pandas(mirror: Mirror, manifest: Manifest) -> int:
    """Ask the rule in pandas."""
    columns = ["identity", "kind", "day", "whole", "money", "p_category"]
    kinds = [("kind", "in", ["Order Completed", "Product Viewed"])]
    events = pd.concat(
        pd.read_parquet(mirror.path(one.file), columns=columns, filters=kinds) for one in manifest.events
    )
    there = {name: pd.read_parquet(mirror.path(file)) for name, file in manifest.snapshots.items()}
    events = events.merge(there["identities"][["identity", "customer"]], on="identity")
    orders = events[events.kind == "Order Completed"]
    spent = orders.groupby("customer").money.sum().round(6)
    newer = pd.to_datetime(orders.day) > pd.Timestamp(TODAY) - pd.Timedelta(days=180)
    lately = orders[newer].groupby("customer").size()
    views = events[(events.kind == "Product Viewed") & events.whole & (events.p_category == "mugs")]
    looked = views.groupby("customer").size()
    facts, customers = there["facts"], there["customers"]
    cities = facts[(facts.name == "city") & facts.verified & facts.text.isin(["Riga", "Tallinn"])].customer
    found = set(lately[lately >= 1].index) & set(looked[looked >= 2].index) & set(cities)
    return len(found - set(spent[spent >= 300].index) - set(customers[customers.restricted].customer))


def made(mirror: Mirror, customers: int, events: int) -> Manifest:
    """Write a mirror of so many customers and events, by its own writer."""
    sizes = {"customers": customers, "identities": customers * 6 // 5, "events": events}
    mirror.folder.mkdir(parents=True)
    with mirror.opened() as duck, duckdb.connect() as maker:
        files = Files(mirror, duck, 1, {})

        def rows(query: str, out: IO[bytes]) -> None:
            passing = mirror.folder / f"{uuid4().hex}.made"
            maker.execute(f"copy ({query}) to '{passing}' (format csv, header false)")
            with passing.open("rb") as there:
                shutil.copyfileobj(there, out)
            passing.unlink()

        written = []
        for first in range(0, events, PIECE):
            piece = _EVENTS.format(first=first, last=min(first + PIECE, events), **sizes)
            written += files.add(partial(rows, piece))
        readers = {name: partial(rows, query.format(**sizes)) for name, query in _SNAPSHOTS.items()}
        more = {"facts": ["disputes"]}
        snapshots = {
            name: files.snapshot(name, {one: readers[one] for one in (name, *more.get(name, ()))}) for name in SNAPSHOTS
        }
        written = files.compact(written)
    at = datetime(2026, 5, 3, tzinfo=UTC)
    return Manifest(uuid4(), 1, events, at, properties=files.properties, events=tuple(written), snapshots=snapshots)
