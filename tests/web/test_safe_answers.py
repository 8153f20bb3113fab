"""Every answer, whoever asks and whatever came of it, carries the headers that keep its reader safe."""

import pytest
from litestar.testing import TestClient
from tests.web.doors import doors

from regulars.access.keys import create_key
from regulars.settings import Settings
from regulars.web.api.document import document
from regulars.web.app import create_app
from regulars.wiring import build


def test_every_door_answers_with_a_policy_and_no_guessing_of_kinds(house, stranger, workspace):
    for door in doors(house):
        answer = stranger.request(door.method, door.at(workspace=workspace))
        assert answer.headers["x-content-type-options"] == "nosniff", door.path
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy or door.path.startswith("/look/"), door.path
        assert "default-src" in policy, door.path
        if "set-cookie" in answer.headers:
            kept = answer.headers["set-cookie"].lower()
            assert "httponly" in kept, door.path
            assert "samesite=lax" in kept, door.path


@pytest.mark.parametrize("path", ["/v1/track", "/v1/nowhere", "/v1/batch"])
def test_so_do_the_doors_of_machines(stranger, path):
    for answer in (stranger.post(path, content=b"<script>"), stranger.get(path), stranger.options(path)):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'"


def test_a_house_that_is_reached_by_https_wants_browsers_to_come_back_by_it(postgres, database, tmp_path):
    house = build(Settings(data=tmp_path, database_url=postgres, base_url="https://gifts.example"), postgres)
    try:
        with TestClient(create_app(house), base_url="https://gifts.example") as browser:
            assert browser.get("/console/login").headers["strict-transport-security"] == "max-age=31536000"
    finally:
        house.close()


def test_one_that_is_not_asks_for_nothing_of_the_kind(stranger):
    assert "strict-transport-security" not in stranger.get("/console/login").headers


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "a\\ud83d", "x" * 10_000])
def test_bodies_of_the_api_with_halves_of_letters_are_refused_with_words(house, shop, stranger, workspace, text):
    admin = create_key(house.database, workspace, "admin")
    key = {"authorization": f"Bearer {admin}", "content-type": "application/json"}
    for path, methods in document("http://x.example")["paths"].items():
        for method, told in methods.items():
            if "requestBody" not in told:
                continue
            example = told["requestBody"]["content"]["application/json"]["example"]
            place = path.format(**{one["name"]: one.get("example", "1") for one in told["parameters"]})
            for field in example:
                given = (f'"{name}": ' + (f'"{text}"' if name == field else "null") for name in example)
                body = "{" + ",".join(given) + "}"
                answer = stranger.request(method.upper(), place, headers=key, content=body.encode())
                assert answer.status_code < 500, (place, field, answer.text)
