"""The page of the design system shows every part there is, on every screen, in light and in dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.at_desk import at_desk

from regulars.web import assets
from regulars.web.console import design

TEMPLATES = assets.STATIC.parent / "console" / "templates"
MACRO = re.compile(r"\{%-? macro (\w+)\((.*?)\) -?%\}(.*?)\{%-? endmacro", re.DOTALL)
COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")


def test_every_part_stands_on_the_page():
    parts = {name: body for name, _, body in MACRO.findall((TEMPLATES / "parts.html").read_text(encoding="utf-8"))}
    shown, reading = set(), [(TEMPLATES / "design.html").read_text(encoding="utf-8").partition("{% block main %}")[2]]
    reading += [body for name, _, body in MACRO.findall((TEMPLATES / "design.html").read_text(encoding="utf-8"))]
    while reading:
        text = reading.pop()
        found = {name for name in parts if re.search(rf"\b{name}\(", text)} - shown
        shown |= found
        reading += [parts[name] for name in found]
    assert not set(parts) - shown


def test_its_links_lead_on(client, home):
    page = client.get(f"{home}/design").text
    assert set(re.findall(r'href="(/[^"?]*)', page)) >= {f"{home}/design", f"{home}/customers"}
    assert 'href="/design' not in page


def test_every_colour_stands_on_the_page():
    tokens = (assets.STATIC / "look" / "tokens.css").read_text(encoding="utf-8")
    root = tokens.partition("--s1")[0]
    assert set(re.findall(r"^  --([\w-]+):", root, re.MULTILINE)) == set(design.COLOURS)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(scheme):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text; 1.4.11: 3 to 1 for the edge of what is filled in."""
    tokens = (assets.STATIC / "look" / "tokens.css").read_text(encoding="utf-8")
    colours = {name: pair[scheme] for name, *pair in COLOUR.findall(tokens)}
    for word in ("ink", "soft", "accent", "good", "warn", "bad"):
        for behind in ("paper", "card"):
            assert contrast(colours[word], colours[behind]) >= 4.5, (word, behind)
    for word, behind in (("on-accent", "accent"), ("good", "good-tint"), ("warn", "warn-tint"), ("bad", "bad-tint")):
        assert contrast(colours[word], colours[behind]) >= 4.5, (word, behind)
    for word in ("ink", "soft"):
        assert contrast(colours[word], colours["sunk"]) >= 4.5, word
        assert contrast(colours[word], colours["said"]) >= 4.5, word
    assert contrast(colours["edge"], colours["card"]) >= 3


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_style_is_one_request_in_one_layer_and_all_it_names_is_there(stranger):
    style = stranger.get(assets.asset("console.css"))
    assert style.text.startswith("@layer look")
    named = re.findall(r'url\("([^"]+)"\)', style.text)
    assert len(named) == 2
    for address in named:
        font = stranger.get(address)
        assert font.status_code == 200
        assert "max-age=31536000" in font.headers["cache-control"]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_its_colours_are_certain_and_so_is_a_question_before_it(browser, address, house, workspace, width, scheme):
    with at_desk(browser, address, house, workspace, width, color_scheme=scheme, reduced_motion="reduce") as page:
        said = []
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}/console/{workspace}/design")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not [one for one in found.response["incomplete"] if one["id"] == "color-contrast"]
        page.get_by_role("button", name="Stop …").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert not said


@pytest.mark.browser
def test_customers_words_are_set_in_our_serif(browser, address, house, workspace, home):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/design")
        faces = (
            "document.fonts.load('16px \"Source Serif 4\"', 'Kalniņa').then((faces) => faces.map((one) => one.status))"
        )
        assert page.evaluate(faces) == ["loaded", "loaded"]
        family = page.locator("q").first.evaluate("(words) => getComputedStyle(words).fontFamily")
        assert family.startswith('"Source Serif 4"')
