"""What a message is written from: plain values that are kept with it, so that it can be shown again exactly."""

from typing import Any

import msgspec


class Quote(msgspec.Struct, frozen=True):
    """Something the customer told us, in their words, with the event it was learned from."""

    words: str
    value: Any
    seq: int


class Choice(msgspec.Struct, frozen=True):
    """One answer to the question a message asks, and the link that chooses it."""

    text: str
    url: str


class Question(msgspec.Struct, frozen=True):
    """The question a message asks."""

    form: str
    title: str
    url: str
    choices: tuple[Choice, ...] = ()


class Context(msgspec.Struct, frozen=True, omit_defaults=True):
    """The variables of a template."""

    told: dict[str, Quote] = {}
    name: str | None = None
    first_name: str | None = None
    ask: Question | None = None
    why_url: str = ""
    unsubscribe_url: str = ""
    shop: str = ""


def greeted(name: str | None) -> tuple[str | None, str | None]:
    """Return a customer's name and first name as a message says them; nobody is greeted by an e-mail address."""
    if not name or "@" in name:
        return None, None
    return name, name.split()[0]


VARIABLES = frozenset(Context.__struct_fields__)


class Rendered(msgspec.Struct, frozen=True):
    """A message as it is sent. `used` holds what it was written from, of the facts only those that were read."""

    subject: str
    html: str
    text: str
    used: Context


def sample(*, ask: bool, told: dict[str, Quote] | None = None) -> Context:
    """Return example values to try a template on; nothing is known about this customer unless `told` says so."""
    url = "https://example.com/f/form?m=token"
    choices = (Choice("Yes", f"{url}&q=yes"), Choice("No", f"{url}&q=no"))
    return Context(
        told=told or {},
        name="Ann Example" if told else None,
        first_name="Ann" if told else None,
        ask=Question("form", "Which one?", url, choices) if ask else None,
        why_url=url,
        unsubscribe_url=url,
        shop="The Shop",
    )
