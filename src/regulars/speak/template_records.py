"""The statements about templates and their versions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from regulars.speak.blocks import Blocks
from regulars.speak.bodies import Body
from regulars.speak.rows import Label, Sending
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.speak", "templates.sql")


def add_template(
    tx: Tx, name: str, title: str | None, subject: str, body: Body, *, ask: str | None, blocks: Blocks | None
) -> Template | None:
    """Keep the next version of a template."""
    composed = msgspec.json.encode(blocks).decode() if blocks else None
    parts = {"title": title, "subject": subject, **msgspec.structs.asdict(body), "ask": ask, "blocks": composed}
    return _template(tx.one(SQL["add_template"], dict, name=name, **parts))


def _template(row: dict[str, Any] | None) -> Template | None:
    return None if row is None else msgspec.convert(row, Template)


def get_template(tx: Tx, name: str, version: int | None) -> Template | None:
    """Return a version of a template."""
    return _template(tx.one(SQL["get_template"], dict, name=name, version=version))


def list_templates(tx: Tx, names: Collection[str] | None) -> list[Template]:
    """Return the newest version of every template in use, or of those named."""
    given = None if names is None else list(names)
    return [msgspec.convert(row, Template) for row in tx.all(SQL["list_templates"], dict, names=given)]


def labels(tx: Tx) -> list[Label]:
    """Return every template as lists name it, by name."""
    return tx.all(SQL["template_labels"], Label)


def titles(tx: Tx, among: Collection[str] | None) -> dict[str, str]:
    """Return what every template, or each of those named, is called, by its name."""
    return dict(tx.rows(SQL["template_titles"], among=None if among is None else list(among)))


def templates_naming(tx: Tx, word: str) -> list[Template]:
    """Return the newest version of every template in use in which a word stands."""
    return [msgspec.convert(row, Template) for row in tx.all(SQL["templates_naming"], dict, word=word)]


def versions_of(tx: Tx, name: str, limit: int) -> list[tuple[int, datetime]]:
    """Return the newest versions of a template, each with when it was saved."""
    return tx.rows(SQL["versions_of"], name=name, limit=limit)


def archive_templates(tx: Tx, names: Collection[str], now: datetime) -> list[str]:
    """Archive templates; return those that were not archived."""
    return tx.values(SQL["archive_templates"], names=list(names), now=now)


def bring_templates_back(tx: Tx, names: Collection[str]) -> list[str]:
    """Let archived templates be used again; return those that were archived."""
    return tx.values(SQL["bring_templates_back"], names=list(names))


def campaigns_sending(tx: Tx, templates: Collection[str]) -> list[Sending]:
    """Return the campaigns that send some templates, waiting for those that are being launched."""
    return tx.all(SQL["campaigns_sending"], Sending, templates=list(templates))
