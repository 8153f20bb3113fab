"""Whatever is sent to the API, it answers as it promised, or with a problem that says what is wrong."""

from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.web.api.document import document

OPERATIONS = [
    (method, path, told)
    for path, methods in document("http://x.example")["paths"].items()
    for method, told in methods.items()
]
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.text(max_size=40) | st.sampled_from(
    ["user:u-1", "for-mothers", "1", "-1", "9" * 30, "\0", "%", "../x", "é\u202e"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def requests(draw, told):
    """A request to an operation: its example, of which some places, fields or all are something else."""
    shown = {place: {} for place in ("path", "query", "header")}
    for one in told["parameters"]:
        value = one.get("example", "1")
        shown[one["in"]][one["name"]] = draw(st.just(value) | TEXTS)
    body = None
    if "requestBody" in told:
        example = told["requestBody"]["content"]["application/json"]["example"]
        changed = draw(st.dictionaries(st.sampled_from([*example, "strange"]), VALUES, max_size=3))
        body = draw(
            st.just(msgspec.json.encode({**example, **changed}))
            | VALUES.map(msgspec.json.encode)
            | st.binary(max_size=60)
        )
    return shown, body


@pytest.mark.parametrize("area", sorted({told["tags"][0] for _, _, told in OPERATIONS}))
def test_whatever_is_sent_is_answered_or_refused(shop, stranger, header, area):
    for method, path, told in OPERATIONS:
        if told["tags"] == [area]:
            _send_anything(stranger, header("admin"), method, path, told)


def _send_anything(client, key, method, path, told):
    @FEW
    @given(requests(told))
    def send(request):
        shown, body = request
        place = path.format(**{name: quote(str(value), safe="") or "x" for name, value in shown["path"].items()})
        query = [(name, str(value)) for name, value in shown["query"].items()]
        more = {"content-type": "application/json"} if body is not None else {}
        answer = client.request(method, place, params=query, headers=key | more, content=body)
        assert answer.status_code < 500, (place, shown, body, answer.text)
        assert "ratelimit-policy" in answer.headers
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]
        else:
            assert answer.headers["content-type"] in told["responses"][str(answer.status_code)]["content"]

    send()


def test_what_is_no_address_of_the_api_is_a_problem_too(ask, tell, stranger, header):
    for answer in (ask("/nowhere"), ask(""), stranger.put("/api/segments", headers=header("admin"), json={})):
        assert answer.headers["content-type"] == "application/problem+json"
    assert ask("/nowhere").status_code == 404
    wrong = stranger.put("/api/segments", headers=header("admin"), json={})
    assert (wrong.status_code, set(wrong.headers["allow"].split(", "))) >= (405, {"GET", "POST"})
    assert tell("/segments", {"name": "x", "title": "X"}).json()["errors"][0]["field"] == "rule"
    assert tell("/segments", {"name": 1, "title": "X", "rule": {}}).json()["errors"][0]["field"] == "name"
    assert tell("/segments", {"name": "x", "title": "X", "rule": {}, "y": 1}).json()["errors"][0]["field"] == "y"
    assert ask("/events", limit="many").json()["errors"][0]["field"] == "limit"
