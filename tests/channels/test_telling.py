"""A plain mail from the house to somebody of its team."""

import socket
from email import message_from_bytes
from email.policy import default

import pytest

from regulars.channels.smtp.telling import tell
from regulars.settings import Settings


@pytest.fixture
def settings(mail_server, tmp_path):
    url = f"smtp://127.0.0.1:{mail_server.port}"
    return Settings(data=tmp_path, smtp_url=url, base_url="https://say.shop.example")


def test_somebody_of_the_team_gets_a_plain_mail_from_the_house(settings, mail_server):
    assert tell(settings, "ann@x.example", "Come in", "Hello Ann,\n小明 waits.\n")
    ((to, raw),) = mail_server.mails
    mail = message_from_bytes(raw, policy=default)
    assert (to, mail["Subject"], mail["From"]) == ("ann@x.example", "Come in", "Regulars <regulars@say.shop.example>")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["Hello Ann,", "小明 waits."]


def test_the_house_may_have_a_sender_of_its_own(mail_server, tmp_path):
    url = f"smtp://127.0.0.1:{mail_server.port}"
    settings = Settings(data=tmp_path, smtp_url=url, team_sender='"Shop, Inc." <it@shop.example>')
    assert tell(settings, "ann@x.example", "Come in", "Hello")
    assert message_from_bytes(mail_server.mails[0][1], policy=default)["From"] == '"Shop, Inc." <it@shop.example>'


def test_without_a_mail_server_nobody_is_told(tmp_path):
    assert not tell(Settings(data=tmp_path), "ann@x.example", "Come in", "Hello")
    assert not tell(Settings(data=tmp_path, smtp_url="mail.example"), "ann@x.example", "Come in", "Hello")


@pytest.mark.parametrize("recipient", ["nobody@x.example", "no address", "ann@x.example\r\nRCPT TO:<b@x.example>"])
def test_a_mail_that_is_refused_raises_nothing(settings, mail_server, recipient):
    mail_server.answers["rcpt", "nobody@x.example"] = "550 5.1.1 no such user"
    assert not tell(settings, recipient, "Come in", "Hello")
    assert mail_server.mails == []


def test_a_subject_cannot_smuggle_a_header_in(settings, mail_server):
    assert not tell(settings, "ann@x.example", "Come in\r\nBcc: all@x.example", "Hello")
    assert mail_server.mails == []


def test_a_mail_server_that_is_not_there_raises_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert not tell(Settings(data=tmp_path, smtp_url=f"smtp://127.0.0.1:{port}"), "ann@x.example", "Hi", "Hello")
