"""The library of templates: each correction is a new version, so that what was sent can be shown for ever."""

from regulars.speak import records
from regulars.speak.templates import Template, check
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Overtaken, Unknown, concerning
from regulars.words.names import check_name


def save_template(
    tx: Tx, name: str, *, subject: str, html: str, text: str, ask: str | None = None, replaces: int | None = None
) -> Template:
    """Keep a template as the next version of its name. `ask`: the form whose first question it asks.

    Raise Invalid, naming line and mend, for one that could not be sent to everybody; Overtaken where it was begun from
    the version it `replaces` and that is not the newest any more.
    """
    with concerning("name"):
        check_name(name)
    check(subject, html, text, ask=bool(ask))
    kept = records.add_template(tx, name, subject, html, text, ask or None)
    if kept is None or (replaces is not None and kept.version != replaces + 1):
        raise Overtaken("Somebody else saved the template '{name}' just now. Look at it, then save again.", name=name)
    return kept


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


def list_templates(tx: Tx, *, archived: bool = False) -> list[Template]:
    """Return the newest version of every template that is in use, or of those that are archived, by name."""
    return [one for one in records.list_templates(tx) if (one.archived_at is not None) == archived]


def every_template(tx: Tx) -> list[Template]:
    """Return the newest version of every template, archived or not, by name."""
    return records.list_templates(tx)
