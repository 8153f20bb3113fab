"""What is typed into a composer is kept while one types."""

import re

import pytest
from playwright.sync_api import expect
from tests.web.at_desk import at_desk

TYPED = {"subject": "For {{ told.gift_for }}", "html": "<p>Half a sent", "text": "", "ask": "", "customer": ""}


def token(page):
    return re.search(r'name="csrf" value="(\w+)"', page).group(1)


def keep(client, home, thing="", base="", **fields):
    csrf = token(client.get(f"{home}/new/template?start_from=html").text)
    form = {"csrf": csrf, "composer": "template", "thing": thing, "base": base, **TYPED, **fields}
    return client.post(f"{home}/drafts", data=form)


def test_what_was_typed_is_there_when_one_comes_back(client, home):
    kept = keep(client, home, name="spring")
    assert kept.status_code == 200
    assert "Kept as a draft" in kept.text
    page = client.get(f"{home}/new/template").text
    assert "You began this and have not saved it" in page
    assert "Half a sent" in page
    assert 'value="spring"' in page


def test_a_draft_thrown_away_is_gone(client, home):
    keep(client, home, name="spring")
    csrf = token(client.get(f"{home}/new/template?start_from=html").text)
    away = client.post(f"{home}/drafts/away", data={"csrf": csrf, "composer": "template", "thing": ""})
    assert away.headers["location"] == f"{home}/new/template"
    assert "Half a sent" not in client.get(f"{home}/new/template").text


def test_what_is_not_composed_here_is_refused_in_words(client, home):
    csrf = token(client.get(f"{home}/new/template?start_from=html").text)
    refused = client.post(f"{home}/drafts", data={"csrf": csrf, "composer": "passwords", "thing": "x"})
    assert (refused.status_code, "too old" in refused.text) == (400, True)
    assert keep(client, home, html="x" * 400_001).status_code == 413


@pytest.mark.browser
def test_what_is_typed_is_kept_by_itself_even_where_the_tab_is_closed(browser, address, house, workspace, client, home):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/new/template?start_from=html")
        page.get_by_label("Title").fill("Autumn")
        page.get_by_label("Subject").fill("Leaves are falling")
        expect(page.get_by_text("Kept as a draft")).to_be_visible()
        page.close()
    with at_desk(browser, address, house, workspace, 390) as page:
        page.goto(f"{address}{home}/new/template")
        assert page.get_by_label("Subject").input_value() == "Leaves are falling"
