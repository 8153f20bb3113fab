"""Providers call us about mail: what is theirs is taken once, and whatever is not is refused and logged."""

import json
from datetime import timedelta

import pytest
from tests.web import provider_calls as calls

from regulars.channels.smtp import post
from regulars.channels.smtp.post import Wanted
from regulars.channels.smtp.providers import ses
from regulars.decide import suppressions
from regulars.outbound import Answer, Outbound
from regulars.words.clock import utc_now

TO = "ieva@post.example"
DEAD = "5.1.1 550 no such user"
BOUNCES = {
    "sendgrid": [
        {
            "event": "bounce",
            "type": "bounce",
            "email": TO,
            "sg_event_id": "e1",
            "status": "5.1.1",
            "reason": "550 no such user",
        }
    ],
    "postmark": {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 7,
        "Email": TO,
        "Description": DEAD,
        "MessageID": "x",
    },
    "mailgun": {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "recipient": TO,
        "id": "x",
        "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
    },
    "resend": {"type": "email.bounced", "data": {"to": [TO], "bounce": {"type": "Permanent", "message": DEAD}}},
    "ses": {
        "eventType": "Bounce",
        "mail": {"headers": []},
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "feedbackId": "f",
            "bouncedRecipients": [{"emailAddress": TO, "status": "5.1.1", "diagnosticCode": DEAD}],
        },
    },
}
COMPLAINTS = {
    "sendgrid": [{"event": "spamreport", "email": TO, "sg_event_id": "e2"}],
    "postmark": {"RecordType": "SpamComplaint", "ID": 8, "Email": TO},
    "mailgun": {"event": "complained", "recipient": TO},
    "resend": {"type": "email.complained", "data": {"to": [TO]}},
    "ses": {
        "notificationType": "Complaint",
        "complaint": {"feedbackId": "g", "complainedRecipients": [{"emailAddress": TO}]},
    },
}
OF_NO_ACCOUNT = {
    "sendgrid": [{"event": "delivered", "email": TO, "sg_event_id": "e3"}, {"event": "open", "sg_event_id": "e4"}],
    "postmark": {"RecordType": "Open", "Email": TO},
    "mailgun": {"event": "failed", "severity": "temporary", "recipient": TO},
    "resend": {"type": "email.clicked", "data": {"to": [TO]}},
    "ses": {"eventType": "Delivery"},
}
PROVIDERS = sorted(BOUNCES)


@pytest.fixture(autouse=True)
def aws(monkeypatch):
    """Stand in for Amazon, which is asked for its certificate and costs money; what was asked for."""
    asked = []

    def get(self, url, headers=None):
        asked.append(url)
        return Answer(200, calls.certificate())

    monkeypatch.setattr(Outbound, "get", get)
    ses.HELD.clear()
    return asked


@pytest.fixture
def called(shop, stranger, workspace):
    """Set up a provider, and return what calls as it."""

    def begin(provider, *, to=workspace):
        with shop.tx() as tx:
            key = Wanted(provider=provider, provider_key=calls.KEYS[provider])
            post.keep(tx, key, shop.house.vault, workspace, utc_now())

        def call(told, at=None, **more):
            headers, body = getattr(calls, provider)(at or utc_now(), told, **more)
            return stranger.post(f"/hooks/{provider}/{to}", content=body, headers=headers)

        return call

    return begin


