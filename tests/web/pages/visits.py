"""The shop whose pages are visited, and how a visitor reads and answers them."""

import re
from collections.abc import Sequence
from html import unescape
from importlib.resources import files
from typing import Any

import httpx
import msgspec
from litestar.testing import TestClient

from regulars.access.links import Link
from regulars.channels.sandbox.delivery import Sandbox
from regulars.channels.sandbox.mailbox import Mail, get_mail, list_mail
from regulars.engage import forms
from regulars.hear.identities import intern
from regulars.speak.outbox import Sender
from regulars.store import records as log
from regulars.store.records import Event
from regulars.wiring import House
from regulars.words.clock import utc_now

SHOP = files("regulars.testing.shop") / "forms"
ADDRESS = "ieva@example.com"
BASE = "https://gifts.example"
Client = TestClient[Any]


class Shop:
    """One workspace with the two forms of the example shop, under names of its own."""

    def __init__(self, house: House, workspace: str) -> None:
        self.house = house
        self.workspace = workspace
        self.quiz = self.make("gift-quiz")
        self.budget = self.make("gift-budget")

    def make(self, name: str, survey: dict[str, Any] | None = None) -> str:
        own = f"{name}-{self.workspace}".replace("_", "-")
        survey = survey or msgspec.json.decode((SHOP / f"{name}.json").read_bytes(), type=dict[str, Any])
        with self.house.database.workspace(self.workspace) as tx:
            forms.create_form(tx, own, survey, utc_now())
        return own

    def identity(self, kind: str = "email", value: str = ADDRESS) -> int:
        with self.house.database.workspace(self.workspace) as tx:
            return intern(tx, [(kind, value)])[kind, value]

    def mail(self) -> list[Mail]:
        """Send what waits in the outbox; return all mail of the sandbox, newest first."""
        database = self.house.database
        channel = Sandbox(database, self.workspace)
        sender = Sender(database, self.workspace, channel, self.house.links, BASE)
        sender.send_some(utc_now())
        sender.close()
        with database.workspace(self.workspace) as tx:
            return [get_mail(tx, line.message_id) for line in list_mail(tx)]

    def token(self, message_id: int | None = 7, form: str | None = None) -> str:
        return self.house.links.sign(Link(self.workspace, self.identity(), message_id, form))

    def events(self, kind: str | None = None) -> list[Event]:
        with self.house.database.workspace(self.workspace) as tx:
            return log.list_events(tx, kind=kind, before=None, limit=100)[::-1]


def text_of(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"(?s)<head>.*?</head>", " ", page.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def fields_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def action_of(page: httpx.Response) -> str:
    found = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert found, page.text
    return unescape(found[1])


def send(client: Client, page: httpx.Response, *answers: str) -> httpx.Response:
    """Answer the question on a page, and follow to the next one."""
    return client.post(action_of(page), data={**fields_of(page), "answer": list(answers)})


def walk(client: Client, start: str, answers: dict[str, Sequence[str]]) -> httpx.Response:
    """Fill in a form from a start to its thanks, answering each question by its title."""
    page = client.get(start)
    while 'method="post" action="/f/' in page.text:
        title = re.search(r"(?s)<h1>(.*?)</h1>", page.text)
        assert title
        asked = unescape(re.sub(r"<[^>]+>", "", title[1]))
        page = send(client, page, *answers[asked])
    return page
