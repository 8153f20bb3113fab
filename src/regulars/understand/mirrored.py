"""Rules asked of the mirror, by DuckDB: of everybody at once, as all was when the mirror was written last."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb

from regulars.store.mirror import Manifest, Mirror, events, snapshot
from regulars.understand.filed import FilesEngine, compiled

READ = ("customers", "identities", "facts", "consents")
"""Of which snapshots rules ask."""
AT_ONCE = 10_000
"""Customers of an answer who are read at once."""


def ask(
    mirror: Mirror, manifest: Manifest, rules: Sequence[tuple[int, str]], today: date, *, threads: int | None = None
) -> set[tuple[int, int]]:
    """Return the pairs (rule, customer) that hold, of everybody, as all was when the mirror was written."""
    with opened(mirror, manifest, threads=threads) as duck:
        found: set[tuple[int, int]] = set()
        sql, values = statement(manifest, [text for _, text in rules], today)
        for customer, *holds in duck.execute(sql, values).fetchall():
            found |= {(number, customer) for (number, _), held in zip(rules, holds, strict=True) if held}
        return found


def count(mirror: Mirror, manifest: Manifest, rule: str, today: date, *, threads: int | None = None) -> int:
    """Return how many customers match a rule."""
    with opened(mirror, manifest, threads=threads) as duck:
        sql, values = statement(manifest, [rule], today)
        [(found,)] = duck.execute(f"select count(*) from ({sql}) where r0", values).fetchall()
        return found


def members(
    mirror: Mirror, manifest: Manifest, rule: str, today: date, *, threads: int | None = None
) -> Iterator[list[int]]:
    """Yield the customers who match a rule, some at a time."""
    with opened(mirror, manifest, threads=threads) as duck:
        sql, values = statement(manifest, [rule], today)
        found = duck.execute(f"select customer_id from ({sql}) where r0 order by 1", values)
        while some := found.fetchmany(AT_ONCE):
            yield [customer for (customer,) in some]


def statement(manifest: Manifest, rules: Sequence[str], today: date) -> tuple[str, dict[str, Any]]:
    """Return what asks everybody, a boolean column for each rule, and its values."""
    sql, named = compiled(FilesEngine, tuple(rules), tuple(manifest.properties.items()))
    return sql, named | ({"today": today} if "$today" in sql else {})


@contextmanager
def opened(mirror: Mirror, manifest: Manifest, *, threads: int | None = None) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB with a view of each part of a mirror."""
    with mirror.opened(threads=threads) as duck:
        for name in READ:
            duck.execute(f"create view m_{name} as from {snapshot(mirror, manifest, name)}")
        duck.execute(f"create view m_events as from {_events(mirror, manifest)}")
        yield duck


def _events(mirror: Mirror, manifest: Manifest) -> str:
    if manifest.events:
        return events(mirror, manifest)
    return """(select 0::bigint as identity, 0::bigint as seq, '' as kind, now() as happened_at, current_date as day,
        true as whole, 0::double as money, '{}' as props where false)"""
