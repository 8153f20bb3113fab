"""The API's templates. Made by tools/make_client.py: do not edit."""

import msgspec

from regulars.client.areas.shapes import Look
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a template. It never changes: a correction is the next version."""

    id: int
    name: str
    version: int
    subject: str
    html: str
    text: str
    ask: str | None


class TemplatesApi:
    """What can be asked and done about templates."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, limit: int | None = None) -> Pages[Template]:
        """List the newest version of every template, by name."""
        return self._line.pages("/api/templates", Template, {"limit": limit})

    def keep(
        self,
        *,
        name: str,
        subject: str,
        html: str,
        text: str,
        ask: str | None = None,
        replaces: int | None = None,
        once: str | None = None,
    ) -> Template:
        """Keep a template as the next version of its name; what was sent before stays as it was."""
        return self._line.change(
            "POST",
            "/api/templates",
            Template,
            {"name": name, "subject": subject, "html": html, "text": text, "ask": ask, "replaces": replaces},
            once,
        )

    def get(self, name: str, *, version: int | None = None) -> Template:
        """Return one template, in its newest version or in the one that is named."""
        return self._line.ask(f"/api/templates/{place(name)}", Template, {"version": version})

    def look(
        self,
        *,
        subject: str,
        html: str,
        text: str,
        ask: str | None = None,
        customer: str | None = None,
        once: str | None = None,
    ) -> Look:
        """Say what a template would come to, for a customer or for somebody who told us nothing. Nothing is kept."""
        return self._line.change(
            "POST",
            "/api/trials/template",
            Look,
            {"subject": subject, "html": html, "text": text, "ask": ask, "customer": customer},
            once,
        )
