import re

import pytest
from tests.web.console_story import csrf

from regulars.web.console.desk import SESSION
from regulars.web.console.routes import HANDLERS

FILLED = {"str": "x", "int": "1"}


def routes():
    """Every path below a workspace with its method, its places filled."""
    return [
        (method, re.sub(r"\{\w+:(\w+)\}", lambda place: FILLED[place[1]], path))
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
    ]


@pytest.mark.parametrize(("method", "path"), routes())
def test_no_route_answers_a_stranger(stranger, home, method, path):
    answer = stranger.request(method, f"{home}{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


@pytest.mark.parametrize(("method", "path"), [one for one in routes() if one[0] == "POST"])
def test_nothing_is_changed_without_the_token_of_our_own_page(client, home, method, path):
    assert client.request(method, f"{home}{path}").status_code == 403
    assert client.request(method, f"{home}{path}", data={"csrf": "0" * 40}).status_code == 403


def test_a_token_of_another_origin_changes_nothing(client, home):
    token = csrf(client.get(f"{home}/new/segment").text)
    form = {"csrf": token, "rule": '{"all": []}', "do": "try"}
    assert client.post(f"{home}/new/segment", data=form).status_code == 200
    elsewhere = client.post(f"{home}/new/segment", data=form, headers={"Origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403


def test_a_made_up_session_opens_nothing(stranger, home):
    assert stranger.get(home, cookies={SESSION: "made-up"}).status_code == 303
