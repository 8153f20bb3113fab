import socket
from email import message_from_bytes
from email.policy import default

import dkim as verifier
import pytest
from tests.channels.mail import letter, serving

from regulars.access.vault import Vault
from regulars.channels import open_channel
from regulars.channels.smtp import line, post
from regulars.channels.smtp.address import Server, read_url
from regulars.channels.smtp.pool import Smtp
from regulars.channels.smtp.post import Wanted
from regulars.settings import Settings
from regulars.speak.channel import Bounced, TryLater, Uncertain
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid

LONG_LINK = "https://shop.example/u/" + "A1b2-_." * 30


@pytest.fixture
def smtp(mail_server):
    channel = Smtp(Server("127.0.0.1", mail_server.port, tls=False), connections=2)
    yield channel
    channel.close()


def deliver(smtp, envelope):
    with smtp.connect() as connection:
        connection.deliver(envelope)


def test_the_mail_has_text_and_html_and_can_be_left_with_one_click(smtp, mail_server):
    headers = {"List-Unsubscribe": f"<{LONG_LINK}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    deliver(smtp, letter(5, subject="Für 小明", text=".\nHi\n..", html="<p>ü</p>", headers=headers))
    ((to, raw),) = mail_server.mails
    mail = message_from_bytes(raw, policy=default)
    assert to == "ann@x.example"
    assert mail["Subject"] == "Für 小明"
    assert mail["Message-ID"] == "<regulars.5@gifts.example>"
    assert f"List-Unsubscribe: <{LONG_LINK}>\r\n".encode() in raw
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_body(("plain",)).get_content().split() == [".", "Hi", ".."]
    assert mail.get_body(("html",)).get_content().strip() == "<p>ü</p>"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_a_header_cannot_be_smuggled_in(smtp, mail_server):
    with pytest.raises(Bounced) as refused:
        deliver(smtp, letter(1, subject="Hi\r\nBcc: all@x.example"))
    assert not refused.value.dead
    assert mail_server.mails == []


@pytest.mark.parametrize("address", ["", "ann", "ann@", "@x.example", "a b", "ann@x.example\r\nRCPT TO:<b@x.example>"])
def test_what_is_not_an_address_is_not_sent_to(smtp, mail_server, address):
    with pytest.raises(Bounced):
        deliver(smtp, letter(1, recipient=address))
    assert mail_server.mails == []


def test_a_domain_of_another_script_is_written_as_dns_knows_it(smtp, mail_server):
    deliver(smtp, letter(1, recipient="ann@müller.example"))
    assert mail_server.mails[0][0] == "ann@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("stage", "answer", "dead"),
    [
        ("rcpt", "550 5.1.1 no such user", True),
        ("rcpt", "550 user unknown", True),
        ("rcpt", "554 5.7.1 blocked by policy", False),
        ("data", "554 5.6.0 we do not like what it says", False),
        ("data", "550 5.1.1 no such user", True),
    ],
)
def test_a_refusal_for_good_bounces_and_condemns_the_address_only_where_it_is_at_fault(
    smtp, mail_server, stage, answer, dead
):
    mail_server.answers[stage, "ann@x.example"] = answer
    with smtp.connect() as connection:
        with pytest.raises(Bounced) as bounced:
            connection.deliver(letter(1))
        connection.deliver(letter(2, recipient="bob@x.example"))
    assert (bounced.value.dead, bounced.value.reason) == (dead, answer)
    assert [to for to, _ in mail_server.mails] == ["bob@x.example"]


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("rcpt", "451 4.7.1 come back later"), ("data", "452 4.2.2 mailbox full"), ("rcpt", "drop")],
)
def test_what_passes_is_tried_later(smtp, mail_server, stage, answer):
    mail_server.answers[stage, "ann@x.example"] = answer
    with pytest.raises(TryLater):
        deliver(smtp, letter(1))
    deliver(smtp, letter(2, recipient="bob@x.example"))
    assert [to for to, _ in mail_server.mails] == ["bob@x.example"]


def test_a_server_that_does_not_take_mail_from_us_condemns_nobody(smtp, mail_server):
    mail_server.answers["mail", "hello@gifts.example"] = "550 5.7.1 not from you"
    with pytest.raises(TryLater):
        deliver(smtp, letter(1))


