"""What the console changes: made from a form, with errors beside their fields, nothing typed ever lost."""

import json
import re

import pytest
from tests.web.console_story import HTML, RULE, SUBJECT, TEXT, csrf

from regulars.speak import archiving, campaigns, library
from regulars.store.follow import lags
from regulars.understand import segments
from regulars.words.clock import utc_now


@pytest.fixture
def post(client, home):
    """Fill in the form of a page and send it."""

    def send(path, to=None, **fields):
        token = csrf(client.get(f"{home}{path}").text)
        return client.post(f"{home}{to or path}", data={"csrf": token, **fields})

    return send


def wrong(page, field):
    """What a page says is wrong with a field."""
    found = re.search(rf'id="{field}-wrong">([^<]+)<', page.text)
    return found.group(1) if found else None


def test_a_rule_is_tried_without_being_kept(post, shop):
    page = post("/new/segment", rule=json.dumps(RULE), title="Mothers", name="mothers", do="look")
    assert page.status_code == 200
    assert "Customers whose gift for is “My mother”." in page.text
    assert re.search(r"<span class=\"figure\">1</span> <span class=\"soft\">customer matches now", page.text)
    with shop.tx() as tx:
        assert [one.name for one in segments.list_segments(tx)] == ["for-mothers"]


def test_a_segment_is_deleted_unless_a_live_campaign_writes_to_it(post, shop, client, home):
    page = post("/segments/for-mothers", to="/segments/for-mothers/delete")
    assert page.status_code == 409
    assert "The campaign &#39;spring&#39; is live and writes to this segment." in page.text
    with shop.tx() as tx:
        campaigns.stop(tx, "spring")
        library.save_template(
            tx, "asks", subject="A", html='{% if segments["for-mothers"] %}A{% endif %}' + TEXT, text=TEXT
        )
    page = post("/segments/for-mothers", to="/segments/for-mothers/delete")
    assert page.status_code == 409
    assert "The template &#39;asks&#39; says something only to who is in this segment." in page.text
    with shop.tx() as tx:
        archiving.archive(tx, ["asks"], utc_now())
    gone = post("/segments/for-mothers", to="/segments/for-mothers/delete")
    assert gone.headers["location"].startswith(f"{home}/segments?deleted=")
    assert client.get(f"{home}/segments/for-mothers").status_code == 404
    assert "This segment has been deleted." in client.get(f"{home}/campaigns/spring").text
    assert post("/new/form", to="/campaigns/spring/launch").status_code == 404


def test_a_rule_about_what_nobody_ever_did_says_so_and_stands(post, shop, client, home):
    rule = json.dumps({"event": "order complete", "count": {"at_least": 1}})
    tried = post("/new/segment", rule=rule, title="Typo", name="typo", do="look")
    assert "Nobody has ever done “order complete”." in tried.text
    assert "Near to it are: Order Completed." in tried.text
    assert post("/new/segment", rule=rule, title="Typo", name="typo", do="save").status_code == 303
    assert "Nobody has ever done" in client.get(f"{home}/segments/typo").text
    assert "Nobody has ever done" not in client.get(f"{home}/segments/for-mothers").text


def test_a_segment_is_made(post, shop, client, home):
    answer = post("/new/segment", rule=json.dumps(RULE), title="Mothers", name="mothers", do="save")
    assert answer.headers["location"] == f"{home}/segments/mothers"
    assert "Ieva" in client.get(f"{home}/segments/mothers").text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rule": "{"}, "rule"),
        ({"rule": '{"fact": "shoe_size", "is": "39"}'}, "rule"),
        ({"name": "No Name"}, "name"),
        ({"name": "for-mothers"}, "name"),
        ({"title": "  "}, "title"),
    ],
)
def test_what_is_wrong_with_a_segment_stands_beside_its_field(post, shop, fields, field):
    typed = {"rule": json.dumps(RULE), "title": "Mothers", "name": "mothers", "do": "save", **fields}
    page = post("/new/segment", **typed)
    assert page.status_code == 400
    assert wrong(page, field)
    assert 'value="Mothers"' in page.text or field == "title"


def test_a_campaign_is_made_launched_and_stopped(post, shop, client, home):
    made = post(
        "/new/campaign", title="May", name="may", segment="for-mothers", template="remember", purpose="marketing"
    )
    assert made.headers["location"] == f"{home}/campaigns/may"
    draft = client.get(f"{home}/campaigns/may").text
    assert "draft" in draft
    assert re.search(r'<span class="figure">1</span>\s*of 1 customer in the segment', draft)
    assert post("/campaigns/may", "/campaigns/may/launch").status_code == 303
    shop.work()
    page = client.get(f"{home}/campaigns/may").text
    assert re.search(r"<b>1</b>\s*sent", page)
    assert "Ieva" in client.get(f"{home}/campaigns/may/people?only=sent").text
    assert post("/campaigns/may", "/campaigns/may/stop").status_code == 303
    with shop.tx() as tx:
        assert campaigns.get(tx, "may").state == "stopped"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "spring"}, "name"),
        ({"segment": "gone"}, "segment"),
        ({"template": "gone"}, "template"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "Spring sale!"}, "purpose"),
        ({"title": "May" + "y" * 200}, "title"),
    ],
)
def test_what_is_wrong_with_a_campaign_stands_beside_its_field(post, shop, fields, field):
    typed = {"title": "May", "name": "may", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}
    page = post("/new/campaign", **(typed | fields))
    assert page.status_code == 400
    assert wrong(page, field)
    assert 'value="May' in page.text


