"""A token in a message can be read by us and made by nobody else."""

from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.access.links import MAX_AGE, Link, Links, open_links, unsigned
from regulars.store.database import Database
from regulars.words.errors import LinkDead

LINKS = Links(b"a secret of this test, 32 bytes.")
LINK = Link("demo", 7, 3, "gift-quiz")
NUMBERS = st.integers(1, 2**62)


def now() -> datetime:
    return datetime.now(UTC)


@given(NUMBERS, st.none() | NUMBERS, st.none() | st.from_regex(r"[a-z0-9][a-z0-9-]{0,60}", fullmatch=True))
def test_a_link_reads_as_it_was_signed(identity: int, message: int | None, form: str | None) -> None:
    link = Link("demo", identity, message, form)
    assert LINKS.read(LINKS.sign(link), now()) == link


@given(st.data())
def test_a_token_that_was_changed_anywhere_opens_nothing(data: st.DataObject) -> None:
    token = LINKS.sign(LINK)
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("abcXYZ012-_.").filter(lambda char: char != token[place]))
    with pytest.raises(LinkDead):
        LINKS.read(token[:place] + other + token[place + 1 :], now())


@pytest.mark.parametrize("token", ["", ".", "..", "x", "a.b.c", "WyJkZW1vIl0.x.y", "\x00", "é.é.é", "a" * 10_000])
def test_nonsense_opens_nothing(token: str) -> None:
    with pytest.raises(LinkDead):
        LINKS.read(token, now())


def test_a_link_of_another_installation_opens_nothing() -> None:
    with pytest.raises(LinkDead):
        LINKS.read(Links(b"another secret, also of 32 bytes").sign(LINK), now())


def test_a_link_ends_after_its_time() -> None:
    token = LINKS.sign(LINK)
    assert LINKS.read(token, now() + MAX_AGE - timedelta(minutes=1)) == LINK
    with pytest.raises(LinkDead, match="too old"):
        LINKS.read(token, now() + MAX_AGE + timedelta(minutes=1))


def test_the_secret_is_made_once_and_shared_by_all_processes(database: Database) -> None:
    assert open_links(database).read(open_links(database).sign(LINK), now()) == LINK


@given(NUMBERS, st.none() | NUMBERS, st.none() | st.from_regex(r"[a-z0-9][a-z0-9-]{0,60}", fullmatch=True))
def test_without_its_signatures_a_message_says_the_same_and_its_links_open_nothing(
    identity: int, message: int | None, form: str | None
) -> None:
    link = Link("demo", identity, message, form)
    whole = '<a href="https://x.example/{}/{}">one</a> https://x.example/f/quiz?m={} and 1.500.000, a.b.c/d.e.f'
    tokens = "me", LINKS.sign_own(link), LINKS.sign(link)
    assert unsigned(whole.format(*tokens)) == whole.format("me", "…", "…")


def test_nor_does_the_link_that_confirms_an_address() -> None:
    link = "https://x.example/confirm/{}"
    assert unsigned(link.format(f"the-shop.{token_urlsafe(24)}")) == link.format("…")
