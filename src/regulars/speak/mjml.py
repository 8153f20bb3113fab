"""MJML: a mail written in a few words, made into the tables that mail programs show, once, when a version is saved.

What stands in braces is taken out before and put back afterwards, so that it is the template that was written. Nothing
is fetched and nothing of elsewhere is put in: no other file, no fonts and no pictures but those that are named.
"""

import re

import css_inline
import mjml

from regulars.speak.syntax import BLOCK
from regulars.speak.templates import LONGEST_SOURCE
from regulars.words.errors import Invalid, TooLarge

_DEEPEST = 60
"""Elements within one another: the compiler goes down with them, and every mail there is has fewer."""
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_KNOWN = re.compile(
    r"mj-(?:head|body|title|preview|style|attributes|all|class|breakpoint|html-attributes?|selector|raw|wrapper|section"
    r"|group|column|text|button|image|divider|spacer|table|social|social-element|navbar|navbar-link|hero"
    r"|accordion|accordion-element|accordion-title|accordion-text|carousel|carousel-image)"
)
_FONT = re.compile(r"<mj-font\b[^<>]*/>|<mj-font\b[^<>]*>\s*</mj-font\s*>")
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*)(?P<rest>(?:\s+[\w:.-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*)\s*(?P<alone>/?)>"
)
_SIGN = "\ua66e"
"""A letter that nobody writes: it stands around the number of what was taken out."""
_MARK = re.compile("\ua66e(\\d+)\ua66e")
_IN_TEXT = re.compile("(<!--.*?-->|<[^>]*>)|\ua66e(\\d+)\ua66e", re.DOTALL)
_COMMENTED = re.compile("(?:<|&lt;)!--\ua66e(\\d+)\ua66e--(?:>|&gt;)")
_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_POSITION = re.compile(r" in root template| at position (?P<at>\d+):\d+")
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def is_mjml(source: str) -> bool:
    """Whether a template's HTML is written as MJML."""
    return source.lstrip()[:5] == "<mjml"


def compiled(source: str) -> str:
    """Return MJML as HTML, its styles in its elements; raise Invalid, naming the line, where it is none."""
    marked, taken = _taken_out(source)
    _check(marked)
    try:
        html = mjml.mjml2html(marked, fonts={}, disable_comments=False)
    except ValueError as error:
        raise _problem(str(error), marked) from error
    if len(html) > LONGEST_SOURCE:
        raise TooLarge("What MJML makes of this is too large. Make it shorter, or split it.")
    kept = {int(number) for number in _MARK.findall(html)}
    for number, (block, line) in enumerate(taken):
        if number not in kept:
            raise Invalid(
                "Line {line} of the HTML: MJML leaves '{block}' out there. Put it into mj-text or mj-raw.",
                line=line,
                block=block[:80],
            )
    html = _INLINER.inline(_IN_TEXT.sub(lambda at: at[1] or f"<!--\ua66e{at[2]}\ua66e-->", html))
    return _MARK.sub(lambda at: taken[int(at[1])][0], _COMMENTED.sub(lambda at: taken[int(at[1])][0], html))


def _taken_out(source: str) -> tuple[str, list[tuple[str, int]]]:
    """Return MJML with a mark for each of its braces, and those with their lines; comments of any kind are left out."""
    taken: list[tuple[str, int]] = []

    def take(found: re.Match[str]) -> str:
        if not found["open"]:
            return _lines(found)
        taken.append((found[0], found.string.count("\n", 0, found.start()) + 1))
        return f"\ua66e{len(taken) - 1}\ua66e{_lines(found)}"

    source = _IMPORT.sub(_lines, _FONT.sub(_lines, _without_comments(source.replace(_SIGN, ""))))
    return BLOCK.sub(take, source), taken


def _without_comments(source: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := source.find("<!--", at)) >= 0 and (end := source.find("-->", start + 4)) >= 0:
        parts += source[at:start], "\n" * source.count("\n", start, end)
        at = end + 3
    return "".join(parts) + source[at:]


def _lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _check(source: str) -> None:
    """Raise Invalid where tags are not what they should be: what goes to the compiler is well-formed and not deep."""
    open_: list[tuple[str, int]] = []
    at = 0
    for tag in _TAG.finditer(source):
        _no_other_sign(source, at, tag.start())
        at = tag.end()
        name, line = tag["name"], source.count("\n", 0, tag.start()) + 1
        _check_tag(tag, name, line)
        if tag["end"]:
            _close(open_, name, line)
        elif not tag["alone"] and name.lower() not in _VOID:
            open_.append((name, line))
            if len(open_) > _DEEPEST:
                raise Invalid(
                    "Line {line} of the HTML: more than {most} elements within one another.", line=line, most=_DEEPEST
                )
    _no_other_sign(source, at, len(source))
    if open_:
        name, line = open_[-1]
        raise Invalid("Line {line} of the HTML: <{tag}> is never ended.", line=line, tag=name)


def _check_tag(tag: re.Match[str], name: str, line: int) -> None:
    if name == "mj-include":
        raise Invalid("Line {line} of the HTML: nothing can be included from files.", line=line)
    if name.startswith("mj-") and not _KNOWN.fullmatch(name):
        raise Invalid("Line {line} of the HTML: MJML has no <{tag}>.", line=line, tag=name)
    if name == "mj-social-element" and not tag["end"] and not re.search(r"\ssrc\s*=", tag["rest"]):
        raise Invalid(
            "Line {line} of the HTML: give each mj-social-element the address of its picture, as in {example}.",
            line=line,
            example='src="https://..."',
        )


def _close(open_: list[tuple[str, int]], name: str, line: int) -> None:
    if name.lower() in _VOID:
        return
    if not open_ or open_[-1][0] != name:
        missing = f"</{open_[-1][0]}>" if open_ else f"<{name}>"
        raise Invalid(
            "Line {line} of the HTML: </{tag}> stands where {missing} is missing.", line=line, tag=name, missing=missing
        )
    open_.pop()


def _no_other_sign(source: str, start: int, end: int) -> None:
    """Raise Invalid where a '<' begins no tag: two readers could understand it in two ways."""
    if (at := source.find("<", start, end)) >= 0:
        raise Invalid(
            "Line {line} of the HTML: '{piece}' is no whole tag. A sign that is only itself is written {sign}.",
            line=source.count("\n", 0, at) + 1,
            piece=source[at : at + 40].split("\n", maxsplit=1)[0],
            sign="&lt;",
        )


def _problem(said: str, source: str) -> Invalid:
    """Say in plain words what the compiler found."""
    found = re.search(r"position (\d+):", said)
    line = source.encode()[: int(found[1])].count(b"\n") + 1 if found else 1
    return Invalid("Line {line} of the HTML: {detail}.", line=line, detail=_POSITION.sub("", said))
