"""The text of a mail that was written as HTML only: what it says, line by line, with where its links lead.

What stands in braces stays what it is. A sign that begins braces by chance is written so that it begins none.
"""

import re
from html import unescape

from regulars.speak.syntax import BLOCK

_MARK = re.compile("\ue000(\\d+)\ue001")
_MARKS = re.compile("[\ue000\ue001]")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/<>]*)(?P<rest>[^<>]*)>")
_GIVEN = re.compile(r"(?<![\w:-])(?P<name>[\w:-]+)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"']+)")
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "div", "section", "hr"})
_ON_ITS_LINE = frozenset({"tr", "li", "br"})
_UNSEEN = frozenset({"head", "style", "script", "title"})


def text_of(html: str) -> str:
    """Return the text part of a template whose HTML is given."""
    taken: list[str] = []

    def take(found: re.Match[str]) -> str:
        if not found["open"]:
            return ""
        taken.append(found[0])
        return f"\ue000{len(taken) - 1}\ue001"

    reader = _Reader()
    reader.read(BLOCK.sub(take, _MARKS.sub("", html)))
    text = re.sub(r"[^\S\n]+", " ", "".join(reader.written))
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    text = text.replace("{", '{{ "{" }}')
    return _MARK.sub(lambda found: taken[int(found[1])], text)


class _Reader:
    """Notes what is read of HTML. A link's address follows its words, unless it is its words.

    No sign of it is looked at more than a few times, whatever stands in there.
    """

    def __init__(self) -> None:
        self.written: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._unseen = 0

    def read(self, html: str) -> None:
        """Note what HTML says."""
        at = 0
        while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start)) >= 0:
            self._piece(html[at:start])
            at = end + 3
        self._piece(html[at:])

    def _piece(self, html: str) -> None:
        at = 0
        for tag in _TAG.finditer(html):
            self._say(html[at : tag.start()])
            at = tag.end()
            if tag["end"]:
                self._end(tag["name"].lower())
            else:
                given = {
                    one["name"].lower(): unescape(one["value"].strip("\"'")) for one in _GIVEN.finditer(tag["rest"])
                }
                self._begin(tag["name"].lower(), given)
        self._say(html[at:])

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        """Begin a line, a link, or what is not read."""
        if tag in _UNSEEN:
            self._unseen += 1
        self._break(tag)
        if tag == "li":
            self._write("- ")
        elif tag == "a":
            self._links.append((given.get("href", ""), len(self.written)))
        elif tag == "img":
            self._write(given.get("alt", ""))

    def _end(self, tag: str) -> None:
        """End it."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == "a" and self._links:
            href, began = self._links.pop()
            words = "".join(self.written[began:]).strip()
            if href and not href.startswith("#") and words != href:
                self._write(f" ({href.removeprefix('mailto:')})" if words else href)
        if tag != "li":
            self._break(tag)

    def _say(self, words: str) -> None:
        """Note words; how the source is broken into lines means nothing."""
        self._write(re.sub(r"\s+", " ", unescape(words).replace("\u200c", "").replace("\u034f", "")))

    def _break(self, tag: str) -> None:
        if tag in _APART:
            self._write("\n\n")
        elif tag in _ON_ITS_LINE:
            self._write("\n")

    def _write(self, words: str) -> None:
        if not self._unseen:
            self.written.append(words)
