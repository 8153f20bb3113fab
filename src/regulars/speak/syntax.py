"""What a message's template may contain: outputs, `if` and `for`, and a few filters.

A message needs no more, and each thing that is left out (assignments, macros, concatenation, list literals) is a way to
make a few lines grow without bound. What remains is bounded by fuel and by the size of the output.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from regulars.words.errors import Invalid

TAGS = frozenset({"if", "elif", "else", "endif", "for", "endfor"})
FILTERS = frozenset(
    {"default", "d", "upper", "lower", "title", "capitalize", "trim", "length", "first", "last", "round", "urlencode"}
)

_STRING = r'"(?:\\.|[^"\\])*"' + r"|'(?:\\.|[^'\\])*'"
BLOCK = re.compile(rf"\{{#.*?#\}}|\{{(?P<open>[{{%])-?(?P<body>(?:{_STRING}|[^\"'])*?)-?[}}%]\}}", re.DOTALL)
"""One `{{ ... }}`, `{% ... %}` or comment."""
_MENTION = re.compile(
    r"(?<![\w.])(?:told\s*(?:\.\s*(?P<dotted>\w+)|\[\s*(?:\"(?P<double>[^\"]+)\"|'(?P<single>[^']+)')\s*\])"
    rf"|(?P<plain>told|first_name|name)\b)|{_STRING}"
)
_FORBIDDEN = re.compile(r"[*~+,{]|(?<![\w\])])\[|\b(?:in|if|elif|and|or|not|else|is)\[")
_FILTER = re.compile(r"\|\s*(\w+)")
_FALLBACK = re.compile(r"\s*\|\s*(?:default|d)\s*\(")
_COMPARED_AFTER = re.compile(r"\s*(?:==|!=|<|>|in\b|not\s+in\b|\|)")
_COMPARED_WITHIN = 200
"""Characters in which a comparison stands before what it compares: looking further takes time and finds nothing."""
_COMPARED_BEFORE = re.compile(r"(?:==|!=|<|>|\bin)\s*$")


_NAMED = re.compile(
    r"(?<![\w.])(?P<variable>segments|forms)\s*(?:\.\s*(?P<dotted>\w+)"
    rf"|\[\s*(?:\"(?P<double>[^\"]+)\"|'(?P<single>[^']+)')\s*\])|{_STRING}"
)


class Block(msgspec.Struct, frozen=True):
    """One `{{ ... }}` or `{% ... %}` of a template."""

    kind: Literal["output", "tag"]
    body: str
    line: int

    @property
    def tag(self) -> str:
        """The tag's first word; empty for an output."""
        return "" if self.kind == "output" else (self.body.split() or [""])[0]


class Mention(msgspec.Struct, frozen=True):
    """A variable that may be unknown, where it is read: `told.gift_for`, `name`, `first_name`."""

    variable: str
    fact: str | None
    line: int
    covered: bool
    """Whether something is written where it is unknown: a fallback, or an `if` around it."""


def blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of a template that compiles, without its comments."""
    for found in BLOCK.finditer(source):
        if found["open"]:
            line = source.count("\n", 0, found.start()) + 1
            yield Block("output" if found["open"] == "{" else "tag", found["body"].strip(), line)


def check_blocks(source: str, part: str) -> None:
    """Raise Invalid where a template uses more than a message may."""
    for block in blocks(source):
        bare = re.sub(_STRING, '""', block.body)
        places = {"part": part, "line": block.line}
        if block.kind == "tag" and block.tag not in TAGS:
            raise Invalid(
                "Line {line} of the {part}: '{tag}' cannot be used in a message; 'if' and 'for' can.",
                tag=block.tag,
                **places,
            )
        if found := _FORBIDDEN.search(bare):
            raise Invalid(
                "Line {line} of the {part}: '{sign}' cannot be used in a message. Write the text around the braces.",
                sign=found[0].strip(),
                **places,
            )
        for name in _FILTER.findall(bare):
            if name not in FILTERS:
                raise Invalid(
                    "Line {line} of the {part}: there is no filter '{name}'. There are: {names}.",
                    name=name,
                    names=", ".join(sorted(FILTERS)),
                    **places,
                )


def mentions(source: str, part: str) -> list[Mention]:
    """Return every place where a template reads something that may be unknown about a customer.

    Raise Invalid where `told` stands without the name of a fact.
    """
    found: list[Mention] = []
    guards: list[set[str]] = []
    for block in blocks(source):
        here = list(_read(block, part, set[str]().union(*guards)))
        found += here
        if block.tag == "if":
            guards.append(_guarded(block, here))
        elif block.tag in ("elif", "else") and guards:
            guards[-1] = _guarded(block, here)
        elif block.tag == "endif" and guards:
            guards.pop()
    return found


def named(source: str, variable: Literal["segments", "forms"]) -> set[str]:
    """Return the segments that a template asks about, or the forms that it leads to."""
    return {
        found["dotted"] or found["double"] or found["single"]
        for block in blocks(source)
        for found in _NAMED.finditer(block.body)
        if found["variable"] == variable
    }


def _guarded(block: Block, here: list[Mention]) -> set[str]:
    """Return what is certainly known inside an `if`: what it asks for, unless by 'or' or 'not'."""
    asks = not re.search(r"\b(?:or|not)\b|undefined|\|", re.sub(_STRING, "", block.body))
    return {mention.variable for mention in here} if asks else set()


def _read(block: Block, part: str, known: set[str]) -> Iterator[Mention]:
    for found in _MENTION.finditer(block.body):
        fact = found["dotted"] or found["double"] or found["single"]
        variable = f"told.{fact}" if fact else found["plain"]
        if variable is None:
            continue
        if variable == "told":
            raise Invalid(
                "Line {line} of the {part}: 'told' needs the name of a fact, as in {example}.",
                line=block.line,
                part=part,
                example='{{ told.gift_for | default("someone dear") }}',
            )
        before, after = block.body[: found.start()], block.body[found.end() :]
        compared = _COMPARED_AFTER.match(after) or _COMPARED_BEFORE.search(before[-_COMPARED_WITHIN:])
        asked = block.tag in ("if", "elif") and not compared
        covered = bool(_FALLBACK.match(after)) or asked or variable in known
        yield Mention(variable, fact, block.line, covered)
