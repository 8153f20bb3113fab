"""Templates: what a message says, written once, rendered for each customer within limits.

minijinja, with only what `syntax` allows, runs with fuel, escapes everything in HTML, writes no more than `LARGEST`,
and sees no Python object but plain values.
"""

import re
from datetime import datetime
from functools import lru_cache
from html import escape
from threading import Lock
from typing import Any

import minijinja
import msgspec

from regulars.speak.blocks import Blocks
from regulars.speak.context import VARIABLES, Brand, Context, Quote, Rendered, sample
from regulars.speak.syntax import check_blocks, mentions, named
from regulars.words.errors import Invalid, RegularsError, TooLarge, concerning

__all__ = ["Template", "check", "facts_of", "forms_of", "render", "segments_of"]

LARGEST = 1_000_000
"""The most characters one part of a message may come to."""
LONGEST_SOURCE = 100_000
_LONGEST_BLOCK = 2_000
"""The most characters one part of a template may have: mail programs cut what is longer."""
LONGEST_SUBJECT = 300
_FUEL = 10_000
_PARTS = {"subject": "subject", "html": "HTML", "text": "text"}
_MARKUP = re.compile("[&<>\"']").search
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Template(msgspec.Struct, frozen=True):
    """One version of a template. It never changes: a correction is the next version."""

    id: int
    name: str
    version: int
    subject: str
    html: str
    text: str
    ask: str | None
    """The form whose first question the message asks."""
    archived_at: datetime | None = None
    """Since when it is offered no more, and no campaign can be launched with it."""
    blocks: Blocks | None = None
    """What it was composed of, where it was composed of blocks: its HTML and its text were made from them."""
    title: str = ""
    """What the team calls it."""
    mjml: str | None = None
    """What its HTML was made from, where that was written as MJML."""

    @property
    def written(self) -> str:
        """Its HTML as somebody wrote it."""
        return self.mjml or self.html


class _Told:
    """What the customer told us, as a template sees it; it notes what was read."""

    __slots__ = ("_quotes", "_read")

    def __init__(self, quotes: dict[str, Quote], read: set[str]) -> None:
        self._quotes = quotes
        self._read = read

    def __getitem__(self, name: str) -> str:
        """Return the customer's words. KeyError is how a template learns that there are none."""
        words = self._quotes[name].words
        self._read.add(name)
        return words


class _Writing:
    """What a part writes while it is rendered: each value as text, escaped in HTML, and no more than its budget.

    It must not know its environment: minijinja's are Rust, and no circle through one is ever let go of.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._html = name == "html"
        self._written = 0

    def begin(self) -> None:
        """Begin anew."""
        self._written = 0

    def write(self, value: Any) -> str:
        """Turn a value into text; called by minijinja for each output."""
        if type(value) is str:
            text = value
        elif isinstance(value, str | int | float):
            text = str(value)
        else:
            raise Invalid(
                "The {part} writes something that is not a text. A list is written by 'for'.", part=_PARTS[self._name]
            )
        self._written += len(text)
        if self._written > LARGEST:
            raise _too_large(self._name)
        return escape(text) if self._html and _MARKUP(text) else text


class _Part:
    """One part of a template, compiled: its own environment, its own budget."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._lock = Lock()
        self._writing = _Writing(name)
        self._environment = minijinja.Environment(
            debug=False,
            fuel=_FUEL,
            undefined_behavior="semi_strict",  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
            auto_escape_callback=lambda _: False,
            finalizer=self._writing.write,
            pycompat=False,
        )
        for function in ("range", "dict", "debug", "namespace"):
            self._environment.remove_global(function)
        self._environment.remove_filter("safe")
        _check_blocks(source, name)
        self._environment.add_template(name, source)
        self._reads = self._environment.undeclared_variables_in_template(name)

    def unknown(self) -> set[str]:
        """Return the variables it reads that no message has."""
        return self._reads - VARIABLES

    def render(self, variables: dict[str, Any]) -> str:
        """Return the text. Raise Invalid or TooLarge where it cannot be written.

        The engine is given what is read only: it makes everything that it is given its own, for each message anew.
        """
        given = {name: variables[name] for name in self._reads if name in variables}
        try:
            with self._lock:
                self._writing.begin()
                text = self._environment.render_template(self._name, **given)
        except minijinja.TemplateError as error:
            raise _problem(error, self._name) from error
        if len(text) > LARGEST:
            raise _too_large(self._name)
        return text


