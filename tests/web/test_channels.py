"""Channels: set up on a page or by a program, tested with a real mail server, and no secret ever leaves again."""

import json

import pytest
from tests.channels.mail import serving
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access import brands
from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.access.workspaces import get_workspace
from regulars.speak import ways
from regulars.words.clock import utc_now

SECRET = "swordfish-0815"


@pytest.fixture
def header(house, workspace):
    """The header with a key of some scope."""
    return lambda scope: {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}


@pytest.fixture
def mail_server():
    with serving() as server:
        yield server


@pytest.fixture
def save(client, home):
    """Save the way of e-mail on its page."""

    def saved(**fields):
        page = client.get(f"{home}/channels/email").text
        base = page.partition('name="base" value="')[2].partition('"')[0]
        form = {"csrf": csrf(page), "base": base, "adapter": "smtp", "of_port": "465", "of_security": "tls"}
        return client.post(f"{home}/channels/email", data=form | fields)

    return saved


def leaves_by(house, workspace, delivery):
    known = get_workspace(house.database, workspace)
    with house.database.shared() as tx:
        brands.change_brand(
            tx, known, title=known.title, accent=known.accent, tone=known.tone, zone=known.zone, sender=known.sender,
            languages=known.languages, delivery=delivery,
        )  # fmt: skip


def test_a_mail_server_of_ones_own_is_kept_and_its_password_shown_to_nobody(
    save, client, home, house, workspace, shop, stranger, header
):
    assert save(of_host="mail.shop.example", of_user="ann", of_password=SECRET).status_code == 303
    pages = [client.get(f"{home}/channels{rest}").text for rest in ("", "/email")]
    assert "mail.shop.example" in pages[1]
    assert "It is kept. Type another one to replace it." in pages[1]
    told = stranger.get("/api/channels/email", headers=header("admin"))
    assert (told.json()["settings"]["host"], told.json()["secrets"]) == ("mail.shop.example", ["password"])
    (entry,) = noted_in(house, workspace, action="channel.changed")
    with shop.tx() as tx:
        kept = tx.rows(b"select settings::text, secrets from speak_way")
        way = ways.get(tx, "email")
    seen = "".join([*pages, told.text, repr(entry), client.get(f"{home}/audit").text, repr(kept)])
    assert SECRET not in seen
    assert ways.values_of(way, house.vault, workspace)["password"] == SECRET
    assert save(of_host="mail.shop.example", of_user="ann", of_port="587", of_security="starttls").status_code == 303
    with shop.tx() as tx:
        again = ways.values_of(ways.get(tx, "email"), house.vault, workspace)
    assert (again["port"], again["password"]) == ("587", SECRET), "left empty it stays what it was"


def test_a_password_goes_to_no_other_server_than_it_was_typed_for(save, house, workspace, shop):
    save(of_host="mail.shop.example", of_user="ann", of_password=SECRET)
    moved = save(of_host="mail.evil.example", of_user="ann")
    assert moved.status_code == 400
    assert "what is secret does not go along" in moved.text
    assert save(of_host="mail.evil.example", of_user="ann", of_password="another").status_code == 303
    with shop.tx() as tx:
        assert ways.values_of(ways.get(tx, "email"), house.vault, workspace)["password"] == "another"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("of_host", "", "This is needed."),
        ("of_host", "https://mail.example/x", "is no name of a server"),
        ("of_host", "a\u202eb.example", "nobody can see"),
        ("of_host", "x" * 5000, "4000 characters at most"),
        ("of_port", "0", "A port is a number of 1 to 65535"),
        ("of_port", "٤٦٥", "A port is a number of 1 to 65535"),
        ("of_security", "none", "Choose one of: tls, starttls."),
        ("of_password", SECRET, "Say both user and password, or neither."),
        ("adapter", "pigeon", "Choose by which way messages leave."),
        ("adapter", "sandbox", "Choose by which way messages leave."),
    ],
)
def test_what_cannot_be_is_said_beside_it(save, shop, field, value, said):
    answer = save(**{"of_host": "mail.shop.example", field: value})
    assert answer.status_code == 400
    assert said in answer.text
    assert SECRET not in answer.text
    with shop.tx() as tx:
        assert ways.get_way(tx, "email") is None


