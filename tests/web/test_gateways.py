"""Gateways tell what came of messages and what was answered, at an address that nobody guesses."""

import pytest

from regulars.channels import adapter_of
from regulars.hear.identities import find, intern
from regulars.speak import ways
from regulars.web.gateways import hook
from regulars.words.clock import utc_now

ANN = "+37120000001"
GATEWAY = {
    "url": "https://gateway.example/send",
    "body": '{"to": "{to}", "text": "{text}"}',
    "sender": "Gifts",
    "secret": "token",
    "reply_from": "from",
    "reply_text": "text",
    "reply_id": "id",
}


@pytest.fixture
def path(house, workspace):
    with house.database.workspace(workspace) as tx:
        ways.keep(tx, "sms", adapter_of("sms"), GATEWAY, (house.vault, workspace), utc_now())
        intern(tx, [("phone", ANN)])
    return hook(house, workspace, "sms").removeprefix("http://testserver.local")


def kinds(house, workspace):
    with house.database.workspace(workspace) as tx:
        return tx.values(
            b"select k.name from store_event e join store_kind k on k.id = e.kind"
            b" where e.identity_id = %(i)s order by e.seq",
            i=find(tx, ("phone", ANN)),
        )


def test_an_answer_is_taken_once_however_it_is_told(stranger, house, workspace, path):
    told = {"from": ANN, "text": "STOP", "id": "7"}
    assert stranger.post(path, json=told).status_code == 200
    assert stranger.post(path, data=told).status_code == 200
    assert stranger.get(path, params=told).status_code == 200
    assert kinds(house, workspace) == ["message.replied", "consent.changed"]


def test_a_call_that_is_forged_is_refused_and_changes_nothing(stranger, house, workspace, path):
    told = {"from": ANN, "text": "STOP"}
    base = path.rpartition("/")[0]
    for forged in (f"{base}/{'A' * 20}", path[:-1], path.replace("/sms/", "/email/"), f"{base}/é"):
        assert stranger.post(forged, json=told).status_code == 403, forged
    assert kinds(house, workspace) == []


def test_the_address_of_one_workspace_opens_no_other(stranger, house, workspace, path):
    assert stranger.post(path.replace(workspace, "another"), json={}).status_code == 403


def test_one_that_is_too_long_is_refused(stranger, path):
    assert stranger.post(path, content=b"x" * 300_000, headers={"content-type": "application/json"}).status_code == 413


def test_a_channel_without_a_way_is_not_called(stranger, house, workspace):
    path = hook(house, workspace, "sms").removeprefix("http://testserver.local")
    assert stranger.post(path, json={}).status_code == 404


def test_whatever_is_told_is_answered(stranger, path):
    for body in (b"", b"{", b"[]", b"[[[[", b"\xff\xfe", b'{"from": {"text": 1}}', b'{"from": null, "text": [1]}'):
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
            answered = stranger.post(path, content=body, headers={"content-type": kind})
            assert answered.status_code == 200, (body, kind)
