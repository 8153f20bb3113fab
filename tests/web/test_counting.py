"""Of whom it is counted whether they open messages: chosen on a page by owners, noted, the same for programs."""

import pytest
from tests.web.console_story import csrf

from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.decide import tracking
from regulars.words.clock import utc_now


def stands(shop):
    with shop.tx() as tx:
        return tracking.standing(tx)


def test_an_owner_chooses_of_whom_it_is_counted(shop, client, home):
    page = client.get(f"{home}/counting").text
    assert 'value="unless_refused" checked' in page
    saved = client.post(f"{home}/counting", data={"csrf": csrf(page), "tracking": "if_agreed"})
    assert saved.headers["location"] == f"{home}/counting?saved=yes"
    assert stands(shop) == "if_agreed"
    assert "changed of whom it is counted" in client.get(f"{home}/audit").text
    refused = client.post(f"{home}/counting", data={"csrf": csrf(page), "tracking": "everybody"})
    assert refused.status_code == 400
    assert "Choose of whom it is counted" in refused.text
    assert stands(shop) == "if_agreed"


@pytest.mark.parametrize("role", ["marketer", "agent", "analyst", "viewer"])
def test_only_owners_choose_it(shop, house, stranger, home, role):
    add_person(house.database, f"{role}@gifts.example", role, shop.workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, f'{role}@gifts.example', utc_now())}")
    assert stranger.get(f"{home}/counting").status_code == 403
    field = {"csrf": csrf(stranger.get("/console/account").text), "tracking": "off"}
    assert stranger.post(f"{home}/counting", data=field).status_code == 403
    assert stands(shop) == "unless_refused"


def test_programs_read_and_change_it_too(shop, stranger):
    head = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'admin')}"}
    assert stranger.get("/api/counting", headers=head).json() == {"tracking": "unless_refused"}
    changed = stranger.put("/api/counting", json={"tracking": "off"}, headers=head)
    assert changed.json() == {"tracking": "off"}
    assert stands(shop) == "off"
    late = {"tracking": "if_agreed", "replaces": {"tracking": "unless_refused"}}
    assert stranger.put("/api/counting", json=late, headers=head).status_code == 409
    wrong = stranger.put("/api/counting", json={"tracking": "everybody"}, headers=head)
    assert (wrong.status_code, stands(shop)) == (400, "off")
    reader = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'read')}"}
    assert stranger.get("/api/counting", headers=reader).status_code == 403