def test_a_test_really_goes_through_the_server_that_is_saved(stranger, house, workspace, shop, header, mail_server):
    admin = header("admin")
    leaves_by(house, workspace, "smtp")
    body = {"adapter": "smtp", "settings": {"host": "localhost", "port": str(mail_server.port), "security": "starttls"}}
    assert stranger.put("/api/channels/email", json=body, headers=admin).status_code == 200
    told = stranger.post("/api/channels/email/test", json={"address": "ann@shop.example"}, headers=admin)
    assert told.status_code == 200
    assert told.json()["state"] == "failed"
    assert "private network" in told.json()["why"], "what the team types reaches nothing inside"
    assert mail_server.mails == []
    assert "private network" in stranger.get("/api/channels/email", headers=admin).json()["problem"]


@pytest.mark.parametrize("address", ["", "ann", "ann@", "@shop.example", "ann@shop.example\r\nBcc: all@x.example"])
def test_a_test_goes_to_an_address_or_nowhere(stranger, house, workspace, header, address):
    admin = header("admin")
    leaves_by(house, workspace, "smtp")
    body = {"adapter": "smtp", "settings": {"host": "mail.shop.example"}}
    stranger.put("/api/channels/email", json=body, headers=admin)
    assert stranger.post("/api/channels/email/test", json={"address": address}, headers=admin).status_code == 400


def test_what_stays_in_the_house_is_not_tested(save, client, home, stranger, header):
    save(of_host="mail.shop.example")
    assert "so there is nothing to test" in client.get(f"{home}/channels/email").text
    told = stranger.post("/api/channels/email/test", json={"address": "a@b.example"}, headers=header("admin"))
    assert (told.status_code, told.json()["state"]) == (200, "failed")


def test_it_is_forgotten_with_its_secrets(save, client, home, shop, stranger, header):
    save(of_host="mail.shop.example", of_user="ann", of_password=SECRET)
    page = client.get(f"{home}/channels/email").text
    gone = client.post(f"{home}/channels/email/remove", data={"csrf": csrf(page)})
    assert gone.status_code == 303
    assert "forgotten, with its passwords" in client.get(gone.headers["location"]).text
    with shop.tx() as tx:
        assert tx.rows(b"select 1 from speak_way") == []
    assert stranger.delete("/api/channels/email", headers=header("admin")).status_code == 404


def test_a_program_replaces_nothing_unseen_and_needs_the_right_key(stranger, header, workspace):
    admin = header("admin")
    body = {"adapter": "smtp", "settings": {"host": "mail.shop.example"}}
    first = stranger.put("/api/channels/email", json=body, headers=admin)
    assert first.json()["version"] == 1
    assert stranger.put("/api/channels/email", json=body | {"replaces": 1}, headers=admin).json()["version"] == 2
    assert stranger.put("/api/channels/email", json=body | {"replaces": 1}, headers=admin).status_code == 409
    for scope in ("read", "write", "browser"):
        assert stranger.get("/api/channels", headers=header(scope)).status_code == 403
        assert stranger.put("/api/channels/email", json=body, headers=header(scope)).status_code == 403
    assert stranger.get("/api/channels/pigeon", headers=admin).status_code == 404
    wrong = [{"adapter": "smtp", "settings": {"host": 7}}, {"adapter": "smtp", "settings": {"colour": "red"}}, [], "x"]
    for one in wrong:
        assert stranger.put("/api/channels/email", content=json.dumps(one), headers=admin).status_code == 400, one


@pytest.mark.parametrize("role", ["marketer", "agent", "analyst", "viewer"])
def test_only_owners_set_channels_up(house, stranger, home, shop, role):
    add_person(house.database, f"{role}@gifts.example", role, shop.workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, f'{role}@gifts.example', utc_now())}")
    for path in ("/channels", "/channels/email"):
        assert stranger.get(f"{home}{path}").status_code == 403
    field = {"csrf": csrf(stranger.get("/console/account").text), "adapter": "smtp", "of_host": "mail.evil.example"}
    assert stranger.post(f"{home}/channels/email", data=field).status_code == 403
