"""By a key a campaign is planned, paused, goes on and is cancelled, and its end is taken off again."""

from datetime import timedelta

from regulars.words.clock import utc_now

CHOSEN = {"title": "Again", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}


def test_a_program_plans_pauses_and_takes_an_end_off_again(shop, header, stranger):
    tell = {"headers": header("admin")}
    at = (utc_now() + timedelta(hours=5)).isoformat()
    made = {**CHOSEN, "name": "may", "whom": "once", "goes_at": at, "ends_at": "2099-01-01T10:00:00Z"}
    assert stranger.post("/api/campaigns", json=made, **tell).status_code == 201
    assert stranger.post("/api/campaigns/may/launch", **tell).json()["campaign"]["state"] == "planned"
    assert stranger.post("/api/campaigns/may", json={"ends_at": None}, **tell).json()["ends_at"] is None
    assert stranger.post("/api/campaigns/may/pause", **tell).status_code == 409
    for to, expected in (("pause", "paused"), ("resume", "live"), ("cancel", "cancelled")):
        assert stranger.post(f"/api/campaigns/spring/{to}", **tell).json()["state"] == expected
