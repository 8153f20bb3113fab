from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.access.links import open_links
from regulars.access.workspaces import delete_workspace
from regulars.engage import responses
from regulars.engage.asking import first_question
from regulars.engage.forms import get_form
from regulars.engage.responses import Who
from regulars.loop.followers import FOLLOWERS
from regulars.speak.channel import Envelope
from regulars.speak.outbox import Sender
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.testing.shop.set_up import WORKSPACE, Shop, set_up

NOW = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


class Box:
    """A channel that keeps what it is given."""

    name = "box"
    idempotent = True
    connections = 1

    def __init__(self) -> None:
        self.mail: list[Envelope] = []

    @contextmanager
    def connect(self) -> Iterator["Box"]:
        yield self

    def deliver(self, envelope: Envelope) -> None:
        self.mail.append(envelope)

    def close(self) -> None:
        pass


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    yield set_up(database, NOW)
    delete_workspace(database, WORKSPACE)


def answer(database: Database, form: str, who: Who, now: datetime, **given: Any) -> None:
    with database.workspace(WORKSPACE) as tx:
        asked = get_form(tx, form)
        response = responses.start(tx, asked, who, now)
        for question in asked.survey.questions:
            if question.name in given:
                response = responses.answer(tx, asked, response, question, given[question.name])
        responses.finish(tx, asked, response, now, locale="en", gettext=str)
    Dispatcher(database, FOLLOWERS, lambda: [WORKSPACE], lambda: now).catch_up([WORKSPACE])


def test_each_mail_shows_that_we_remember_what_the_one_before_was_answered(database: Database, shop: Shop) -> None:
    box = Box()
    sender = Sender(database, WORKSPACE, box, open_links(database), "https://gifts.example", asker=first_question)
    sender.send_some(NOW)
    assert len(box.mail) > 10, "those who gave for birthdays before are written to"
    box.mail.clear()

    regular = Who(shop.regular_address, verified=True)
    first = NOW + timedelta(minutes=1)
    told = {"for_whom": "friend", "whose": "Marta", "occasion": "birthday", "when": "2026-05-24"}
    answer(database, "gift-quiz", regular, first, **told)
    sender.send_some(first)

    (mail,) = box.mail
    assert mail.recipient == "ieva.kalnina@example.com"
    for quoted in (
        "Hello Ieva,",
        "“A good friend” – Marta",
        "“A birthday” – 24 May 2026",
        "£10 to £25",
        "&budget=10-to",
    ):
        assert quoted in mail.text

    second = NOW + timedelta(minutes=2)
    asked = Who(shop.regular_address, verified=True, message_id=mail.message_id)
    answer(database, "gift-budget", asked, second, budget="10-to-25")
    sender.send_some(second)
    sender.close()

    assert len(box.mail) == 2
    assert box.mail[1].subject == "“£10 to £25”: three ideas for Marta"
    assert "Regency cake stand" in box.mail[1].text
