"""The API's templates. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.areas.shapes import Look
from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Only(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a block is: those of whom this fact is known, who are in this segment, or both where both are named."""

    fact: str = ""
    segment: str = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="question"):
    """The first question of a form, answered with one tap in the mail."""

    form: str = ""
    text: str = "Tell us"
    only: Only | None = None
    otherwise: str = ""


class Button(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="button"):
    """One thing to do."""

    text: str = ""
    to: str = ""
    only: Only | None = None
    otherwise: str = ""


class Divider(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="divider"):
    """A line between what belongs apart."""

    only: Only | None = None
    otherwise: str = ""


class Heading(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="heading"):
    """A line that says what follows."""

    text: str = ""
    only: Only | None = None
    otherwise: str = ""


class Image(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="image"):
    """A picture that lies at an address by https."""

    url: str = ""
    alt: str = ""
    to: str = ""
    only: Only | None = None
    otherwise: str = ""


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="paragraph"):
    """Words, with `**strong**`, `*stressed*`, `[links](https://...)` and places; an empty line begins another one."""

    text: str = ""
    only: Only | None = None
    otherwise: str = ""


class Signature(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="signature"):
    """Who writes."""

    text: str = ""
    only: Only | None = None
    otherwise: str = ""


class TheirWords(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="quote"):
    """What the customer told us, in their words; `otherwise` stands there for those who did not."""

    fact: str = ""
    lead: str = ""
    only: Only | None = None
    otherwise: str = ""


class Blocks(msgspec.Struct, frozen=True, kw_only=True):
    """A mail composed of blocks. The link that stops the mails stands below them always."""

    body: list[Heading | Paragraph | Button | Image | Ask | TheirWords | Divider | Signature] = []
    preheader: str = ""
    language: str = "en"
    why: str = "Why we wrote"
    leave: str = "Stop these e-mails"


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a template. It never changes: a correction is the next version."""

    id: int
    name: str
    version: int
    subject: str
    html: str
    text: str
    ask: str | None
    archived_at: datetime | None = None
    blocks: Blocks | None = None
    title: str = ""
    mjml: str | None = None


class TemplatesApi:
    """What can be asked and done about templates."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None, archived: bool | None = None) -> Pages[Template]:
        """List the newest version of every template in use, by name, or of those archived: all, or of a title (`q`)."""
        return self._line.pages("/api/templates", Template, {"q": q, "limit": limit, "archived": archived})

    def keep(
        self,
        *,
        name: str,
        subject: str,
        html: str = "",
        text: str = "",
        ask: str | None = None,
        blocks: Blocks | None = None,
        replaces: int | None = None,
        title: str | None = None,
        once: str | None = None,
    ) -> Template:
        """Keep a template as the next version of its name; what was sent before stays as it was."""
        return self._line.change(
            "POST",
            "/api/templates",
            Template,
            {
                "name": name,
                "subject": subject,
                "html": html,
                "text": text,
                "ask": ask,
                "blocks": blocks,
                "replaces": replaces,
                "title": title,
            },
            once,
        )

    def get(self, name: str, *, version: int | None = None) -> Template:
        """Return one template, in its newest version or in the one that is named."""
        return self._line.ask(f"/api/templates/{place(name)}", Template, {"version": version})

    def archive(self, name: str, *, once: str | None = None) -> Template:
        """Offer a template no more; its versions stay. Refused with 409 while a live campaign sends it."""
        return self._line.change("POST", f"/api/templates/{place(name)}/archive", Template, {}, once)

    def restore(self, name: str, *, once: str | None = None) -> Template:
        """Bring an archived template back."""
        return self._line.change("POST", f"/api/templates/{place(name)}/restore", Template, {}, once)

    def look(
        self,
        *,
        subject: str,
        html: str = "",
        text: str = "",
        ask: str | None = None,
        blocks: Blocks | None = None,
        customer: str | None = None,
        once: str | None = None,
    ) -> Look:
        """Say what a template would come to, for a customer or for somebody who told us nothing. Nothing is kept."""
        return self._line.change(
            "POST",
            "/api/trials/template",
            Look,
            {"subject": subject, "html": html, "text": text, "ask": ask, "blocks": blocks, "customer": customer},
            once,
        )
