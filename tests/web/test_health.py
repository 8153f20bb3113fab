"""Health in words: all is well, or what is wrong, what it means and what to do; and who is told."""

import re
from datetime import timedelta
from html import unescape

import pytest
from tests.web.console_story import csrf

from regulars.loop.followers import pause
from regulars.measure import figures
from regulars.measure.hours_records import Figure, keep_figures
from regulars.measure.usual import Unusual
from regulars.store import records
from regulars.words.clock import utc_now


@pytest.fixture
def page(client, home, shop):
    def show(path="/health"):
        answer = client.get(f"{home}{path}")
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    return show


@pytest.fixture
def post(client, home, page):
    def send(path, **fields):
        return client.post(f"{home}{path}", data={"csrf": csrf(page("/alerts")), **fields})

    return send


def findings(page):
    cards = re.findall(r'<li class="card tight.*?</li>', page, re.DOTALL)
    return [re.sub(r"(?:<[^>]+>|\s)+", " ", one).strip() for one in cards]


def test_when_nothing_is_wrong_it_says_so(page, monkeypatch):
    from regulars.measure import house

    monkeypatch.setattr(house, "findings", lambda *_: [])
    text = page()
    assert "All is well." in text
    assert findings(text) == []


def test_a_paused_follower_is_a_finding_that_says_what_it_means(page, shop):
    with shop.tx() as tx:
        pause(tx, "consent", "Paused by Sam.")
    (said,) = [one for one in findings(page()) if "“What they allow”" in one]
    assert said.startswith("Act now")
    assert "Whoever withdraws a permission meanwhile may still be written to." in said
    assert "Resume it below" in said


def test_a_figure_that_stopped_says_when_and_what_is_usual(page, shop):
    now = utc_now()
    since = (now - timedelta(hours=1)).replace(minute=5)
    with shop.tx() as tx:
        keep_figures(tx, [Figure("Order Completed", Unusual("stopped", since, since, 30.2, 0.0))])
    (said,) = [one for one in findings(page()) if "Orders" in one]
    assert "Orders stopped at" in said
    assert re.search(r"On a \w+day at this time there are usually about 30 an hour\.", said)
    assert "Orders stopped at" in page("/health/figure?kind=Order+Completed")


@pytest.mark.parametrize(("days", "known"), [(16, False), (35, True)])
def test_what_is_usual_is_not_known_in_the_first_three_weeks(page, shop, days, known):
    began = utc_now() - timedelta(days=days)
    with shop.tx() as tx:
        tx.run(
            b"insert into measure_hour (kind, hour, count, slots, last)"
            b" select id, date_trunc('hour', %(at)s), 1, 1, %(at)s from store_kind where name = 'Order Completed'",
            at=began,
        )
    usual = re.findall(r'</td><td class="n"[^>]*>([^<]*)</td></tr>', page("/health/figure?kind=Order+Completed"))
    assert len(usual) > 7 * 24
    assert ("not known" in usual, set(usual) <= {"not known"}) == (not known, not known)


def test_a_figure_says_how_high_it_goes_and_from_when_to_when(page, shop):
    now = utc_now()
    with shop.tx() as tx:
        tx.run(
            b"insert into measure_hour (kind, hour, count, slots, last)"
            b" select id, date_trunc('hour', %(at)s), 1200, 1, %(at)s from store_kind where name = 'Order Completed'",
            at=now - timedelta(days=2),
        )
    axes = re.findall(r'<p class="axis">(.*?)</p>', page("/health/figure?kind=Order+Completed"))
    first, last = (f"{now - timedelta(hours=back):%B %-d, %Y}" for back in (7 * 24 - 1, 0))
    assert axes == ["<span>1,200 an hour</span>", f"<span>{first}</span><span>{last}</span>"]
    assert "<span>1,200 an hour</span>" in page()


def test_a_figure_that_nobody_wants_to_hear_of_is_left_alone(page, shop, post):
    assert post("/health/figure/leave", kind="Order Completed").status_code == 303
    with shop.tx() as tx:
        assert figures.unwatched(tx) == ["Order Completed"]
    assert "Tell of Orders again" in page()
    assert post("/health/figure/watch", kind="Order Completed").status_code == 303
    assert post("/health/figure/leave", kind="Never Heard").status_code == 404


def test_quarantine_is_run_again_or_given_up_many_at_once(page, shop, post):
    with shop.tx() as tx:
        for event in records.list_events(tx, kind="identify", before=None, limit=2):
            records.quarantine(tx, "facts", [(event.seq, event.identity_id)], "ValueError: cannot be read")
    picks = dict.fromkeys(re.findall(r'name="(pick:facts:\d+)"', page("/health/quarantine")), "1")
    assert len(picks) == 2
    assert "“What they said” could not take 2 events" in page()
    assert "Quarantine: What they said" in page("/health/quarantine?follower=facts")
    one = dict([picks.popitem()])
    assert "1 event was taken." in post("/health/quarantine/again", **one).text
    assert post("/health/quarantine/aside", **picks).status_code == 303
    assert "Nothing is set aside" in page("/health/quarantine")


def test_all_that_fails_again_stays_and_is_counted(page, shop, post, monkeypatch):
    from regulars.loop import followers
    from regulars.words.errors import Conflict

    def fails(*_):
        raise Conflict("no")

    shop.follower_fails()
    monkeypatch.setattr(followers, "again", fails)
    answer = post("/health/quarantine/again", all="1")
    assert answer.status_code == 409
    assert "1 event failed again and stays here." in answer.text


def test_the_installation_is_described_to_everybody(page):
    text = page()
    assert "connections in use" in text
    assert re.search(r"Regulars \S+ on PostgreSQL \d", text)
    assert "none is known: 'regulars backup' makes one" in text


def test_a_viewer_sees_health_and_no_button(page, house, workspace, client, home):
    with house.database.shared() as tx:
        tx.connection.execute("update access_role set role = 'viewer' where workspace = %s", (workspace,))
    text = page()
    assert "/health/facts/pause" not in text
    assert client.get(f"{home}/alerts").status_code == 403
