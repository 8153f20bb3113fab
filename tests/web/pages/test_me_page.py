"""What we remember, for the one it is about: a fresh link opens everything, any other only what its message used."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from time import time

import msgspec
import pytest
from tests.web.console_story import QUIZ
from tests.web.console_story import Shop as Story
from tests.web.pages.visits import Client, Shop, text_of

from regulars.access.links import Link
from regulars.channels.sandbox.mailbox import get_mail, list_mail
from regulars.engage.changing import save_form
from regulars.engage.forms import get_form
from regulars.hear.identities import intern
from regulars.store import records as log
from regulars.understand import grouping
from regulars.wiring import House
from regulars.words.clock import utc_now


class Page:
    """The story of the shop, and the links that lead to Ieva's page."""

    def __init__(self, house: House, workspace: str) -> None:
        self.story = Story(house, workspace)
        self.story.tell()
        self.house, self.workspace = house, workspace
        self.address = self.identity("ieva@post.example")
        with self.story.tx() as tx:
            self.message_id = list_mail(tx)[0].message_id
        self.old = f"/me/{house.links.sign(Link(workspace, self.address, self.message_id))}"
        self.fresh = f"/me/{house.links.sign_own(Link(workspace, self.address))}"

    def identity(self, address: str) -> int:
        with self.story.tx() as tx:
            return intern(tx, [("email", address)])["email", address]

    def events(self, kind: str) -> int:
        with self.story.tx() as tx:
            return log.count_events(tx, kind=kind)

    def mail(self) -> list[str]:
        """The texts of all mail to Ieva that brings a link to her page."""
        self.story.work()
        with self.story.tx() as tx:
            found = [get_mail(tx, line.message_id) for line in list_mail(tx)]
        return [one.text for one in found if one.recipient == "ieva@post.example" and "/me/" in one.text]


@pytest.fixture
def page(house: House, workspace: str) -> Page:
    return Page(house, workspace)


def test_a_messages_link_shows_what_it_used_and_nothing_else(client: Client, page: Page) -> None:
    said = text_of(client.get(page.old))
    assert "My mother" in said
    assert "Marta" not in said
    assert "ie…@post.example" in said
    for rest in ("/correct?fact=gift_for", "/everything.zip"):
        assert client.get(f"{page.old}{rest}", follow_redirects=False).headers["location"] == page.old
    for rest in ("/correct", "/forget"):
        client.post(f"{page.old}{rest}", data={"fact": "gift_for", "answer": "friend"})
    assert page.events("fact.stated") + page.events("fact.forgotten") == 0


