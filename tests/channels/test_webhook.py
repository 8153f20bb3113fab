"""A message to a system of somebody's: signed, the same however often it is tried, and nowhere inside."""

import hmac
from base64 import b64decode, b64encode

import msgspec
import pytest
from tests.channels.http_peer import SECRET
from tests.channels.mail import letter

from regulars.channels import open_channel
from regulars.settings import Settings
from regulars.speak.channel import Bounced, TryLater
from regulars.words.errors import Invalid


@pytest.fixture
def hook(database, workspace, http_peer, tmp_path):
    return opened(database, workspace, http_peer.url, tmp_path)


def opened(database, workspace, url, folder, *, private=True, secret=SECRET):
    settings = Settings(data=folder, outbound_private=private)
    return open_channel("webhook", settings, database, workspace, {"url": url, "secret": secret})


def deliver(channel, *letters):
    with channel.connect() as connection:
        for one in letters:
            connection.deliver(one)


def test_whoever_has_the_secret_knows_that_it_is_we(hook, http_peer):
    deliver(hook, letter(7))
    (one,) = http_peer.heard
    said = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    digest = hmac.digest(b64decode(SECRET.removeprefix("whsec_")), said, "sha256")
    assert one.headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"
    assert one.headers["content-type"] == "application/json"


def test_it_has_all_of_the_message(hook, http_peer):
    deliver(hook, letter(7, text="Labdien, Ķekava 🎁"))
    said = msgspec.json.decode(http_peer.heard[0].body)
    assert said["type"] == "message.send"
    assert said["data"]["to"] == "ann@x.example"
    assert (said["data"]["message"], said["data"]["channel"]) == (7, "email")
    assert (said["data"]["text"], said["data"]["html"]) == ("Labdien, Ķekava 🎁", "<p>Hello</p>")


def test_tried_again_it_is_the_same_message_to_whoever_receives_it(hook, http_peer):
    http_peer.status = 503
    with pytest.raises(TryLater, match="503"):
        deliver(hook, letter(7))
    http_peer.status = 204
    deliver(hook, letter(7))
    first, second = http_peer.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_what_was_not_taken_is_tried_later(hook, http_peer, status):
    http_peer.status = status
    with pytest.raises(TryLater, match=str(status)):
        deliver(hook, letter(1))
    assert len(http_peer.heard) == 1, "a redirect is not followed"


def test_what_is_gone_has_failed_and_nobody_s_address_is_at_fault(hook, http_peer):
    http_peer.status = 410
    with pytest.raises(Bounced) as refused:
        deliver(hook, letter(1))
    assert not refused.value.dead


def test_one_that_hangs_up_may_have_it_and_gets_it_again(hook, http_peer):
    http_peer.drop = True
    with pytest.raises(TryLater):
        deliver(hook, letter(1))


def test_nothing_is_sent_to_an_address_inside(database, workspace, http_peer, tmp_path):
    for url in (http_peer.url, http_peer.url.replace("http:", "https:")):
        with pytest.raises(TryLater):
            deliver(opened(database, workspace, url, tmp_path, private=False), letter(1))
    assert http_peer.heard == []


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_*", "whsec_" + "A" * 120])
def test_a_secret_that_is_none_is_refused(database, workspace, tmp_path, secret):
    with pytest.raises(Invalid) as refused:
        opened(database, workspace, "https://example.com/hook", tmp_path, secret=secret)
    assert refused.value.field == "secret"


@pytest.mark.parametrize("url", ["", "ftp://example.com", "https://", "https://u:p@example.com/", "nonsense"])
def test_an_address_that_is_none_is_refused(database, workspace, tmp_path, url):
    with pytest.raises(Invalid) as refused:
        opened(database, workspace, url, tmp_path)
    assert refused.value.field == "url"
