"""Channels for text messages, and systems of one's own: set up on their page, tested with a real gateway."""

from dataclasses import replace

import msgspec
import pytest
from litestar.testing import TestClient
from tests.channels.http_peer import answering
from tests.web.console_story import csrf

from regulars.access import brands
from regulars.access.workspaces import get_workspace
from regulars.speak import ways
from regulars.web.app import create_app

GATEWAY = {
    "of_method": "POST",
    "of_form": "json",
    "of_body": '{"to": "{to}", "text": "{text}"}',
    "of_headers": "X-Token: {secret}",
    "of_sender": "Gifts",
    "of_secret": "swordfish-0815",
    "of_price": "0.045",
    "of_currency": "EUR",
    "of_reply_from": "from",
    "of_reply_text": "text",
}


@pytest.fixture
def peer():
    with answering() as peer:
        yield peer


@pytest.fixture
def house(house):
    """A house that may reach the gateway of the tests."""
    return replace(house, settings=msgspec.structs.replace(house.settings, outbound_private=True))


@pytest.fixture
def stranger(house):
    with TestClient(create_app(house), base_url="http://testserver.local", raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def leaving(house, workspace):
    """Messages of the workspace leave the house."""
    known = get_workspace(house.database, workspace)
    names = ("title", "accent", "tone", "languages", "zone", "sender")
    with house.database.shared() as tx:
        brands.change_brand(tx, known, **{one: getattr(known, one) for one in names}, delivery="smtp")


def save(client, path, adapter, **fields):
    page = client.get(f"{path}?by={adapter}").text
    base = page.partition('name="base" value="')[2].partition('"')[0]
    return client.post(path, data={"csrf": csrf(page), "base": base, "adapter": adapter} | fields)


def send_test(client, path, address):
    page = client.get(path).text
    return client.post(f"{path}/test", data={"csrf": csrf(page), "address": address})


def test_a_gateway_is_set_up_and_a_test_goes_to_a_telephone(client, home, peer, leaving):
    path = f"{home}/channels/sms"
    assert save(client, path, "sms", of_url=peer.url, **GATEWAY).status_code == 303
    sent = send_test(client, path, "+371 2000 0001")
    assert "The other side took it" in sent.text
    (one,) = peer.heard
    assert one.headers["x-token"] == "swordfish-0815"
    assert msgspec.json.decode(one.body)["to"] == "+37120000001"
    assert "swordfish-0815" not in sent.text
    assert "It is 1 part long. It costs 0.045 EUR." in sent.text


def test_what_a_gateway_says_is_shown_as_it_is(client, home, peer, leaving):
    path = f"{home}/channels/sms"
    save(client, path, "sms", of_url=peer.url, **GATEWAY)
    peer.status, peer.said = 402, b'{"error": "No credit is left"}'
    sent = send_test(client, path, "+37120000001").text
    assert "It was not sent" in sent
    assert "No credit is left" in sent
    assert "the last test failed" in client.get(f"{home}/channels").text
    assert "is no telephone number" in send_test(client, path, "20000001").text


def test_a_gateway_is_given_an_address_to_tell_us_things(client, home, peer, workspace):
    path = f"{home}/channels/sms"
    assert "/hooks/" not in client.get(path).text
    save(client, path, "sms", of_url=peer.url, **GATEWAY)
    assert f"http://testserver.local/hooks/{workspace}/sms/" in client.get(path).text


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(client, home, shop):
    path = f"{home}/channels/sms"
    wrong = save(client, path, "sms", **GATEWAY | {"of_url": "https://x.example/", "of_body": '{"to": "{who}"}'})
    assert wrong.status_code == 400
    assert "There is no &#39;who&#39; to fill in" in wrong.text
    with shop.tx() as tx:
        assert ways.list_ways(tx) == []


def test_a_webhook_has_a_secret_of_ours_that_is_shown_once(client, home, peer, house, workspace, shop, leaving):
    path = f"{home}/channels/email"
    page = client.get(f"{path}?by=webhook").text
    secret = "whsec_" + page.partition('value="whsec_')[2].partition('"')[0]
    assert len(secret) > 40
    assert save(client, path, "webhook", of_url=peer.url, of_secret=secret).status_code == 303
    assert "whsec_" not in client.get(path).text
    with shop.tx() as tx:
        assert ways.values_of(ways.get(tx, "email"), house.vault, workspace)["secret"] == secret
    assert "The other side took it" in send_test(client, path, "ann@x.example").text
    assert peer.heard[0].headers["webhook-signature"].startswith("v1,")
