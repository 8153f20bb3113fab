"""The workspace's own page: what is saved there is what customers meet at once, and what went wrong is said."""

import re
from base64 import b64encode
from email import message_from_bytes
from email.policy import default
from html import unescape
from io import BytesIO

import msgspec
import pytest
from tests.access.test_brands import png
from tests.channels.mail import serving
from tests.web.console_story import csrf

from regulars.access.audit import Filter, list_entries
from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.access.workspaces import create_workspace, delete_workspace, get_workspace
from regulars.words.clock import utc_now

WORN = {
    "title": "Ziedu nams", "accent": "#1f5f4a", "tone": "formal", "language": "lv", "language_en": "1",
    "zone": "Europe/Riga", "delivery": "sandbox", "sender": "Ziedu nams <sveiki@ziedi.example>",
}  # fmt: skip


@pytest.fixture
def post(client, home):
    """Send something from the workspace's page."""

    def send(path="", files=None, **fields):
        token = csrf(client.get(f"{home}/workspace").text)
        return client.post(f"{home}/workspace{path}", data={"csrf": token, **fields}, files=files)

    return send


def logo_of(picture, kind="image/png"):
    return {"logo": ("logo.png", BytesIO(picture), kind)}


def wrong(page, field):
    found = re.search(rf'id="{field}-wrong">([^<]+)<', page.text)
    return unescape(found[1]) if found else None


def test_what_is_saved_is_what_customers_meet_at_once(client, stranger, home, shop, post):
    answer = post(**WORN)
    assert answer.status_code == 303
    page = stranger.get("/f/gift-quiz", headers={"accept-language": "de"})
    assert "Ziedu nams</p>" in page.text
    assert '<html lang="lv"' in page.text
    assert 'href="/brand/1f5f4a.css' in page.text
    sheet = stranger.get(re.search(r'href="(/brand/[^"]+)"', page.text)[1])
    assert "--fill:#1f5f4a" in sheet.text
    assert "immutable" in sheet.headers["cache-control"]


def test_times_in_the_console_are_by_its_clock(client, home, shop, post):
    assert " UTC</time>" in client.get(f"{home}/mailbox").text
    post(**WORN)
    assert re.search(r" EES?T</time>", client.get(f"{home}/mailbox").text)


