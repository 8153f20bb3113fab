"""The library of templates: each correction is a new version, so that what was sent can be shown for ever."""

from collections.abc import Collection
from datetime import datetime

from regulars.speak import template_records as records
from regulars.speak.block_mail import source_of
from regulars.speak.blocks import Blocks
from regulars.speak.bodies import made
from regulars.speak.rows import Label
from regulars.speak.syntax import named
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown, concerning
from regulars.words.names import check_name

LONGEST_TITLE = 80
_MOST_VERSIONS = 50


def save_template(
    tx: Tx,
    name: str,
    *,
    subject: str,
    html: str = "",
    text: str = "",
    ask: str | None = None,
    blocks: Blocks | None = None,
    replaces: int | None = None,
    title: str | None = None,
) -> Template:
    """Keep a template as the next version of its name. `ask`: the form whose first question it asks.

    `title`: what the team calls it; without one it keeps what it has, and a new one is called as its name says.

    Where it is composed of blocks, its HTML, its text and what it asks are made from them. HTML may be written as MJML;
    where there is no text, it is made from the HTML.
    Raise Invalid, naming line and mend, for one that could not be sent to everybody; Overtaken where it was begun from
    the version it `replaces` and that is not the newest any more.
    """
    with concerning("name"):
        check_name(name)
    with concerning("title"):
        if title is not None and not 0 < len(title.strip()) <= LONGEST_TITLE:
            raise Invalid("A template's title has 1 to {most} characters.", most=LONGEST_TITLE)
    if blocks is not None:
        html, text, ask = parts_of(blocks, html, text, ask)
    body = made(subject, html, text, ask=bool(ask))
    kept = records.add_template(tx, name, title and title.strip(), subject, body, ask=ask or None, blocks=blocks)
    if kept is None or (replaces is not None and kept.version != replaces + 1):
        raise Overtaken("Somebody else saved the template '{name}' just now. Look at it, then save again.", name=name)
    return kept


def parts_of(blocks: Blocks, html: str, text: str, ask: str | None) -> tuple[str, str, str | None]:
    """Return the HTML, the text and the form of blocks; raise Invalid where there are others beside them."""
    if html or text or ask:
        with concerning("blocks"):
            raise Invalid("Give either blocks or HTML and text: of blocks the HTML and the text are made.")
    source = source_of(blocks)
    return source.html, source.text, source.ask


def versions(tx: Tx, name: str) -> list[tuple[int, datetime]]:
    """Return the newest versions of a template with when they were saved, the newest first."""
    return records.versions_of(tx, name, _MOST_VERSIONS)


def get_template(tx: Tx, name: str, version: int | None = None) -> Template:
    """Return a template's version, or its newest; raise Unknown where there is none."""
    template = records.get_template(tx, name, version)
    if template is None:
        raise Unknown("There is no template '{name}'.", name=name[:80])
    return template


def usable(tx: Tx, name: str) -> Template:
    """Return a template that a campaign can send; raise Unknown where there is none, Conflict where it is archived."""
    template = get_template(tx, name)
    if template.archived_at is not None:
        raise Conflict(
            "The template '{name}' is archived. Bring it back on its page, or choose another one.", name=name
        )
    return template


def list_templates(tx: Tx, names: Collection[str] | None = None) -> list[Template]:
    """Return the newest version of every template that is in use, or of those named, by name."""
    return records.list_templates(tx, names)


def asking_about(tx: Tx, segment: str) -> list[Template]:
    """Return the templates in use that say something only to who is in a segment, or only to who is not."""
    found = records.templates_naming(tx, segment)
    return [one for one in found if segment in named(f"{one.subject}{one.html}{one.text}", "segments")]


def titles(tx: Tx, among: Collection[str] | None = None) -> dict[str, str]:
    """Return what every template, or each of those named, is called, by its name."""
    return records.titles(tx, among)


def labels(tx: Tx) -> list[Label]:
    """Return every template as lists name it, archived or not, by name."""
    return records.labels(tx)
