"""Events over HTTP: taken with the right key, refused with what to do about it."""

import base64

import pytest

from regulars.access.keys import create_key
from regulars.hear.protocol import BATCH_BYTES, EVENT_BYTES
from regulars.store import records

TRACK = {"type": "track", "anonymousId": "a-1", "event": "Looked"}


@pytest.fixture
def post(stranger, house, workspace):
    """Send JSON with a key of some scope, in the header that Segment's clients use."""

    def send(path, body, *, scope="write", key=None, **more):
        key = create_key(house.database, workspace, scope) if key is None else key
        header = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()} if key else {}
        given = {"content": body} if isinstance(body, bytes) else {"json": body}
        return stranger.post(path, headers=header | more.pop("headers", {}), **given, **more)

    return send


@pytest.fixture
def kinds(house, workspace):
    def read():
        with house.database.workspace(workspace) as tx:
            return [event.kind for event in records.list_events(tx, kind=None, before=None, limit=100)][::-1]

    return read


@pytest.mark.parametrize("scope", ["write", "browser", "admin"])
def test_what_is_acknowledged_is_in_the_log(post, kinds, scope):
    assert post("/v1/track", TRACK, scope=scope).json() == {"success": True}
    assert kinds() == ["Looked"]


def test_a_batch_is_taken_whole_but_for_what_cannot_be(post, kinds):
    answer = post("/v1/batch", {"batch": [TRACK, {"type": "track", "anonymousId": "a-1"}, TRACK | {"event": "Left"}]})
    assert answer.status_code == 200
    assert [one["index"] for one in answer.json()["rejected"]] == [1]
    assert kinds() == ["Looked", "Left"]


def test_a_key_may_stand_in_the_body(post, kinds, house, workspace):
    key = create_key(house.database, workspace, "browser")
    assert post("/v1/track", TRACK | {"writeKey": key}, key="").status_code == 200
    assert kinds() == ["Looked"]


@pytest.mark.parametrize(
    ("path", "body", "status", "advice"),
    [
        ("/v1/track", b"{", 400, "not JSON"),
        ("/v1/track", b"[]", 400, "does not fit"),
        ("/v1/track", b"\xff", 400, "UTF-8"),
        ("/v1/track", {"anonymousId": "a-1"}, 400, "event: a name"),
        ("/v1/track", {"event": "Looked"}, 400, "userId: missing"),
        ("/v1/track", TRACK | {"properties": "x" * EVENT_BYTES}, 400, f"{EVENT_BYTES} bytes"),
        ("/v1/batch", b"x" * (BATCH_BYTES + 1), 400, "Send it in parts"),
        ("/v1/batch", {"batch": [{"type": "dance"}]}, 400, "No event of this batch"),
        ("/v1/dance", TRACK, 404, "Use identify, track, page or batch"),
    ],
)
def test_bad_input_is_refused_with_what_to_do_and_nothing_is_kept(post, kinds, path, body, status, advice):
    answer = post(path, body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert advice in answer.json()["detail"]
    assert kinds() == []


@pytest.mark.parametrize(
    ("more", "status", "advice"),
    [
        ({"key": ""}, 401, "A key is missing"),
        ({"key": "write_made-up"}, 401, "opens nothing here"),
        ({"headers": {"authorization": "Basic ???"}}, 401, "cannot be read"),
        ({"scope": "read"}, 403, "Use a write or a browser key"),
    ],
)
def test_without_the_right_key_nothing_is_taken(post, kinds, more, status, advice):
    answer = post("/v1/track", TRACK, **more)
    assert answer.status_code == status
    assert advice in answer.json()["detail"]
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert kinds() == []


def test_a_page_of_any_site_may_send(stranger):
    answer = stranger.options("/v1/track", headers={"origin": "https://shop.example"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
