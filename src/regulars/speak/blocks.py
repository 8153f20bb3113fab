"""What a mail is composed of by clicking: blocks, as data. Its HTML and its text are made from them (`block_mail`)."""

from typing import TypeAlias

import msgspec

MOST_BLOCKS = 60
LONGEST_TEXT = 5_000


class Only(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """For whom a block is: those of whom this fact is known, who are in this segment, or both where both are named."""

    fact: str = ""
    segment: str = ""


class _Block(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="kind"
):
    only: Only | None = None
    """For whom it is; for everybody where nothing is said."""
    otherwise: str = ""
    """What the others read in its place; nothing where it is empty."""


class Heading(_Block, tag="heading", frozen=True):
    """A line that says what follows."""

    text: str = ""


class Paragraph(_Block, tag="paragraph", frozen=True):
    """Words, with `**strong**`, `*stressed*`, `[links](https://...)` and places; an empty line begins another one."""

    text: str = ""


class Button(_Block, tag="button", frozen=True):
    """One thing to do."""

    text: str = ""
    to: str = ""
    """Where it leads: `form:NAME`, of which each customer is given a link of their own, or an address by https."""


class Image(_Block, tag="image", frozen=True):
    """A picture that lies at an address by https."""

    url: str = ""
    alt: str = ""
    """What it shows, for those who see no pictures."""
    to: str = ""
    """Where a tap on it leads; nowhere where it is empty."""


class Ask(_Block, tag="question", frozen=True):
    """The first question of a form, answered with one tap in the mail."""

    form: str = ""
    text: str = "Tell us"
    """The words of the button that leads there, where the question is not answered by choosing."""


class TheirWords(_Block, tag="quote", frozen=True):
    """What the customer told us, in their words; `otherwise` stands there for those who did not."""

    fact: str = ""
    lead: str = ""
    """What stands above their words."""


class Divider(_Block, tag="divider", frozen=True):
    """A line between what belongs apart."""


class Signature(_Block, tag="signature", frozen=True):
    """Who writes."""

    text: str = ""


Block: TypeAlias = Heading | Paragraph | Button | Image | Ask | TheirWords | Divider | Signature
KINDS: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "button": Button,
    "image": Image,
    "question": Ask,
    "quote": TheirWords,
    "divider": Divider,
    "signature": Signature,
}
"""Every kind of block, in the order in which it is offered."""


class Blocks(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A mail composed of blocks. The link that stops the mails stands below them always."""

    body: tuple[Block, ...] = ()
    preheader: str = ""
    """What mail programs show beside the subject."""
    language: str = "en"
    """In which language it is written; those that run from right to left do."""
    why: str = "Why we wrote"
    """The words of the link that says why it was sent."""
    leave: str = "Stop these e-mails"
    """The words of the link that stops these mails."""

    @property
    def ask(self) -> str | None:
        """The form whose question it asks."""
        return next((block.form for block in self.body if isinstance(block, Ask) and block.form), None)


def kind_of(block: Block) -> str:
    """Return the kind of a block."""
    return next(name for name, kind in KINDS.items() if isinstance(block, kind))
