from datetime import timedelta

from regulars.access.people import add_person, make_login_link
from regulars.web.console.desk import SESSION
from regulars.words.clock import utc_now


def test_whoever_is_not_logged_in_is_sent_to_the_log_in(stranger, home):
    answer = stranger.get(home)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


def test_the_log_in_says_how_to_get_a_link(stranger):
    assert "regulars login-link" in stranger.get("/console/login").text


def test_looking_at_a_link_does_not_burn_it(stranger, login):
    for _ in range(2):
        page = stranger.get(login)
        assert page.status_code == 200
        assert SESSION not in page.cookies
    assert stranger.post(login).status_code == 303


def test_a_link_opens_one_session(stranger, login, home):
    answer = stranger.post(login)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert stranger.get("/console").headers["location"] == home
    assert stranger.get(home).status_code == 200
    assert stranger.post(login).status_code == 403


def test_a_used_link_says_how_to_get_a_fresh_one(client, login):
    page = client.get(login)
    assert page.status_code == 403
    assert "regulars login-link" in page.text


def test_a_link_that_is_too_old_opens_nothing(stranger, house, workspace):
    add_person(house.database, "late@x.example", "Late", workspace)
    token = make_login_link(house.database, "late@x.example", utc_now() - timedelta(hours=1))
    assert stranger.post(f"/console/login/{token}").status_code == 403


def test_another_page_cannot_log_somebody_in(stranger, login):
    refused = stranger.post(login, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    refused = stranger.post(login, headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403
    assert stranger.post(login, headers={"Origin": "http://testserver.local"}).status_code == 303


def test_logging_out_ends_the_session(client, home):
    cookie = client.cookies[SESSION]
    assert client.post("/console/logout").headers["location"] == "/console/login"
    client.cookies.clear()
    assert client.get(home, cookies={SESSION: cookie}).status_code == 303


def test_a_session_opens_only_the_workspaces_of_its_person(client, house):
    from regulars.access.workspaces import create_workspace, delete_workspace

    create_workspace(house.database, "elsewhere", "Elsewhere")
    try:
        assert client.get("/console/elsewhere").status_code == 403
    finally:
        delete_workspace(house.database, "elsewhere")
    assert client.get("/console/nowhere").status_code == 403


def test_the_cookie_is_secure_where_the_house_is_reached_by_https(house, login):
    from dataclasses import replace

    import msgspec
    from litestar.testing import TestClient

    from regulars.web.app import create_app

    safe = replace(house, settings=msgspec.structs.replace(house.settings, base_url="https://shop.example"))
    with TestClient(create_app(safe)) as browser:
        browser.follow_redirects = False
        assert "Secure" in browser.post(login).headers["set-cookie"]
