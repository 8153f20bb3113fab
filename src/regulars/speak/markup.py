"""The words of a block: text in which a few signs mean something, and nothing else does.

    Hello {{ first_name | default("there") }}, look at **this** and at *that*, or [read more](https://example.com).

Two stars make it strong, one makes it stressed; brackets with an address make a link; a place in double braces is
filled in for each customer, and says in `default` what those read of whom it is not known. Every other sign is only
itself: it is escaped where it stands, in HTML and for the template, so that nothing written here can become either.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from urllib.parse import urlsplit

import msgspec

from regulars.words.errors import Invalid

FORM = "form:"
"""How the address of a form begins: each customer is given a link of their own."""
LONGEST_NAME = 200
LONGEST_ADDRESS = 2_000
_PLACE = re.compile(
    r"\{\{\s*(?P<what>first_name|name|shop|brand\.title|told\.[A-Za-z_][A-Za-z0-9_]*|told\[\"[^\"\\\n]{1,200}\"\])"
    r"\s*(?:\|\s*default\(\s*\"(?P<otherwise>[^\"\\\n]*)\"\s*\)\s*)?\}\}"
)
_KNOWN_OF_ALL = frozenset({"shop", "brand.title"})
_MARK = "\ue000"
"""Stands for a place while the other signs are read; nobody writes it, and whoever does loses it."""
_SIGNS = re.compile(
    r"\[(?P<label>[^\[\]\n]+)\]\((?P<address>[^()\s]+)\)"
    r"|\*\*(?=\S)(?P<strong>[^\n]+?)(?<=\S)\*\*"
    r"|(?<![*0-9A-Za-z])\*(?=[^\s*])(?P<stressed>[^*\n]+?)(?<=[^\s*])\*(?![*0-9A-Za-z])"
)
_FORM_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_NEVER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000]")
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f\"'<>\\{}`\ue000]")


class Place(msgspec.Struct, frozen=True):
    """Something that is filled in for each customer."""

    what: str
    """As templates call it: `first_name`, `told.gift_for`, `told["gift-quiz.when"]`."""
    otherwise: str | None = None
    """What a customer reads of whom it is not known; None where nobody said what."""

    @property
    def source(self) -> str:
        """The place as a template has it."""
        return f"{{{{ {self.what} }}}}" if self.otherwise is None else self.written(self.what, self.otherwise)

    @property
    def may_lack(self) -> bool:
        """Whether there are customers of whom it is not known."""
        return self.what not in _KNOWN_OF_ALL

    @property
    def fact(self) -> str:
        """The fact that it quotes; '' where it quotes none."""
        return self.what[6:-2] if self.what.startswith("told[") else self.what.partition("told.")[2]

    @staticmethod
    def written(what: str, otherwise: str) -> str:
        """Return a place with what stands there where it is not known, without signs that would end it."""
        said = re.sub(r"[\"\\\s]+", " ", otherwise.replace('"', "”")).strip()
        return f'{{{{ {what} | default("{said}") }}}}'


def told(fact: str) -> str:
    """Return how a template calls what customers told of a fact."""
    return f"told.{fact}" if fact.isidentifier() and fact.isascii() else f'told["{quoted(fact)}"]'


def quoted(name: str) -> str:
    """Return a name as it may stand between the quotes of a template; raise Invalid for one that could end them."""
    if re.search(r"[\"\\\n\r]", name) or len(name) > LONGEST_NAME:
        raise Invalid("'{name}' cannot be the name of anything here.", name=name[:80])
    return name


def places(text: str) -> list[Place]:
    """Return the places of a text."""
    return [Place(found["what"], found["otherwise"]) for found in _PLACE.finditer(text)]


def safe_address(address: str) -> str:
    """Return an address of a page, a mail box, a telephone or a form; raise Invalid for anything else."""
    address = address.strip()
    scheme, _, rest = address.partition(":")
    scheme = scheme.lower()
    if not address:
        raise Invalid("Say where it leads: to a form, or to an address that begins with https://.")
    if _UNSAFE.search(address) or len(address) > LONGEST_ADDRESS:
        raise Invalid("The address '{address}' has signs that no address has.", address=address[:80])
    if address.startswith(FORM) and _FORM_NAME.fullmatch(rest):
        return address
    if scheme in ("mailto", "tel") and rest:
        return address
    try:
        host = urlsplit(address).hostname if scheme in ("https", "http") else None
    except ValueError:
        host = None
    if not host:
        raise Invalid("'{address}' is no address of a page. Begin it with https://.", address=address[:80])
    return address


def linked(address: str) -> str:
    """Return an address as it stands in the HTML of a template; a form's is filled in for each customer."""
    address = safe_address(address)
    return f'{{{{ forms["{address.removeprefix(FORM)}"] }}}}' if address.startswith(FORM) else _literal(address)


