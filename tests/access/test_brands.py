"""The brand of a workspace, and what is no brand."""

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.access import brands
from regulars.access.pictures import LARGEST, read_picture
from regulars.access.workspaces import create_workspace, find_workspace, get_workspace, name_of
from regulars.words.errors import Conflict, Invalid, RegularsError, TooLarge, Unknown

BRAND = {
    "title": "Ziedu nams",
    "accent": "#1F5F4A",
    "tone": "formal",
    "languages": ["lv", "en", "lv"],
    "zone": "Europe/Riga",
    "delivery": "smtp",
    "sender": "Ziedu nams <sveiki@ziedi.example>",
}


def png(width=4, height=3, more=b""):
    """A small picture."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x20\x60\x50" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x03\x00\x04\x01\x01\x11\x00\xff\xda\x00\x02xx\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\x03\0\0\x02\0\0"


def change(database, workspace, **other):
    with database.shared() as tx:
        brands.change_brand(tx, get_workspace(database, workspace), **{**BRAND, **other})
    return get_workspace(database, workspace)


def test_a_brand_is_kept_and_read(database, workspace):
    known = change(database, workspace)
    assert (known.title, known.accent, known.tone, known.zone) == ("Ziedu nams", "#1f5f4a", "formal", "Europe/Riga")
    assert (known.languages, known.sender) == (["lv", "en"], "Ziedu nams <sveiki@ziedi.example>")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "), ("title", "x" * 121), ("title", "two\nlines"), ("accent", "red"), ("tone", "loud"),
        ("languages", ["../x"]), ("zone", "Mars/Base"), ("zone", "localtime"), ("sender", "hello"),
        ("sender", "A <a@b>"), ("sender", "A <a@b.example>\r\nBcc: x@y.example"),
        ("sender", "a@b.example, c@d.example"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_of_its_field_and_nothing_is_kept(database, workspace, field, value):
    before = get_workspace(database, workspace)
    with pytest.raises(Invalid) as wrong:
        change(database, workspace, **{field: value})
    assert wrong.value.field == field
    assert get_workspace(database, workspace) == before


def test_a_logo_is_kept_by_its_content_in_its_own_workspace(database, workspace, now):
    with database.workspace(workspace) as tx:
        brands.change_logo(tx, workspace, png(), now)
    first = get_workspace(database, workspace)
    assert (first.logo.endswith(".png"), first.logo_width, first.logo_height) == (True, 4, 3)
    with database.workspace(workspace) as tx:
        brands.change_logo(tx, workspace, WEBP, now)
        brands.drop_logo(tx, workspace)
        assert brands.logo(tx, first.logo) == png()
        with pytest.raises(Unknown):
            brands.logo(tx, "other.png")
    assert get_workspace(database, workspace).logo == ""


@pytest.mark.parametrize(("image", "kind"), [(png(), "png"), (JPEG, "jpg"), (WEBP, "webp")])
def test_pictures_are_known_by_what_they_are(image, kind):
    found = read_picture(image)
    assert (found.kind, found.width, found.height) == (kind, 4, 3)


@pytest.mark.parametrize(
    "image",
    [
        b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", png()[:-1],
        png() + b"<script>", png().replace(b"IDAT", b"IDAX"), b"\x89PNG\r\n\x1a\n", JPEG[:-1], JPEG[:6], WEBP + b"x",
        png(3000, 1), b"\xff\xd8\xff\xd9",
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(image):
    with pytest.raises(Invalid):
        read_picture(image)


def test_a_picture_that_is_too_large_is_refused():
    with pytest.raises(TooLarge):
        read_picture(png() + bytes(LARGEST))


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x50\0\0\0WEBPVP8L"]))
def test_no_bytes_whatever_break_the_reader(some, begin):
    with suppress(RegularsError):
        read_picture(begin + some)


@pytest.mark.parametrize(
    ("title", "name"),
    [("Ziedu nams", "ziedu_nams"), ("24 Café-Bar!", "cafe_bar"), ("禮物屋", ""), ("x" * 80, "x" * 41), ("Ō", "o")],
)
def test_a_title_suggests_a_name(title, name):
    assert name_of(title) == name


def test_names_of_pages_are_no_names_of_workspaces(database):
    with pytest.raises(Invalid):
        create_workspace(database, "workspaces", "Workspaces")
    assert find_workspace(database, "workspaces") is None


def test_a_name_is_taken_once(database, workspace):
    with pytest.raises(Conflict):
        create_workspace(database, workspace, "Another")
