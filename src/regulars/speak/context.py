"""What a message is written from: plain values that are kept with it, so that it can be shown again exactly."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from regulars.access.workspaces import Workspace
from regulars.words.colour import text_on


class Quote(msgspec.Struct, frozen=True):
    """Something the customer told us, in their words, with the event it was learned from."""

    words: str
    value: Any
    seq: int


class Quotable(msgspec.Struct, frozen=True):
    """A quote, and what the catalogue of facts lets it be used for (None: everything)."""

    quote: Quote
    purposes: list[str] | None

    def may(self, purpose: str) -> bool:
        """Whether a message of this purpose may quote it."""
        return self.purposes is None or purpose in self.purposes


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


class Brand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who writes, and in which look: for `brand.title`, `brand.colour`, `brand.on_colour` and `brand.logo`."""

    title: str
    colour: str = ""
    on_colour: str = ""
    """White or black, whichever is read better on the colour."""
    logo: str = ""
    """Where the logo is; empty where there is none."""


def worn(workspace: Workspace, base_url: str) -> Brand:
    """Return the brand of a workspace as its messages wear it."""
    logo = f"{base_url}/brand/{workspace.name}/{workspace.logo}" if workspace.logo else ""
    return Brand(workspace.title, workspace.accent, text_on(workspace.accent), logo)


class Context(msgspec.Struct, frozen=True, omit_defaults=True):
    """The variables of a template."""

    told: dict[str, Quote] = {}
    name: str | None = None
    first_name: str | None = None
    ask: Question | None = None
    segments: tuple[str, ...] = ()
    """Those that the template asks about and the customer is in: `{% if segments["regulars"] %}`."""
    forms: dict[str, str] = {}
    """Links to the forms that the template leads to, signed for this message: `{{ forms["gift-quiz"] }}`."""
    why_url: str = ""
    unsubscribe_url: str = ""
    shop: str = ""
    brand: Brand | None = None


_WHOLE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3100-\u318f\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, and what Chinese, Japanese and Korean are written in: there the first word of a name, if
it has words at all, is none to greet somebody by."""


def greeted(name: str | None, first_name: str | None = None) -> tuple[str | None, str | None]:
    """Return a customer's name and first name as a message says them; nobody is greeted by an e-mail address.

    Who told us no first name is greeted by the first word of the name, in a script whose names have words; else by all
    of it.
    """
    whole, first = _called(name), _called(first_name)
    if whole and not first:
        first = whole if _WHOLE.search(whole) else whole.split()[0]
    return whole, first


def _called(name: str | None) -> str | None:
    """Return a name on one line, or nothing where it is an address."""
    return None if not name or "@" in name else " ".join(name.split()) or None


VARIABLES = frozenset(Context.__struct_fields__)


class Rendered(msgspec.Struct, frozen=True):
    """A message as it is sent. `used` holds what it was written from, of the facts only those that were read."""

    subject: str
    html: str
    text: str
    used: Context


def sample(
    *, ask: bool, told: dict[str, Quote] | None = None, segments: Iterable[str] = (), forms: Iterable[str] = ()
) -> Context:
    """Return example values to try a template on; nothing is known about this customer unless `told` says so."""
    url = "https://example.com/f/form?m=token"
    choices = (Choice("Yes", f"{url}&q=yes"), Choice("No", f"{url}&q=no"))
    return Context(
        told=told or {},
        name="Ann Example" if told else None,
        first_name="Ann" if told else None,
        ask=Question("form", "Which one?", url, choices) if ask else None,
        segments=tuple(segments),
        forms=dict.fromkeys(forms, url),
        why_url=url,
        unsubscribe_url=url,
        shop="The Shop",
        brand=Brand("The Shop", "#9c3f24", "#ffffff", "https://example.com/logo.png" if told else ""),
    )
