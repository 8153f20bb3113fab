"""Rules asked of the mirror, by Apache Spark: of everybody at once, on a cluster that reads the same files.

The cluster does the work and holds the rows; this process only says what is to be done, by a JVM of its own for as
long as a `Cluster` is open. The files must lie under the same path for its workers.
"""

import os
import shutil
import socket
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from regulars.store.mirror import Manifest, Mirror, typed
from regulars.understand.filed import compiled
from regulars.understand.mirrored import AT_ONCE
from regulars.understand.spark_engine import SparkEngine
from regulars.words.errors import Invalid, RegularsError, Unavailable

_ANSWERS, _STARTS, _PATIENCE = 5.0, 60.0, 1800.0
"""Seconds that are spent on reaching the cluster, on being given a worker, and on one question."""
_COLUMNS: Mapping[str, str] = {
    "customers": "customer bigint, restricted boolean",
    "identities": "identity bigint, customer bigint, kind string, bounced boolean, held boolean",
    "facts": "customer bigint, name string, type string, text string, number double, value string, source string, "
    "verified boolean, learned_at timestamp, disputed boolean",
    "consents": "identity bigint, customer bigint, purpose string, channel string, granted boolean",
}
_OF_EVENTS = """identity bigint, seq bigint, kind string, happened_at timestamp, day date, whole boolean, money double,
    props string"""
_AS = {"number": "double", "text": "string", "boolean": "boolean"}


def check_url(url: str) -> list[tuple[str, int]]:
    """Return the hosts and ports of a cluster's masters. Raise Invalid for what is no address of one."""
    with suppress(ValueError):
        one, *more = url.removeprefix("spark://").split(",")
        parts = [urlsplit(f"spark://{part}") for part in (one, *more)]
        found = [(part.hostname, part.port) for part in parts if part.hostname and part.port and not part.path]
        if url.startswith("spark://") and len(found) == len(parts):
            return found
    raise Invalid("REGULARS_SPARK_URL is '{url}': it must be spark://host:port of a cluster's master.", url=url)


def check_installed() -> None:
    """Raise Invalid where PySpark or a JVM is missing, and say how to get it."""
    if find_spec("pyspark") is None:
        raise Invalid("Spark is asked by PySpark, which is not installed: pip install 'regulars[spark]'.")
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")):
        raise Invalid(
            "Spark needs Java 17 or later, which was not found: install it (apt-get install default-jre-headless), or "
            "let JAVA_HOME name it."
        )


def reach(url: str) -> str:
    """Return by which of our addresses a cluster's master is reached. Raise Unavailable where none answers."""
    for master in check_url(url):
        with suppress(OSError), socket.create_connection(master, timeout=_ANSWERS) as there:
            return there.getsockname()[0]
    raise Unavailable("The Spark cluster {url} does not answer. Is it running, and can this machine reach it?", url=url)


