"""The page of returned mail: keys that sign, a provider that calls, a mailbox that is read; no secret is shown."""

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.keys import create_key
from regulars.channels.smtp import post


@pytest.fixture
def send(client, home):
    """Send a form of the page."""

    def to(path="", **fields):
        token = csrf(client.get(f"{home}/returned-mail").text)
        return client.post(f"{home}/returned-mail{path}", data={"csrf": token, **fields})

    return to


MAILBOX = {
    "box": "bounces@gifts.example",
    "host": "imap.gifts.example",
    "port": "993",
    "username": "b",
    "password": "s3cret!x",
}


def test_a_mailbox_and_a_provider_are_set_up_and_their_secrets_kept_and_not_shown(
    send, client, home, house, workspace, shop
):
    assert send(**MAILBOX, provider="postmark", provider_key="made up").status_code == 303
    page = client.get(f"{home}/returned-mail").text
    assert "s3cret!x" not in page
    assert "made up" not in page
    assert "regulars:PASSWORD@" in page
    assert f"/hooks/postmark/{workspace}" in page
    assert send(**MAILBOX | {"password": ""}, provider="postmark").status_code == 303, "left empty, it stays"
    with shop.tx() as tx:
        kept = post.secrets_of(post.standing(tx), house.vault, workspace)
        assert kept == {"password": "s3cret!x", "provider": "made up"}
        assert b"s3cret" not in tx.value(b"select secrets from smtp_return")
    entries = noted_in(house, workspace, action="returned.mail.changed")
    assert "s3cret" not in str(entries)
    assert send(**MAILBOX | {"host": "imap.other.example", "password": ""}).status_code == 400, (
        "another server gets no old one"
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("box", "bounces", "Write it as bounces@example.com"),
        ("box", "a+b@gifts.example", "Write it as bounces@example.com"),
        ("box", "a" * 30 + "@gifts.example", "24 characters"),
        ("host", "http://x", "Write it as mail.example.com"),
        ("host", "10.0.0.1", "Write it as mail.example.com"),
        ("port", "many", "1 to 65535"),
        ("username", "", "who logs in"),
        ("password", "", "without its password"),
        ("provider", "pigeon", "There is no provider"),
        ("provider", "ses", "Without its key"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(send, field, value, words):
    answer = send(**MAILBOX | {field: value})
    assert answer.status_code == 400
    assert words in answer.text
    assert "s3cret" not in answer.text


def test_a_key_is_made_shown_for_dns_checked_and_dropped(send, client, home, monkeypatch, house, workspace):
    assert send("/dkim", domain="no domain").status_code == 400
    assert send("/dkim", domain="Gifts.example").status_code == 303
    page = client.get(f"{home}/returned-mail").text
    assert "v=DKIM1; k=rsa; p=" in page
    assert "._domainkey.gifts.example" in page
    monkeypatch.setattr(post, "ask_dns", lambda _: [])
    send("/dkim/gifts.example/check")
    assert "not in DNS yet" in client.get(f"{home}/returned-mail").text
    assert send("/dkim/nowhere.example/check").status_code == 404
    assert send("/dkim/gifts.example/drop").status_code == 303
    assert "v=DKIM1" not in client.get(f"{home}/returned-mail").text
    done = [one.action for one in noted_in(house, workspace) if one.action.startswith("dkim.")]
    assert done == ["dkim.key.made", "dkim.key.checked", "dkim.key.dropped"]


def test_programs_set_it_up_with_an_admin_key_and_are_told_no_secret(stranger, house, workspace):
    header = {
        scope: {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}
        for scope in ("read", "admin")
    }
    assert stranger.get("/api/returned-mail", headers=header["read"]).status_code == 403
    body = MAILBOX | {"port": 993}
    answer = stranger.put("/api/returned-mail", headers=header["admin"], json=body)
    assert (answer.status_code, answer.json()["box"]) == (200, MAILBOX["box"])
    assert "s3cret" not in stranger.get("/api/returned-mail", headers=header["admin"]).text
