"""The catalogues, from the sources: `python -m regulars.web.catalogue` writes them anew.

`regulars.pot` holds the English texts of `_`, `gettext` and `ngettext` in Python and in templates, and those of
the errors. Each `<language>.po` has the same texts with what they are in a language. A text that is new or was
changed stands there without a translation, and is named; a text that is gone is gone there too.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).parents[1]
CATALOGUE = SOURCES / "locale" / "regulars.pot"

_TEMPLATES = ("**/templates/**.html", "**/templates/**.txt")
_METHODS = [("**.py", "python"), *((pattern, "jinja2") for pattern in _TEMPLATES)]
_OPTIONS = {pattern: {"trimmed": "true", "silent": "false"} for pattern in _TEMPLATES}
_ERRORS = (
    "RegularsError",
    "Invalid",
    "Unreadable",
    "Unknown",
    "Refused",
    "NoKey",
    "LinkDead",
    "Conflict",
    "Overtaken",
    "TooLarge",
    "Busy",
    "Unreached",
    "Unavailable",
)
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def extract() -> Catalog:
    """Return every text of the sources, with the places it stands at."""
    found = Catalog(project="Regulars", charset="utf-8")
    for name, text, context in texts():
        found.add(text, None, [(name.replace("\\", "/"), 0)], context=context)
    return found


def texts() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Yield each text of the sources where it stands: file, text (one and many where it counts), context."""
    keywords = {**DEFAULT_KEYWORDS, **dict.fromkeys((*_ERRORS, "worded"))}
    for name, _, text, _, context in extract_from_dir(SOURCES, _METHODS, _OPTIONS, keywords):
        yield name, text, context


def stored(name: str = CATALOGUE.name) -> Catalog:
    """Return a catalogue as it is kept."""
    path = CATALOGUE.with_name(name)
    return read_po(BytesIO(path.read_bytes()), locale=path.stem if path.suffix == ".po" else None)


def translated() -> list[str]:
    """Return the file names of the languages."""
    return sorted(path.name for path in CATALOGUE.parent.glob("*.po"))


def missing(catalogue: Catalog) -> list[Message]:
    """Return the texts that are not, or not in every plural form, translated."""
    return [one for one in catalogue if one.id and not (one.string and all(one.string))]


def _renewed(name: str, texts: Catalog) -> Catalog:
    """Return a language's catalogue with exactly the texts of the sources; translations of the same text stay."""
    kept = stored(name)
    made = Catalog(locale=kept.locale, charset="utf-8")
    for one in texts:
        if one.id:
            old = kept.get(one.id[0] if one.pluralizable else one.id, one.context)
            string = old.string if old is not None and old.id == one.id else None
            empty = ("",) * made.num_plurals if one.pluralizable else ""
            comments = [] if old is None else old.user_comments
            made.add(one.id, string or empty, one.locations, one.flags, (), comments, context=one.context)
    return made


def _write(path: Path, catalogue: Catalog, header: str = "") -> None:
    """Write a file at once or not at all. The header has no dates: the file's history knows them."""
    written = BytesIO()
    write_po(written, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(header.encode() + written.getvalue())
    fresh.replace(path)


def main() -> None:
    """Write the catalogues anew, and print what is not translated."""
    found = extract()
    _write(CATALOGUE, found)
    for name in translated():
        made = _renewed(name, found)
        _write(CATALOGUE.with_name(name), made, _HEADER.format(language=made.locale, plurals=made.plural_forms))
        lacking = missing(made)
        said = "".join(f"  {one.id[0] if one.pluralizable else one.id}\n" for one in lacking)
        sys.stdout.write(f"{name}: {len(lacking)} missing\n{said}")


if __name__ == "__main__":
    main()
