"""Events over HTTP: taken with the right key, refused with what to do about it."""

import base64
import gzip
import json
from time import monotonic, sleep

import pytest

from regulars.access.keys import create_key
from regulars.hear import rejected_records
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
        ("/v1/batch", b"{", 400, "not JSON"),
        ("/v1/batch", b"\xff", 400, "UTF-8"),
        ("/v1/track", b"{", 400, "not JSON"),
        ("/v1/track", b"[]", 400, "does not fit"),
        ("/v1/track", b"\xff", 400, "UTF-8"),
        ("/v1/track", TRACK | {"properties": "x" * EVENT_BYTES}, 400, f"{EVENT_BYTES} bytes"),
        ("/v1/batch", b"x" * (BATCH_BYTES + 1), 400, "Send it in parts"),
        ("/v1/batch", {"batches": []}, 400, "missing required field"),
        ("/v1/dance", TRACK, 404, "Use identify, track, page, screen"),
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


@pytest.fixture
def aside(house, workspace):
    """Wait until so much was kept aside, and read it, the newest first."""

    def read(count):
        until = monotonic() + 20
        while True:
            with house.database.workspace(workspace) as tx:
                found = rejected_records.list_rejected(tx, kind=None, source=None, library=None, before=None, limit=500)
            if len(found) >= count or monotonic() > until:
                return found
            sleep(0.05)

    return read


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"anonymousId": "a-1"}, "event: a name"),
        ({"event": "Looked"}, "userId: missing"),
        (TRACK | {"properties": []}, "properties: must be an object"),
        (TRACK | {"timestamp": "tomorrow"}, "does not fit"),
    ],
)
def test_a_well_formed_event_that_cannot_be_taken_is_kept_aside_with_its_reason(post, kinds, aside, body, why):
    answer = post("/v1/track", body)
    assert answer.status_code == 200
    (told,) = answer.json()["rejected"]
    assert why in told["reason"]
    assert kinds() == []
    (kept,) = aside(1)
    assert kept.reason == told["reason"]
    assert json.loads(kept.said) == body
    assert kept.kind in {"track", "Looked"}
    assert kept.source is not None


def test_what_the_log_will_not_have_is_kept_aside_too(post, kinds, aside, monkeypatch):
    monkeypatch.setattr("regulars.hear.door.MOST_PUBLIC_KINDS", 0)
    answer = post("/v1/track", TRACK, scope="browser")
    assert answer.status_code == 200
    assert "this name is new" in answer.json()["rejected"][0]["reason"]
    assert kinds() == []
    assert "this name is new" in aside(1)[0].reason


def test_what_the_log_will_not_have_costs_its_batch_nothing_else_and_is_told_by_its_place(
    post, kinds, aside, monkeypatch
):
    post("/v1/track", TRACK)
    monkeypatch.setattr("regulars.hear.door.MOST_PUBLIC_KINDS", 0)
    sent = [TRACK, {"type": "track"}, TRACK, TRACK | {"event": "Brand New"}, TRACK]
    answer = post("/v1/batch", {"batch": sent}, scope="browser")
    assert [(one["index"], one["reason"][:15]) for one in answer.json()["rejected"]] == [
        (1, "event: a name o"),
        (3, "event: this nam"),
    ]
    assert kinds() == ["Looked"] * 4
    assert {json.loads(one.said).get("event") for one in aside(2)} == {None, "Brand New"}


def test_of_a_batch_of_nothing_but_new_names_each_is_told(post, kinds, monkeypatch):
    monkeypatch.setattr("regulars.hear.door.MOST_PUBLIC_KINDS", 0)
    monkeypatch.setattr("regulars.web.api.ingest._FOUND_ALONE", 3)
    sent = [TRACK | {"event": f"New {number}"} for number in range(20)]
    answer = post("/v1/batch", {"batch": sent}, scope="browser")
    assert [one["index"] for one in answer.json()["rejected"]] == list(range(20))
    assert kinds() == []


@pytest.mark.parametrize(
    ("letter", "kind", "more"),
    [
        ("i", "identify", {}),
        ("t", "Looked", {}),
        ("p", "page", {}),
        ("s", "screen", {}),
        ("g", "group", {"groupId": "g-1"}),
        ("a", "alias", {"previousId": "a-0"}),
        ("b", "Looked", {"batch": [TRACK]}),
    ],
)
def test_the_short_addresses_of_analytics_js_are_the_same(post, kinds, letter, kind, more):
    assert post(f"/v1/{letter}", TRACK | more).json() == {"success": True}
    assert kinds() == [kind]


