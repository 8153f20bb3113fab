"""Every page in the pseudo-locale: what stands outside the brackets never went through the catalogue."""

from html.parser import HTMLParser

from tests.web.every_page import Story

from regulars.web.i18n import PSEUDO

SHOWN = {"title", "alt", "aria-label", "placeholder"}
CODE = {"code", "kbd", "pre", "script", "style", "textarea"}
VOID = {"meta", "link", "input", "br", "base", "img", "hr", "rect", "path"}
OPENING, CLOSING = "⟦⁅", "⟧⁆"


class Bare(HTMLParser):
    """Collects visible words that stand outside the brackets."""

    def __init__(self):
        super().__init__()
        self.found, self.open, self.depth = [], [], 0

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in SHOWN and value and words(value, 0)[0]:
                self.found.append((f"{tag} {name}", value))

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        bare, self.depth = words(data, self.depth)
        if bare and not CODE & set(self.open):
            self.found.append((self.open[-1] if self.open else "", bare))


def words(text, depth):
    """The letters of a text outside the brackets, and how deep in them it ends."""
    bare = ""
    for one in text:
        depth += (one in OPENING) - (one in CLOSING)
        if depth == 0 and one not in CLOSING:
            bare += one
    return (bare.strip() if any(one.isalpha() for one in bare) else ""), depth


def bare_in(page):
    parser = Bare()
    parser.feed(page)
    return parser.found


def test_the_reader_of_the_reader_works():
    assert bare_in("<p>⟦fine⟧ · ⁅x⁆</p>") == []
    assert bare_in("<p>⟦fine⟧ bare</p>") == [("p", "bare")]
    assert bare_in('<a title="bare">⟦x <b>y</b>⟧</a>') == [("a title", "bare")]


def test_every_text_of_every_page_comes_from_the_catalogue(client, shop):
    for _, path in Story(shop).pages():
        page = client.get(path, headers={"Accept-Language": PSEUDO})
        assert page.status_code == 200, path
        assert bare_in(page.text) == [], path


def test_so_does_every_empty_page(client, home, workspace):
    for path in ("", "/customers", "/customers?q=x", "/segments", "/campaigns", "/new/campaign", "/templates"):
        page = client.get(f"{home}{path}", headers={"Accept-Language": PSEUDO})
        assert bare_in(page.text) == [], path
    for path in ("/mailbox", "/forms", "/health", "/customers/1"):
        page = client.get(f"{home}{path}", headers={"Accept-Language": PSEUDO})
        assert bare_in(page.text) == [], path


def test_so_do_the_pages_before_the_log_in(stranger, login):
    for path in ("/console/login", login, "/nothing"):
        assert bare_in(stranger.get(path, headers={"Accept-Language": PSEUDO}).text) == [], path
