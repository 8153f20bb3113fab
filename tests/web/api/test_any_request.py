"""Whatever is sent to the protocol, and however, is taken or refused on purpose: never a 500."""

import gzip

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.access.keys import create_key

ADDRESSES = [
    "identify",
    "track",
    "page",
    "screen",
    "group",
    "alias",
    "batch",
    "import",
    "b",
    "m",
    "",
    "%00",
    "projects/x",
]
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner))
CALL = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(ADDRESSES) | JSON,
        "userId": st.just("u-1") | JSON,
        "anonymousId": st.just("a-1") | JSON,
        "event": st.just("Looked") | JSON,
        "traits": JSON,
        "context": JSON,
        "properties": JSON,
        "timestamp": st.datetimes().map(str) | JSON,
        "sentAt": st.datetimes().map(str) | JSON,
        "messageId": JSON,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_request_is_answered_with_500(stranger, house, workspace, data):
    key = create_key(house.database, workspace, data.draw(st.sampled_from(["write", "browser"])))
    body = data.draw(
        st.binary(max_size=200) | (CALL | st.fixed_dictionaries({"batch": st.lists(CALL) | JSON})).map(text)
    )
    headers = {"authorization": f"Bearer {key}"}
    if data.draw(st.booleans()):
        body, headers["content-encoding"] = gzip.compress(body), "gzip"
    method = data.draw(st.sampled_from(["POST"] * 8 + ["GET", "HEAD", "OPTIONS", "DELETE"]))
    answer = stranger.request(method, f"/v1/{data.draw(st.sampled_from(ADDRESSES))}", content=body, headers=headers)
    assert answer.status_code < 500, answer.text


def text(call):
    import json

    return json.dumps(call).encode(errors="surrogatepass")
