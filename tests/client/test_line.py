"""What the client does on the way: sends again where that helps, never twice what counts, and says what is wrong."""

import json

import httpx
import pytest

from regulars import client
from regulars.client import Regulars

PROBLEM = {"content-type": "application/problem+json"}
SEGMENT = {
    "id": 1,
    "name": "x",
    "title": "X",
    "rule": {},
    "version": 1,
    "created_at": "2026-05-03T12:00:00Z",
    "built": True,
    "size": 0,
}


class Server:
    """Gives the answers it was told to give, one after the other, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.waits = []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def regulars(self, **more):
        transport = httpx.MockTransport(self)
        return Regulars("http://x.example", "secret", transport=transport, wait=self.waits.append, **more)


def told(status, detail="Why.", **headers):
    return httpx.Response(status, json={"status": status, "title": "T", "detail": detail}, headers=PROBLEM | headers)


def listing(*items, following=None):
    return httpx.Response(200, json={"items": list(items), "total": 3, "next": following})


def test_a_change_that_came_too_fast_is_sent_again_after_the_wait_that_was_asked_for_under_the_same_key():
    server = Server(told(429, **{"retry-after": "3"}), told(503), httpx.Response(201, json=SEGMENT))
    made = server.regulars().segments.create(name="x", title="X", rule={})
    assert made.created_at.tzinfo is not None
    assert server.waits[0] == 3
    assert 0 < server.waits[1] <= 1
    assert len({request.headers["idempotency-key"] for request in server.asked}) == 1
    assert server.asked[0].headers["authorization"] == "Bearer secret"


def test_two_changes_have_two_keys_unless_the_caller_says_otherwise():
    server = Server(*[httpx.Response(201, json=SEGMENT) for _ in range(3)])
    regulars = server.regulars()
    for once in (None, None, "mine"):
        regulars.segments.create(name="x", title="X", rule={}, once=once)
    keys = [request.headers["idempotency-key"] for request in server.asked]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


def test_a_wait_until_a_moment_is_understood():
    server = Server(told(503, **{"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}), listing())
    assert list(server.regulars().segments.list()) == []
    assert len(server.waits) == 1


def test_a_line_that_breaks_is_taken_up_again():
    server = Server(httpx.ConnectError("refused"), listing(SEGMENT))
    assert [one.name for one in server.regulars().segments.list()] == ["x"]


def test_whoever_never_gets_through_is_told_so():
    server = Server(*[told(429) for _ in range(2)])
    with pytest.raises(client.TooMany, match="Why"):
        server.regulars(attempts=2).segments.list().part()
    with pytest.raises(client.Problem, match="cannot be reached"):
        Server(httpx.ConnectError("refused")).regulars(attempts=1).segments.list().part()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, client.Invalid),
        (401, client.NotAllowed),
        (403, client.NotAllowed),
        (404, client.NotFound),
        (409, client.Conflict),
        (413, client.Invalid),
        (500, client.Failed),
    ],
)
def test_what_is_refused_is_not_sent_again(status, kind):
    server = Server(told(status))
    with pytest.raises(kind) as raised:
        server.regulars().segments.get("x")
    assert (raised.value.status, raised.value.detail, server.waits) == (status, "Why.", [])


def test_the_fields_that_are_wrong_are_named():
    wrong = {"status": 400, "title": "Bad Request", "detail": "No.", "errors": [{"field": "rule", "detail": "No."}]}
    server = Server(httpx.Response(400, json=wrong))
    with pytest.raises(client.Invalid) as raised:
        server.regulars().segments.try_rule(rule={})
    assert raised.value.errors == (client.Wrong("rule", "No."),)


def test_an_answer_of_somebody_between_is_an_error_too():
    server = Server(httpx.Response(504, html="<h1>Gateway</h1>"))
    with pytest.raises(client.Failed, match="504"):
        server.regulars().segments.get("x")


def test_a_list_is_read_on_to_its_end_and_no_further_than_wanted():
    server = Server(listing({**SEGMENT, "id": 1}, following="c-1"), listing({**SEGMENT, "id": 2}))
    segments = server.regulars().segments.list(limit=1)
    assert server.asked == []
    items = iter(segments)
    assert next(items).id == 1
    assert len(server.asked) == 1
    assert [one.id for one in items] == [2]
    assert server.asked[1].url.params["cursor"] == "c-1"


def test_whatever_is_in_a_name_stays_in_its_place():
    server = Server(told(404))
    with pytest.raises(client.NotFound):
        server.regulars().customers.get("email:a/b?c=d@x.example")
    assert server.asked[0].url.raw_path == b"/api/customers/email%3Aa%2Fb%3Fc%3Dd%40x.example"


def test_events_have_a_number_so_that_sent_again_they_are_heard_once():
    server = Server(told(503), httpx.Response(200, json={"success": True}))
    with server.regulars() as regulars:
        regulars.track("u-1", "Order Completed", {"total": 3})
    first, again = (json.loads(request.content) for request in server.asked)
    assert first == again
    assert first["messageId"]


def test_an_event_that_was_not_taken_is_said_to_whoever_sent_it():
    server = Server(httpx.Response(200, json={"success": True, "rejected": [{"index": 0, "reason": "event: a name."}]}))
    with server.regulars() as regulars, pytest.raises(client.Invalid) as problem:
        regulars.track("u-1", "")
    assert problem.value.detail == "event: a name."