def listed(shop):
    shop.work()
    with shop.tx() as tx:
        return [(one.address, one.why) for one in suppressions.part(tx, limit=9)]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_a_provider_tells_is_taken_once(called, shop, provider):
    call = called(provider)
    first = call(BOUNCES[provider])
    assert (first.status_code, first.json()) == (200, {"taken": 1})
    assert call(BOUNCES[provider]).json() == {"taken": 0}
    assert listed(shop) == [(TO, "bounced")]
    with shop.tx() as tx:
        (one,) = suppressions.part(tx, limit=9)
        assert "no such user" in one.reason


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_complaint_is_heard_from_each(called, shop, provider):
    assert called(provider)(COMPLAINTS[provider]).json() == {"taken": 1}
    assert listed(shop) == [(TO, "complained")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_they_count_themselves_is_left_alone(called, shop, provider):
    assert called(provider)(OF_NO_ACCOUNT[provider]).json() == {"taken": 0}
    assert listed(shop) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_call_that_is_not_theirs_is_refused_and_changes_nothing(called, shop, stranger, workspace, provider, capsys):
    call = called(provider)
    other = {
        "sendgrid": calls.ec.generate_private_key(calls.ec.SECP256R1()),
        "postmark": "guessed",
        "mailgun": "guessed",
        "resend": b"guessed",
        "ses": calls.rsa.generate_private_key(65537, 2048),
    }[provider]
    assert call(BOUNCES[provider], key=other).status_code == 403
    headers, body = getattr(calls, provider)(utc_now(), BOUNCES[provider])
    assert stranger.post(f"/hooks/{provider}/{workspace}", content=body).status_code in {
        401,
        200 if not headers else 401,
        200,
    }
    if provider != "postmark":
        assert call(BOUNCES[provider], at=utc_now() - timedelta(days=3)).status_code == 403, "it is old"
        assert call(BOUNCES[provider], at=utc_now() + timedelta(days=3)).status_code == 403, "it is of tomorrow"
    if provider in {"sendgrid", "resend"}:
        changed = body.replace(b"ieva", b"anna")
        assert stranger.post(f"/hooks/{provider}/{workspace}", content=changed, headers=headers).status_code == 403
    unsigned = {"mailgun": b"{}", "ses": b"{}"}.get(provider, body)
    assert stranger.post(f"/hooks/{provider}/{workspace}", content=unsigned).status_code == 401
    assert "a call that is no provider's was refused" in capsys.readouterr().out


@pytest.mark.parametrize("provider", PROVIDERS)
def test_another_workspace_and_one_that_is_not_there_answer_alike(called, house, shop, stranger, provider):
    called(provider)
    headers, body = getattr(calls, provider)(utc_now(), BOUNCES[provider])
    nowhere = stranger.post(f"/hooks/{provider}/nowhere", content=body, headers=headers)
    with shop.tx() as tx:
        post.keep(tx, Wanted(), shop.house.vault, shop.workspace, utc_now())
    here = stranger.post(f"/hooks/{provider}/{shop.workspace}", content=body, headers=headers)
    assert (nowhere.status_code, here.status_code) == (403, 403)
    assert nowhere.json()["detail"] == here.json()["detail"]


def test_a_provider_that_there_is_not_is_told_so(stranger, workspace):
    assert stranger.post(f"/hooks/pigeon/{workspace}", content=b"{}").status_code == 404


def test_only_a_topic_of_ours_by_a_certificate_of_amazons_is_believed(called, aws):
    call, told = called("ses"), BOUNCES["ses"]
    assert call(told, topic="arn:aws:sns:eu-west-1:999999999999:other").status_code == 403
    amazon = "sns.eu-west-1.amazonaws.com"
    for host in ("evil.example", f"{amazon}.evil.example", f"{amazon}@evil.example", f"{amazon}:8", "s3.amazonaws.com"):
        assert call(told, SigningCertURL=f"https://{host}/x.pem").status_code == 403
    for elsewhere in (f"http://{amazon}/x.pem", f"https://{amazon}/x", "", "//", "https://[/x.pem"):
        assert call(told, SigningCertURL=elsewhere).status_code == 403
    assert aws == [], "nothing else was asked"
    assert call(told, version="3").status_code == 403
    assert call(told, version="1").json() == {"taken": 1}


def test_a_topic_that_asks_is_confirmed_at_amazon_and_nowhere_else(called, aws):
    call = called("ses")
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    more = {"Type": "SubscriptionConfirmation", "Token": "t"}
    assert call({}, SubscribeURL="https://evil.example/", **more).status_code == 200
    assert call({}, SubscribeURL=url, **more).status_code == 200
    assert aws == [calls.CERTIFICATE_AT, url]


def test_the_mark_in_what_a_provider_repeats_says_which_message_it_was(called, shop, workspace):
    with shop.tx() as tx:
        mark = post.marks(tx, workspace).of(1)
    told = {**BOUNCES["postmark"], "Email": "somebody@else.example", "Metadata": {"regulars": mark}}
    assert called("postmark")(told).json() == {"taken": 1}
    assert listed(shop) == [(TO, "bounced")]


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"RecordType": 5}', json.dumps({"ID": "x"}).encode()])
def test_what_a_provider_would_not_write_is_told_so(called, stranger, workspace, body):
    called("postmark")
    headers, _ = calls.postmark(utc_now(), {})
    assert stranger.post(f"/hooks/postmark/{workspace}", content=body, headers=headers).status_code == 400