def test_the_button_has_a_link_sent_to_the_address_once_an_hour(
    client: Client, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(page.old)
    assert page.mail() == []
    assert "We have sent a link to ie…@post.example" in text_of(client.post(page.old))
    assert "less than an hour ago" in text_of(client.post(page.old))
    [mail] = page.mail()
    link = re.search(r"http\S+(/me/\S+)", mail)
    assert link
    assert "Marta" in text_of(client.get(link[1]))
    later = utc_now() + timedelta(minutes=61)
    monkeypatch.setattr("regulars.web.pages.visit.utc_now", lambda: later)
    assert "We have sent a link" in text_of(client.post(page.old))


def test_a_fresh_link_shows_everything_with_where_and_when(client: Client, page: Page) -> None:
    opened = client.get(page.fresh)
    said = text_of(opened)
    told, imported, counted = (said.index(one) for one in ("You told us", "From our records", "What we counted"))
    assert told < said.index("My mother") < imported < said.index("Ieva Kalniņa") < counted
    assert said.count("My mother") == 1
    assert "Who do you love to give to?" in said
    assert "Orders 1 " in said
    assert "Average order (GBP) £23.40" in said
    assert "1 time" not in said, "what is counted is said once"
    assert "Ideas, news and offers by e-mail Yes" in said
    assert "王小明" not in said
    assert opened.headers["cache-control"] == "no-store"


def test_what_a_form_asked_is_read_in_ones_own_language(client: Client, page: Page) -> None:
    with page.story.tx() as tx:
        form = get_form(tx, "gift-quiz")
        asked = msgspec.json.decode(msgspec.json.encode(QUIZ))
        asked["title"] = {"default": asked["title"], "lv": "Kam jums patīk dāvināt?"}
        asked["elements"][0]["title"] = {"default": asked["elements"][0]["title"], "lv": "Kam jūs vēlaties dāvināt?"}
        save_form(tx, "gift-quiz", asked, utc_now(), replaces=form.version)
    for place in (page.fresh, page.old, page.old.replace("/me/", "/why/")):
        said = text_of(client.get(place, headers={"Accept-Language": "lv"}))
        assert "Kam jūs vēlaties dāvināt?" in said, place
        assert "For whom do you like to give?" not in said, place
        assert "My mother" in said, place  # their own words stay
    assert "For whom do you like to give?" in text_of(client.get(page.fresh))


def test_what_was_worked_out_is_said_in_words_for_its_owner(client: Client, page: Page) -> None:
    page.story.sell()
    said = text_of(client.get(page.fresh))
    assert "New or returning bought once" in said
    assert "How lately you bought, beside other customers longest ago" in said
    assert "For how much you buy, beside other customers for " in said
    assert "What you are about to buy, or just bought Lanterns" in said
    assert not re.search(r"RFM|[Pp]urchase stage|\b\d-\d-\d\b", said)


def test_a_group_is_shown_by_what_it_is_called_and_not_by_its_number(client: Client, page: Page) -> None:
    assert "Group by behaviour" not in text_of(client.get(page.fresh))
    with page.story.tx() as tx:
        grouping.call(tx, 1, "Sons & daughters")
    said = text_of(client.get(page.fresh))
    assert "Group by behaviour" in said
    assert "Sons & daughters" in said


def test_after_fifteen_minutes_it_is_worth_as_much_as_a_messages(
    client: Client, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = utc_now() + timedelta(minutes=16)
    monkeypatch.setattr("regulars.web.pages.visit.utc_now", lambda: later)
    said = text_of(client.get(page.fresh))
    assert "they are over" in said
    assert "Marta" not in said
    assert "My mother" not in said
    client.post(f"{page.fresh}/forget", data={"fact": "gift_for"})
    assert page.events("fact.forgotten") == 0
    assert "We have sent a link" in text_of(client.post(page.fresh))


TYPED = 'My "aunt" <b>Ilze</b> & שלום'


@pytest.fixture
def over(page: Page, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ieva's page by a link that was fresh 16 minutes ago."""
    now = time()
    with monkeypatch.context() as then:
        then.setattr("itsdangerous.timed.time.time", lambda: now - 16 * 60)
        return f"/me/{page.house.links.sign_own(Link(page.workspace, page.address))}"


def carried(page: str) -> list[tuple[str, str]]:
    return [(name, unescape(value)) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)]


def test_what_was_typed_when_the_link_ran_out_is_sent_with_a_fresh_one(client: Client, page: Page, over: str) -> None:
    typed = {"fact": "whose", "answer": TYPED}
    late = client.post(f"{over}/correct", data=typed)
    assert late.status_code == 403
    assert "Nothing is lost" in text_of(late)
    assert "Marta" not in late.text, "a link whose time is over shows nothing that is remembered"
    assert "<b>Ilze" not in late.text
    assert carried(late.text) == [*typed.items()]

    asked = client.post(f"{over}/correct", data=dict([*carried(late.text), ("do", "link")]))
    assert "We have sent a link to ie…@post.example" in text_of(asked)
    assert carried(asked.text) == [*typed.items()]
    again = client.post(f"{over}/correct", data=dict(carried(asked.text)))
    assert (again.status_code, page.events("fact.stated")) == (403, 0), "it waits until the link was opened"

    link = re.search(r"http\S+(/me/\S+)", page.mail()[-1])
    assert link
    assert client.get(link[1]).status_code == 200
    saved = client.post(f"{over}/correct", data=dict(carried(again.text)))
    assert (saved.status_code, saved.url.path) == (200, link[1])
    assert TYPED in unescape(saved.text)
    assert page.events("fact.stated") == 2, "under both its names"


def test_nobody_elses_link_and_no_other_browser_sends_it(client: Client, other: Client, page: Page, over: str) -> None:
    ming = f"/me/{page.house.links.sign_own(Link(page.workspace, page.identity('ming@post.example')))}"
    assert client.get(ming).status_code == 200
    assert other.get(page.fresh).status_code == 200
    assert client.post(f"{over}/correct", data={"fact": "whose", "answer": TYPED}).status_code == 403
    assert "Ilze" not in client.get(ming).text
    elsewhere = {"sec-fetch-site": "cross-site"}
    other.post(f"{over}/correct", data={"fact": "whose", "answer": TYPED}, headers=elsewhere)
    assert page.events("fact.stated") == 0


def test_another_sites_page_has_nothing_shown_here(client: Client, over: str) -> None:
    sent = {"fact": "whose", "answer": "Pay at evil.example"}
    found = client.post(f"{over}/correct", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert "evil" not in found.text


def test_who_opened_a_link_may_ask_for_the_next_at_once(client: Client, page: Page, over: str) -> None:
    assert "We have sent a link" in text_of(client.post(over))
    assert "and it still works" in text_of(client.post(over))


def test_no_other_token_opens_anything(client: Client, page: Page) -> None:
    sign, own = page.house.links.sign, page.house.links.sign_own
    forged = page.fresh[:-3] + ("abc" if page.fresh[-3:] != "abc" else "cba")
    for wrong in (forged, "/me/nonsense", f"/me/{own(Link('somewhere_else', page.address))}"):
        found = client.get(wrong)
        assert found.status_code in {403, 404}
        assert client.post(f"{wrong}/forget", data={"fact": "gift_for"}).status_code in {403, 404}
        assert "Marta" not in found.text
    for young in (
        sign(Link(page.workspace, page.address)),
        sign(Link(page.workspace, page.address, None, "gift-quiz")),
    ):
        assert "Marta" not in client.get(f"/me/{young}").text
    assert client.get(f"/u/{page.fresh[4:]}").status_code == 403
    assert page.events("fact.forgotten") == 0


def test_somebody_else_sees_their_own_and_changes_nothing_of_hers(client: Client, page: Page) -> None:
    ming = f"/me/{page.house.links.sign_own(Link(page.workspace, page.identity('ming@post.example')))}"
    said = text_of(client.get(ming))
    assert "王小明" in said
    for hers in ("Marta", "My mother", "Ieva"):
        assert hers not in said
    assert client.post(f"{ming}/forget", data={"fact": "gift_for"}).status_code == 404
    assert client.post(f"{ming}/correct", data={"fact": "gift_for", "answer": "friend"}).status_code == 404
    assert "Ieva" not in zipped(client, ming)["everything.json"]


def test_a_thing_is_put_right_with_the_question_it_answered(client: Client, page: Page) -> None:
    asked = client.get(f"{page.fresh}/correct?fact=gift_for")
    assert re.search(r'value="mother" checked', asked.text)
    wrong = client.post(f"{page.fresh}/correct", data={"fact": "gift_for", "answer": "a stranger"})
    assert wrong.status_code == 400
    assert "Please choose one of the answers" in text_of(wrong)
    done = text_of(client.post(f"{page.fresh}/correct", data={"fact": "gift_for", "answer": "friend"}))
    for _ in range(2):
        assert "A good friend" in done
        assert "My mother" not in done
        assert "on this page" in done
        page.story.work()
        done = text_of(client.get(page.fresh))


def test_what_was_imported_is_put_right_in_ones_own_words(client: Client, page: Page) -> None:
    client.post(f"{page.fresh}/correct", data={"fact": "name", "answer": "Ieva K."})
    page.story.work()
    said = text_of(client.get(page.fresh))
    assert said.index("You told us") < said.index("Ieva K.") < said.index("From our records")
    assert "Ieva Kalniņa" not in said


def test_what_is_forgotten_is_gone_from_page_form_and_zip(client: Client, page: Page) -> None:
    assert "Forget it" in client.get(f"{page.fresh}/correct?fact=whose").text
    said = text_of(client.post(f"{page.fresh}/forget", data={"fact": "whose"}))
    assert "Forgotten." in said
    assert "Marta" not in said
    page.story.work()
    assert "Marta" not in client.get(page.fresh).text
    assert client.get(f"{page.fresh}/correct?fact=whose").status_code == 404
    token = page.house.links.sign(Link(page.workspace, page.address, None, "gift-quiz"))
    assert "Marta" not in client.get(f"/f/gift-quiz/2?m={token}").text
    assert "Marta" not in zipped(client, page.fresh)["facts.csv"]


def zipped(client: Client, url: str) -> dict[str, str]:
    taken = client.get(f"{url}/everything.zip")
    assert taken.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_everything_can_be_taken_along(client: Client, page: Page) -> None:
    client.post(page.old)
    client.post(f"{page.fresh}/correct", data={"fact": "whose", "answer": '=HYPERLINK("http://evil.example")'})
    page.story.work()
    files = zipped(client, page.fresh)
    whole = msgspec.json.decode(files["everything.json"])
    assert {one["value"] for one in whole["identities"]} == {"u-1", "ieva@post.example"}
    assert {one["words"] for one in whole["facts"] if one["name"] == "whose"} == {
        "Marta",
        '=HYPERLINK("http://evil.example")',
    }
    assert {"identify", "form.answered", "message.sent"} <= {one["kind"] for one in whole["events"]}
    assert any("You told us: My mother" in one["text"] for one in whole["messages"])
    assert whole["consents"][0]["proof"]["words"] == "Yes, write to me by e-mail."
    cells = [cell for row in csv.reader(io.StringIO(files["facts.csv"])) for cell in row]
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    assert "ming@post.example" not in "".join(files.values())
    assert page.fresh not in "".join(files.values())


def test_preferences_and_why_lead_to_it(client: Client, page: Page) -> None:
    token = page.old[4:]
    for url in (f"/u/{token}", f"/why/{token}"):
        assert f'href="{page.old}"' in client.get(url).text


@pytest.mark.parametrize("rest", ["", "/correct?fact=gift_for", "/correct?fact=name"])
def test_no_text_stands_outside_the_catalogue(client: Client, page: Page, rest: str) -> None:
    client.headers["accept-language"] = "en-XA"
    for link in (page.fresh, page.old):
        text = text_of(client.get(f"{link}{rest}"))
        for _ in range(3):
            text = re.sub(r"⟦[^⟦⟧]*⟧|⁅[^⁅⁆]*⁆", " ", text)
        assert not re.search(r"[^\W\d_]", text), text


def test_a_link_of_somebody_we_have_never_met_shows_that_there_is_nothing(client: Client, shop: Shop) -> None:
    fresh = shop.house.links.sign_own(Link(shop.workspace, shop.identity()))
    assert "Nothing yet." in text_of(client.get(f"/me/{fresh}"))
    assert client.get(f"/me/{fresh}/everything.zip").status_code == 404
