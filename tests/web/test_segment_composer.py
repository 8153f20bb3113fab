"""A segment is composed by clicking or as text, edited, brought back, deleted and taken back."""

import re
from html import unescape

import pytest
from tests.web.console_story import RULE, csrf

from regulars.access.audit import Filter, list_entries
from regulars.understand import editing, segments
from regulars.understand.yaml_text import read
from regulars.words.clock import utc_now


def form_of(page):
    """What a browser sends of a composer as it stands there."""
    text, sent = page.text.partition('class="typing"')[2], {}
    for found in re.finditer(r'<input[^>]* name="([^"]+)" value="([^"]*)"[^>]*', text):
        if 'type="checkbox"' not in found[0] or " checked" in found[0]:
            sent[found[1]] = unescape(found[2])
    for found in re.finditer(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', found[2]) or re.search(r'value="([^"]*)"', found[2])
        sent[found[1]] = unescape(chosen[1]) if chosen else ""
    for found in re.finditer(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        sent[found[1]] = unescape(found[2])
    return sent


@pytest.fixture
def press(client, home):
    """Press a button of a composer, with some fields filled in; buttons only send the form."""

    def send(page, do, path=None, **fields):
        named = {name.replace("__", ":"): value for name, value in fields.items()}
        return client.post(page.url if path is None else f"{home}{path}", data=form_of(page) | named | {"do": do})

    return send


def kept(shop, name):
    with shop.tx() as tx:
        return segments.get_segment(tx, name)


def test_a_rule_is_composed_by_pressing_buttons_alone(press, shop, client, home):
    page = client.get(f"{home}/new/segment")
    page = press(page, "shape", **{"r.0:fact": "gift_for"})
    assert {"r.0:test", "r.0:value"} <= form_of(page).keys()
    assert '<option value="mother">My mother</option>' in page.text
    page = press(page, "look", **{"r.0:value": "mother"})
    assert "Customers whose gift for is “My mother”." in page.text
    assert "customer matches now" in page.text
    assert f'href="{home}/customers/{shop.customer}"' in page.text
    page = press(page, "add-group:r")
    page = press(page, "add-event:r.1", **{"r.1:need": "none"})
    page = press(
        page,
        "shape",
        **{"r.1.0:event": "Order Completed", "r.1.0:how": "between", "r.1.0:when": "within", "r.1.0:days": "90"},
    )
    assert form_of(page)["r.1.0:high"] == ""
    page = press(page, "add-fact:r.1", **{"r.1.0:low": "5", "r.1.0:high": "9"})
    page = press(page, "remove:r.1.1")
    made = press(page, "save", title="Mothers, few orders")
    assert made.headers["location"] == f"{home}/segments/mothers-few-orders"
    segment = kept(shop, "mothers-few-orders")
    assert segment.rule == {
        "all": [
            {"fact": "gift_for", "is": "mother"},
            {"none": [{"event": "Order Completed", "count": {"at_least": 5, "at_most": 9}, "within_days": 90}]},
        ]
    }
    assert segment.size == 1


def test_what_is_unfinished_is_left_out_of_the_look_and_marked_when_it_is_saved(press, client, home, shop):
    page = press(client.get(f"{home}/new/segment"), "add-event:r", **{"r.0:fact": "gift_for", "r.0:value": "mother"})
    assert "1 condition is not finished" in page.text
    assert "Choose what they did." not in page.text
    refused = press(page, "save", title="Half")
    assert refused.status_code == 400
    assert 'id="r.1-wrong">Choose what they did.' in refused.text
    assert 'value="Half"' in refused.text


def test_an_event_that_nobody_did_has_near_ones_to_press(press, client, home, shop):
    page = press(client.get(f"{home}/new/segment"), "add-event:r", **{"r.0:fact": "gift_for", "r.0:value": "mother"})
    page = press(page, "look", **{"r.1:event": "order complete"})
    assert "Nobody has ever done “order complete”." in page.text
    page = press(page, "use:r.1:Order Completed")
    assert form_of(page)["r.1:event"] == "Order Completed"
    assert "Nobody has ever done" not in page.text


def test_the_rule_can_be_read_and_written_as_text(press, client, home, shop):
    page = press(client.get(f"{home}/segments/for-mothers/edit"), "as-text")
    assert read(form_of(page)["rule"]) == RULE
    page = press(page, "as-clicks", rule='{"any": [{"event": "page", "count": {"at_most": 0}}, {"all": []}]}')
    assert (form_of(page)["r:need"], form_of(page)["r.0:how"]) == ("any", "never")
    page = press(press(page, "remove:r.1"), "as-text")
    assert read(form_of(page)["rule"]) == {"any": [{"event": "page", "count": {"at_most": 0}}]}
    broken = press(page, "as-clicks", rule="{")
    assert broken.status_code == 400
    assert "Line 2: did not find expected node content." in broken.text
    assert form_of(broken)["rule"] == "{"


def test_what_was_pressed_is_kept_as_a_draft(press, client, home, shop):
    press(client.get(f"{home}/segments/for-mothers/edit"), "add-event:r")
    again = client.get(f"{home}/segments/for-mothers/edit")
    assert "You began this and have not saved it" in again.text
    assert "r.1:event" in form_of(again)
    gone = press(again, "remove:r.0")
    assert "r.1:event" not in form_of(gone)
    assert "r.1:event" not in form_of(client.get(f"{home}/segments/for-mothers/edit"))


def test_an_edit_is_the_next_version_and_the_earlier_one_can_hold_again(press, client, home, shop):
    page = client.get(f"{home}/segments/for-mothers/edit")
    saved = press(page, "save", title="For friends", **{"r.0:value": "friend"})
    assert saved.headers["location"] == f"{home}/segments/for-mothers?saved=yes"
    page = client.get(saved.headers["location"]).text
    assert "Saved as version 2" in page
    assert "The campaign “Spring” writes to those who come in from now on." in page
    assert "Nobody matches yet" in page
    assert "Harriet" in page
    back = {"csrf": csrf(page)}
    assert client.post(f"{home}/segments/for-mothers/versions/1/restore", data=back).status_code == 303
    assert (kept(shop, "for-mothers").version, kept(shop, "for-mothers").size) == (3, 1)
    with shop.tx() as tx:
        noted = list_entries(tx, Filter(action="segment.changed"))
    assert [(one.name, one.after["version"]) for one in noted] == [("for-mothers", 3), ("for-mothers", 2)]


def test_two_people_who_edit_a_segment_meet(press, client, colleague, home, shop):
    page = client.get(f"{home}/segments/for-mothers/edit")
    theirs = form_of(colleague.get(f"{home}/segments/for-mothers/edit"))
    assert colleague.post(page.url, data=theirs | {"title": "Greta's", "do": "save"}).status_code == 303
    met = press(page, "save", **{"r.0:value": "friend"})
    assert met.status_code == 409
    assert "Greta saved another version while you were typing." in met.text
    assert re.search(r"<mark>“?A good friend", met.text)
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', met.text.partition('value="save"')[0]))
    assert client.post(page.url, data=hidden | {"do": "save"}).status_code == 303
    assert kept(shop, "for-mothers").rule == {"all": [{"fact": "gift_for", "is": "friend"}]}
    assert kept(shop, "for-mothers").version == 3


def test_a_deleted_segment_can_be_taken_back_at_once_and_later(press, client, home, shop):
    token = {"csrf": csrf(client.get(f"{home}/new/segment").text)}
    with shop.tx() as tx:
        segments.create_segment(tx, "unused", "Unused", {"all": []}, utc_now())
    deleted = client.post(f"{home}/segments/unused/delete", data=token)
    page = client.get(deleted.headers["location"]).text
    assert "The segment was deleted." in page
    assert "Deleted in the last 30 days" in client.get(f"{home}/segments").text
    address = re.search(r'action="([^"]+/deleted/segments/\d+/back)"', page)[1]
    assert client.post(address, data=token).headers["location"] == f"{home}/segments/unused"
    assert kept(shop, "unused").size == 2
    with shop.tx() as tx:
        number = editing.delete_segment(tx, "unused", utc_now())
        segments.create_segment(tx, "unused", "Another", {"all": []}, utc_now())
    taken = client.post(f"{home}/deleted/segments/{number}/back", data=token)
    assert (taken.status_code, "There is a new segment &#39;unused&#39;" in taken.text) == (409, True)


def test_a_search_for_somebody_in_it_says_that_there_are_more(client, home, shop):
    with shop.tx() as tx:
        for n in range(12):
            shop.meet(tx, f"many-{n}", f"Ilze {n}", f"ilze{n}@post.example", utc_now())
    shop.work()
    assert "2 more match." in client.get(f"{home}/segments/for-mothers/why?q=ilze").text
    assert "more match" not in client.get(f"{home}/segments/for-mothers/why?q=ieva").text


def test_why_somebody_is_in_it_is_shown_with_their_words(client, home, shop):
    found = client.get(f"{home}/segments/for-mothers/why?q=ieva").text
    assert f"/segments/for-mothers/why/{shop.customer}" in found
    for number in (shop.customer, f"Customer {shop.customer}"):
        found = client.get(f"{home}/segments/for-mothers/why?q={number}").text
        assert f"/segments/for-mothers/why/{shop.customer}" in found
    assert "Nobody matches" in client.get(f"{home}/segments/for-mothers/why?q=999999").text
    page = client.get(f"{home}/segments/for-mothers/why/{shop.customer}").text
    assert "Ieva Kalniņa is in “They give to their mother”" in page
    assert "<q>My mother</q>" in page
    assert client.get(f"{home}/segments/for-mothers/why/999999").status_code == 404


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "😀" * 60, "مرحبا", "x" * 10_000])
def test_whatever_is_typed_stays_and_breaks_nothing(press, client, home, shop, typed):
    page = press(client.get(f"{home}/new/segment"), "add-event:r", **{"r.0:fact": "gift_for"})
    back = press(
        page, "look", title=typed, **{"r.0:value": typed, "r.1:event": typed, "r.1:low": typed, "r.1:days": typed}
    )
    assert back.status_code == 200
    assert "<script>alert" not in back.text
    assert form_of(back)["r.1:event"] == typed
    assert press(back, "save").status_code == 400
