"""One meaning: a real Spark cluster finds in the mirror whom the database, DuckDB and the slow way find."""

import socket
from time import monotonic

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cli.houses import free_port, regulars
from tests.understand.any_rules import BUSY, CUSTOMERS, HISTORY_RULES, RULES, SEGMENTS
from tests.understand.test_compile import every_fact_test, put
from tests.understand.test_mirrored import VALUES, asked
from tests.understand.told_slowly import Did, Said, Told, slow

from regulars.cli.findings import of_spark
from regulars.settings import Settings
from regulars.store import records as store
from regulars.understand import clustered
from regulars.understand.clustered import Cluster
from regulars.understand.expanding import whole
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, Unavailable

FEW = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
"""Each example is many rules asked in one question, for a question to Spark takes seconds."""


@pytest.fixture(scope="module")
def cluster(spark_url, spark_settings):
    """The cluster, asked by this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in spark_settings.items():
            patch.setenv(name, value)
        with Cluster(spark_url) as there:
            yield there


@FEW
@given(
    rules=st.lists(RULES, min_size=10, max_size=14),
    others=SEGMENTS,
    customers=st.lists(CUSTOMERS, min_size=8, max_size=10),
)
def test_any_rule_has_the_same_members_for_all(
    cluster, database, workspace, tmp_path_factory, rules, others, customers
):
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one, others)}
    expanded = [whole(rule, others) for rule in rules]
    folder = tmp_path_factory.mktemp("mirror")
    duck, postgres, spark = asked(database, workspace, folder, expanded, customers, cluster.ask)
    assert spark == duck == postgres == expected


@FEW
@given(rules=st.lists(HISTORY_RULES, min_size=12, max_size=16), customers=st.lists(BUSY, min_size=6, max_size=8))
def test_what_is_asked_of_events_has_the_same_answer_for_all(
    cluster, database, workspace, tmp_path_factory, rules, customers
):
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one)}
    folder = tmp_path_factory.mktemp("mirror")
    duck, postgres, spark = asked(database, workspace, folder, rules, customers, cluster.ask)
    assert spark == duck == postgres == expected


def test_every_test_of_a_fact_gives_the_same_answer_on_every_value(cluster, database, workspace, tmp_path):
    rules = [{"fact": "anything", **test} for test in every_fact_test()]
    customers = [{"facts": {"anything": Told(Said(value))}, "events": []} for value in VALUES]
    expected = {(n, c) for n, rule in enumerate(rules) for c, one in enumerate(customers, 1) if slow(rule, one)}
    duck, postgres, spark = asked(database, workspace, tmp_path, rules, customers, cluster.ask)
    assert spark == duck == postgres == expected


def test_the_rule_of_a_segment_is_asked_by_the_engine_that_is_named(
    spark_url, spark_settings, database, postgres, workspace, tmp_path
):
    ordered = {"facts": {}, "events": [Did("Order Completed", props={"total": 10})]}
    with database.workspace(workspace) as tx:
        for c, customer in enumerate([ordered, {"facts": {}, "events": [Did("page")]}, ordered], 1):
            put(tx, c, customer)
        store.move_follower(tx, "consent", store.head(tx))
        create_segment(tx, "buyers", "They bought", {"event": "Order Completed", "sum": {"at_least": 10}}, utc_now())

    def told(*words, **more):
        known = {"REGULARS_DATABASE_URL": postgres, "REGULARS_SPARK_URL": spark_url, **spark_settings}
        return regulars(*words, "--workspace", workspace, **known, **more)

    def asked(*words):
        return told("segment", *words, REGULARS_MIRROR=str(tmp_path))

    assert "REGULARS_MIRROR" in told("segment", "count", "buyers", "--engine", "spark").stderr
    assert "was not written yet" in asked("count", "buyers", "--engine", "duckdb").stderr
    assert told("mirror", "rebuild", REGULARS_MIRROR=str(tmp_path)).returncode == 0
    for engine in ("postgres", "duckdb", "spark"):
        found = asked("members", "buyers", "--engine", engine)
        assert found.stdout == "1\n3\n", found.stderr
        assert ("up to event 3" in found.stderr) is (engine != "postgres")
    assert asked("count", "buyers", "--engine", "duckdb").stdout == "2\n"
    assert "no segment 'gone'" in asked("count", "gone", "--engine", "spark").stderr


def test_a_cluster_that_does_not_answer_is_said_soon_and_by_the_doctor(spark_settings, monkeypatch, tmp_path):
    for name, value in spark_settings.items():
        monkeypatch.setenv(name, value)
    nobody = f"spark://127.0.0.1:{free_port()}"
    began = monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        Cluster(nobody)
    assert monotonic() - began < 10
    [found] = of_spark(Settings(data=tmp_path, spark_url=nobody))
    assert (found.state, "does not answer" in found.said) == ("wrong", True)
    with socket.create_server(("127.0.0.1", 0)) as there:
        url = f"spark://localhost:1,127.0.0.1:{there.getsockname()[1]}"
        assert clustered.reach(url) == "127.0.0.1"
        assert "no files" in next(of_spark(Settings(data=tmp_path, spark_url=url))).said
    assert not list(of_spark(Settings(data=tmp_path)))


@pytest.mark.parametrize(
    "url", ["http://spark:7077", "spark://", "spark://host", "spark://a:1,b", "spark://a:x", "local"]
)
def test_what_is_no_address_of_a_cluster_is_refused(url):
    with pytest.raises(Invalid, match="REGULARS_SPARK_URL"):
        clustered.check_url(url)


def test_what_asking_spark_needs_is_said_where_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(Invalid, match="Java 17"):
        Cluster("spark://127.0.0.1:7077")
    monkeypatch.setattr(clustered, "find_spec", lambda _: None)
    with pytest.raises(Invalid, match=r"regulars\[spark\]"):
        Cluster("spark://127.0.0.1:7077")
