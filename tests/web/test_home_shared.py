"""Home is made once for all who look at it, and shows nobody anything old or anything that is not for them."""

import re
from datetime import timedelta

import msgspec
import pytest

from regulars.access.workspaces import create_workspace, delete_workspace
from regulars.decide.intents import NewIntent, intend
from regulars.engage.forms import get_form
from regulars.measure.feed import feed
from regulars.remember import erasure_records as erasures
from regulars.speak import campaigns
from regulars.store.migrate import drop_workspace, migrate_workspace
from regulars.store.pulse import position
from regulars.web.console import home as home_page
from regulars.web.console.moving import Moving
from regulars.web.gone_records import STEPS
from regulars.wiring import forgetting_of
from regulars.words.clock import utc_now


def told_of(page):
    """What a home shows of what was said: the newest words first."""
    return re.findall(r'<li id="told-\d+">.*?<q>(.*?)</q>', page.text, re.DOTALL)


def test_home_is_made_once_for_all_who_ask_and_anew_with_every_answer(client, colleague, home, shop, monkeypatch):
    made = []
    monkeypatch.setattr(home_page, "feed", lambda *args, **kwargs: made.append(1) or feed(*args, **kwargs))
    monkeypatch.setattr(home_page, "_OLDEST", timedelta(days=1000))
    before = told_of(client.get(f"{home}/"))
    assert told_of(client.get(f"{home}/")) == before
    assert len(made) == 1
    assert told_of(colleague.get(f"{home}/")) == before
    for number, words in enumerate(("mother", "friend", "mother")):
        with shop.tx() as tx:
            who = shop.meet(tx, f"w-{number}", "Anna", f"w{number}@post.example", utc_now())
            form = get_form(tx, "gift-quiz")
        with shop.tx() as tx:
            shop.answer(tx, form, who, {"for_whom": words}, utc_now())
        shop.work()
        asked = len(made)
        assert len(told_of(client.get(f"{home}/"))) == len(before) + number + 1
        assert len(made) == asked + 1


def stopped(tx):
    campaigns.stop(tx, "spring")


def renamed(tx):
    spring = campaigns.get(tx, "spring")
    campaigns.change(tx, "spring", msgspec.structs.replace(spring, title="Autumn gifts"))


def decided(tx):
    who = tx.values(b"select identity_id from measure_statement s join store_event e using (seq)")
    intend(tx, [NewIntent(one, campaigns.SAY, "spring", utc_now(), occasion="again") for one in who])


@pytest.mark.parametrize(
    ("change", "shown"),
    [(stopped, {'id="live-spring"'}), (renamed, {"Autumn gifts</a></h3>"}), (decided, {"on its way"})],
)
def test_what_is_done_beside_the_log_shows_on_home_at_once(client, home, shop, monkeypatch, change, shown):
    """Nothing is appended when a campaign is stopped or renamed, or something is decided."""
    monkeypatch.setattr(home_page, "_OLDEST", timedelta(days=1000))
    with shop.tx() as tx:
        tx.run(b"update measure_statement set message_id = null, acknowledged_at = null")
    before = client.get(f"{home}/").text
    with shop.tx() as tx:
        change(tx)
    after = client.get(f"{home}/").text
    assert all((one in before) != (one in after) for one in shown)


def test_what_home_shares_names_nobody_who_asks(client, colleague, home, shop):
    """The part that is made for all holds no token and no name of the one for whom it was made first."""
    part = {"HX-Request": "true", "HX-Target": "div#home"}
    mine, theirs = client.get(f"{home}/", headers=part), colleague.get(f"{home}/", headers=part)
    assert mine.text == theirs.text
    assert told_of(mine)
    assert "csrf" not in mine.text
    assert "<html" not in mine.text
    whole = client.get(f"{home}/").text
    assert part_of(whole) == part_of(mine.text)


def part_of(text):
    """What stands in the part of home that moves."""
    return re.search(r'<div id="home".*?>(.*?)</aside>', text, re.DOTALL)[1]