@pytest.mark.parametrize("answer", ["drop", "drop after keeping"])
def test_a_line_that_breaks_while_the_message_is_sent_leaves_it_uncertain(smtp, mail_server, answer):
    mail_server.answers["data", "ann@x.example"] = answer
    with pytest.raises(Uncertain):
        deliver(smtp, letter(1))
    deliver(smtp, letter(2, recipient="bob@x.example"))


def test_connections_are_kept_open(smtp, mail_server):
    for number in range(5):
        deliver(smtp, letter(number))
    assert len(mail_server.mails) == 5
    assert mail_server.connections == 1


def test_a_server_that_is_not_there_is_tried_later():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TryLater, match="does not answer"):
        deliver(Smtp(Server("127.0.0.1", port, tls=False)), letter(1))


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_it_logs_in_and_a_wrong_password_costs_no_message():
    with serving(password="right") as server:
        deliver(Smtp(Server("127.0.0.1", server.port, tls=False, user="shop", password="right")), letter(1))
        assert len(server.mails) == 1
        with pytest.raises(TryLater) as refused:
            deliver(Smtp(Server("127.0.0.1", server.port, tls=False, user="shop", password="wr0ng")), letter(2))
        assert "wr0ng" not in refused.value.reason


def test_a_password_is_not_sent_in_the_clear_to_another_machine(mail_server, monkeypatch):
    monkeypatch.setattr(line, "_is_here", lambda _: False)
    with pytest.raises(TryLater, match="no encryption"):
        deliver(Smtp(Server("127.0.0.1", mail_server.port, tls=False, user="shop", password="right")), letter(1))


def test_the_setting_is_read_and_its_password_never_repeated():
    assert read_url("smtps://a%40b:p%2Fw@mx.example") == Server("mx.example", 465, tls=True, user="a@b", password="p/w")
    assert read_url("smtp://mx.example:25") == Server("mx.example", 25, tls=False)
    for wrong in ("", "http://x", "smtp://", "smtp://u:secret@h:port"):
        with pytest.raises(Invalid) as refused:
            read_url(wrong)
        assert "secret" not in str(refused.value)


def test_a_mail_is_signed_marked_and_returned_to_where_it_is_read(database, workspace, mail_server, tmp_path):
    settings = Settings(data=tmp_path, smtp_url=f"smtp://127.0.0.1:{mail_server.port}")
    now, vault = utc_now(), Vault(settings)
    with database.workspace(workspace) as tx:
        post.keep(tx, Wanted(box="bounces@gifts.example", provider="postmark", provider_key="x"), vault, workspace, now)
        key = post.make_key(tx, "gifts.example", vault, workspace, now)
        assert post.check_key(tx, "gifts.example", now, lambda _: []).found == "missing"
        assert post.check_key(tx, "gifts.example", now, lambda _: ["v=DKIM1; p="]).found == "other"
        assert post.signers(tx, vault, workspace) == {}, "not before DNS has it"
        asked = []

        def dns(name):
            asked.append(name)
            return ["v=spf1 -all", key.record]

        assert post.check_key(tx, "gifts.example", now, dns).live_at == now
        assert asked == [f"{key.selector}._domainkey.gifts.example"]
        marks = post.marks(tx, workspace)
        assert b"PRIVATE" not in tx.value(b"select key from smtp_dkim")
    channel = open_channel("smtp", settings, database, workspace)
    deliver(channel, letter(7))
    channel.close()
    ((_, raw),) = mail_server.mails
    mail = message_from_bytes(raw, policy=default)
    assert mail_server.senders == [marks.address("bounces@gifts.example", "r", 7)]
    assert mail["X-Regulars-Message"] == mail["X-PM-Metadata-regulars"] == marks.of(7)
    assert mail["List-Unsubscribe"].startswith("<https://shop.example/u/abc>, <mailto:bounces+u-")
    assert verifier.verify(raw, dnsfunc=lambda *_, **__: key.record.encode())


def test_a_key_that_cannot_be_opened_keeps_mail_back_and_costs_none(database, workspace, mail_server, tmp_path):
    settings = Settings(data=tmp_path / "one", smtp_url=f"smtp://127.0.0.1:{mail_server.port}")
    with database.workspace(workspace) as tx:
        key = post.make_key(tx, "gifts.example", Vault(settings), workspace, utc_now())
        post.check_key(tx, "gifts.example", utc_now(), lambda _: [key.record])
    other = Settings(data=tmp_path / "other", smtp_url=settings.smtp_url)
    with pytest.raises(TryLater, match="sealed with another key"):
        deliver(open_channel("smtp", other, database, workspace), letter(1))
    assert mail_server.mails == []