class Cluster:
    """A cluster that answers questions while it is open; one at a time in a process.

    Raise Invalid where PySpark or a JVM is missing, Unavailable where the cluster does not answer or has no room. What
    else is set of Spark stands in `spark-defaults.conf` of the folder that SPARK_CONF_DIR names.
    """

    def __init__(self, url: str) -> None:
        check_installed()
        own = reach(url)
        self._url = url
        with self._trouble():
            self._session = _session(url, own)
        try:
            with self._trouble(), _at_most(self._session, _STARTS, self._full()):
                self._session.sql("select count(*) from range(1)").collect()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the cluster go."""
        with suppress(Exception):
            self._session.stop()

    def ask(
        self, mirror: Mirror, manifest: Manifest, rules: Sequence[tuple[int, str]], today: date
    ) -> set[tuple[int, int]]:
        """Return the pairs (rule, customer) that hold, of everybody, as all was when the mirror was written."""
        asked, found = self._asked(mirror, manifest, [rule for _, rule in rules], today), set[tuple[int, int]]()
        with self._trouble(), _at_most(self._session, _PATIENCE, self._slow()):
            for customer, *holds in asked.collect():
                found |= {(number, customer) for (number, _), held in zip(rules, holds, strict=True) if held}
        return found

    def count(self, mirror: Mirror, manifest: Manifest, rule: str, today: date) -> int:
        """Return how many customers match a rule."""
        asked = self._asked(mirror, manifest, [rule], today).where("r0")
        with self._trouble(), _at_most(self._session, _PATIENCE, self._slow()):
            return asked.count()

    def members(self, mirror: Mirror, manifest: Manifest, rule: str, today: date) -> Iterator[list[int]]:
        """Yield the customers who match a rule, those of one of the cluster's partitions after the other."""
        asked = self._asked(mirror, manifest, [rule], today).where("r0").select("customer_id").orderBy("customer_id")
        with self._trouble(), _at_most(self._session, _PATIENCE, self._slow()):
            rows = asked.toLocalIterator()
            while some := [customer for (customer,) in islice(rows, AT_ONCE)]:
                yield some

    def _asked(self, mirror: Mirror, manifest: Manifest, rules: Sequence[str], today: date) -> Any:
        sql, values = compiled(SparkEngine, tuple(rules), tuple(manifest.properties.items()))
        given = values | ({"today": today} if ":today" in sql else {})
        with self._trouble():
            for name, columns in _COLUMNS.items():
                self._view(name, columns, [mirror.path(manifest.snapshots[name])])
            self._view("events", _of_events(manifest), [mirror.path(one.file) for one in manifest.events])
            return self._session.sql(sql, args={name: _given(value) for name, value in given.items()})

    def _view(self, name: str, columns: str, files: Sequence[str]) -> None:
        """Let a name stand for what is in some files."""
        from pyspark.sql.types import StructType  # pyright: ignore[reportMissingImports]

        schema: Any = StructType.fromDDL(columns)
        if files:
            reader = self._session.read.schema(schema).option("recursiveFileLookup", "true")
            made = reader.parquet(*(f"file://{one}" for one in files))
        else:
            nothing = ", ".join(
                f"cast(null as {field.dataType.simpleString()}) as `{field.name}`" for field in schema.fields
            )
            made = self._session.sql(f"select {nothing} where false")
        made.createOrReplaceTempView(f"m_{name}")

    @contextmanager
    def _trouble(self) -> Generator[None]:
        """Raise what Spark and its JVM raise as Unavailable, in one line."""
        try:
            yield
        except RegularsError:
            raise
        except Exception as error:
            said = [line for line in str(error).splitlines() if line.strip() and not line.startswith("An error occ")]
            problem = said[0].strip(" :")[:300] if said else type(error).__name__
            raise Unavailable(
                "The Spark cluster {url} could not answer: {problem}", url=self._url, problem=problem
            ) from error

    def _full(self) -> Unavailable:
        return Unavailable(
            "The Spark cluster {url} gave no worker within {seconds} seconds: it has none free, or none with so much "
            "memory as spark.executor.memory asks for.",
            url=self._url,
            seconds=int(_STARTS),
        )

    def _slow(self) -> Unavailable:
        return Unavailable(
            "The Spark cluster {url} did not answer within {seconds} seconds.", url=self._url, seconds=int(_PATIENCE)
        )


def _session(url: str, own: str) -> Any:
    """Return a session of a cluster that reaches us by our own address."""
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

    builder = SparkSession.builder.master(url).appName("Regulars")
    settings = {
        "spark.driver.host": own,
        "spark.driver.bindAddress": own,
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.caseSensitive": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@contextmanager
def _at_most(session: Any, seconds: float, late: Unavailable) -> Generator[None]:
    """Break off what takes the cluster longer, and raise what is said of it."""
    over = Event()
    passed = Event()

    def watch() -> None:
        if not over.wait(seconds):
            passed.set()
            while not over.wait(0.5):
                session.sparkContext.cancelAllJobs()

    watching = Thread(target=watch, name="spark patience", daemon=True)
    watching.start()
    try:
        yield
    except Exception as error:
        if passed.is_set():
            raise late from error
        raise
    finally:
        over.set()
        watching.join()


def _given(value: Any) -> Any:
    """Return a value of a rule as Spark takes it."""
    if not isinstance(value, list):
        return value
    from pyspark.sql.functions import array, lit  # pyright: ignore[reportMissingImports]

    return array(*(lit(one) for one in value))


def _of_events(manifest: Manifest) -> str:
    """Return the columns of events that rules ask of."""
    return ", ".join([_OF_EVENTS, *(f"`{one.column}` {_AS[one.type]}" for one in typed(manifest).values())])
