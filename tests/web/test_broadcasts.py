"""On a campaign's page: planned, taken back, paused, going on, and cancelled for ever."""

from datetime import timedelta

from tests.web.console_story import csrf

from regulars.speak import broadcasts, campaigns
from regulars.words.clock import utc_now

CHOSEN = {"title": "Again", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}


def state(shop, name):
    with shop.tx() as tx:
        return campaigns.get(tx, name).state


def send(client, home, path, page="", **fields):
    return client.post(f"{home}{path}", data={"csrf": csrf(client.get(f"{home}{page or path}").text), **fields})


def test_a_campaign_is_planned_on_its_page_and_goes_at_its_time(client, home, shop):
    at = (utc_now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    when = {"whom": "once", "goes_at": at, "clock": "own"}
    assert send(client, home, "/new/campaign", **CHOSEN, name="may", **when).status_code == 303
    assert "by each customer" in client.get(f"{home}/campaigns/may").text
    for expected in ("planned", "draft", "planned"):
        to = "launch" if state(shop, "may") == "draft" else "stop"
        assert send(client, home, f"/campaigns/may/{to}", page="/campaigns/may").status_code == 303
        assert state(shop, "may") == expected
    assert "Take the plan back" in client.get(f"{home}/campaigns/may").text
    with shop.tx() as tx:
        assert broadcasts.go_due(tx, utc_now()) == []
        assert broadcasts.go_due(tx, utc_now() + timedelta(days=5)) == ["may"]


def test_a_live_campaign_is_paused_goes_on_and_is_cancelled_on_its_page(client, home, shop):
    for to, expected, shown in (
        ("pause", "paused", "Let it go on"),
        ("resume", "live", "Pause"),
        ("cancel", "cancelled", "nothing more is sent, for ever"),
    ):
        send(client, home, f"/campaigns/spring/{to}", page="/campaigns/spring")
        assert state(shop, "spring") == expected
        assert shown in client.get(f"{home}/campaigns/spring").text
    assert "Launch …" not in client.get(f"{home}/campaigns/spring").text
    assert send(client, home, "/campaigns/spring/resume", page="/new/campaign").status_code == 409


def test_a_wrong_time_stands_beside_its_field(client, home, shop):
    for when, field in (({"goes_at": "soon"}, "goes_at"), ({"clock": "own", "whom": "once"}, "goes_at")):
        page = send(client, home, "/new/campaign", **CHOSEN, name="x", **when)
        assert (page.status_code, f'id="{field}-wrong"' in page.text) == (400, True)


def test_after_the_launch_the_end_and_the_priority_change_on_the_page(client, home, shop):
    send(client, home, "/campaigns/spring/edit", title="S", priority="3", ends_at="2099-01-01T10:00", base="1")
    with shop.tx() as tx:
        now = campaigns.get(tx, "spring")
    assert (now.title, now.priority, now.ends_at.year) == ("S", 3, 2099)
