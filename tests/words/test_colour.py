"""Whatever colour a brand has, everything on its pages can be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.words.colour import DARK, LIGHT, READABLE, VISIBLE, contrast, palette, read_colour, text_on
from regulars.words.errors import Invalid

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SURFACES = st.sampled_from([LIGHT, DARK])


def test_contrast_is_what_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#9c3f24", "#9c3f24") == pytest.approx(1)


@given(COLOURS, SURFACES)
def test_every_text_in_every_brand_is_readable(brand, surface):
    made = palette(brand, surface)
    assert contrast(made.accent, surface.sunk) >= READABLE
    assert contrast(made.on_accent, made.accent) >= READABLE
    for back in (surface.paper, surface.card, made.tint):
        assert contrast(made.accent, back) >= READABLE
        assert contrast(surface.ink, back) >= READABLE
        assert contrast(surface.soft, back) >= READABLE
    assert contrast(made.on_fill, made.fill) >= READABLE


@given(COLOURS, SURFACES)
def test_every_button_is_seen_and_keeps_the_brands_colour(brand, surface):
    made = palette(brand, surface)
    assert made.fill == brand
    assert max(contrast(made.rim, surface.paper), contrast(made.fill, surface.paper)) >= VISIBLE


def test_a_colour_that_is_readable_as_it_is_stays_as_it_is():
    assert palette("#1f5f4a", LIGHT).accent == "#1f5f4a"
    assert palette("#ffd400", LIGHT).accent != "#ffd400"
    assert text_on("#ffd400") == "#000000"


@pytest.mark.parametrize("text", ["9C3F24", " #9c3f24 "])
def test_a_colour_is_read_however_it_is_written(text):
    assert read_colour(text) == "#9c3f24"


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "url(x)", "#9c3f24;}"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(Invalid, match="no colour"):
        read_colour(text)


def test_the_surfaces_are_those_of_the_style_sheet():
    sheet = (Path(__file__).parents[2] / "src/regulars/web/static/pages.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{([^}]*--paper[^}]*)\}", sheet)[:2]
    for surface, rules in ((LIGHT, light), (DARK, dark)):
        said = dict(re.findall(r"--(\w+): (#\w+)", rules))
        assert (surface.paper, surface.card, surface.ink, surface.soft) == tuple(
            said[name] for name in ("paper", "card", "ink", "soft")
        )
