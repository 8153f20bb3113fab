"""What the house knows, as JSON."""

import pytest

from regulars.web.cursors import made
from regulars.words.clock import utc_now

HUGE = 10**30


def test_a_customer_is_found_by_any_identifier_with_all_that_is_known(ask, shop):
    known = ask("/customers/email:ieva@post.example").json()
    assert known == ask(f"/customers/{shop.customer}").json() == ask("/customers/user:u-1").json()
    assert known["customer"]["name"] == "Ieva Kalniņa"
    assert {one["value"] for one in known["identities"]} == {"u-1", "ieva@post.example"}
    assert {one["name"]: one["words"] for one in known["facts"]}["gift-quiz.whose"] == "Marta"
    assert known["segments"] == ["for-mothers"]


def test_lists_tell_their_total_and_are_read_on_to_their_end(ask, shop):
    first = ask("/events", limit=2).json()
    seqs = [one["seq"] for one in first["items"]]
    page = first
    while page["next"] is not None:
        page = ask("/events", limit=2, cursor=page["next"]).json()
        seqs += [one["seq"] for one in page["items"]]
    assert len(seqs) == first["total"]
    assert seqs == sorted(set(seqs), reverse=True)
    assert ask("/events", name="identify").json()["total"] == 2
    people = ask("/customers", limit=1).json()
    assert (people["total"], len(people["items"])) == (2, 1)
    assert ask("/customers", limit=1, cursor=people["next"]).json()["next"] is None
    assert ask("/segments/for-mothers/members").json()["total"] == 1


def test_messages_are_a_list_like_the_others(ask, shop):
    said = ask("/customers/user:u-1/messages").json()
    assert (said["total"], said["next"], [one["state"] for one in said["items"]]) == (1, None, ["sent"])
    assert ask("/customers/user:u-1/messages", cursor=made(said["items"][0]["id"])).json()["items"] == []
    assert ask("/customers/user:u-2/messages").json()["items"] == []


def test_a_fact_is_shown_with_what_it_replaced(ask, shop):
    with shop.tx() as tx:
        shop.meet(tx, "u-1", "Ieva Bērziņa", "ieva@post.example", utc_now())
    shop.work()
    names = ask("/customers/user:u-1/facts/name").json()
    assert [one["words"] for one in names["items"]] == ["Ieva Bērziņa", "Ieva Kalniņa"]
    assert ask("/customers/user:u-1/facts/unheard").json() == {"items": [], "total": 0, "next": None}


def test_a_segment_says_why_somebody_is_in_it_or_is_not(ask, shop):
    why = ask("/customers/user:u-1/segments/for-mothers").json()
    assert why["holds"]
    assert why["evidence"][0]["said"]["words"]
    assert not ask("/customers/user:u-2/segments/for-mothers").json()["holds"]
    assert ask("/customers/user:u-1/segments/nobody").status_code == 404


def test_a_timeline_is_the_newest_first_and_is_read_on_to_its_end(ask, shop):
    whole = ask("/customers/user:u-1/timeline").json()
    assert whole["total"] == len(whole["items"]) > 3
    read, page = [], ask("/customers/user:u-1/timeline", limit=2).json()
    while page["items"]:
        read += page["items"]
        page = (
            ask("/customers/user:u-1/timeline", limit=2, cursor=page["next"]).json() if page["next"] else {"items": []}
        )
    assert read == whole["items"]


@pytest.mark.parametrize("path", ["/segments", "/followers", "/customers/user:u-1/facts/name"])
def test_short_lists_are_read_like_long_ones(ask, shop, path):
    whole = ask(path).json()
    assert (whole["total"], whole["next"]) == (len(whole["items"]), None)
    read, cursor = [], ""
    while cursor is not None:
        page = ask(path, limit=1, cursor=cursor).json()
        assert page["total"] == whole["total"]
        read += page["items"]
        cursor = page["next"]
    assert read == whole["items"]
    assert ask(path, cursor=made("~")).status_code in {200, 400}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/customers/user:nobody", 404),
        ("/customers/someone", 400),
        ("/customers/4711", 404),
        (f"/customers/{HUGE}", 400),
        ("/segments/nobody/members", 404),
        ("/events?limit=0", 400),
        ("/events?limit=501", 400),
        ("/customers/user:u-1/timeline?cursor=yesterday", 400),
        ("/segments?cursor=1", 400),
        (f"/events?cursor={made('yesterday')}", 400),
        (f"/events?cursor={made(HUGE)}", 400),
        (f"/customers?cursor={'x' * 600}", 400),
        (f"/customers/user:u-1/timeline?cursor={made('2026-01-01T00:00:00', 1)}", 400),
        ("/nothing", 404),
        ("", 404),
    ],
)
def test_a_question_that_has_no_answer_says_so(ask, workspace, path, status):
    answer = ask(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_without_a_reading_key_nothing_is_told(ask, stranger, workspace):
    assert stranger.get("/api/events").status_code == 401
    assert stranger.get("/api/events", headers={"authorization": "Bearer nonsense"}).status_code == 401
    for scope in ("write", "browser"):
        assert ask("/events", scope=scope).status_code == 403
    assert ask("/followers", scope="admin").status_code == 200
