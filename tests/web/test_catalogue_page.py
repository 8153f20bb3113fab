"""The catalogue of facts on the console: edited with a way back, and held where facts are used."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.web.console_story import csrf

from regulars.access.people import add_person
from regulars.engage import changing, forms
from regulars.engage.known import known
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.speak import campaigns, library, preview
from regulars.speak.context import Brand
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid


def save(client, home, **fields):
    page = client.get(f"{home}/fact?name=gift_for").text
    sent = {"csrf": csrf(page), "name": "gift_for", "label": "Gift for", **fields}
    return client.post(f"{home}/fact", data=sent)


def test_a_fact_is_edited_and_taken_back(client, home, shop):
    answer = save(client, home, shelf_days="365", **{"for.service": "1"})
    page = client.get(answer.headers["location"]).text
    assert "Saved." in page
    assert "the segment “They give to their mother”" in page
    assert "My mother</th>" in page
    with shop.tx() as tx:
        entry = catalogue.get_entry(tx, "gift_for")
    assert (entry.shelf_days, entry.purposes) == (365, ["service"])
    client.post(f"{home}/facts/versions/1/restore", data={"csrf": csrf(page), "name": "gift_for"})
    with shop.tx() as tx:
        assert catalogue.get_entry(tx, "gift_for").purposes is None
    assert save(client, home, shelf_days="soon").status_code == 400


def test_a_fact_says_that_what_the_shop_sends_by_its_name_does_not_count(client, home, shop):
    warns = "under the name last_seen has not counted since"
    with shop.tx() as tx:
        number = shop.meet(tx, "u-9", "Ada B", "ada@post.example", utc_now())
    shop.work()
    assert warns not in client.get(f"{home}/fact?name=last_seen").text
    with shop.tx() as tx:
        shop.say(tx, number, {"last_seen": "in the shop"}, utc_now())
    shop.work()
    assert warns in client.get(f"{home}/fact?name=last_seen").text
    assert "what is sent does not count" in client.get(f"{home}/facts").text
    assert client.get(f"{home}/fact?name=gift_for").text.count("has not counted") == 0


def test_a_fact_with_signs_of_addresses_in_its_name_is_saved_and_shown(client, home, shop):
    name = "a&b #1"
    with shop.tx() as tx:
        shop.say(tx, shop.meet(tx, "u-9", "Ada B", "ada@post.example", utc_now()), {name: "yes"}, utc_now())
    shop.work()
    page = client.get(f"{home}/fact", params={"name": name})
    assert page.status_code == 200
    for path in ("/fact", "/facts/versions/1/restore"):
        saved = client.post(f"{home}{path}", data={"csrf": csrf(page.text), "name": name, "label": "Both"})
        assert saved.status_code == 303
        assert parse_qs(urlsplit(saved.headers["location"]).query) == {"name": [name], "saved": ["yes"]}


def test_a_campaign_may_not_use_what_is_not_for_its_purpose(client, home, shop):
    save(client, home, **{"for.service": "1"})
    names = {"title": "T", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}
    with pytest.raises(Invalid, match="gift_for"), shop.tx() as tx:
        campaigns.create(tx, "refused", **names)
    with pytest.raises(Invalid, match="gift_for"), shop.tx() as tx:
        campaigns.launch(tx, "spring", utc_now())


def test_what_is_past_its_shelf_life_is_not_quoted_and_asked_again(client, home, shop):
    with shop.tx() as tx:
        catalogue.save(tx, "gift_for", Said(shelf_days=30), utc_now())
        template, brand = library.get_template(tx, "remember"), Brand("The Gift House")
        later = utc_now() + timedelta(days=31)
        assert "My mother" in preview.preview(tx, template, shop.customer, ask=None, brand=brand, now=utc_now()).text
        assert "My mother" not in preview.preview(tx, template, shop.customer, ask=None, brand=brand, now=later).text
        form = forms.get_form(tx, "gift-quiz")
        assert not known(tx, form, form.survey.questions[0], shop.customer, utc_now()).stale
        assert known(tx, form, form.survey.questions[0], shop.customer, later).stale


def test_a_viewer_does_not_see_what_is_sensitive(client, home, shop, colleague):
    with shop.tx() as tx:
        catalogue.save(tx, "gift_for", Said(sensitive=True), utc_now())
    page = f"{home}/customers/{shop.customer}"
    assert "My mother" in client.get(page).text
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role="viewer")
    seen = colleague.get(page).text
    assert "My mother" not in seen
    assert "•••" in seen
    assert colleague.get(f"{page}/fact?name=gift_for").status_code == 403


@pytest.mark.parametrize("role", ["viewer", "analyst"])
@pytest.mark.parametrize("name", ["gift_for", "gift-quiz.for_whom"])
def test_what_is_sensitive_is_veiled_wherever_it_is_shown(client, home, shop, colleague, role, name):
    with shop.tx() as tx:
        form = forms.get_form(tx, "gift-quiz")
        asked = next(one for one in form.survey.questions if one.fact == "gift_for")
        name = name.replace("for_whom", asked.name)
        (seq,) = tx.connection.execute("select seq from remember_fact where name = %s", (name,)).fetchone()
    places = ["", "/forms/gift-quiz", f"/debugger/{seq}"]
    for place in places:
        assert "My mother" in client.get(home + place).text, place
    with shop.tx() as tx:
        catalogue.save(tx, name, Said(sensitive=True), utc_now())
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role=role)
    for place in places:
        page = colleague.get(home + place)
        assert page.status_code == 200
        assert "My mother" not in page.text, place
        assert "•••" in page.text, place
        assert "My mother" in client.get(home + place).text, place
    why = f"{home}/segments/for-mothers/why/{shop.customer}"
    assert (client.get(why).status_code, colleague.get(why).status_code) == (200, 403)
    for fact in ("gift_for", "no:gift_for", f"gift-quiz.{asked.name}"):
        assert colleague.get(f"{home}/customers", params={"fact": fact, "value": "mother"}).status_code == 403, fact
    assert client.get(f"{home}/customers", params={"fact": "gift_for", "value": "mother"}).status_code == 200

    def taken(browser):
        sent = {"csrf": csrf(browser.get(f"{home}/customers").text), f"pick:{shop.customer}": "1"}
        return browser.post(f"{home}/customers/file", data=sent)

    if role == "analyst":
        file = taken(colleague)
        assert file.status_code == 200
        assert "gift_for" not in file.text
        assert "My mother" not in file.text
    assert "gift_for" in taken(client).text


def test_who_may_not_edit_a_fact_reads_what_is_said_of_it(client, home, shop, colleague):
    save(client, home, shelf_days="365", **{"for.service": "1"})
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role="viewer")
    seen = colleague.get(f"{home}/fact?name=gift_for").text
    assert "365" in seen
    assert "News about my orders" in seen
    assert 'name="shelf_days"' not in seen
    with shop.tx() as tx:
        changing.close_form(tx, "gift-quiz", utc_now())
    assert "/new/form" in client.get(f"{home}/missing").text
    assert "/new/form" not in colleague.get(f"{home}/missing").text


def test_what_is_missing_says_how_to_learn_it(client, home, shop):
    page = client.get(f"{home}/missing").text
    assert "/fact?name=gift_for" in page
    assert "unknown of 1 customer" in page
    assert f"{home}/forms/gift-quiz" in page
