"""Addresses, numbers and ids that somebody pastes: made into the file of customers that they would be."""

import csv
import re
from io import StringIO

from regulars.words.cells import marked
from regulars.words.errors import Invalid

MOST = 10_000
"""The most that can be pasted; more are a file."""
_BETWEEN = re.compile(r"[\n\r,;\t]+")
_PHONE = re.compile(r"\+[0-9 ().-]{5,}")
_COLUMNS = ("email", "phone", "user_id")


def as_file(text: str) -> bytes:
    """Return a file with a row for each that stands in a text, one a line or between commas; Invalid for none."""
    told = list(dict.fromkeys(one for part in _BETWEEN.split(text) if (one := part.strip().strip("<>\"'"))))
    if not told:
        raise Invalid("Paste e-mail addresses, phone numbers with their country, or user ids, one a line.")
    if len(told) > MOST:
        raise Invalid("At most {most} can be pasted. Bring more as a file.", most=MOST)
    kinds = [_kind(one) for one in told]
    columns = [kind for kind in _COLUMNS if kind in kinds]
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for one, kind in zip(told, kinds, strict=True):
        writer.writerow([marked(one) if kind == column else "" for column in columns])
    return out.getvalue().encode()


def _kind(one: str) -> str:
    if "@" in one:
        return "email"
    return "phone" if _PHONE.fullmatch(one) else "user_id"
