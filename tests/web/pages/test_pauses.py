"""A pause from messages, as its owner takes one: GET shows, POST changes, and it holds at once."""

import csv
import io
import re
import zipfile

from tests.web.console_story import Shop as Story
from tests.web.pages.visits import Client, Shop, text_of

from regulars.access.links import Link
from regulars.loop.followers import begin


def fresh(shop: Shop) -> str:
    return f"/me/{shop.house.links.sign_own(Link(shop.workspace, shop.identity()))}"


def said(shop: Shop) -> list[tuple[str, str, bool]]:
    found = shop.events("pause.changed")
    return [(one.props["words"], one.props["how"], one.props["until"] is not None) for one in found]


def agreed(client: Client, shop: Shop) -> str:
    url = f"/u/{shop.token()}"
    client.post(url, data={"may.marketing.email": "1"})
    return url


def test_one_tap_begins_it_and_one_ends_it(client: Client, shop: Shop) -> None:
    url = agreed(client, shop)
    page = client.get(url)
    assert all(f">{words}</button>" in page.text for words in ("1 week", "30 days", "3 months"))
    page = client.post(url, data={"pause": "month"})
    assert "Your pause has begun." in text_of(page)
    assert "We write to you again from" in text_of(page)
    assert "checked" in page.text, "what they allowed stays"
    page = client.post(url, data={"pause": "end"})
    assert "We write to you again." in text_of(page)
    assert "Too much just now?" in text_of(page)
    (words, how, begun), (_, _, ended) = said(shop)
    assert re.fullmatch(r"No messages until \w+ \d+, \d{4}", words)
    assert (how, begun, ended) == ("preference page", True, False)


def test_saying_it_again_and_looking_add_nothing(client: Client, shop: Shop) -> None:
    url = agreed(client, shop)
    client.post(url, data={"pause": "end"})
    assert said(shop) == []
    for _ in range(3):
        client.post(url, data={"pause": "week"})
        client.get(url)
        client.get(f"{url}?pause=end")
    assert len(said(shop)) == 1


def test_a_length_that_is_not_offered_is_refused_and_changes_nothing(client: Client, shop: Shop) -> None:
    url = agreed(client, shop)
    for length in ("year", "month ", "\0", "ع" * 10_000):
        assert client.post(url, data={"pause": length}).status_code == 400
    assert said(shop) == []


def test_who_allows_nothing_is_offered_no_pause(client: Client, shop: Shop) -> None:
    assert "Too much just now?" not in text_of(client.get(f"/u/{shop.token()}"))


def test_on_their_own_page_it_takes_the_fresh_link(client: Client, shop: Shop) -> None:
    page = client.post(f"{fresh(shop)}/pause", data={"pause": "week"})
    assert "Your pause has begun." in text_of(page)
    client.post(f"/me/{shop.token()}/pause", data={"pause": "end"})
    assert [(how, begun) for _, how, begun in said(shop)] == [("your page", True)]


def test_it_is_in_the_language_of_its_reader(client: Client, shop: Shop) -> None:
    url = agreed(client, shop)
    client.post(url, data={"pause": "month"}, headers={"accept-language": "lv"})
    [(words, _, _)] = said(shop)
    assert re.search(r"gada \d+\. ", words), words


def test_it_is_taken_along(client: Client, shop: Shop) -> None:
    with shop.house.database.workspace(shop.workspace) as tx:
        begin(tx)
    client.post(f"{fresh(shop)}/pause", data={"pause": "quarter"})
    Story(shop.house, shop.workspace).work()
    taken = client.get(f"{fresh(shop)}/everything.zip")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        [row] = csv.DictReader(io.StringIO(archive.read("pauses.csv").decode("utf-8-sig")))
    assert "No messages until" in row["proof"]
    assert row["until"]
