"""Pages that are open move by themselves: what arrives shows, and who may no longer look is told so."""

import asyncio
import json
import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect
from tests.web.at_desk import at_desk

from regulars.access.keys import create_key
from regulars.engage.forms import get_form
from regulars.store.database import Database
from regulars.store.pulse import pulse
from regulars.web.console import live as streams
from regulars.web.console import moving as moving_pages
from regulars.web.console.moving import Moving
from regulars.words.clock import utc_now

pytestmark = pytest.mark.browser


@pytest.fixture(params=[1440, 390])
def page(browser, request, address, house, workspace):
    with at_desk(browser, address, house, workspace, request.param) as page:
        yield page


def say(shop, user, words="friend"):
    """Let somebody new answer the quiz, and let the followers have it."""
    with shop.tx() as tx:
        who = shop.meet(tx, user, f"Tom of {user}", f"{user}@post.example", utc_now())
        form = get_form(tx, "gift-quiz")
    with shop.tx() as tx:
        shop.answer(tx, form, who, {"for_whom": words}, utc_now())
    shop.house.waker.poke(shop.workspace)
    shop.work()


def connected(page):
    """Wait until the page's stream stands."""
    page.locator("[data-stream=on]").wait_for(state="attached")


def test_what_somebody_says_appears_on_a_home_that_is_open(page, address, home, shop):
    page.goto(f"{address}{home}")
    connected(page)
    page.evaluate("window.same = true")
    say(shop, "u-7")
    expect(page.locator(".told > li")).to_have_count(2)
    expect(page.locator(".told > li").first).to_contain_text("Tom of u-7")
    expect(page.locator(".told > li").first).to_contain_text("A good friend")
    expect(page.locator(".figure").first).to_have_text("50%")
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_an_event_sent_by_a_machine_shows_on_an_open_home(page, address, home, house, workspace):
    """On an empty workspace, home has first steps; one of them is ticked when the shop's first event arrives."""
    page.goto(f"{address}{home}")
    connected(page)
    step = page.locator(".steps > li", has_text="Let your shop tell")
    expect(step).not_to_have_class(re.compile("done"))
    key = create_key(house.database, workspace, "write")
    body = json.dumps({"userId": "u-1", "event": "Order Completed", "properties": {"total": 42.5}}).encode()
    sent = Request(f"{address}/v1/track", body, {"Authorization": f"Bearer {key}"})  # noqa: S310
    assert urlopen(sent).status == 200  # noqa: S310
    expect(step).to_have_class(re.compile("done"))


def test_where_one_is_reading_stays_where_it_is(page, address, home, shop):
    page.goto(f"{address}{home}")
    connected(page)
    page.locator(".told a.name").first.focus()
    say(shop, "u-8")
    expect(page.locator(".told > li")).to_have_count(2)
    assert "Ieva" in page.evaluate("document.activeElement.textContent")


def test_numbers_of_a_running_campaign_move(page, address, home, shop):
    page.goto(f"{address}{home}/campaigns/spring")
    connected(page)
    sent = page.locator(".facts a", has_text="sent").locator("b")
    expect(sent).to_have_text("1")
    with shop.tx() as tx:
        who = shop.meet(tx, "u-9", "Anna Bērziņa", "anna@post.example", utc_now())
        form = get_form(tx, "gift-quiz")
    with shop.tx() as tx:
        shop.answer(tx, form, who, {"for_whom": "mother", "may_write": True}, utc_now())
    shop.work()
    shop.house.waker.poke(shop.workspace)
    expect(sent).to_have_text("2")


@pytest.mark.parametrize("how", ["delete from access_session", "delete from access_role where workspace = %(w)s"])
def test_whose_session_ends_or_who_is_thrown_out_is_shown_nothing_more(
    page, address, home, shop, database: Database, monkeypatch, how
):
    monkeypatch.setattr(streams, "CHECK", 0.05)
    page.goto(f"{address}{home}")
    connected(page)
    note = page.get_by_text("You are no longer logged in")
    expect(note).to_be_hidden()
    if "session" in how:
        page.context.clear_cookies()
    with database.shared() as tx:
        tx.run(how.encode(), w=shop.workspace)
    expect(note).to_be_visible()
    say(shop, "u-7")
    expect(page.locator(".told > li")).to_have_count(1)


def test_without_scripts_the_page_offers_to_look_again(browser, address, home, house, workspace, shop):
    with at_desk(browser, address, house, workspace, 390, java_script_enabled=False) as page:
        page.goto(f"{address}{home}")
        say(shop, "u-7")
        page.get_by_role("link", name="Look again").click()
        expect(page.locator(".told > li")).to_have_count(2)


def test_of_a_page_that_nobody_knows_there_is_no_stream(client, home):
    assert client.get(f"{home}/live/weather").status_code == 404


def run(waiting):
    """Run in a loop of one's own: the browser's runs in the main thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, waiting).result(60)


def test_a_stream_ends_when_its_process_is_told_to_end(database, workspace):
    """The server waits for answers that are under way: a stream would keep it for ever."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    moving = Moving(database)
    moving.heed_signals()

    async def stream():
        beats = streams._beats(moving, workspace, "talk", 0, lambda: asyncio.sleep(0, True))
        assert (await anext(beats)).startswith(b"retry")
        rest = asyncio.ensure_future(anext(beats, b"over"))
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGTERM)
        return await asyncio.wait_for(rest, 10)

    try:
        assert run(stream()) == b"over"
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_hundred_onlookers_share_each_look_and_are_all_told(database, workspace, shop, monkeypatch):
    looks = []
    monkeypatch.setattr(moving_pages, "pulse", lambda *asked: looks.append(1) or pulse(*asked))

    async def look():
        moving = Moving(database)
        async with AsyncExitStack() as all_of_them:
            looking = [all_of_them.enter_context(moving.looking(workspace)) for _ in range(100)]
            for one in looking:
                while one.pulse is None:
                    await one.wait(10)
            told = looking[0].pulse.told
            await asyncio.to_thread(say, shop, "u-7")
            for one in looking:
                while one.pulse.told == told:
                    await one.wait(10)
        assert moving.onlookers(workspace) == 0

    run(look())
    assert len(looks) < 50
