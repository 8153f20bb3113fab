"""Gateways by the library Apprise: only those that go where the library says, and what their answers tell."""

import logging
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from apprise.manager_plugins import NotificationManager
from tests.channels.mail import letter

from regulars.channels import adapter_of, open_channel
from regulars.channels.apprise import gateway
from regulars.channels.apprise.library import SERVICES
from regulars.settings import Settings
from regulars.speak.channel import Bounced, TryLater, Uncertain
from regulars.words.errors import Invalid

TWILIO = "twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@+15005550006/{digits}"


@pytest.fixture
def opened(database, workspace, tmp_path):
    def by(url, *, private=False):
        return open_channel(
            "apprise", Settings(data=tmp_path, outbound_private=private), database, workspace, {"url": url}
        )

    return by


@pytest.fixture
def peer(opened, http_peer):
    """A service that goes to the peer of the test."""
    return opened(http_peer.url.replace("http:", "json:") + "/{digits}", private=True)


def deliver(channel):
    with channel.connect() as connection:
        connection.deliver(letter(1, "+37120000001", text="Hello", channel="sms"))


@pytest.mark.parametrize("scheme", SERVICES)
def test_what_can_be_used_goes_to_one_host_of_the_library_and_encrypted(scheme):
    plugin = NotificationManager()[scheme]
    url = urlsplit(plugin.notify_sms_url if scheme == "twilio" else plugin.notify_url)
    assert url.scheme == "https"
    assert "{" not in url.netloc
    assert "host" not in plugin.template_tokens
    with pytest.raises(ValueError, match="does not appear to be an"):
        ip_address(url.hostname)


@pytest.mark.parametrize("url", [
    "json://127.0.0.1/{digits}", "form://10.0.0.1/{digits}", "xml://localhost/{digits}", "mailto://x:y@z.example/{to}",
    "file:///etc/{digits}", "smpp://u:p@inside/{digits}", "signal://inside/1/{digits}", "JSONS://inside/{digits}",
    " json://inside/{digits}", "syslog://{digits}", "dbus://{digits}", "apprise://inside/t/{digits}",
])  # fmt: skip
def test_what_goes_wherever_its_address_says_is_refused(opened, url):
    with pytest.raises(Invalid, match="not among the gateways"):
        opened(url)


@pytest.mark.parametrize("url", [
    "twilio://AC1/{digits}", "twilio://{digits}", "nonsense {digits}", "vonage://{who}/1", "",
    "twilio://SID:TOKEN@+15005550006/+37120000001",
])  # fmt: skip
def test_an_address_that_cannot_be_is_refused_at_its_field(url):
    with pytest.raises(Invalid) as refused:
        adapter_of("apprise").check({"url": url})
    assert refused.value.field == "url"


def test_a_real_gateway_is_taken(opened):
    opened(TWILIO).close()


def test_a_message_goes_to_the_number_of_whoever_it_is_for(peer, http_peer):
    deliver(peer)
    (one,) = http_peer.heard
    assert one.path == "/messages/37120000001"
    assert b"Hello" in one.body


@pytest.mark.parametrize(("status", "means"), [(400, Bounced), (401, TryLater), (429, TryLater), (503, TryLater),
                                               (500, Uncertain)])  # fmt: skip
def test_what_an_answer_means(peer, http_peer, status, means):
    http_peer.status = status
    with pytest.raises(means, match=str(status)):
        deliver(peer)
    assert len(http_peer.heard) == 1


def test_a_redirect_is_not_followed(peer, http_peer):
    http_peer.status = 302
    with pytest.raises(Exception, match="302"):
        deliver(peer)


def test_one_that_hangs_up_may_have_it_and_one_that_is_not_there_has_not(opened, peer, http_peer):
    http_peer.drop = True
    with pytest.raises(Uncertain):
        deliver(peer)
    with pytest.raises(TryLater):
        deliver(opened("json://127.0.0.1:1/{digits}", private=True))


def test_nothing_of_a_customer_stands_in_a_log(peer, http_peer):
    http_peer.status, said = 400, []

    class Ear(logging.Handler):
        def emit(self, record):
            said.append(record)

    ear = Ear(logging.DEBUG)
    logging.getLogger().addHandler(ear)
    try:
        with pytest.raises(Bounced):
            deliver(peer)
    finally:
        logging.getLogger().removeHandler(ear)
    assert [one.getMessage() for one in said if one.name.startswith("apprise")] == []


def test_where_the_library_is_not_there_it_says_what_to_install(opened, monkeypatch):
    monkeypatch.setattr(gateway, "find_spec", lambda _: None)
    with pytest.raises(Invalid, match=r"regulars\[apprise\]"):
        opened(TWILIO)
