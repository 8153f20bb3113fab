"""Colours: contrast as WCAG 2.2 measures it, and what a brand's one colour becomes on light and on dark pages."""

import re

import msgspec

from regulars.words.errors import Invalid

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3, level AA)."""
VISIBLE = 3.0
"""The least contrast of a thing that must be found (1.4.11)."""
WHITE, BLACK = "#ffffff", "#000000"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEP = 0.02
_KNEE = 0.04045


class Surface(msgspec.Struct, frozen=True):
    """What a page is painted on, and the neutral text that stands on it: as in its style sheet."""

    paper: str
    card: str
    sunk: str
    ink: str
    soft: str
    tinted: float
    """How much of the brand's colour a tinted card has at most."""


LIGHT = Surface(paper="#faf7f2", card="#fffdfa", sunk="#f2ece3", ink="#2b2622", soft="#665d54", tinted=0.14)
DARK = Surface(paper="#1b1815", card="#26221e", sunk="#312b25", ink="#f0e9e0", soft="#b5aa9c", tinted=0.22)


class Palette(msgspec.Struct, frozen=True):
    """A brand's colour on one surface. Every text in it is readable (AA) whatever the colour is."""

    accent: str
    """Links, marks and frames: the brand's colour, as much darker or lighter as it must be."""
    on_accent: str
    """Text on it."""
    fill: str
    """Buttons: the brand's colour itself."""
    on_fill: str
    """Text on it: white or black, whichever is read better."""
    rim: str
    """The edge of a button: seen even where the colour is that of the paper."""
    tint: str
    """A card with a breath of the colour."""


def read_colour(text: str) -> str:
    """Return a colour as '#rrggbb'; raise Invalid for what is none."""
    tidy = text.strip().lower()
    tidy = tidy if tidy.startswith("#") else f"#{tidy}"
    if not _COLOUR.fullmatch(tidy):
        raise Invalid("'{colour}' is no colour. Write it as #rrggbb, for example #9c3f24.", colour=text[:40])
    return tidy


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (the same) to 21 (black and white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(back: str) -> str:
    """Return white or black, whichever is read better on a colour: one of them always is, at 4.58 or more."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, back))


def palette(brand: str, surface: Surface) -> Palette:
    """Return what a brand's colour becomes on a surface."""
    tint = _tint(brand, surface)
    accent = _until_readable(brand, (surface.paper, surface.card, surface.sunk, tint), text_on(surface.paper))
    rim = brand if contrast(brand, surface.paper) >= VISIBLE else accent
    return Palette(accent=accent, on_accent=text_on(accent), fill=brand, on_fill=text_on(brand), rim=rim, tint=tint)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another in it."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _tint(brand: str, surface: Surface) -> str:
    """Return as much of the colour as leaves all neutral text on it readable."""
    share = surface.tinted
    while share > 0:
        tint = mixed(surface.card, brand, share)
        if min(contrast(tint, surface.ink), contrast(tint, surface.soft)) >= READABLE:
            return tint
        share -= _STEP
    return surface.card


def _until_readable(brand: str, backs: tuple[str, ...], end: str) -> str:
    share = 0.0
    while share < 1:
        colour = mixed(brand, end, share)
        if all(contrast(colour, back) >= READABLE for back in backs):
            return colour
        share += _STEP
    return end


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2, glossary)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _KNEE else ((channel + 0.055) / 1.055) ** 2.4
