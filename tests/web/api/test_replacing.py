"""Who changes settings by the API and says what they saw overwrites nothing unseen, and is told what stands there."""

import pytest

from regulars.access.keys import create_key
from regulars.access.people import add_person
from regulars.client import Conflict, Regulars

RULES = {"email": "weak", "phone": "strong", "devices": 2}


@pytest.fixture
def put(stranger, header):
    def send(path, body):
        return stranger.put(f"/api{path}", json=body, headers=header("admin"))

    return send


def overtaken(answer):
    """What stands there now, as an answer tells that it was refused for that."""
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert "Somebody else" in answer.json()["detail"]
    return answer.json()["stands"]


def test_the_look_of_a_workspace(ask, tell):
    seen = ask("/workspace").json()
    theirs = tell("/workspace", {"title": "Theirs", "replaces": seen}).json()
    assert theirs["title"] == "Theirs"
    assert overtaken(tell("/workspace", {"accent": "#1f5f4a", "replaces": seen})) == theirs
    assert tell("/workspace", {"title": "Theirs", "replaces": seen}).json() == theirs, "it is what is wanted"
    assert tell("/workspace", {"accent": "#1f5f4a", "replaces": theirs}).json() == theirs | {"accent": "#1f5f4a"}
    assert tell("/workspace", {"title": "Mine"}).json()["title"] == "Mine", "nobody said what they saw"


def test_the_rules_that_join_records(ask, put, shop):
    seen = ask("/identity-rules").json()["rules"]
    assert put("/identity-rules", RULES | {"replaces": seen}).json() == RULES
    assert overtaken(put("/identity-rules", RULES | {"devices": 3, "replaces": seen})) == RULES
    shop.work()
    assert ask("/identity-rules").json()["rules"] == RULES
    assert put("/identity-rules", RULES | {"devices": 3, "replaces": RULES}).status_code == 200
    assert put("/identity-rules", RULES).json() == RULES


def test_how_much_customers_are_written_to(ask, put):
    seen = ask("/contact-policy", scope="admin").json()
    theirs = put("/contact-policy", {"per_day": 1, "replaces": seen}).json()
    assert (theirs["per_day"], theirs["per_week"]) == (1, None)
    assert overtaken(put("/contact-policy", {"per_day": 2, "replaces": seen})) == theirs
    assert put("/contact-policy", {"per_day": 1, "replaces": seen}).json() == theirs, "it is what is wanted"
    assert put("/contact-policy", {"per_week": 4, "replaces": theirs}).json()["per_week"] == 4


def test_how_long_events_are_kept(ask, put, shop):
    assert put("/retention", {"kinds": {"page": 730}, "replaces": {"page": None}}).json()["kinds"] == {"page": 730}
    late = {"kinds": {"page": 365}, "replaces": {"page": None}}
    assert overtaken(put("/retention", late)) == {"page": 730}
    assert put("/retention", late | {"replaces": {"page": 730, "Another": 30}}).json()["kinds"] == {"page": 365}
    assert put("/retention", {"kinds": {"page": None}}).json()["kinds"] == {}


def test_who_is_told(ask, put, house, workspace):
    email = f"owner@{workspace}.example"
    add_person(house.database, email, "Harriet", workspace)
    seen = ask("/alerts/settings", scope="admin").json()
    mine = {"people": [email], "webhook": "", "language": "lv"}
    assert put("/alerts/settings", mine | {"replaces": seen}).json() == mine
    assert overtaken(put("/alerts/settings", {"language": "hi", "replaces": seen})) == mine
    assert ask("/alerts/settings", scope="admin").json() == mine
    assert put("/alerts/settings", {"language": "hi", "replaces": mine}).json()["language"] == "hi"


def test_somebodys_role(tell, house, workspace):
    for one in ("owner", "second"):
        add_person(house.database, f"{one}@{workspace}.example", one, workspace)
    path = f"/people/second@{workspace}.example/role"
    assert tell(path, {"role": "analyst", "replaces": "owner"}).json()["role"] == "analyst"
    assert overtaken(tell(path, {"role": "viewer", "replaces": "owner"})) == "analyst"
    assert tell(path, {"role": "viewer", "replaces": "analyst"}).json()["role"] == "viewer"
    assert tell(path, {"role": "agent"}).json()["role"] == "agent"


def test_a_program_in_python_sends_what_it_saw_and_reads_what_stands(house, workspace, address):
    with Regulars(address, create_key(house.database, workspace, "admin")) as regulars:
        seen = regulars.workspace.brand()
        regulars.workspace.change_brand(title="Theirs", replaces=seen)
        with pytest.raises(Conflict) as refused:
            regulars.workspace.change_brand(title="Mine", replaces=seen)
        assert refused.value.stands["title"] == "Theirs"
