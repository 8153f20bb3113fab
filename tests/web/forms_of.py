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


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area = ""

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self.open)
        if self.open is None or not (name := told.get("name")):
            return
        kind = told.get("type", "text")
        if tag == "textarea":
            self.area = name
            self.open.fields[name] = ""
        elif tag == "select" or (tag == "input" and kind in {"checkbox", "radio"}):
            self.open.fields.setdefault(name, told.get("value", "") if "checked" in told else "")
        elif tag == "input" and kind != "file":
            self.open.fields[name] = told.get("value", "")
        elif tag == "button":
            self.open.fields.setdefault(name, told.get("value", ""))
        if tag in {"textarea", "select"} or (tag == "input" and kind not in {"hidden", "file"}):
            self.open.typed.add(name)

    def handle_data(self, data):
        if self.area and self.open:
            self.open.fields[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""
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
