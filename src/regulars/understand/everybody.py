"""Everybody asked a rule at once, by the engine that somebody names: the database, or one that reads the mirror."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Literal

import msgspec

from regulars.store.database import Database
from regulars.store.mirror import Manifest, Mirror, belongs, filled
from regulars.understand import mirrored, records
from regulars.understand.clustered import Cluster
from regulars.understand.expanding import whole
from regulars.understand.segments import get_segment, known
from regulars.words.errors import Invalid, Unavailable

Engine = Literal["postgres", "duckdb", "spark"]
ENGINES: tuple[Engine, ...] = ("postgres", "duckdb", "spark")


class Found(msgspec.Struct, frozen=True):
    """Whom a rule finds, some customers at a time, in the order of their numbers; and as of when.

    `upto` is the last event that the answer accounts for, where it is not of this moment.
    """

    some: Iterator[list[int]]
    upto: int | None = None
    at: datetime | None = None


@contextmanager
def asked(
    database: Database, workspace: str, name: str, engine: Engine, today: date, mirror: Mirror | None, spark_url: str
) -> Generator[Found]:
    """Ask everybody the rule of a segment, on a day.

    Raise Unknown where there is no such segment, Invalid where what an engine needs is not set, Unavailable where it
    cannot be reached, or the mirror was not written yet.
    """
    with database.workspace(workspace) as tx:
        rule = msgspec.json.encode(whole(get_segment(tx, name).rule, known(tx).segments)).decode()
        if engine == "postgres":
            yield Found(records.stream_matches(tx, rule, today, mirrored.AT_ONCE))
            return
        held = filled(tx)
    if mirror is None:
        raise Invalid(
            "{engine} reads the mirror, and none is kept. Let REGULARS_MIRROR name a folder.", engine=_NAMES[engine]
        )
    manifest = mirror.read()
    if manifest is None or not belongs(manifest, held):
        raise Unavailable("The mirror was not written yet: a work process does it, or 'regulars mirror rebuild'.")
    with _members(engine, mirror, manifest, rule, today, spark_url) as some:
        yield Found(some, manifest.upto, manifest.at)


_NAMES: Mapping[str, str] = {"duckdb": "DuckDB", "spark": "Spark"}


@contextmanager
def _members(
    engine: Engine, mirror: Mirror, manifest: Manifest, rule: str, today: date, spark_url: str
) -> Generator[Iterator[list[int]]]:
    if engine == "duckdb":
        yield mirrored.members(mirror, manifest, rule, today)
        return
    if not spark_url:
        raise Invalid("No Spark cluster is set. Let REGULARS_SPARK_URL name its master: spark://host:port.")
    with Cluster(spark_url) as cluster:
        yield cluster.members(mirror, manifest, rule, today)
