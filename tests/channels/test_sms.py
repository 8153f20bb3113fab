"""Text messages by a gateway over HTTP: what it is asked, and what its answers mean."""

from decimal import Decimal
from urllib.parse import parse_qsl

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.channels.http_peer import TEXTS
from tests.channels.mail import letter

from regulars.channels import adapter_of, hear, open_channel
from regulars.channels.sms.fields import price_of
from regulars.channels.sms.request import written
from regulars.settings import Settings
from regulars.speak.channel import Bounced, Call, TryLater, Uncertain
from regulars.words.errors import Invalid

KINDS = ("application/json", "application/x-www-form-urlencoded", "")
TWILIO = {
    "url": "https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
    "method": "POST",
    "form": "form",
    "body": "To={to}\nFrom={from}\nBody={text}",
    "headers": "Authorization: Basic {basic}",
    "user": "AC1",
    "secret": "token",
    "sender": "+15005550006",
    "id_at": "sid",
    "report_id": "MessageSid",
    "report_status": "MessageStatus",
    "report_failed": "failed, undelivered",
    "reply_from": "From",
    "reply_text": "Body",
    "reply_id": "MessageSid",
}
"""As Twilio's reference of messages has it."""


def text(number=1, words="Hello {to} & co", **more):
    return letter(number, "+37120000001", text=words, html="", headers={}, channel="sms", **more)


@pytest.fixture
def gateway(database, workspace, http_peer, tmp_path):
    def opened(**more):
        values = {**TEXTS, "url": http_peer.url, **more}
        return open_channel("sms", Settings(data=tmp_path, outbound_private=True), database, workspace, values)

    return opened


def deliver(channel, *letters):
    with channel.connect() as connection:
        for one in letters:
            connection.deliver(one)


@given(words=st.text(), secret=st.text(st.characters(codec="ascii", exclude_categories=["C"])))
def test_no_text_breaks_out_of_its_place(words, secret):
    asked = written({**TEXTS, "url": "https://x.example/{text}?a={text}", "secret": secret}, "+37120000001", words, 1)
    assert msgspec.json.decode(asked.body) == {"to": "+37120000001", "text": words, "from": "Gifts", "id": "1"}
    assert set(asked.url) <= set("https:/x.exampl?a=%0123456789ABCDEF" + "-._~") | set(map(chr, range(48, 123)))
    assert asked.url.count("/") == 3 + 0
    form = written({**TWILIO, "secret": secret}, "+37120000001", words, 1)
    assert dict(parse_qsl(form.body.decode(), keep_blank_values=True))["Body"] == words
    assert "\n" not in form.headers["authorization"]


def test_it_is_asked_as_it_wants_to_be(gateway, http_peer):
    deliver(gateway(headers="X-Token: {secret}\nAccept: application/json", secret="s3"), text())
    (one,) = http_peer.heard
    assert (one.headers["x-token"], one.headers["content-type"]) == ("s3", "application/json")
    assert msgspec.json.decode(one.body)["text"] == "Hello {to} & co"
    deliver(gateway(method="GET", form="none", body="", url=http_peer.url + "?to={digits}&text={text}"), text())
    assert http_peer.heard[1].path == "/messages?to=37120000001&text=Hello%20%7Bto%7D%20%26%20co"


@pytest.mark.parametrize(("status", "means"), [(400, Bounced), (422, Bounced), (401, TryLater), (403, TryLater),
    (429, TryLater), (503, TryLater), (302, TryLater), (500, Uncertain), (502, Uncertain)])  # fmt: skip
def test_what_an_answer_means(gateway, http_peer, status, means):
    http_peer.status, http_peer.said = status, b'{"problem": "no money"}'
    with pytest.raises(means, match="no money"):
        deliver(gateway(), text())


def test_a_gateway_that_says_no_with_200_is_heard(gateway, http_peer):
    http_peer.said = b'{"messages": [ {"status": "2", "error": "Missing to"} ]}'
    with pytest.raises(Bounced, match="Missing to"):
        deliver(gateway(proof='"status":"0"'), text())
    http_peer.said = b'{"messages": [ {"status": "0"} ]}'
    deliver(gateway(proof='"status":"0"'), text())


def test_one_that_hangs_up_may_have_sent_it(gateway, http_peer):
    http_peer.drop = True
    with pytest.raises(Uncertain):
        deliver(gateway(), text())
    with pytest.raises(TryLater, match="takes no connection"):
        deliver(gateway(url="http://127.0.0.1:1/"), text())


def test_what_a_gateway_says_shows_no_secret(gateway, http_peer):
    http_peer.status, http_peer.said = 400, b"wrong token s3cr3t"
    with pytest.raises(Bounced) as refused:
        deliver(gateway(secret="s3cr3t", headers="X-Token: {secret}"), text())
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize(("field", "value"), [
    ("url", "nonsense"), ("url", "https://{host}/"), ("body", "{"), ("body", '{"to": "{who}"}'), ("headers", "X"),
    ("headers", "Host: inside"), ("headers", "X-A: {nobody}"), ("price", "cheap"), ("price", "NaN"), ("price", "-1"),
    ("currency", "euro"), ("reply_from", "msisdn"),
])  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(field, value):
    with pytest.raises(Invalid) as refused:
        adapter_of("sms").check({**TEXTS, "url": "https://x.example/", field: value})
    assert refused.value.field == ("reply_text" if field == "reply_from" else field)


def test_a_price_is_money():
    assert price_of({"price": "0.045"}) == Decimal("0.045")
    assert price_of({}) is None


def test_a_report_is_about_the_message_that_the_gateway_took(database, workspace, gateway, http_peer, now):
    http_peer.said = b'{"sid": "SM77"}'
    deliver(gateway(id_at="sid"), text(41))
    told = {"MessageSid": "SM77", "MessageStatus": "undelivered"}
    (back,) = called(database, workspace, now, TWILIO, told).returns
    assert (back.what, back.message_id) == ("soft", 41)
    assert called(database, workspace, now, TWILIO, told | {"MessageStatus": "delivered"}).returns == ()
    assert called(database, workspace, now, TWILIO, told | {"MessageSid": "SM78"}).returns == ()


def test_an_answer_has_its_number_and_its_text(database, workspace, now):
    (reply,) = called(database, workspace, now, TWILIO, {"From": "37120000001", "Body": "2", "MessageSid": "x"}).replies
    assert (reply.address, reply.text, reply.key) == ("+37120000001", "2", "sms reply x")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(body=st.binary(max_size=300), kind=st.sampled_from(KINDS),
       query=st.text(max_size=60))  # fmt: skip
def test_whatever_is_told_is_read_or_let_be(database, workspace, now, body, kind, query):
    with database.workspace(workspace) as tx:
        hear(tx, "sms", TWILIO | {"report_id": "0.a.b"}, Call(query, kind, body), now)


def called(database, workspace, now, values, told):
    call = Call("", "application/json; charset=utf-8", msgspec.json.encode(told))
    with database.workspace(workspace) as tx:
        return hear(tx, "sms", values, call, now)