class Compiled:
    """A template, ready to render."""

    def __init__(self, subject: str, html: str, text: str) -> None:
        sources = {"subject": subject, "html": html, "text": text}
        self.parts: dict[str, _Part] = {}
        self.facts: set[str] = set()
        self.segments: set[str] = set()
        self.forms: set[str] = set()
        self.bare: dict[str, str] = {}
        for name, source in sources.items():
            with concerning(name):
                self._add(name, source)

    def _add(self, name: str, source: str) -> None:
        if len(source) > LONGEST_SOURCE:
            raise _too_large(name, LONGEST_SOURCE)
        try:
            self.parts[name] = _Part(name, source)
        except minijinja.TemplateError as error:
            raise _problem(error, name) from error
        check_blocks(source, _PARTS[name])
        self.segments |= named(source, "segments")
        self.forms |= named(source, "forms")
        for mention in mentions(source, _PARTS[name]):
            if mention.fact:
                self.facts.add(mention.fact)
            if not mention.covered:
                self.bare.setdefault(f"{mention.variable} ({_PARTS[name]}, {mention.line})", name)

    def render(self, context: Context) -> Rendered:
        """Write the message."""
        read: set[str] = set()
        variables = _variables(context, read)
        written: dict[str, str] = {}
        for name, part in self.parts.items():
            try:
                written[name] = part.render(variables)
            except RegularsError:
                with concerning(name):
                    raise
        subject = _BREAKS.sub(" ", written["subject"]).strip()[:LONGEST_SUBJECT]
        told = {name: quote for name, quote in context.told.items() if name in read}
        return Rendered(subject, written["html"], written["text"], msgspec.structs.replace(context, told=told))


def _variables(context: Context, read: set[str]) -> dict[str, Any]:
    """Return what a template sees: plain values, and nothing at all where something is unknown."""
    ask = None if context.ask is None else msgspec.to_builtins(context.ask)
    plain = {
        "why_url": context.why_url,
        "unsubscribe_url": context.unsubscribe_url,
        "shop": context.shop,
        "name": context.name,
        "first_name": context.first_name,
        "ask": ask,
        "segments": dict.fromkeys(context.segments, True),
        "forms": context.forms,
        "brand": msgspec.structs.asdict(context.brand or Brand(context.shop)),
    }
    return {name: value for name, value in plain.items() if value is not None} | {"told": _Told(context.told, read)}


_compiled = lru_cache(maxsize=256)(Compiled)


def facts_of(template: Template) -> set[str]:
    """Return the facts that a template may quote."""
    return _compiled(template.subject, template.html, template.text).facts


def segments_of(template: Template) -> set[str]:
    """Return the segments that a template asks about."""
    return _compiled(template.subject, template.html, template.text).segments


def forms_of(template: Template) -> set[str]:
    """Return the forms that a template leads to."""
    return _compiled(template.subject, template.html, template.text).forms


def render(template: Template, context: Context) -> Rendered:
    """Write a message. Raise Invalid or TooLarge where the template cannot be rendered with these values."""
    return _compiled(template.subject, template.html, template.text).render(context)


def check(subject: str, html: str, text: str, *, ask: bool = False) -> None:
    """Raise Invalid, naming line and mend, for a template that could not be sent to everybody.

    Each `told.x`, `name` and `first_name` needs a fallback; both bodies need the link to unsubscribe; and it is tried
    on a customer who has told us nothing and on one who has told us everything.
    """
    compiled = Compiled(subject, html, text)
    for name, part in compiled.parts.items():
        if unknown := part.unknown():
            with concerning(name):
                raise Invalid(
                    "The {part} uses {unknown}, which no message has. There are: {names}.",
                    part=_PARTS[name],
                    unknown=", ".join(sorted(unknown)),
                    names=", ".join(sorted(VARIABLES)),
                )
    for where in list(compiled.bare.values())[:1]:
        with concerning(where):
            raise Invalid(
                "What a customer has not told needs a fallback, as in {example}. Missing for: {names}.",
                example='{{ told.gift_for | default("someone dear") }}',
                names=", ".join(compiled.bare),
            )
    for where, source in (("html", html), ("text", text)):
        if "unsubscribe_url" not in source:
            with concerning(where):
                raise Invalid(
                    "Every message lets its reader leave: put {link} into HTML and text.", link="{{ unsubscribe_url }}"
                )
    everything = {name: Quote("something " * 10, "something", 1) for name in compiled.facts | {"any"}}
    for told, segments in ((None, ()), (everything, compiled.segments)):
        context = sample(ask=ask, told=told, segments=segments, forms=compiled.forms)
        if not compiled.render(context).subject:
            with concerning("subject"):
                raise Invalid("The subject is empty.")


def _problem(error: minijinja.TemplateError, name: str) -> Invalid:
    """Say in plain words what minijinja found."""
    detail = error.detail or {
        "OutOfFuel": "it goes round and round and was stopped",
        "UndefinedError": "something here is not known for every customer; give it a fallback with 'default'",
    }.get(error.kind, "it cannot be rendered")
    return Invalid("Line {line} of the {part}: {detail}.", line=error.line or 1, part=_PARTS[name], detail=detail)


def _check_blocks(source: str, name: str) -> None:
    """Raise Invalid for a block so long that reading it could break the process: the engine reads by recursion."""
    for begin, end in (("{{", "}}"), ("{%", "%}")):
        at = source.find(begin)
        while at >= 0:
            until = source.find(end, at)
            if (len(source) if until < 0 else until) - at > _LONGEST_BLOCK:
                raise Invalid(
                    "Line {line} of the {part}: what stands between {begin} and {end} has {most} characters at most.",
                    line=source.count("\n", 0, at) + 1, part=_PARTS[name], begin=begin, end=end, most=_LONGEST_BLOCK,
                )  # fmt: skip
            at = source.find(begin, at + 2) if until < 0 else source.find(begin, until)


def _too_large(name: str, most: int = LARGEST) -> TooLarge:
    return TooLarge("The {part} is longer than {most} characters.", part=_PARTS[name], most=most)
