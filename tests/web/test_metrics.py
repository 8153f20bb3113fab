"""Figures for Prometheus: what only the database knows, and what every process has counted."""

import re
from dataclasses import replace

import msgspec
import pytest
from litestar.testing import TestClient

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace, delete_workspace
from regulars.web.app import create_app
from regulars.web.counting import BOUNDS, Counter

KEY = "the-operators-own-key"
LINE = re.compile(r'([a-z_]+)\{((?:\w+="[^"]*",?)*)\} ([\d.e+-]+)')


@pytest.fixture
def operated(house):
    return replace(house, settings=msgspec.structs.replace(house.settings, metrics_key=KEY))


@pytest.fixture
def client_of(operated):
    """Another process that answers HTTP on the same database."""

    def make():
        return TestClient(create_app(operated), base_url="http://testserver.local")

    return make


def read(client, key):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            found[name, frozenset(re.findall(r'(\w+)="([^"]*)"', labels))] = float(value)
    return found


def of(found, name, **labels):
    return [value for (known, own), value in found.items() if known == name and labels.items() <= set(own)]


def test_a_workspaces_key_tells_of_that_workspace_only(house, stranger, shop, workspace):
    shop.follower_fails()
    create_workspace(house.database, "t_neighbour", "Neighbour")
    found = read(stranger, create_key(house.database, workspace, "read"))
    delete_workspace(house.database, "t_neighbour")
    assert {dict(own).get("workspace") for _, own in found} == {workspace}
    assert of(found, "regulars_log_sequence") > [6]
    assert of(found, "regulars_follower_behind", follower="segments") == [0]
    assert of(found, "regulars_quarantined", follower="facts") == [1]
    assert of(found, "regulars_messages", state="sent") == [1]


def test_the_operators_key_tells_of_all_and_of_every_process(client_of, workspace):
    with client_of() as one, client_of() as other:
        before = sum(of(read(one, KEY), "regulars_http_requests_total", area="health", status="200"))
        other.get("/healthz")
        read(other, KEY)
        found = read(one, KEY)
    assert sum(of(found, "regulars_http_requests_total", area="health", status="200")) == before + 2
    assert workspace in {dict(own).get("workspace") for _, own in found}
    counted = of(found, "regulars_http_seconds_count", area="health")
    assert counted == of(found, "regulars_http_seconds_bucket", area="health", le="+Inf")
    assert len(counted) >= 2
    assert set(of(found, "regulars_door_waiting")) == {0}


@pytest.mark.parametrize(("key", "status"), [("", 401), ("nonsense", 401), (KEY, 401)])
def test_without_a_key_nothing_is_told(stranger, key, status):
    """Where the operator has set no key, an empty or guessed one opens nothing either."""
    answer = stranger.get("/metrics", headers={"authorization": f"Bearer {key}"} if key else {})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_key_that_may_not_read_is_told_nothing(stranger, house, workspace):
    key = create_key(house.database, workspace, "write")
    assert stranger.get("/metrics", headers={"authorization": f"Bearer {key}"}).status_code == 403


def test_times_are_counted_under_the_first_bound_that_holds():
    counter = Counter()
    for seconds in (0.001, BOUNDS[0], 0.2, 99):
        counter.count("api", 200, seconds)
    assert counter.snapshot(0).took["api"].within == [2, 0, 0, 1, 0, 0, 1]
    assert counter.snapshot(3).waiting == 3


def test_events_in_the_door_are_seen(house):
    assert house.door.waiting == 0