def linked_as_text(address: str) -> str:
    """Return an address as it stands in the text of a template."""
    address = safe_address(address)
    return f'{{{{ forms["{address.removeprefix(FORM)}"] }}}}' if address.startswith(FORM) else address


def addresses(text: str) -> list[str]:
    """Return the addresses that a text links to."""
    return [found["address"] for found in _SIGNS.finditer(_PLACE.sub(_MARK, text)) if found["address"]]


def as_html(text: str) -> str:
    """Return a text as HTML of a template; lines stay lines. Raise Invalid for an address or a place that is none."""
    words, found = _read(text)
    return "".join(_html(words, iter(found))).replace("\n", "<br>\n")


def as_text(text: str) -> str:
    """Return a text as it stands in the text of a template: links become their words and their address."""
    words, found = _read(text)
    return "".join(_text(words, iter(found)))


def plain_html(text: str) -> str:
    """Return a text whose stars and brackets mean nothing, its places filled in, as HTML of a template."""
    words, found = _read(text)
    return "".join(_filled(words, iter(found), _literal)).replace("\n", "<br>\n")


def plain_text(text: str) -> str:
    """Return a text whose stars and brackets mean nothing, its places filled in, for the text of a template."""
    words, found = _read(text)
    return "".join(_filled(words, iter(found), _literal_text))


def _read(text: str) -> tuple[str, Sequence[Place]]:
    """Return a text with a mark for each of its places, and the places."""
    text = _NEVER.sub("", text.replace("\r\n", "\n"))
    words = _PLACE.sub(_MARK, text)
    if "{{" in words:
        wrong = re.search(r"\{\{[^\n]{0,60}", words)
        raise Invalid(
            "There is no place '{place}'. Choose one from the list: it is put in as it has to be written.",
            place=wrong[0].strip() if wrong else "{{",
        )
    return words, places(text)


def _html(words: str, found: Iterator[Place]) -> Iterator[str]:
    at = 0
    for sign in _SIGNS.finditer(words):
        yield from _filled(words[at : sign.start()], found, _literal)
        at = sign.end()
        if sign["address"]:
            href = linked(sign["address"])
            label = "".join(_html(sign["label"], found))
            yield f'<a href="{href}" class="ink" style="color:inherit;text-decoration:underline">{label}</a>'
        else:
            name, inside = ("strong", sign["strong"]) if sign["strong"] else ("em", sign["stressed"])
            yield f"<{name}>{''.join(_html(inside, found))}</{name}>"
    yield from _filled(words[at:], found, _literal)


def _text(words: str, found: Iterator[Place]) -> Iterator[str]:
    at = 0
    for sign in _SIGNS.finditer(words):
        yield from _filled(words[at : sign.start()], found, _literal_text)
        at = sign.end()
        yield from _text(sign["label"] or sign["strong"] or sign["stressed"], found)
        if sign["address"]:
            yield f" ({linked_as_text(sign['address'])})"
    yield from _filled(words[at:], found, _literal_text)


def _filled(words: str, found: Iterator[Place], literal: Callable[[str], str]) -> Iterator[str]:
    """Yield words as they are meant and places as templates have them."""
    for number, piece in enumerate(words.split(_MARK)):
        if number:
            yield next(found).source
        yield literal(piece)


def _literal(words: str) -> str:
    """Return words that are only themselves, in HTML and for the template."""
    return escape(words).replace("{", "&#123;")


def _literal_text(words: str) -> str:
    """Return words that are only themselves for the template."""
    return words.replace("{", '{{ "{" }}')
