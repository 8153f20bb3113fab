"""The two bodies of a template, from what somebody wrote: HTML may be written as MJML, and the text may be left out."""

import msgspec

from regulars.speak.mjml import compiled, is_mjml
from regulars.speak.plain import text_of
from regulars.speak.templates import Compiled, Template, check
from regulars.words.errors import RegularsError, concerning


class Body(msgspec.Struct, frozen=True):
    """What a message's two bodies are made from."""

    html: str
    text: str
    mjml: str | None = None
    """What the HTML was made from, where that was written as MJML."""


def made(subject: str, html: str, text: str, *, ask: bool) -> Body:
    """Return a template's bodies; raise Invalid, naming line and mend, for one that could not be sent to everybody.

    What is wrong is looked for first in what was written, so that the lines are those of whoever wrote it.
    """
    check(subject, html, text if text.strip() else "{{ unsubscribe_url }}", ask=ask)
    source = html if is_mjml(html) else None
    if source:
        with concerning("html"):
            html = compiled(source)
    if source or not text.strip():
        text = text if text.strip() else text_of(html)
        check(subject, html, text, ask=ask)
    return Body(html, text, source)


def draft_of(html: str, text: str) -> Body:
    """Return the bodies of a template that is being written, as far as they can be made."""
    try:
        Compiled("", html, "")
        html = compiled(html) if is_mjml(html) else html
    except RegularsError:
        return Body(html, text)
    return Body(html, text if text.strip() else text_of(html))


def written_text(template: Template) -> str:
    """Return the text that somebody wrote for a template; empty where it was made from the HTML, and will be again."""
    return "" if template.text == text_of(template.html) else template.text
