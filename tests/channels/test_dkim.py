"""What we sign is verified by somebody else's DKIM, and nothing of it can be changed."""

from datetime import UTC, datetime
from time import process_time

import dkim as verifier
import pytest
from dkim import canonicalization
from hypothesis import example, given
from hypothesis import strategies as st
from tests.channels.mail import letter

from regulars.channels.smtp import dkim
from regulars.channels.smtp.dkim import Signer
from regulars.channels.smtp.mime import as_bytes

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEY = dkim.make_key()
SIGNER = Signer("gifts.example", "regulars", KEY)
HEADERS = {"List-Unsubscribe": "<https://shop.example/u/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def holds(mail, key=KEY):
    asked = []

    def dns(name, timeout=5):
        asked.append(name)
        return dkim.record(key).encode()

    try:
        found = verifier.DKIM(mail).verify(dnsfunc=dns)
    except verifier.DKIMException:
        return False
    assert asked == [b"regulars._domainkey.gifts.example."]
    return found


def written(**more):
    return as_bytes(letter(5, headers=HEADERS, **more))[2]


def test_a_mail_is_verified_by_another_implementation():
    mail = SIGNER.sign(written(subject="Für 小明 🎁 " * 9, text="Hi\n\n \n", html="<p>" + "ü " * 500), NOW)
    assert holds(mail)
    assert not holds(mail, dkim.make_key())
    assert all(len(line) < 100 for line in mail.partition(b"\r\nFrom:")[0].split(b"\r\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<https://shop.example/u/abc>", b"<https://shop.example/u/abd>"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
        (b"Subject: For", b"Subject: From"),
        (b"\r\nDate:", b"\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\nX-Date:"),
        (b"\r\nFrom:", b"\r\nFrom: Somebody <else@x.example>\r\nFrom:"),
        (b"\r\nTo:", b"\r\nReply-To: thief@x.example\r\nTo:"),
        (b"Hello", b"Hallo"),
    ],
)
def test_whatever_is_changed_or_added_breaks_the_signature(old, new):
    mail = SIGNER.sign(written(), NOW)
    assert old in mail
    assert not holds(mail.replace(old, new, 1))
    assert not holds(mail + b"Buy this!\r\n")


SPACES = st.text(st.sampled_from(" \t\nab:="), max_size=40)


@given(subject=st.text(max_size=200), text=st.text(max_size=300) | SPACES, html=st.text(max_size=200) | SPACES)
@example(subject="", text="", html="")
def test_whatever_a_message_says_its_signature_holds(subject, text, html):
    clean = "".join(character for character in subject if character.isprintable())
    try:
        mail = written(subject=clean, text=text, html=html)
    except Exception:  # noqa: BLE001 (what cannot be written is refused before it is signed)
        return
    assert holds(SIGNER.sign(mail, NOW))


BODIES = st.binary(max_size=60).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"\r\n"))


@given(body=BODIES | st.text(st.sampled_from("\t ab\n"), max_size=40).map(lambda t: t.replace("\n", "\r\n").encode()))
def test_the_canonical_form_of_a_text_is_what_another_implementation_takes_it_for(body):
    theirs = canonicalization.Relaxed.canonicalize_body(body if not body or body.endswith(b"\r\n") else body + b"\r\n")
    assert dkim.relaxed_body(body) == theirs


def test_a_key_is_kept_and_read_and_its_record_fits_what_dns_takes():
    again = dkim.of_pem(dkim.as_pem(KEY))
    assert dkim.record(again) == dkim.record(KEY)
    assert dkim.record(KEY).startswith("v=DKIM1; k=rsa; p=MIIB")
    assert "PRIVATE" not in dkim.record(KEY)


def test_signing_is_cheap_beside_sending():
    mail, began = written(html="<p>" + "word " * 4000), process_time()
    for _ in range(50):
        SIGNER.sign(mail, NOW)
    assert (process_time() - began) / 50 < 0.02