def test_a_draft_that_nobody_allowed_teaches_how_to_ask(post, shop, client, home):
    post("/new/campaign", title="May", name="may", segment="for-mothers", template="remember", purpose="research")
    page = client.get(f"{home}/campaigns/may").text
    assert "Nobody of them has allowed “research” yet" in page
    assert "&#34;purpose&#34;: &#34;research&#34;" in page


def test_what_is_wrong_with_a_template_is_said_once(post, shop):
    page = post("/templates/remember", subject="Hello", html="<p>{% if %}</p>", text=TEXT, ask="", do="preview")
    assert page.text.count("Line 1 of the HTML") == 1
    assert "as soon as the error is mended" in page.text


def test_a_template_is_previewed_without_being_kept(post, shop):
    page = post("/templates/remember", subject=f"New: {SUBJECT}", html=HTML, text=TEXT, ask="", do="preview")
    assert "New: About My mother" in page.text
    assert "New: About your gifts" in page.text
    with shop.tx() as tx:
        assert library.get_template(tx, "remember").version == 1


def test_a_template_is_kept_as_the_next_version(post, shop, home):
    answer = post("/templates/remember", subject="Soon", html=HTML, text=TEXT, ask="gift-quiz", do="save")
    assert answer.headers["location"] == f"{home}/templates/remember?saved=yes"
    with shop.tx() as tx:
        assert library.get_template(tx, "remember").version == 2


def test_a_template_is_made(post, shop):
    assert (
        post(
            "/new/template?start_from=html",
            to="/new/template",
            name="hello",
            subject="Hello",
            html=HTML,
            text=TEXT,
            do="save",
        ).status_code
        == 303
    )
    assert wrong(
        post(
            "/new/template?start_from=html",
            to="/new/template",
            name="hello",
            subject="Hello",
            html=HTML,
            text=TEXT,
            do="save",
        ),
        "name",
    )


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"html": "<p>\n{% if %}</p>"}, "html", "Line 2"),
        ({"text": "{{ nobody }} {{ unsubscribe_url }}"}, "text", "nobody"),
        ({"subject": "{{ told.gift_for }}"}, "subject", "fallback"),
        ({"html": "<p>Bye</p>"}, "html", "unsubscribe_url"),
        ({"ask": "gone"}, "ask", "gone"),
    ],
)
def test_what_is_wrong_with_a_template_stands_beside_its_field(post, shop, fields, field, says):
    typed = {"subject": "Hello", "html": HTML, "text": TEXT, "ask": "", "do": "save"}
    page = post("/templates/remember", **(typed | fields))
    assert page.status_code == 400
    assert says in (wrong(page, field) or "")


def test_a_form_is_made(post, shop, client, home):
    survey = {"title": "Budget", "elements": [{"type": "text", "name": "budget", "title": "How much?"}]}
    answer = post("/new/form", name=f"budget-{shop.workspace.replace('_', '-')}", survey=json.dumps(survey))
    assert answer.status_code == 303
    assert "Nobody has answered yet" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("fields", "field"), [({"survey": "["}, "survey"), ({"survey": "{}"}, "survey"), ({"name": "No!"}, "name")]
)
def test_what_is_wrong_with_a_form_stands_beside_its_field(post, client, fields, field):
    survey = {"elements": [{"type": "text", "name": "budget"}]}
    page = post("/new/form", **({"name": "x", "survey": json.dumps(survey)} | fields))
    assert page.status_code == 400
    assert wrong(page, field)


def test_a_follower_is_paused_resumed_and_replayed(post, shop, client, home):
    def state():
        with shop.tx() as tx:
            return next(one for one in lags(tx) if one.name == "facts")

    post("/health", "/health/facts/pause")
    assert state().paused
    page = client.get(f"{home}/health").text
    assert "Paused" in page
    assert "Something needs a look" in client.get(home).text
    post("/health", "/health/facts/resume")
    assert not state().paused
    post("/health", "/health/facts/replay")
    assert state().behind > 0
    shop.work()
    assert state().behind == 0


def test_an_acting_follower_cannot_be_replayed(post, shop):
    assert post("/health", "/health/campaigns/replay").status_code == 409
    assert post("/health", "/health/nobody/pause").status_code == 404


def test_a_quarantined_event_is_run_again(post, shop, client, home):
    seq = shop.follower_fails()
    assert "cannot be read" in client.get(f"{home}/health/quarantine").text
    assert post("/health", f"/health/facts/again/{seq}").status_code == 303
    assert "cannot be read" not in client.get(f"{home}/health/quarantine").text


def test_an_event_that_fails_again_stays_and_the_page_says_so(post, shop, monkeypatch):
    from regulars.loop import followers

    def fail(*_):
        raise ValueError("internals")

    seq = shop.follower_fails()
    monkeypatch.setattr(followers, "run_again", fail)
    page = post("/health", f"/health/facts/again/{seq}")
    assert page.status_code == 409
    assert "failed again" in page.text
    assert "internals" not in page.text
