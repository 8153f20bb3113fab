"""`/l/` and `/o/`: a link of a mail leads on at once, to where the mail leads; that it was followed is told beside."""

import re
from datetime import timedelta

import pytest
from tests.speak import scene
from tests.web.pages.visits import BASE, Client, Shop, text_of

from regulars.access.links import Link
from regulars.access.workspaces import close_workspace
from regulars.channels.sandbox.delivery import Sandbox
from regulars.channels.sandbox.mailbox import get_mail, list_mail
from regulars.engage.asking import first_question
from regulars.speak.judging import judge_all
from regulars.speak.outbox import Sender
from regulars.store import records as log
from regulars.wiring import House
from regulars.words.clock import utc_now

READER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
HTML = '<a href="https://tea.example/tea">Tea</a><a href="{{ unsubscribe_url }}">Leave</a><a href="{{ why_url }}">?</a>'


class Mailed:
    """A shop that has written to somebody, an hour ago."""

    def __init__(self, house: House, workspace: str) -> None:
        self.house, self.workspace = house, workspace
        told = scene.Shop(house.database, workspace, utc_now() - timedelta(hours=1))
        self.customer = told.customer("ann")
        told.segment("gives", self.customer)
        told.campaign(html=HTML)
        channel = Sandbox(house.database, workspace)
        sender = Sender(house.database, workspace, channel, house.links, BASE, asker=first_question)
        sender.send_some(told.now)
        sender.close()
        with told.tx() as tx:
            self.mail = get_mail(tx, list_mail(tx)[0].message_id)
        self.link, self.picture = (re.search(rf"{BASE}(/{one}/[\w.-]+)", self.mail.html)[1] for one in "lo")

    def told(self) -> list[tuple[str, str, str]]:
        self.house.touches.settle()
        judge_all(self.house.database, self.workspace, utc_now() + timedelta(minutes=1))
        with self.house.database.workspace(self.workspace) as tx:
            found = log.list_events(tx, kind=None, before=None, limit=100)[::-1]
        return [
            (one.kind, one.props.get("link", ""), one.props.get("sign", ""))
            for one in found
            if one.kind in {"message.opened", "message.clicked", "message.scanned"}
        ]


@pytest.fixture
def mailed(house: House, workspace: str) -> Mailed:
    return Mailed(house, workspace)


def test_a_link_leads_on_and_is_told_to_have_been_followed(client: Client, mailed: Mailed) -> None:
    answer = client.get(mailed.link, headers=READER, follow_redirects=False)
    assert answer.status_code == 303
    tagged = "https://tea.example/tea?utm_source=regulars&utm_medium=email&utm_campaign=spring"
    assert answer.headers["location"] == tagged
    assert answer.headers["cache-control"] == "no-store"
    assert mailed.told() == [("message.clicked", "https://tea.example/tea", "")]


def test_the_picture_tells_that_a_mail_was_opened(client: Client, mailed: Mailed) -> None:
    answer = client.get(mailed.picture, headers=READER)
    assert answer.headers["content-type"] == "image/gif"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.content.startswith(b"GIF89a")
    assert mailed.told() == [("message.opened", "", "")]


def test_machines_are_led_on_too_and_told_apart(client: Client, mailed: Mailed) -> None:
    assert client.head(mailed.link, headers=READER, follow_redirects=False).status_code == 303
    ahead = READER | {"sec-purpose": "prefetch"}
    assert client.get(mailed.link, headers=ahead, follow_redirects=False).status_code == 303
    assert client.get(mailed.picture, headers={"user-agent": "Mozilla/5.0"}).status_code == 200
    assert sorted(sign for _, _, sign in mailed.told()) == ["apple", "head", "prefetch"]
    assert {kind for kind, *_ in mailed.told()} == {"message.scanned"}


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one + "x",
        lambda one: one[:-1] + "_",
        lambda one: one[:-1] + "é",
        lambda one: one.replace(".1.", ".2.", 1),
    ],
)
def test_a_changed_address_leads_nowhere(client: Client, mailed: Mailed, change) -> None:
    for address in (change(mailed.link), change(mailed.picture)):
        answer = client.get(address, headers=READER, follow_redirects=False)
        assert answer.status_code == 403
        assert "location" not in answer.headers
        assert "Open it again from the message it came in" in text_of(answer)
    assert mailed.told() == []


def test_the_address_of_another_workspace_leads_nowhere(client: Client, mailed: Mailed) -> None:
    other = mailed.link.replace(mailed.workspace, "another")
    assert client.get(other, headers=READER, follow_redirects=False).status_code == 403


def test_links_to_our_own_pages_are_not_counted(client: Client, mailed: Mailed) -> None:
    for kind in ("u", "why"):
        link = re.search(rf"{BASE}(/{kind}/[\w.-]+)", mailed.mail.html)[1]
        assert client.get(link, headers=READER).status_code == 200
    assert mailed.told() == []


def test_the_link_to_a_form_counts_without_a_detour(client: Client, house: House, mailed: Mailed) -> None:
    quiz = Shop(house, mailed.workspace).quiz
    token = house.links.sign(Link(mailed.workspace, mailed.customer, mailed.mail.message_id, quiz))
    assert client.get(f"/f/{quiz}?m={token}", headers=READER).status_code == 200
    assert mailed.told() == [("message.clicked", f"{BASE}/f/{quiz}", "")]


def test_a_link_leads_on_after_its_customer_was_forgotten_and_nothing_is_kept_of_it(
    client: Client, mailed: Mailed
) -> None:
    with mailed.house.database.workspace(mailed.workspace) as tx:
        tx.run(b"update speak_message set identity_id = null, used = null")
    answer = client.get(mailed.link, headers=READER, follow_redirects=False)
    assert answer.headers["location"].startswith("https://tea.example/tea")
    assert mailed.told() == []


def test_a_closed_workspace_is_told_nothing(client: Client, house: House, mailed: Mailed) -> None:
    with house.database.shared() as tx:
        close_workspace(tx, mailed.workspace, "owner@x.example", utc_now())
    assert client.get(mailed.link, headers=READER, follow_redirects=False).status_code == 303
