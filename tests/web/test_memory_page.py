"""What the team puts right, notes and has forgotten for one customer, and that each sees where a thing comes from."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.at_desk import at_desk
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.access.keys import create_key
from regulars.client import Regulars, problems
from regulars.remember.customers import search
from regulars.remember.facts import current


@pytest.fixture
def path(home, shop):
    return f"{home}/customers/{shop.customer}/fact"


@pytest.fixture
def change(client, path):
    """Post to the page of a fact, as its own forms do."""

    def post(rest="", **fields):
        token = csrf(client.get(f"{path}?name=gift_for").text)
        return client.post(f"{path}{rest}", data={"csrf": token, "name": "gift_for", **fields})

    return post


def remembered(shop):
    shop.work()
    with shop.tx() as tx:
        return {fact.name: fact for fact in current(tx, shop.customer)}


def test_a_fact_shows_what_holds_and_every_statement_of_it(client, path):
    page = client.get(f"{path}?name=gift_for").text
    assert "For whom do you like to give?" in page
    assert "My mother" in page
    assert "said by them" in page
    assert client.get(f"{path}?name=nothing_of_the_kind").status_code == 404


def test_what_they_said_on_the_telephone_holds_and_may_be_quoted(client, shop, home, change):
    assert change(answer="friend", source="said").headers["location"].split("?did=")[0].endswith(f"/{shop.customer}")
    facts = remembered(shop)
    for name in ("gift_for", "gift-quiz.for_whom"):
        assert (facts[name].value, facts[name].words) == ("friend", "A good friend")
        assert (facts[name].source, facts[name].origin) == ("said", "the team")
    talk = client.get(f"{home}/customers/{shop.customer}").text
    assert talk.count("<q>A good friend</q>") == 1
    assert "noted by Harriet" in talk
    assert re.findall(r'id="fact-(gift[^"]*)"', talk) == ["gift_for"], "one thing is remembered once"
    assert 'href="#fact-gift-quiz.for_whom"' not in talk


def test_what_the_team_knows_another_way_never_poses_as_their_words(client, shop, home, change):
    change(answer="friend", source="known")
    assert remembered(shop)["gift_for"].source == "imported"
    talk = client.get(f"{home}/customers/{shop.customer}").text
    assert "<q>A good friend</q>" not in talk
    assert "Harriet noted: A good friend" in talk


def test_a_correction_is_taken_back_by_taking_the_statement_before_again(client, shop, path, change):
    before = remembered(shop)["gift_for"]
    change(answer="friend", source="known")
    remembered(shop)
    (seq,) = re.findall(r'name="seq" value="(\d+)"', client.get(f"{path}?name=gift_for").text)
    assert int(seq) == before.seq
    change("/again", seq=seq)
    for name in ("gift_for", "gift-quiz.for_whom"):
        now = remembered(shop)[name]
        assert (now.value, now.words, now.source) == (before.value, before.words, "said")
    assert change("/again", seq="99999999").status_code == 404
    assert change("/again", seq="-1").status_code == 404


def undo(client, answer):
    page = client.get(answer.headers["location"]).text
    path = re.search(r'action="([^"]*/undo/\d+)"', page)[1]
    return page, client.post(path, data={"csrf": csrf(page)})


def test_a_correction_says_so_where_one_lands_and_is_undone_from_there(client, house, workspace, shop, home, change):
    before = remembered(shop)["gift_for"]
    answer = change(answer="friend", source="known")
    assert answer.headers["location"].endswith("#fact-gift_for")
    page, back = undo(client, answer)
    assert "What is remembered as “For whom do you like to give?” is put right." in page
    assert back.headers["location"].split("?")[0] == f"{home}/customers/{shop.customer}"
    assert "Taken back" in client.get(back.headers["location"]).text
    for name in ("gift_for", "gift-quiz.for_whom"):
        now = remembered(shop)[name]
        assert (now.value, now.words, now.source) == (before.value, before.words, before.source)
    (entry,) = noted_in(house, workspace, action="change.undone")
    assert (entry.kind, entry.name, entry.after) == ("customer", str(shop.customer), {"undone": "fact.corrected"})


def test_what_was_not_known_before_is_not_known_again(client, shop, home):
    with shop.tx() as tx:
        (other_id,) = [one.id for one in search(tx, "王小明").customers]
    other = f"{home}/customers/{other_id}/fact"
    token = csrf(client.get(f"{other}?name=gift_for").text)
    answer = client.post(other, data={"csrf": token, "name": "gift_for", "answer": "friend", "source": "said"})
    shop.work()
    _, back = undo(client, answer)
    assert back.status_code == 303
    shop.work()
    with shop.tx() as tx:
        assert "gift_for" not in {fact.name for fact in current(tx, other_id)}


def test_what_cannot_be_is_said_beside_the_field_and_changes_nothing(shop, change):
    answer = change(answer="the moon")
    assert answer.status_code == 400
    assert "Please choose one of the answers in the list." in answer.text
    assert change().status_code == 400
    assert remembered(shop)["gift_for"].value == "mother"


def test_it_is_forgotten_where_the_customer_asks_for_it(client, shop, path, house, workspace):
    token = csrf(client.get(f"{path}?name=gift_for").text)
    client.post(f"{path}/forget?name=gift_for", data={"csrf": token})
    assert not remembered(shop).keys() & {"gift_for", "gift-quiz.for_whom"}
    assert said(noted_in(house, workspace, action="fact.forgotten")) == [
        ("fact.forgotten", "customer", str(shop.customer))
    ]


def test_what_is_not_known_is_asked_by_a_form_and_nobody_of_the_team_can_answer_as_the_customer(client, shop, home):
    page = client.get(f"{home}/customers/{shop.customer + 2}/fact?name=gift_for").text
    assert "has not told us this yet" in page
    assert "A good friend" in page  # what the form offers to choose from
    assert "http://testserver.local/f/gift-quiz<" in page
    assert "?m=" not in page


def test_programs_do_the_same(house, workspace, address, shop):
    with Regulars(address, create_key(house.database, workspace, "admin")) as regulars:
        regulars.facts.note("user:u-1", "gift_for", value="friend", words="A friend", how="by telephone")
        fact = remembered(shop)["gift_for"]
        assert (fact.value, fact.words, fact.source, fact.origin) == ("friend", "A friend", "said", "the team")
        regulars.facts.note("user:u-1", "shoe_size", value=39, said=False)
        assert remembered(shop)["shoe_size"].value == 39
        with pytest.raises(problems.Problem, match="is a number"):
            regulars.facts.note("user:u-1", "shoe_size", value="large")
        regulars.facts.forget("user:u-1", "gift_for")
        assert "gift_for" not in remembered(shop)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_agent_puts_it_right_in_a_browser(browser, address, house, workspace, shop, width, scheme):
    with at_desk(browser, address, house, workspace, width, color_scheme=scheme) as page:
        page.goto(f"{address}/console/{workspace}/customers/{shop.customer}")
        page.locator("#fact-gift_for a").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("For whom do you like to give?")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_label("A good friend").check()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**#fact-gift_for")
        shop.work()
        page.reload()
        expect(page.locator("#fact-gift_for")).to_contain_text("A good friend")
