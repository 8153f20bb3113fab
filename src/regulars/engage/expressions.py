"""Reading `visibleIf`, SurveyJS's expressions, into conditions.

{for_whom} = 'mother' and ({occasions} contains 'birthday' or {age} >= 18)

either   := both (("or" | "||") both)*
both     := negated (("and" | "&&") negated)*
negated  := ("not" | "!") negated | "(" either ")" | asked
asked    := operand comparison operand | operand ("empty" | "notempty")
operand  := {question} | 'text' | "text" | 12.5 | true | false | [operand, ...]
"""

import re
from collections.abc import Iterator

from regulars.engage.conditions import (
    COMPARISONS,
    Answered,
    Both,
    Compare,
    Condition,
    Either,
    Filled,
    Given,
    Negated,
    Operand,
)
from regulars.words.errors import Invalid

_LONGEST = 2000
_DEEPEST = 20
_WORDS = {
    "=": "=", "==": "=", "equal": "=",
    "<>": "<>", "!=": "<>", "notequal": "<>",
    "<": "<", "less": "<", "<=": "<=", "lessorequal": "<=",
    ">": ">", "greater": ">", ">=": ">=", "greaterorequal": ">=",
    "contains": "contains", "contain": "contains", "notcontains": "notcontains",
    "anyof": "anyof", "allof": "allof",
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:(?P<question>\{[^{}]*\})
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d{1,15}(?:\.\d{1,10})?(?![\w.]))
    | (?P<sign><>|!=|<=|>=|==|&&|\|\||[=<>()\[\],!])
    | (?P<word>[A-Za-z]+))""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def parse_condition(text: str) -> Condition:
    """Read an expression. Raise Invalid saying where it stopped making sense."""
    if len(text) > _LONGEST:
        raise Invalid("A condition may have {most} characters; this one has {length}.", most=_LONGEST, length=len(text))
    return _Parser(text).parse()


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*_tokens(text), ("end", "")]
        self._at = 0
        self._depth = 0

    def parse(self) -> Condition:
        condition = self._either()
        if self._kind() != "end":
            raise self._stop("'and', 'or' or the end was expected")
        return condition

    def _kind(self) -> str:
        return self._tokens[self._at][0]

    def _take(self, *wanted: str) -> str | None:
        kind, token = self._tokens[self._at]
        if kind in {"sign", "word"} and token.lower() in wanted:
            self._at += 1
            return token.lower()
        return None

    def _stop(self, why: str) -> Invalid:
        return _stop(self._text, self._tokens[self._at][1], why)

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("or", "||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._negated()]
        while self._take("and", "&&"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _negated(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._stop("it is nested too deeply")
        try:
            if self._take("not", "!"):
                return Negated(self._negated())
            if self._take("("):
                inner = self._either()
                if not self._take(")"):
                    raise self._stop("')' was expected")
                return inner
            return self._asked()
        finally:
            self._depth -= 1

    def _asked(self) -> Condition:
        left = self._operand()
        if self._take("empty"):
            return Filled(left, filled=False)
        if self._take("notempty"):
            return Filled(left, filled=True)
        sign = self._take(*_WORDS)
        if sign is None:
            raise self._stop(f"one of {', '.join(COMPARISONS)}, empty, notempty was expected")
        return Compare(left, _WORDS[sign], self._operand())

    def _operand(self) -> Operand:
        if self._take("["):
            return Given(tuple(self._members()))
        kind, token = self._tokens[self._at]
        if kind == "question":
            self._at += 1
            return Answered(token[1:-1].strip())
        return Given(self._scalar())

    def _members(self) -> Iterator[str | float | bool]:
        while not self._take("]"):
            yield self._scalar()
            if not self._take(",") and self._tokens[self._at] != ("sign", "]"):
                raise self._stop("',' or ']' was expected")

    def _scalar(self) -> str | float | bool:
        kind, token = self._tokens[self._at]
        if kind == "text":
            self._at += 1
            return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
        if kind == "number":
            self._at += 1
            return float(token)
        if word := self._take("true", "false"):
            return word == "true"
        raise self._stop("a {question}, a 'text' in quotes, a number, true or false was expected")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _stop(text, text[at:].strip()[:20], "this is not part of a condition")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


def _stop(text: str, near: str, why: str) -> Invalid:
    return Invalid(
        "The condition \"{condition}\" cannot be read near '{near}': {why}.",
        condition=text[:200],
        near=near or "its end",
        why=why,
    )