def test_analytics_js_may_say_how_it_is_doing_and_nothing_is_kept(post, kinds):
    assert post("/v1/m", {"series": [{"type": "Counter", "metric": "x"}]}, key="").json() == {"success": True}
    assert kinds() == []


def test_an_import_is_of_the_past_and_only_for_servers(post, house, workspace):
    past = TRACK | {"timestamp": "2019-12-24T18:00:00Z"}
    answer = post("/v1/import", {"batch": [past, past | {"event": "Left"}, TRACK]})
    assert [one["index"] for one in answer.json()["rejected"]] == [2]
    assert post("/v1/import", {"batch": [past]}).json() == {"success": True}
    with house.database.workspace(workspace) as tx:
        found = records.list_events(tx, kind=None, before=None, limit=9)
    assert [(one.kind, one.historical, one.at.year) for one in found] == [("Left", True, 2019), ("Looked", True, 2019)]
    refused = post("/v1/import", {"batch": [past]}, scope="browser")
    assert refused.status_code == 403
    assert "Use a write key, on a server" in refused.json()["detail"]


PACKED = {"content-encoding": "gzip", "content-type": "application/json"}


def test_a_body_may_be_packed_with_gzip(post, kinds):
    packed = gzip.compress(json.dumps({"batch": [TRACK]}).encode())
    assert post("/v1/batch", packed, headers=PACKED).json() == {"success": True}
    assert kinds() == ["Looked"]


@pytest.mark.parametrize(
    ("packed", "headers", "says"),
    [
        (gzip.compress(b" " * 50_000_000, mtime=0), PACKED, "Send it in parts"),
        (gzip.compress(b"{}", mtime=0)[:-6], PACKED, "its end is missing"),
        (gzip.compress(b"{}", mtime=0) + b"x", PACKED, "something follows it"),
        (b"{}", PACKED, "packed with gzip and is not"),
        (b"{}", {"content-encoding": "br"}, "in a way we do not know"),
    ],
)
def test_a_bomb_or_what_is_packed_wrongly_is_refused(post, kinds, packed, headers, says):
    answer = post("/v1/batch", packed, headers=headers)
    assert answer.status_code == 400
    assert says in answer.json()["detail"]
    assert kinds() == []


def test_the_key_of_an_event_in_a_batch_counts_for_nothing(post, kinds):
    assert post("/v1/batch", {"batch": [TRACK | {"writeKey": "somebody-elses"}]}).json() == {"success": True}
    assert kinds() == ["Looked"]


def test_a_beacon_has_its_key_in_the_body_and_calls_itself_text(post, kinds, house, workspace):
    key = create_key(house.database, workspace, "browser")
    body = json.dumps({"batch": [TRACK], "writeKey": key}).encode()
    answer = post(
        "/v1/b", body, key="", headers={"content-type": "text/plain;charset=UTF-8", "origin": "https://s.example"}
    )
    assert answer.json() == {"success": True}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert kinds() == ["Looked"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_events_come_by_post(stranger, method):
    answer = stranger.request(method, "/v1/track")
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_analytics_js_is_told_to_send_here(stranger, house, workspace):
    key = create_key(house.database, workspace, "browser")
    answer = stranger.get(f"/v1/projects/{key}/settings")
    own = answer.json()["integrations"]["Segment.io"]
    assert (own["apiKey"], own["apiHost"], own["protocol"]) == (key, "testserver.local/v1", "http")
    assert answer.json()["metrics"]["sampleRate"] == 0
    head = stranger.head(f"/v1/projects/{key}/settings")
    assert (head.status_code, head.content) == (200, b"")
    assert stranger.get("/v1/projects/browser_unknown/settings").status_code == 401
    assert stranger.get(f"/v1/projects/{key}").status_code == 404
    secret = create_key(house.database, workspace, "write")
    refused = stranger.get(f"/v1/projects/{secret}/settings")
    assert refused.status_code == 403
    assert "does not belong in a page" in refused.json()["detail"]


def test_an_event_knows_with_which_key_it_came(post, house, workspace):
    post("/v1/track", TRACK)
    with house.database.workspace(workspace) as tx:
        source = tx.connection.execute("select source from store_event").fetchone()
    with house.database.shared() as tx:
        key = tx.connection.execute("select id from access_key where workspace = %s", (workspace,)).fetchone()
    assert source == key
