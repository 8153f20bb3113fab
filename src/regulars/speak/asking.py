"""The question a message asks. Forms live in a later room, so whoever builds the house gives us an `Asker`."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

import msgspec
import structlog

from regulars.access.links import Link, Links
from regulars.speak.context import Choice, Question
from regulars.store.database import Tx

log = structlog.get_logger()


class Option(msgspec.Struct, frozen=True):
    """One answer that may be chosen: its value in the form, and what the customer reads."""

    value: str
    text: str


class Ask(msgspec.Struct, frozen=True):
    """The first question of a form; `options` is empty where it is not answered by choosing."""

    form: str
    question: str
    title: str
    options: tuple[Option, ...] = ()


Asker = Callable[[Tx, str], Ask | None]
"""Gives the question that a form asks first, or nothing where there is no such form."""


def ask_nothing(_: Tx, __: str) -> Ask | None:
    """Know no forms."""
    return None


class Addresses(msgspec.Struct, frozen=True):
    """The links of a message: what they open is signed for the address it goes to, and for nothing else."""

    links: Links
    base_url: str
    workspace: str

    def preferences(self, identity_id: int, message_id: int) -> str:
        """Return the link to the page of preferences, which also unsubscribes."""
        return f"{self.base_url}/u/{self._token(identity_id, message_id)}"

    def why(self, identity_id: int, message_id: int) -> str:
        """Return the link to the page that says why the message was sent."""
        return f"{self.base_url}/why/{self._token(identity_id, message_id)}"

    def question(self, ask: Ask, identity_id: int, message_id: int) -> Question:
        """Return a question with the links that answer it."""
        url = self.form(ask.form, identity_id, message_id)
        choices = tuple(
            Choice(option.text, f"{url}&{urlencode({ask.question: option.value})}") for option in ask.options
        )
        return Question(ask.form, ask.title, url, choices)

    def form(self, form: str, identity_id: int, message_id: int) -> str:
        """Return the link to a form that the message does not ask, but leads to."""
        token = self._token(identity_id, message_id, form)
        return f"{self.base_url}/f/{quote(form)}?{urlencode({'m': token})}"

    def _token(self, identity_id: int, message_id: int, form: str | None = None) -> str:
        return self.links.sign(Link(self.workspace, identity_id, message_id, form))


def ask_safely(tx: Tx, asker: Asker, form: str) -> Ask | None:
    """Return a form's question. What goes wrong in there spoils its own messages and no others."""
    try:
        with tx.connection.transaction():
            return asker(tx, form)
    except Exception as error:
        log.exception("a form could not be asked", form=form, exc_info=error)
        return None
