"""Every chart there is has a caption in words and its table, and the table is taken along as CSV."""

import csv
import re
from html import unescape

import pytest
from tests.web.every_page import Story

from regulars.remember import facts
from regulars.words.clock import utc_now

CHART = re.compile(r'<table class="(?:bars|heat)|<svg class="chart"')
TABLE = re.compile(r"<table([^>]*)>(.*?)</table>", re.DOTALL)
HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
TAKEN = re.compile(r'href="([^"]*[?&](?:amp;)?table=[^"]*)" download')
KNOWN = {
    "/health", "/health/figure", "/forms/", "/fact", "/buying", "/buying/months", "/buying/stages",
    "/buying/products", "/together", "/product", "/beside", "/design", "/groups", "/groups/1", "/growth",
}  # fmt: skip
"""Where charts are, by the end of the address or its beginning: a walk that sees fewer has gone by some."""
OWN = re.compile(r'href="[^"]*/(?:cohorts|growth)/file[^"]*"|href="[^"]*/segments/[^/"]*/growth"')
"""The file that is more than the page's table, or the page that has it: it is tested with its page."""


@pytest.fixture
def story(shop):
    """A shop whose segments are some days old: they have grown."""
    told = Story(shop)
    with shop.tx() as tx:
        tx.connection.execute("update understand_segment set created_at = created_at - interval '3 days'")
        tx.connection.execute("update understand_growth set day = day - 3")
    return told


def lines(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="[\w-]+\.csv"', answer.headers["content-disposition"])
    return list(csv.reader(answer.text.splitlines()))


def test_every_chart_has_a_caption_its_table_and_a_file(client, home, story):
    seen = set()
    for _, path in story.pages():
        if not path.startswith(home):
            continue
        page = client.get(path).text
        charts = CHART.findall(page)
        if not charts:
            continue
        seen.add(path)
        if OWN.search(page):
            continue
        tables: dict[str, str] = {}
        for one, body in TABLE.findall(page):
            if named := re.search(r'data-table="([^"]*)"', one):
                tables[named[1]] = tables.get(named[1], "") + (HEAD.sub("", body) if named[1] in tables else body)
        links = [unescape(one) for one in TAKEN.findall(page)]
        assert len(tables) == len(links) >= len(charts), path
        assert len(set(links)) == len(links), path
        for link, body in zip(links, tables.values(), strict=True):
            assert re.search(r"<caption[^>]*>\s*[^<\s]", body), path
            heads, *rows = lines(client.get(link))
            drawn = [one for one in re.findall(r"<tr.*?</tr>", body, re.DOTALL) if 'scope="rowgroup"' not in one]
            assert len(rows) == len(drawn) - 1 > 0, link
            assert {len(row) for row in rows} == {len(heads)}, link
            assert all(heads), link
    for place in KNOWN:
        assert any(one.partition("?")[0].removeprefix(home).endswith(place) or place in one for one in seen), place


def test_numbers_are_written_for_programs_and_words_for_people(client, home, story):
    heads, *rows = lines(client.get(f"{home}/forms/gift-quiz?table=for_whom"))
    assert (heads, rows) == (["Answer", "How many"], [["My mother", "1"], ["A good friend", "0"]])
    heads, *rows = lines(client.get(f"{home}/product?number=L-7&table=beside"))
    assert heads == ["Product", "By chance", "Share of the orders"]
    assert rows[0][0] == "Six candles"
    assert all(0 < float(one) <= 1 for row in rows for one in row[1:])
    heads, *rows = lines(client.get(f"{home}/buying/stages?table=stages"))
    assert heads == ["Category", "Intent", "Evaluation", "Purchase", "After-sale"]
    assert "Candles" in {row[0] for row in rows}
    assert all(one.isdecimal() for row in rows for one in row[1:])


def test_the_hours_of_a_figure_are_one_file_in_which_each_says_its_day(client, home, story):
    heads, *rows = lines(client.get(f"{home}/health/figure?kind=page&table=page-hours"))
    assert heads == ["Day", "Hour", "Seen", "Usual"]
    days = [day for day, *_ in rows]
    assert len(set(days)) >= 7
    assert len(rows) >= 7 * 24 - 1
    assert sum(int(seen) for _, _, seen, _ in rows) > 0
    page = client.get(f"{home}/health/figure?kind=page").text
    assert all(day in page for day in set(days))


def test_no_spreadsheet_runs_what_a_customer_said(client, home, shop):
    with shop.tx() as tx:
        facts.declare(tx, "motto", "text", "Motto")
    with shop.tx() as tx:
        shop.say(tx, shop.customer, {"motto": '=HYPERLINK("http://x.example")'}, utc_now())
    shop.work()
    _, row = lines(client.get(f"{home}/fact?name=motto&table=values"))
    assert row == ['\'=HYPERLINK("http://x.example")', "1"]


def test_a_table_that_is_not_there_is_no_file(client, home, shop):
    assert client.get(f"{home}/forms/gift-quiz?table=nothing").status_code == 404
    assert client.get(f"{home}/customers?table=nothing").status_code == 404


def test_who_may_not_see_the_page_may_not_take_its_table(client, stranger, home, story):
    client.cookies.clear()
    assert stranger.get(f"{home}/buying/stages?table=stages").status_code in {303, 401, 403}
