"""What the console does, done by a program: the same rules, the same words."""

import pytest
from tests.web.console_story import HTML, QUIZ, RULE, SUBJECT, TEXT

from regulars.remember import consents
from regulars.store import records
from regulars.words.kinds import CONSENT_CHANGED

LETTER = {"subject": SUBJECT, "html": HTML, "text": TEXT}
SEGMENT = {"name": "givers", "title": "They give", "rule": RULE}
CONSENT = {"purpose": "marketing", "granted": True, "words": "Yes, write to me.", "how": "on paper"}


def test_a_rule_is_tried_and_becomes_a_segment(tell, ask, shop):
    trial = tell("/trials/rule", {"rule": RULE}).json()
    assert (trial["sentence"], trial["size"]) == ("Customers whose gift for is “My mother”.", 1)
    made = tell("/segments", SEGMENT)
    assert (made.status_code, made.json()["size"]) == (201, 1)
    assert ask("/segments/givers/members").json()["items"][0]["customer_id"] == shop.customer
    assert tell("/trials/rule", {"rule": {"fact": "gift_for"}}).status_code == 400


def test_a_form_is_made_with_its_link(tell, ask, stranger, workspace, header):
    made = tell("/forms", {"name": f"quiz-{workspace.replace('_', '-')}", "survey": QUIZ}).json()
    assert stranger.get(made["link"]).status_code == 200
    assert ask("/forms").json()["items"][0]["name"] == made["name"]
    assert tell("/forms", {"name": "empty", "survey": {"elements": []}}).status_code == 400


def test_a_form_is_edited_closed_and_opened_again(tell, ask, shop):
    asks = {"title": "Who?", "elements": [{"type": "text", "name": "whose", "title": "Whose birthday is next?"}]}
    assert tell("/forms/gift-quiz", {"survey": asks, "replaces": 1}).json()["version"] == 2
    overtaken = tell("/forms/gift-quiz", {"survey": QUIZ, "replaces": 1})
    assert (overtaken.status_code, "Somebody else saved" in overtaken.json()["detail"]) == (409, True)
    wrong = asks | {"elements": [{"type": "comment", "name": "for_whom"}, {"type": "text", "name": "may_write"}]}
    assert "what it permits" in tell("/forms/gift-quiz", {"survey": wrong}).json()["detail"]
    (answered,) = ask("/forms/gift-quiz/answers").json()["items"]
    assert (answered["version"], answered["said"]["answers"][1]["title"]) == (1, "What is their first name?")
    assert ask("/forms/gift-quiz", version=1).json()["survey"] == QUIZ
    assert ask("/forms/gift-quiz", version=7).status_code == 404
    assert tell("/forms/gift-quiz/close").json()["closed_at"]
    assert ask("/forms").json()["items"][0]["closed_at"]
    assert tell("/forms/gift-quiz/reopen").json()["closed_at"] is None


def test_a_template_is_tried_and_kept_as_the_next_version(tell, ask, shop):
    look = tell("/trials/template", {**LETTER, "ask": "gift-quiz", "customer": "email:ieva@post.example"}).json()
    assert "You told us: My mother" in look["text"]
    assert "nothing yet" in tell("/trials/template", {**LETTER, "ask": "gift-quiz"}).json()["text"]
    kept = tell("/templates", {"name": "remember", **LETTER, "ask": "gift-quiz"})
    assert (kept.status_code, kept.json()["version"]) == (201, 2)
    assert ask("/templates/remember", version=1).json()["version"] == 1
    assert tell("/templates", {"name": "x", **LETTER, "ask": "nobody"}).status_code == 404
    wrong = tell("/templates", {"name": "x", **LETTER, "subject": "{{ told.gift_for }}"})
    assert (wrong.status_code, "fallback" in wrong.json()["detail"]) == (400, True)


def test_a_template_has_a_title_that_it_keeps_until_it_is_given_another(tell, ask, shop):
    assert tell("/templates", {"name": "spring-sale", **LETTER}).json()["title"] == "Spring sale"
    titled = tell("/templates", {"name": "spring-sale", "title": "Pavasaris", **LETTER})
    assert (titled.status_code, titled.json()["title"]) == (201, "Pavasaris")
    assert tell("/templates", {"name": "spring-sale", **LETTER}).json()["title"] == "Pavasaris"
    assert ask("/templates/spring-sale", version=1).json()["title"] == "Spring sale"
    assert {one["name"]: one["title"] for one in ask("/templates").json()["items"]}["spring-sale"] == "Pavasaris"
    for wrong in ("", " ", "x" * 81):
        refused = tell("/templates", {"name": "spring-sale", "title": wrong, **LETTER})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "title")


def test_a_template_is_composed_of_blocks(tell, ask, shop):
    words = {"kind": "quote", "fact": "gift_for", "lead": "you told us:", "otherwise": "nothing yet"}
    asks = {"kind": "question", "form": "gift-quiz"}
    composed = {"subject": "Hello", "blocks": {"body": [words, asks]}}
    look = tell("/trials/template", {**composed, "customer": "email:ieva@post.example"}).json()
    assert "“My mother”" in look["text"]
    assert "nothing yet" in tell("/trials/template", composed).json()["text"]
    kept = tell("/templates", {"name": "composed", **composed}).json()
    assert (kept["ask"], kept["blocks"]) == ("gift-quiz", ask("/templates/composed").json()["blocks"])
    assert kept["blocks"]["body"][0] == words
    assert tell("/templates", {"name": "x", **composed, "html": "<p>"}).status_code == 400
    assert tell("/templates", {"name": "x", **LETTER}).json()["blocks"] is None
    for wrong in ({**asks, "form": "nobody"}, {"kind": "button", "text": "x", "to": "form:nobody"}):
        assert tell("/templates", {"name": "x", "subject": "x", "blocks": {"body": [wrong]}}).status_code == 404
    script = {"kind": "button", "text": "x", "to": "javascript:alert(1)"}
    refused = tell("/templates", {"name": "x", "subject": "x", "blocks": {"body": [script]}})
    assert (refused.status_code, "https://" in refused.json()["detail"]) == (400, True)


