"""How a segment grew, on its page, as a chart with its table and as a file; by the API, too."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from regulars.understand import lists
from regulars.understand.editing import save_segment
from regulars.understand.growth import GrowthDay
from regulars.web.console.growth import drawn
from regulars.words.clock import utc_now


@pytest.fixture
def grown(shop):
    """A segment that was made yesterday, into which somebody came, and whose rule became another."""
    with shop.tx() as tx:
        lists.make(tx, "vips", "VIPs", utc_now() - timedelta(days=3))
        lists.put(tx, "vips", [shop.customer], "Greta", utc_now(), on=True)
    shop.work()
    with shop.tx() as tx:
        save_segment(tx, "vips", "VIPs", {"fact": "gift_for", "known": False}, utc_now())


def test_it_is_said_in_words_and_drawn_with_a_mark_where_the_rule_became_another(client, home, grown):
    page = client.get(f"{home}/segments/vips/growth").text
    assert ", 1 now: 1 came in and 0 left. A line stands where its rule became another" in page
    assert 'class="mark" d="M12 0V48"' in page
    assert "Version 2" in page
    assert "1 came in and 0 left" in client.get(f"{home}/segments/vips").text
    for days in ("30", "365", "all", "x", "99999999999999999999"):
        assert client.get(f"{home}/segments/vips/growth?days={days}").status_code == 200
    assert client.get(f"{home}/segments/none/growth").status_code == 404


def test_on_its_first_day_there_is_nothing_to_draw(client, home, grown):
    for path, drawn_there in (("segments/for-mothers", False), ("segments/vips", True)):
        for end in ("", "/growth"):
            assert ('<svg class="chart"' in client.get(f"{home}/{path}{end}").text) is drawn_there, path
    assert "begins with the second day" in client.get(f"{home}/segments/for-mothers/growth").text


def test_the_file_has_every_day(client, home, grown):
    answer = client.get(f"{home}/segments/vips/growth/file")
    assert answer.headers["content-disposition"].startswith('attachment; filename="growth-vips-')
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [(row["joined"], row["left"], row["anew"], row["size"], row["version"]) for row in rows] == [
        ("0", "0", "0", "0", ""),
        ("0", "0", "0", "0", ""),
        ("0", "0", "0", "0", ""),
        ("1", "0", "0", "1", "2"),
    ]


def test_a_chart_of_nothing_and_of_one_day_is_drawn():
    day = utc_now().date()
    assert drawn([GrowthDay(day, 0, 0, 0, 0, None)]).area == "M0 48V48.0h4V48z"
    one = drawn([GrowthDay(day, 2, 1, 5, 6, None)])
    assert (one.area, one.marks, one.joined, one.left, one.most) == ("M0 48V4.0h4V48z", "", 2, 1, 6)
