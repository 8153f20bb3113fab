"""The mailbox that mail is returned to, read from a real IMAP server with TLS: each mail once, and none deleted."""

from datetime import timedelta

import pytest
from tests.channels import imap_server
from tests.channels import returned_mails as mails
from tests.speak.scene import Post, Shop

from regulars.access.vault import Vault
from regulars.channels.smtp import post
from regulars.channels.smtp.post import Wanted
from regulars.channels.smtp.reader import read_box
from regulars.decide import intents
from regulars.settings import Settings


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory):
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as box:
        yield box


class Returning:
    """A shop that sent a mail to Ann and one to Bob, and reads what comes back."""

    def __init__(self, shop, mailbox, vault):
        self.shop, self.mailbox, self.vault, self.now = shop, mailbox, vault, shop.now
        with shop.tx() as tx:
            self.marks = post.marks(tx, shop.workspace)

    def set_up(self, **other):
        wanted = {"box": "bounces@gifts.example", "host": "localhost", "port": self.mailbox.port,
                  "username": imap_server.USER, "password": imap_server.PASSWORD} | other  # fmt: skip
        with self.shop.tx() as tx:
            post.keep(tx, Wanted(**wanted), self.vault, self.shop.workspace, self.now)

    def read(self, **other):
        self.now += timedelta(minutes=1)
        given = {"private": True, "context": self.mailbox.context} | other
        return read_box(self.shop.database, self.vault, self.shop.workspace, self.now, **given)

    def problem(self):
        with self.shop.tx() as tx:
            return post.standing(tx).problem

    def mark(self, name):
        with self.shop.tx() as tx:
            message = tx.value(
                b"select m.id from speak_message m join hear_identity h on h.id = m.identity_id where h.value = %(a)s",
                a=f"{name}@x.example",
            )
        return self.marks.of(message)


@pytest.fixture
def returning(database, workspace, now, mailbox, tmp_path):
    shop = Shop(database, workspace, now)
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann, bob)
    shop.campaign()
    with shop.tx() as tx:
        intents.intend_for_segment(tx, verb="say", name="spring", segment="gives", now=now)
    sender = shop.sender(Post())
    while sender.send_some(now):
        pass
    sender.close()
    return Returning(shop, mailbox, Vault(Settings(data=tmp_path)))


def test_what_comes_back_is_read_once_and_nothing_is_deleted(returning, mailbox):
    returning.set_up()
    assert returning.read() == 0, "what lies there already is not ours to read"
    before, _ = mailbox.holds()
    bounce = mails.report("5.1.1", "smtp; 550 5.1.1 no such user").replace("{mark}", returning.mark("ann"))
    spam = mails.ARF.replace("{kind}", "abuse").replace("{mark}", returning.mark("bob"))
    mailbox.arrives("From: a@x.example\n\nHello, is this still for sale?\n", bounce, spam, bounce)
    assert returning.read() == 3
    assert returning.read() == 0
    assert returning.problem() is None
    kinds = [name for name, *_ in returning.shop.events("message.bounced", "message.complained", "consent.changed")]
    assert kinds == ["message.bounced", "message.complained", "message.bounced", "consent.changed"]
    number, flags = mailbox.holds()
    assert number == before + 4
    assert b"Seen" not in flags.rpartition(b"%d (" % (before + 1))[2]


def test_a_crash_in_between_neither_loses_nor_repeats_a_mail(returning, mailbox, monkeypatch):
    returning.set_up()
    returning.read()
    bounce = mails.report("5.1.1", "smtp; 550 5.1.1 no such user").replace("{mark}", returning.mark("ann"))
    mailbox.arrives(bounce)
    from regulars.channels.smtp import reader

    def break_off(tx, told, now):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(reader.returns, "take", break_off)
        with pytest.raises(RuntimeError):
            returning.read()
    assert (returning.read(), returning.read()) == (1, 0)


@pytest.mark.parametrize(
    ("other", "words"),
    [({"password": "wr0ng"}, "nvalid"), ({"username": "nobody"}, "nvalid"), ({"port": 1}, "refused")],
)
def test_what_keeps_it_from_being_read_is_said_without_the_password(returning, other, words):
    returning.set_up(**other)
    assert returning.read() == 0
    assert words in returning.problem()
    assert "wr0ng" not in returning.problem()


def test_a_server_inside_our_network_or_with_a_certificate_of_its_own_is_not_trusted(returning):
    returning.set_up()
    assert returning.read(private=False) == 0
    assert "private network" in returning.problem()
    returning.read(context=None)
    assert "CERTIFICATE" in returning.problem().upper()


def test_without_a_mailbox_nobody_is_asked(returning):
    assert returning.read() == 0