def test_a_campaign_is_made_launched_and_stopped(tell, ask, shop):
    new = {"name": "again", "title": "Again", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}
    assert tell("/campaigns", new).json()["state"] == "draft"
    assert tell("/campaigns", new).status_code == 409
    assert ask("/campaigns/again").json()["campaign"]["utm"] == {
        "source": "regulars", "medium": "email", "campaign": "again",
    }  # fmt: skip
    assert tell("/campaigns/again", {"title": "Once more", "replaces": 1}).json()["version"] == 2
    assert tell("/campaigns/again", {"title": "Too late", "replaces": 1}).status_code == 409
    assert tell("/campaigns/again/launch").json()["addressed"] == 1
    shop.work()
    assert ask("/campaigns/again").json()["messages"]["sent"] == 1
    refused = tell("/campaigns/again", {"purpose": "service"})
    assert (refused.status_code, "only its title" in refused.json()["detail"]) == (409, True)
    assert tell("/campaigns/again/stop").json()["state"] == "stopped"
    assert tell("/campaigns/nobody/launch").status_code == 404


def test_a_consent_is_recorded_with_its_proof(tell, ask, shop):
    told = tell("/customers/email:ming@post.example/consents", CONSENT)
    assert told.status_code == 201
    assert tell("/customers/user:u-1/consents", CONSENT | {"granted": False}).status_code == 201
    shop.work()
    ming = ask("/customers/user:u-2/consents").json()["items"]
    assert [(one["granted"], one["proof"]["words"]) for one in ming] == [(True, "Yes, write to me.")]
    with shop.tx() as tx:
        assert records.list_events(tx, kind=CONSENT_CHANGED, before=None, limit=9)[0].kind == CONSENT_CHANGED
        assert not consents.standing(tx, [shop.customer], "marketing", "email")[shop.customer].granted


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"words": " "}, 400),
        ({"how": ""}, 400),
        ({"words": "x" * 3000}, 400),
        ({"purpose": "Marketing, please"}, 400),
        ({"channel": "pigeon"}, 400),
        ({"at": "2999-01-01T00:00:00Z"}, 400),
        ({"at": "2026-01-01T00:00:00"}, 400),
        ({"granted": "yes"}, 400),
        ({"agreed": True}, 400),
    ],
)
def test_a_consent_without_proof_is_none(tell, shop, wrong, status):
    assert tell("/customers/user:u-1/consents", CONSENT | wrong).status_code == status
    assert tell("/customers/user:nobody/consents", CONSENT).status_code == 404


def test_followers_stand_still_go_on_and_start_over(tell, ask, shop):
    assert tell("/followers/segments/pause", {"note": "Moving house."}).json()["note"] == "Moving house."
    assert not tell("/followers/segments/resume").json()["paused"]
    assert tell("/followers/rollups/replay").json()["behind"] > 0
    assert tell("/followers/campaigns/replay").status_code == 409
    assert tell("/followers/nobody/pause").status_code == 404


def test_what_could_not_be_taken_is_taken_again(tell, ask, shop):
    seq = shop.follower_fails()
    assert ask("/quarantine").json()["items"][0]["seq"] == seq
    assert tell(f"/quarantine/facts/{seq}/again").json() == {"follower": "facts", "seq": seq}
    assert ask("/quarantine").json()["total"] == 0
    assert tell(f"/quarantine/facts/{seq}/again").status_code == 404


def test_a_key_of_a_request_does_it_once(tell, ask, shop):
    first = tell("/segments", SEGMENT, once="k-1")
    again = tell("/segments", SEGMENT, once="k-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert tell("/segments", SEGMENT | {"title": "Others"}, once="k-1").status_code == 409
    assert tell("/trials/rule", {"rule": RULE}, once="k-1").status_code == 409
    assert tell("/segments", SEGMENT).status_code == 409
    assert tell("/segments", SEGMENT, once="x" * 300).status_code == 400


def test_what_was_refused_leaves_its_key_free(tell, shop):
    assert tell("/segments", SEGMENT | {"rule": {}}, once="k-1").status_code == 400
    assert tell("/segments", SEGMENT, once="k-1").status_code == 201


def test_a_key_is_forgotten_after_a_day(tell, shop):
    assert tell("/segments", SEGMENT, once="k-1").status_code == 201
    with shop.tx() as tx:
        tx.connection.execute("update web_answer set at = at - interval '25 hours'")
    assert tell("/segments", SEGMENT | {"name": "others"}, once="k-1").status_code == 201


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"rule": {}, "name": "a"}', b'{"rule": ' + b"[" * 5000])
def test_what_cannot_be_read_is_refused_with_its_place(tell, workspace, body):
    answer = tell("/segments", body)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The body")


def test_what_is_too_large_is_413(tell, workspace):
    assert tell("/segments", b"x" * 2_000_001).status_code == 413


@pytest.mark.parametrize("scope", ["read", "write", "browser"])
def test_only_a_key_that_may_changes_anything(tell, workspace, scope):
    assert tell("/segments", SEGMENT, scope=scope).status_code == 403
    assert tell("/trials/rule", {"rule": RULE}, scope=scope).status_code == 403
