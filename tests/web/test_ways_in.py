"""Coming in by a mailed link or a password; and how little that tells or takes from anybody else."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import httpx
import msgspec
import pytest
from argon2 import PasswordHasher
from litestar.testing import TestClient
from tests.channels.mail import serving
from tests.web.console_story import csrf

from regulars.access import passwords
from regulars.access.passwords import set_password
from regulars.access.people import add_person
from regulars.testing.serving import wait_until
from regulars.web.app import create_app
from regulars.web.console.arriving import DEVICE
from regulars.web.console.desk import SESSION
from regulars.words.clock import utc_now

LOGIN = "/console/login"
RIGHT = "horses of three colours"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def mail():
    with serving() as server:
        yield server


@pytest.fixture
def posting(house, mail):
    """A browser before a house that has a mail server."""
    url = f"smtp://127.0.0.1:{mail.port}"
    with_mail = replace(house, settings=msgspec.structs.replace(house.settings, smtp_url=url))
    with TestClient(create_app(with_mail), base_url="http://testserver.local") as browser:
        browser.follow_redirects = False
        yield browser


@pytest.fixture
def harriet(house, workspace):
    """The e-mail of somebody who has a password."""
    email = f"harriet-{uuid4().hex[:8]}@gifts.example"
    person_id = add_person(house.database, email, "Harriet", workspace)
    with house.database.shared() as tx:
        set_password(tx, person_id, RIGHT, utc_now())
    return email


def attempt(browser, email, password, **more):
    return browser.post(LOGIN, data={"email": email, "password": password, "do": "password"}, **more)


def ask(browser, email):
    return browser.post(LOGIN, data={"email": email, "password": "", "do": "link"}).text


def mailed(mail, count):
    wait_until(lambda: len(mail.mails) >= count, "the link is mailed")
    to, raw = mail.mails[-1]
    text = message_from_bytes(raw, policy=default).get_content()
    return to, re.search(r"http://testserver\.local(\S+)", text)[1]


def test_a_link_comes_by_mail_and_opens_a_session(posting, mail, harriet, workspace):
    assert "Look into your mailbox" in ask(posting, f" {harriet.upper()} ")
    to, link = mailed(mail, 1)
    assert to == harriet
    assert posting.get(link).status_code == 200
    assert posting.post(link).status_code == 303
    assert posting.get("/console").headers["location"] == f"/console/{workspace}"


def test_whoever_asks_for_many_links_fills_nobodys_mailbox_and_the_first_still_works(posting, mail, harriet):
    for _ in range(5):
        ask(posting, harriet)
    _, link = mailed(mail, 1)
    ask(posting, harriet)
    assert posting.post(link).status_code == 303
    ask(posting, harriet)
    _, fresh = mailed(mail, 2)
    assert fresh != link
    assert len(mail.mails) == 2


def test_the_answer_is_the_same_for_somebody_who_does_not_exist(posting, mail, harriet):
    stranger = f"x{harriet}"
    assert ask(posting, stranger).replace(stranger, harriet) == ask(posting, harriet)
    mailed(mail, 1)
    assert [to for to, _ in mail.mails] == [harriet]


def test_a_link_whose_mail_was_refused_does_not_stand_in_the_way_of_the_next(posting, mail, harriet):
    mail.answers["rcpt", harriet] = "451 later"
    ask(posting, harriet)
    del mail.answers["rcpt", harriet]

    def again():
        ask(posting, harriet)
        return mail.mails

    wait_until(again, "another link is mailed")


def test_without_a_mail_server_the_page_says_where_a_link_is_made(stranger):
    page = stranger.get(LOGIN).text
    assert "regulars login-link" in page
    assert "Send me a link" not in page
    assert stranger.post(LOGIN, data={"email": "a@x.example", "do": "link"}).status_code == 400


def test_a_password_opens_a_session_and_the_device_is_known_from_then_on(stranger, harriet, workspace):
    answer = attempt(stranger, harriet, RIGHT)
    assert answer.status_code == 303
    assert {SESSION, DEVICE} <= set(answer.cookies)
    assert stranger.get(f"/console/{workspace}").status_code == 200


def test_a_wrong_password_says_so_and_keeps_the_e_mail(stranger, harriet):
    answer = attempt(stranger, harriet, "wrong")
    assert answer.status_code == 403
    assert f'value="{harriet}"' in answer.text
    assert "do not belong together" in answer.text
    assert attempt(stranger, "nobody@x.example", "wrong").text.replace("nobody@x.example", harriet) == answer.text


@pytest.mark.parametrize("fields", [{}, {"email": "", "password": "x"}, {"email": "a@x.example", "password": ""}])
def test_what_is_missing_is_said(stranger, fields):
    answer = stranger.post(LOGIN, data={"do": "password", **fields})
    assert answer.status_code == 400
    assert "Type your e-mail" in answer.text


def test_another_page_cannot_log_its_reader_in(stranger, harriet):
    assert attempt(stranger, harriet, RIGHT, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    begun = stranger.post(f"{LOGIN}/passkey/begin", headers={"Sec-Fetch-Site": "cross-site"})
    assert begun.status_code == 403


def test_too_many_wrong_passwords_are_told_to_wait_and_the_owner_comes_in_at_home(house, stranger, harriet):
    with TestClient(create_app(house), base_url="http://testserver.local") as home:
        home.follow_redirects = False
        assert attempt(home, harriet, RIGHT).status_code == 303
        home.post("/console/logout")
        for _ in range(5):
            assert attempt(stranger, harriet, "wrong").status_code == 403
        locked = attempt(stranger, harriet, RIGHT)
        assert locked.status_code == 429
        assert 25 < int(locked.headers["retry-after"]) <= 30
        assert "other ways in are open" in locked.text
        assert attempt(home, harriet, RIGHT).status_code == 303


def test_a_link_still_comes_and_opens_while_somebody_hammers_the_password(posting, mail, harriet):
    while attempt(posting, harriet, "wrong").status_code != 429:
        pass
    ask(posting, harriet)
    _, link = mailed(mail, 1)
    assert posting.post(link).status_code == 303
    assert attempt(posting, harriet, RIGHT).status_code == 303


def test_one_address_asks_for_so_many_links_only_whichever_proxy_it_comes_by(address):
    mine, other = (f"2001:db8:{uuid4().hex[:4]}::7" for _ in range(2))
    with httpx.Client(base_url=address) as browser:
        tries = [
            browser.post(f"{LOGIN}/passkey/begin", headers={"X-Forwarded-For": mine}).status_code for _ in range(310)
        ]
        assert 300 <= tries.count(200) < 310
        assert tries[-1] == 429
        assert browser.post(f"{LOGIN}/passkey/begin", headers={"X-Forwarded-For": other}).status_code == 200


def test_somebody_sets_changes_and_removes_their_password(client, stranger, house, workspace):
    email = f"owner@{workspace}.example"
    with TestClient(create_app(house), base_url="http://testserver.local") as phone:
        phone.follow_redirects = False

        def save(path, **fields):
            return client.post(
                f"/console/account{path}", data={"csrf": csrf(client.get("/console/account").text), **fields}
            )

        short = save("/password", password="short")
        assert short.status_code == 400
        assert "at least 10 characters" in short.text
        assert "short" not in re.findall(r'value="([^"]*)"', short.text)
        assert save("/password", password=email).status_code == 400
        assert save("/password", password=RIGHT).status_code == 303
        assert attempt(phone, email, RIGHT).status_code == 303
        assert save("/password", password="another three words").status_code == 303
        assert phone.get(f"/console/{workspace}").headers["location"] == LOGIN
        assert attempt(phone, email, RIGHT).status_code == 403
        assert attempt(phone, email, "another three words").status_code == 303
        assert save("/password/remove").status_code == 303
        assert attempt(phone, email, "another three words").status_code == 403
        assert client.get(f"/console/{workspace}").status_code == 200


def test_somebody_is_told_by_mail_that_their_password_was_changed(posting, mail, house, workspace, harriet):
    attempt(posting, harriet, RIGHT)
    token = csrf(posting.get("/console/account").text)
    posting.post("/console/account/password", data={"csrf": token, "password": "another three words"})
    wait_until(lambda: mail.mails, "a mail tells of it")
    told = message_from_bytes(mail.mails[0][1], policy=default)
    assert (told["To"], told["Subject"]) == (harriet, "Your password was changed")
    assert "/console/account" in told.get_content()


def test_whoever_logs_in_takes_the_place_of_who_sat_there_before(client, harriet, house):
    before = client.cookies[SESSION]
    assert attempt(client, harriet, RIGHT).status_code == 303
    assert client.cookies[SESSION] != before
    client.cookies.clear()
    assert client.get("/console/account", cookies={SESSION: before}).status_code == 303


@pytest.mark.parametrize("words", ["x" * 10_000, "王小明 🎁 مرحبا", "<b>&\"'", "\0", "a\r\nb"])
def test_whatever_is_typed_breaks_nothing(posting, words):
    for do in ("password", "link"):
        answer = posting.post(LOGIN, data={"email": words, "password": words, "do": do})
        assert answer.status_code < 500
        assert "<b>" not in answer.text
