"""How fast a key may ask, and how it is told."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from litestar.testing import TestClient

from regulars.access.keys import create_key
from regulars.web.api.limits import Limits
from regulars.web.app import create_app
from regulars.words.ids import hash_of_secret


@pytest.fixture
def slow(house):
    """Two processes of a house in which a key may ask three times at once, and then once in a while."""
    settings = msgspec.structs.replace(house.settings, api_rate=1, api_burst=3)
    return [TestClient(create_app(replace(house, settings=settings))) for _ in range(2)]


def test_every_answer_tells_the_limit_and_what_is_left_of_it(ask, stranger, workspace):
    answer = ask("/segments")
    assert answer.headers["ratelimit-policy"] == '"key";q=200;w=2'
    first = int(answer.headers["ratelimit"].split("r=")[1].split(";")[0])
    again = int(ask("/nothing-here/at/all").headers.get("ratelimit", "r=0").split("r=")[1].split(";")[0])
    assert 0 < first < 200
    assert again == 0
    assert int(ask("/segments/nobody").headers["ratelimit"].split("r=")[1].split(";")[0]) <= 200
    assert "ratelimit-policy" in stranger.get("/api/segments").headers


def test_who_asks_too_fast_is_told_when_to_come_back_and_nobody_else_is(slow, house, workspace, header):
    one, other = slow
    answers = [process.get("/api/segments", headers=header("read")) for process in (one, other, one, other, one)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[3]
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["ratelimit"].startswith('"key";r=0;t=')
    assert refused.headers["content-type"] == "application/problem+json"
    assert "once" not in refused.json()["detail"]
    neighbour = create_key(house.database, workspace, "read")
    assert one.get("/api/segments", headers={"authorization": f"Bearer {neighbour}"}).status_code == 200


def test_events_are_taken_whatever_a_key_has_asked(slow, header, workspace):
    one, _ = slow
    for _ in range(5):
        one.get("/api/segments", headers=header("admin"))
    event = {"userId": "u-1", "event": "Order Completed"}
    assert one.post("/v1/track", json=event, headers=header("admin")).status_code == 200


def test_a_bucket_fills_with_time_and_never_beyond_its_brim(database, now):
    limits = Limits(database, rate=10, burst=20)
    key = hash_of_secret(f"a key of {now}")

    def ask(at):
        return limits.spend(key, at) or limits.take(key, at)

    assert [ask(now).wait for _ in range(21)] == [0] * 20 + [1]
    assert ask(now + timedelta(milliseconds=50)).wait == 1
    later = now + timedelta(seconds=1)
    assert [ask(later).wait for _ in range(11)] == [0] * 10 + [1]
    much_later = now + timedelta(hours=1)
    assert ask(much_later).remaining == 19
    assert sum(not ask(much_later).wait for _ in range(50)) == 19


def test_processes_share_one_bucket(database, now):
    key = hash_of_secret(f"another key of {now}")
    processes = [Limits(database, rate=100, burst=200) for _ in range(3)]
    granted = sum(not (one.spend(key, now) or one.take(key, now)).wait for _ in range(100) for one in processes)
    assert granted == 200


def test_a_house_may_limit_nobody(database, now):
    limits = Limits(database, rate=0, burst=5)
    assert not any((limits.spend(b"key", now) or limits.take(b"key", now)).wait for _ in range(50))
    assert limits.policy == ""
