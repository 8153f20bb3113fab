"""The names by which forms, segments, templates and campaigns stand in addresses."""

import re

from regulars.words.errors import Invalid

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_SHOWN = 80


def check_name(name: str) -> None:
    """Raise Invalid for what cannot be such a name."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            "'{name}' cannot be a name: use a to z, 0 to 9 and -, a letter or figure first, 61 at most.",
            name=name[:_SHOWN],
        )
