"""Settings > Alerts: who is told, where to, and an honest answer to 'does it reach me?'."""

import re
from html import unescape

import pytest
from tests.web.console_story import csrf

from regulars.measure import alerts, webhooks
from regulars.outbound import Answer, Outbound
from regulars.wiring import House
from regulars.words.errors import Unreached

URL = "https://hooks.example/regulars"


@pytest.fixture
def post(client, home):
    def send(path, **fields):
        page = client.get(f"{home}/alerts").text
        return client.post(f"{home}/alerts{path}", data={"csrf": csrf(page), **fields})

    return send


@pytest.fixture
def page(client, home):
    return lambda: unescape(client.get(f"{home}/alerts").text)


@pytest.fixture
def outside(monkeypatch):
    """What is posted and mailed; the webhook answers with what stands in `answers`."""
    seen = {"posts": [], "mails": [], "answers": [204]}

    def post(_, url, body, headers):
        seen["posts"].append((url, headers))
        answer = seen["answers"].pop(0)
        if answer is None:
            raise Unreached("{host} could not be reached: {problem}.", host="hooks.example", problem="it is away")
        return Answer(answer, b"")

    monkeypatch.setattr(Outbound, "post", post)
    monkeypatch.setattr(House, "tell", lambda _, *mail: seen["mails"].append(mail) or True)
    return seen


def test_nobody_is_told_at_first_and_the_page_says_so(page):
    assert "Nobody is told yet." in page()


def test_people_are_ticked_and_the_webhook_gets_a_secret(page, post, house, workspace):
    person = re.search(r'name="(person:\d+)"', page()).group(1)
    assert post("/people", **{person: "1", "language": "lv"}).status_code == 303
    assert post("/webhook", url=URL).status_code == 303
    with house.database.workspace(workspace) as tx:
        assert alerts.targets(tx) == [("mail", f"owner@{workspace}.example"), ("webhook", workspace)]
        assert alerts.language(tx) == "lv"
        secret = webhooks.shown(alerts.webhook(tx).secret)
    assert secret in page()
    post("/webhook", url=URL + "/2")
    assert secret in page()
    post("/secret")
    assert secret not in page()
    post("/webhook", url="")
    assert "whsec_" not in page()


@pytest.mark.parametrize("url", ["http://plain.example/", "nothing", "https://", "x" * 10_000, "javascript:alert(1)"])
def test_an_address_that_cannot_be_posted_to_comes_back_with_the_reason(post, page, url):
    answer = post("/webhook", url=url)
    assert answer.status_code == 400
    assert "is no address that we can post to" in unescape(answer.text)
    assert 'aria-describedby="url-hint url-wrong"' in answer.text
    assert "whsec_" not in page()


def test_a_test_says_of_everybody_whether_it_was_taken(page, post, outside, workspace):
    person = re.search(r'name="(person:\d+)"', page()).group(1)
    post("/people", **{person: "1", "language": "en"})
    post("/webhook", url=URL)
    outside["answers"] = [500]
    text = unescape(post("/test").text)
    assert f"owner@{workspace}.example: taken" in text
    assert "the webhook: not taken. It was answered with 500." in text
    assert outside["mails"][0][1].endswith("A test: alerts reach you")
    outside["answers"] = [None]
    assert "hooks.example could not be reached: it is away." in unescape(post("/test").text)
    outside["answers"] = [204]
    assert "the webhook: taken" in unescape(post("/test").text)
    assert len({headers["webhook-id"] for _, headers in outside["posts"]}) == 3
    assert page().count("A test") >= 3


def test_a_test_that_nobody_hears_says_so(post, outside):
    assert "Nobody was told" in unescape(post("/test").text)


def test_who_is_told_is_noted_in_the_audit_log(post, client, home):
    post("/webhook", url=URL)
    assert "changed who is told when something is wrong" in unescape(client.get(f"{home}/audit").text)


def test_programs_set_the_same_and_strangers_are_refused(client, house, workspace, outside):
    from regulars.access.keys import create_key

    header = {"authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    said = {"people": [f"owner@{workspace}.example"], "webhook": URL, "language": "hi"}
    assert client.put("/api/alerts/settings", json=said, headers=header).json() == said
    wrong = client.put("/api/alerts/settings", json=said | {"people": ["nobody@x.example"]}, headers=header)
    assert wrong.status_code == 400
    assert "Nobody of the team" in wrong.json()["detail"]
    done = client.post("/api/alerts/test", headers=header).json()
    assert {one["state"] for one in done["tellings"]} == {"told"}
    reader = {"authorization": f"Bearer {create_key(house.database, workspace, 'read')}"}
    assert client.get("/api/alerts/settings", headers=reader).status_code == 403
    assert client.get("/api/findings", headers=reader).status_code == 200