def test_a_change_can_be_undone(client, home, database, workspace, post):
    before = get_workspace(database, workspace)
    page = client.get(post(**WORN).headers["location"]).text
    undo = unescape(re.search(r'action="([^"]+/workspace/undo\?to=[^"]+)"', page)[1])
    assert client.post(undo, data={"csrf": csrf(page)}).status_code == 303
    assert get_workspace(database, workspace).title == before.title
    assert get_workspace(database, workspace).accent == before.accent


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"accent": "red"}, "accent"),
        ({"tone": "loud"}, "tone"),
        ({"language": "xx"}, "languages"),
        ({"zone": "Riga"}, "zone"),
        ({"sender": "nobody"}, "sender"),
        ({"delivery": "pigeon"}, "delivery"),
        ({"delivery": "smtp"}, "delivery"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(post, database, workspace, fields, field):
    before = get_workspace(database, workspace)
    page = post(**{**WORN, **fields})
    assert page.status_code == 400
    assert wrong(page, field)
    assert 'value="Europe/Riga"' in page.text or field == "zone"
    assert get_workspace(database, workspace) == before


def test_a_look_is_tried_without_being_kept(client, stranger, post, database, workspace):
    before = get_workspace(database, workspace)
    page = post(**{**WORN, "accent": "#ffd400", "do": "preview"})
    assert get_workspace(database, workspace) == before
    assert "Nothing is saved yet" in page.text
    assert re.search(r"Black text on the colour:\s*1\d\.\d : 1, easily read", page.text)
    assert re.search(r"White text on the colour:\s*1\.4 : 1, too faint", page.text)
    look = re.search(r'src="(/look/[^"]+)/question"', page.text)[1]
    question, mail = stranger.get(f"{look}/question"), stranger.get(f"{look}/mail")
    assert "Ziedu nams" in question.text
    assert "/brand/ffd400.css" in question.text
    assert "frame-ancestors 'self'" in question.headers["content-security-policy"]
    assert "background:#ffd400;color:#000000" in mail.text


def test_a_look_is_tried_and_shown_whatever_way_mail_is_to_leave(post):
    wanted = {**WORN, "accent": "#ffd400", "delivery": "smtp"}
    assert "Nothing is saved yet" in post(**wanted, do="preview").text
    refused = post(**wanted)
    assert wrong(refused, "delivery")
    assert re.search(r"White text on the colour:\s*1\.4 : 1, too faint", refused.text)


def test_a_look_cannot_be_made_up(stranger):
    assert stranger.get("/look/made-up/question").status_code == 403


def test_a_logo_is_shown_on_pages_and_kept_for_ever_by_browsers(client, stranger, home, shop, post):
    picture = png(120, 40)
    assert post(**WORN, files=logo_of(picture, "image/svg+xml")).status_code == 303
    page = stranger.get("/f/gift-quiz").text
    image = re.search(r'<img src="(/brand/[^"]+)" width="120" height="40" alt="Ziedu nams">', page)
    logo = stranger.get(image[1])
    assert (logo.content, logo.headers["content-type"]) == (picture, "image/png")
    assert "immutable" in logo.headers["cache-control"]
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in logo.headers["content-security-policy"]
    post(**WORN, no_logo="1")
    assert "<img" not in stranger.get("/f/gift-quiz").text
    assert stranger.get(image[1]).status_code == 200


def test_what_is_no_picture_is_refused_beside_its_field(post):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    page = post(**WORN, files=logo_of(svg))
    assert "no SVG" in wrong(page, "logo")
    assert 'value="Ziedu nams"' in page.text


def test_a_picture_and_what_was_typed_are_saved_and_undone_together(client, database, workspace, post):
    before = get_workspace(database, workspace)
    page = client.get(post(**WORN, files=logo_of(png(120, 40))).headers["location"]).text
    saved = get_workspace(database, workspace)
    assert (saved.title, saved.logo_width) == ("Ziedu nams", 120)
    assert logos_noted(database, workspace) == ("", saved.logo)
    undo = unescape(re.search(r'action="([^"]+/workspace/undo\?to=[^"]+)"', page)[1])
    client.post(undo, data={"csrf": csrf(page)})
    assert get_workspace(database, workspace) == before
    assert logos_noted(database, workspace) == (saved.logo, "")


def logos_noted(database, workspace):
    """Return the logo before the last change and after it, as the audit log tells."""
    with database.workspace(workspace) as tx:
        (entry,) = list_entries(tx, Filter(action="workspace.changed"), limit=1)
    return entry.before["logo"], entry.after["logo"]


def test_how_it_looks_without_the_logo_is_tried_without_being_kept(stranger, post, database, workspace):
    post(**WORN, files=logo_of(png()))
    page = post(**WORN, no_logo="1", do="preview")
    look = re.search(r'src="(/look/[^"]+)/question"', page.text)[1]
    assert "<img" not in stranger.get(f"{look}/question").text
    assert get_workspace(database, workspace).logo


@pytest.mark.parametrize("meanwhile", ["in the console", "by a program"])
def test_a_logo_that_was_saved_meanwhile_is_not_overwritten_unseen(
    client, colleague, stranger, home, database, workspace, post, meanwhile
):
    page = client.get(f"{home}/workspace").text
    mine = {**WORN, "csrf": csrf(page), "base": re.search(r'name="base" value="(\w+)"', page)[1]}
    if meanwhile == "in the console":
        theirs = {**WORN, "csrf": csrf(colleague.get(f"{home}/workspace").text)}
        assert colleague.post(f"{home}/workspace", data=theirs, files=logo_of(png(120, 40))).status_code == 303
    else:
        key = {"authorization": f"Bearer {create_key(database, workspace, 'admin')}"}
        sent = {"image": b64encode(png(120, 40)).decode()}
        assert stranger.post("/api/workspace/logo", json=sent, headers=key).status_code == 200
    logo = get_workspace(database, workspace).logo
    met = client.post(f"{home}/workspace", data=mine, files=logo_of(png(60, 40)))
    assert met.status_code == 409
    both = re.sub("</?mark>", "", met.text)
    assert "The picture you chose" in both
    assert "Another picture" in both
    assert ("Greta saved another version" in both) == (meanwhile == "in the console")
    assert get_workspace(database, workspace).logo == logo
    again = mine | {"base": re.search(r'name="base" value="(\w+)"', met.text)[1]}
    assert client.post(f"{home}/workspace", data=again, files=logo_of(png(60, 40))).status_code == 303
    assert get_workspace(database, workspace).logo_width == 60


@pytest.mark.parametrize(
    ("picture", "why"), [(b"", "no picture that we can show"), (b"\xff\xd8\xff" * 3_000_000, "has 9000 kB")]
)
def test_a_file_that_is_empty_or_as_large_as_a_photo_is_refused_beside_its_field(post, picture, why):
    page = post(**WORN, files=logo_of(picture))
    assert page.status_code == 400
    assert why in wrong(page, "logo")
    assert 'value="Ziedu nams"' in page.text


def test_a_picture_that_was_not_kept_is_asked_for_again(post, database, workspace):
    page = post(**{**WORN, "zone": "Riga"}, files=logo_of(png()))
    assert "once more" in wrong(page, "logo")
    assert get_workspace(database, workspace).logo == ""


def test_a_logo_of_one_workspace_is_not_another_s(client, stranger, home, database, workspace, post):
    post(**WORN, files=logo_of(png()))
    other = f"o_{workspace}"
    create_workspace(database, other, "Other")
    name = get_workspace(database, workspace).logo
    assert stranger.get(f"/brand/{workspace}/{name}").status_code == 200
    assert stranger.get(f"/brand/{other}/{name}").status_code == 404
    delete_workspace(database, other)


def test_mail_that_stays_in_the_house_is_not_tested(post, client, home):
    assert "there is nothing to test" in client.get(f"{home}/workspace").text
    assert post("/test").status_code == 400


def test_a_test_mail_arrives_in_the_brand(post, workspace, database, monkeypatch, house):
    with serving() as server:
        by_smtp(monkeypatch, house, f"smtp://127.0.0.1:{server.port}")
        assert post(**{**WORN, "delivery": "smtp"}).status_code == 303
        page = post("/test", **{**WORN, "title": "Not saved yet"})
        assert "The mail server took it" in page.text
        assert 'value="Not saved yet"' in page.text
        assert wrong(page, "logo") is None
        ((_, raw),) = server.mails
        mail = message_from_bytes(raw, policy=default)
        assert mail["From"] == "Ziedu nams <sveiki@ziedi.example>"
        assert mail["To"] == f"owner@{workspace}.example"
        assert "Yours sincerely," in mail.get_body(("plain",)).get_content()
        page = post("/test", files=logo_of(b"a" * 3_000_000), **WORN)
        assert "The mail server took it" in page.text
        assert "once more" in wrong(page, "logo")


def test_a_mail_server_that_is_not_there_is_said_so(post, monkeypatch, house):
    by_smtp(monkeypatch, house, "smtp://127.0.0.1:9")
    post(**{**WORN, "delivery": "smtp"})
    page = post("/test")
    assert "It was not sent" in page.text
    assert "The mail server does not answer" in page.text


def by_smtp(monkeypatch, house, url):
    settings = msgspec.structs.replace(house.settings, smtp_url=url)
    monkeypatch.setitem(house.__dict__, "settings", settings)


def test_only_owners_come_here(stranger, house, workspace, login):
    add_person(house.database, f"m@{workspace}.example", "Mia", workspace, role="marketer")
    token = make_login_link(house.database, f"m@{workspace}.example", utc_now())
    stranger.post(f"/console/login/{token}")
    for path in ("", "/exports", "/delete"):
        assert stranger.get(f"/console/{workspace}/workspace{path}").status_code == 403
    assert "/workspace" not in stranger.get(f"/console/{workspace}").text.replace("/workspaces", "")
