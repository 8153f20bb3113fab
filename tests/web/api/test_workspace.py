"""A workspace's brand, its export and its end, through the API: with its own key, and no other's."""

import zipfile
from base64 import b64encode
from io import BytesIO
from threading import Event
from urllib.parse import urlsplit

import pytest
from tests.access.test_brands import png

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace, delete_workspace, find_workspace
from regulars.loop.export_rounds import write_next
from regulars.words.clock import utc_now


@pytest.fixture
def stranger_key(house, workspace):
    """An admin key of another workspace."""
    other = f"o_{workspace}"
    create_workspace(house.database, other, "Cake Corner")
    yield {"authorization": f"Bearer {create_key(house.database, other, 'admin')}"}
    delete_workspace(house.database, other)


def test_what_is_left_out_stays_as_it_is(ask, tell, workspace):
    before = ask("/workspace").json()
    assert before["name"] == workspace
    changed = tell("/workspace", {"accent": "#1F5F4A", "languages": ["lv"]}).json()
    assert changed == {**before, "accent": "#1f5f4a", "languages": ["lv"]}
    assert ask("/workspace").json() == changed


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"accent": "red"}, "accent"), ({"languages": ["fr"]}, "languages"), ({"delivery": "smtp"}, "delivery"),
        ({"sender": "x"}, "sender"), ({"zone": "Mars"}, "zone"), ({"title": ""}, "title"),
    ],
)  # fmt: skip
def test_what_cannot_be_names_its_field(tell, ask, body, field):
    before = ask("/workspace").json()
    answer = tell("/workspace", body)
    assert answer.status_code >= 400
    assert field in answer.text
    assert ask("/workspace").json() == before


def test_a_logo_is_sent_in_base64_and_found_where_it_says(tell, stranger):
    where = tell("/workspace/logo", {"image": b64encode(png()).decode()}).json()["logo"]
    assert stranger.get(urlsplit(where).path).content == png()
    assert tell("/workspace/logo", {"image": None}).json()["logo"] is None
    assert tell("/workspace/logo", {"image": b64encode(b"<svg/>").decode()}).status_code == 400


def test_an_export_is_asked_for_and_taken_by_a_link(ask, tell, house, stranger, stranger_key, shop):
    asked = tell("/exports", {}).json()
    assert asked["state"] == "waiting"
    assert tell("/exports", {}).status_code == 409
    assert tell(f"/exports/{asked['number']}/link", {}).status_code == 409
    while write_next(house.database, house.exports, utc_now, Event()):
        pass
    done = ask(f"/exports/{asked['number']}", scope="admin").json()
    assert (done["state"], done["done"]) == ("done", done["total"])
    link = tell(f"/exports/{asked['number']}/link", {}).json()["link"]
    file = stranger.get(urlsplit(link).path)
    assert "events.jsonl" in zipfile.ZipFile(BytesIO(file.content)).namelist()
    assert stranger.get(urlsplit(link).path[:-1]).status_code == 403
    assert ask("/exports").status_code == 403
    assert stranger.get(f"/api/exports/{asked['number']}", headers=stranger_key).status_code == 404


def test_a_workspace_is_deleted_when_it_is_meant_and_its_keys_open_nothing(tell, ask, house, workspace):
    assert tell("/workspace/delete", {"sure": False}).status_code == 400
    assert tell("/workspace/delete", {"sure": True}).json()["name"] == workspace
    assert ask("/workspace").status_code == 401
    assert find_workspace(house.database, workspace).closed_at is not None