def test_what_home_shares_is_in_the_language_of_who_asks(client, home, shop):
    def ask(language):
        return client.get(f"{home}/", headers={"accept-language": language}).text

    english, latvian = ask("en"), ask("lv")
    assert ask("en") == english
    assert ask("lv") == latvian
    assert "What they told you" in english
    assert "What they told you" not in latvian


def test_nobody_is_shown_what_was_made_for_another_workspace_or_for_who_may_see_it(
    client, stranger, home, shop, house, workspace
):
    assert told_of(client.get(f"{home}/"))
    other = f"{workspace[:30]}_other"
    create_workspace(house.database, other, "Other")
    with house.database.shared() as tx:
        tx.run(
            b"insert into access_role (person_id, workspace, role)"
            b" select person_id, %(other)s, role from access_role where workspace = %(workspace)s",
            other=other,
            workspace=workspace,
        )
    page = client.get(f"/console/{other}/")
    delete_workspace(house.database, other)
    assert page.status_code == 200
    assert not told_of(page)
    with house.database.shared() as tx:
        tx.run(b"delete from access_role where workspace = %(workspace)s", workspace=workspace)
    refused = client.get(f"{home}/", headers={"HX-Request": "true", "HX-Target": "div#home"})
    assert refused.status_code == 403
    assert not told_of(refused)


def test_a_workspace_made_again_under_its_name_shows_nothing_of_the_old_one(client, home, shop, house, workspace):
    assert told_of(client.get(f"{home}/"))
    with house.database.shared() as tx:
        drop_workspace(tx, workspace)
    migrate_workspace(house.database, workspace)
    page = client.get(f"{home}/")
    assert page.status_code == 200
    assert not told_of(page)


def test_whoever_is_forgotten_is_gone_from_home_at_once(client, home, shop, house, workspace, monkeypatch):
    """Nothing is appended when a customer is erased."""
    monkeypatch.setattr(home_page, "_OLDEST", timedelta(days=1000))
    assert "Ieva" in client.get(f"{home}/").text
    with shop.tx() as tx:
        erasures.ask(tx, shop.customer, "erase", utc_now())
    forgetting_of(house, STEPS).carry_out_next(workspace)
    assert "Ieva" not in client.get(f"{home}/").text


def test_an_open_page_is_made_anew_for_what_it_was_told_and_not_for_every_event(client, home, shop, monkeypatch):
    part, made = {"HX-Request": "true", "HX-Target": "div#home"}, []
    monkeypatch.setattr(home_page, "feed", lambda *args, **kwargs: made.append(1) or feed(*args, **kwargs))
    monkeypatch.setattr(home_page, "_OLDEST", timedelta(days=1000))
    with shop.tx() as tx:
        told = position(tx)
    monkeypatch.setattr(Moving, "told", lambda *_: told)
    before = told_of(client.get(f"{home}/", headers=part))
    with shop.tx() as tx:
        who = shop.meet(tx, "w-1", "Anna", "w1@post.example", utc_now())
    shop.work()
    assert told_of(client.get(f"{home}/", headers=part)) == before
    assert len(made) == 1
    with shop.tx() as tx:
        shop.answer(tx, get_form(tx, "gift-quiz"), who, {"for_whom": "mother"}, utc_now())
    shop.work()
    with shop.tx() as tx:
        told = position(tx)
    assert len(told_of(client.get(f"{home}/", headers=part))) == len(before) + 1
    assert len(made) == 2
    with shop.tx() as tx:
        shop.meet(tx, "w-2", "Berta", "w2@post.example", utc_now())
    shop.work()
    client.get(f"{home}/")
    assert len(made) == 3, "whoever opens it sees all there is"


def test_an_open_page_shows_at_once_what_is_done_beside_the_log(client, home, shop, monkeypatch):
    part = {"HX-Request": "true", "HX-Target": "div#home"}
    monkeypatch.setattr(home_page, "_OLDEST", timedelta(days=1000))
    monkeypatch.setattr(Moving, "told", lambda *_: 0)
    assert 'id="live-spring"' in client.get(f"{home}/", headers=part).text
    with shop.tx() as tx:
        stopped(tx)
    assert 'id="live-spring"' not in client.get(f"{home}/", headers=part).text
