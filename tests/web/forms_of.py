"""The forms of a page, as a browser would send them, and what people (or worse) type into them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, quote_from_bytes

MARK = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'><svg/onload=alert(1)>"
TYPED = {
    "long": "n" * 10_000,
    "people": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 שלום עולם \u202eevil\u202c مرحبا" * 20,
    "script": MARK + "{{ 7 * 7 }}{% for x in range(9) %}${7*7}",
    "null": "a\0b",
    "surrogate": "a\ud800b",
    "controls": "\x01\x02\x1b[31m\u0085\u2028\ufeff\u200f\r\nset-cookie: x=1",
    "number": "9" * 5_000,
    "power": "up:r.²",
    "deep": '{"all":[' * 350 + "]}" * 350,
    "nothing": " ",
}


@dataclass
class Form:
    """One form: where it goes, how, and its fields with what stands in them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    """The fields that one types or chooses."""
    written: set[str] = field(default_factory=set)
    """Those of them that take any text."""
    unticked: set[str] = field(default_factory=set)
    """Boxes without a tick: a browser sends nothing of them."""
    files: bool = False

    @property
    def sent(self) -> dict[str, str]:
        """What a browser sends of it as it stands."""
        return {name: value for name, value in self.fields.items() if name not in self.unticked}


_CHOSEN = frozenset({"checkbox", "radio"})
_NOT_WRITTEN = frozenset({"hidden", "file", "color", "date", "submit"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area = ""
        self.select = ""

    def handle_starttag(self, tag, attrs):  # noqa: C901 - a browser in one function
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(told.get("action", ""), told.get("method", "get").lower())
            self.open.files = told.get("enctype", "") == "multipart/form-data"
            self.forms.append(self.open)
        if tag == "option" and self.open and self.select:
            if "selected" in told or self.select not in self.open.fields:
                self.open.fields[self.select] = told.get("value", "")
            return
        if self.open is None or not (name := told.get("name")):
            return
        kind = told.get("type", "text")
        if tag == "textarea":
            self.area = name
            self.open.fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "input" and kind in _CHOSEN:
            self._choose(name, told)
        elif tag == "input" and kind != "file":
            self.open.fields[name] = told.get("value", "")
        elif tag == "button":
            self.open.fields.setdefault(name, told.get("value", ""))
        if tag in {"textarea", "select"} or (tag == "input" and kind not in {"hidden", "file"}):
            self.open.typed.add(name)
        if "readonly" not in told and (tag == "textarea" or (tag == "input" and kind not in _CHOSEN | _NOT_WRITTEN)):
            self.open.written.add(name)

    def _choose(self, name, told):
        assert self.open
        if "checked" in told:
            self.open.fields[name] = told.get("value", "on")
            self.open.unticked.discard(name)
        elif name not in self.open.fields:
            self.open.fields[name] = ""
            self.open.unticked.add(name)

    def handle_data(self, data):
        if self.area and self.open:
            self.open.fields[self.area] += data if self.open.fields[self.area] else data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            assert self.open is None or self.select in self.open.fields, "a choice of nothing"
            self.select = ""
        if tag == "form":
            self.open = None


def forms_of(text: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(text)
    return reader.forms


def body_of(fields: dict[str, str]) -> bytes:
    """Return fields as a form sends them, also what no browser would."""
    return b"&".join(
        f"{quote(name)}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}".encode()
        for name, value in fields.items()
    )


ENCODED = {"content-type": "application/x-www-form-urlencoded"}
