"""A workspace's brand as pages and mails wear it: where its style sheet and logo are, and how it speaks.

A policy without inline styles wants the colours in a style sheet of their own. It follows from the colour alone, so
its address is the colour, and a browser may keep it for ever.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

import msgspec

from regulars.access.records import Workspace
from regulars.channels import channel_names
from regulars.decide.policy import EMAIL
from regulars.web.i18n import languages
from regulars.wiring import House
from regulars.words.colour import DARK, LIGHT, Palette, palette
from regulars.words.errors import Invalid

OURS = "#9c3f24"
"""The colour of whoever chose none: our style sheets have it already."""
LOOK = "look"
"""What a token is sealed for that shows how a brand would look."""
_KEPT = 256


class Logo(msgspec.Struct, frozen=True):
    """A picture: where it is, and how large."""

    path: str
    width: int
    height: int


class Phrases(msgspec.Struct, frozen=True):
    """What a brand says before and after all else: in a warm tone or in a formal one."""

    hello: str
    thanks: str
    bye: str


class Brand(msgspec.Struct, frozen=True):
    """How a workspace looks and speaks."""

    title: str
    accent: str
    tone: str
    logo: Logo | None
    sheet: str
    """The address of its style sheet; nothing where ours will do."""

    def phrases(self, gettext: Callable[[str], str]) -> Phrases:
        """Return what it says before and after all else, in the reader's language."""
        if self.tone == "formal":
            return Phrases(gettext("Good day,"), gettext("Thank you very much."), gettext("Yours sincerely,"))
        return Phrases(gettext("Hello!"), gettext("Thank you!"), gettext("See you soon,"))


def brand_of(workspace: Workspace) -> Brand:
    """Return the brand of a workspace."""
    path = f"/brand/{workspace.name}/{workspace.logo}"
    return Brand(
        title=workspace.title,
        accent=workspace.accent,
        tone=workspace.tone,
        logo=Logo(path, workspace.logo_width, workspace.logo_height) if workspace.logo else None,
        sheet=sheet_at(workspace.accent),
    )


@lru_cache(maxsize=_KEPT)
def sheet_at(accent: str) -> str:
    """Return the address of a colour's style sheet, with its content's hash; nothing for the colour of ours."""
    if accent == OURS:
        return ""
    return f"/brand/{accent[1:]}.css?v={blake2b(sheet_of(accent).encode(), digest_size=6).hexdigest()}"


@lru_cache(maxsize=_KEPT)
def sheet_of(accent: str) -> str:
    """Return the style sheet of a colour: the names that `pages.css` reads, for light and for dark."""
    light, dark = _rules(palette(accent, LIGHT)), _rules(palette(accent, DARK))
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _rules(made: Palette) -> str:
    return ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in msgspec.structs.asdict(made).items())


def check_offered(given: Sequence[str]) -> None:
    """Raise Invalid for a language that we have no texts in."""
    for one in given:
        if one not in languages():
            raise Invalid(
                "There are no texts of ours in '{language}'. Choose among: {names}.",
                language=one[:40],
                names=", ".join(languages()),
            )


def check_delivery(house: House, workspace: Workspace, delivery: str) -> None:
    """Raise Unknown for a channel that there is not, and Invalid for one that is not set up."""
    if delivery != workspace.delivery or delivery not in channel_names():
        house.channel(msgspec.structs.replace(workspace, delivery=delivery), EMAIL).close()
