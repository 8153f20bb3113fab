"""The catalogue of English texts, from the sources: `python -m regulars.web.catalogue` writes it anew.

It holds the texts of `_`, `gettext` and `ngettext` in Python and in templates, and those of the errors.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
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
    "Unknown",
    "Refused",
    "NoKey",
    "LinkDead",
    "Conflict",
    "TooLarge",
    "Busy",
    "Unavailable",
)


def extract() -> Catalog:
    """Return every text of the sources, with the places it stands at."""
    found = Catalog(project="Regulars", charset="utf-8")
    keywords = {**DEFAULT_KEYWORDS, **dict.fromkeys(_ERRORS)}
    for name, _, text, _, context in extract_from_dir(SOURCES, _METHODS, _OPTIONS, keywords):
        found.add(text, None, [(name.replace("\\", "/"), 0)], context=context)
    return found


def stored() -> Catalog:
    """Return the catalogue as it is kept."""
    return read_po(BytesIO(CATALOGUE.read_bytes()))


def main() -> None:
    """Write the catalogue anew."""
    with CATALOGUE.open("wb") as file:
        write_po(file, extract(), width=110, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    main()
