"""What is read of mails that come back; and that nobody can make one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels import returned_mails as mails

from regulars.channels.smtp import returned
from regulars.channels.smtp.marks import Marks
from regulars.channels.smtp.returned import Said

MARKS = Marks(b"secret", "shop")
MARK = MARKS.of(4711)


def read(text, mark=MARK, **more):
    return returned.read(text.format(mark=mark, upper=mark.upper(), **more).replace("\n", "\r\n").encode(), MARKS)


@pytest.mark.parametrize(
    ("status", "diagnostic", "what", "dead"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <ann@x.example>: user unknown", "bounced", True),
        ("5.2.1", "smtp; 550 5.2.1 mailbox disabled", "bounced", True),
        ("5.7.1", "smtp; 554 5.7.1 blocked by our policy", "bounced", False),
        ("5.0.0", "x-unix; user unknown", "bounced", True),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", "soft", True),
        ("4.4.7", "smtp; 421 4.4.7 message expired", "soft", True),
        ("4.4.1", "X-Postfix; connect to mx.x.example: Connection timed out", "soft", True),
    ],
)
def test_a_delivery_status_says_what_failed_and_by_whose_fault(status, diagnostic, what, dead):
    said = read(mails.report(status, diagnostic))
    assert (said.message_id, said.what, said.dead) == (4711, what, dead)
    assert status in said.reason


def test_the_address_it_came_to_says_which_message_it_was():
    said = read(mails.report("5.1.1", "smtp; 550", head="X-Other: 1", to="box+r-{mark}@gifts.example"))
    assert (said.message_id, said.what) == (4711, "bounced")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_no_failure_is_none(action):
    assert read(mails.report("4.4.1", "smtp; 421", action=action)) is None


def test_servers_that_say_it_in_words_are_understood():
    assert read(mails.QMAIL) == Said(4711, "bounced", read(mails.QMAIL).reason)
    assert "no mailbox here" in read(mails.QMAIL).reason
    said = read(mails.EXIM)
    assert (said.what, said.dead, "user unknown" in said.reason) == ("bounced", True, True)


def test_somebody_who_is_away_says_nothing_of_the_address():
    assert read(mails.AWAY) is None


def test_a_complaint_is_one_and_what_only_looks_like_one_is_not():
    assert read(mails.ARF, kind="abuse") == Said(4711, "complained", "abuse")
    assert read(mails.ARF, kind="fraud").what == "complained"
    assert read(mails.ARF, kind="opt-out").what == "left"
    assert read(mails.ARF, kind="not-spam") is None


def test_whoever_writes_to_the_address_for_leaving_leaves():
    assert read(mails.LEAVE) == Said(4711, "left")
    assert read("Auto-Submitted: auto-replied\n" + mails.LEAVE) is None, "somebody who is away did not"


FORGED = st.one_of(
    st.just("r3b-" + "a" * 24),
    st.just(Marks(b"secret", "other").of(4711)),
    st.just(Marks(b"other", "shop").of(4711)),
    st.just(MARK[:-1] + ("a" if MARK[-1] != "a" else "b")),
    st.from_regex(r"\A[0-9a-z]{1,13}-[a-z2-7]{24}\Z"),
    st.text(max_size=60).map(lambda text: text.replace("\n", "").replace("{", "").replace("}", "")),
)


@given(mark=FORGED)
def test_a_mark_that_we_did_not_make_says_nothing(mark):
    for text in (mails.report("5.1.1", "smtp; 550"), mails.ARF.replace("{kind}", "abuse"), mails.QMAIL, mails.LEAVE):
        assert returned.read(text.replace("{mark}", mark).replace("{upper}", mark).encode(), MARKS) is None


@given(number=st.integers(0, 2**63 - 1))
def test_every_number_has_a_mark_that_fits_an_address_and_is_read_in_any_case(number):
    address = MARKS.address("bounces@gifts.example", "r", number)
    assert len(address.partition("@")[0]) <= 64
    assert MARKS.in_address(f"<{address.upper()}>") == ("r", number)
    assert MARKS.read(MARKS.of(number)) == number


PIECES = st.sampled_from(
    [b"Content-Type: multipart/report; boundary=b\r\n", b"--b\r\n", b"Content-Type: message/delivery-status\r\n\r\n",
     b"Content-Type: message/rfc822\r\n\r\n", b"Action: failed\r\n", b"Status: 5.1.1\r\n", b"\r\n", b"--b--",
     b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: text/plain; charset=\xff\r\n", b"From: <>\r\n",
     b"X-Regulars-Message: " + MARK.encode() + b"\r\n", b"Content-Type: message/feedback-report\r\n\r\n"]
)  # fmt: skip


@given(raw=st.lists(PIECES | st.binary(max_size=30), max_size=25).map(b"".join))
def test_no_mail_whatever_breaks_the_reader(raw):
    said = returned.read(raw, MARKS)
    assert said is None or said.message_id == 4711


def test_a_mail_of_a_thousand_parts_is_read_in_no_time():
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 200_000
    assert returned.read(raw, MARKS) is None
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5_000))
    assert returned.read(nested, MARKS) is None
