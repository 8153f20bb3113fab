"""The names by which forms, segments, templates and campaigns stand in addresses, and the words for purposes."""

import re
import unicodedata
from collections.abc import Collection

from regulars.words.errors import Invalid

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,60}")
_SHOWN = 80


def check_name(name: str) -> None:
    """Raise Invalid for what cannot be such a name."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            "'{name}' cannot be a name: use a to z, 0 to 9 and -, a letter or figure first, 61 at most.",
            name=name[:_SHOWN],
        )


def name_for(title: str, taken: Collection[str], otherwise: str) -> str:
    """Return a name that a title leads to and that is not taken; from `otherwise` where nothing of it can stay."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or otherwise
    return next(one for n in range(1, len(taken) + 3) if (one := name if n == 1 else f"{name}-{n}") not in taken)


def is_purpose(word: str) -> bool:
    """Whether a word can say what somebody permits: forms ask for it and campaigns rest on it, so it is one rule."""
    return _PURPOSE.fullmatch(word) is not None


def check_purpose(purpose: str) -> None:
    """Raise Invalid for what no form could ask permission for."""
    if not is_purpose(purpose):
        raise Invalid(
            "'{purpose}' cannot be a purpose: it is one word such as marketing, service or research, the same that a "
            "form's consent names. Use a to z, 0 to 9 and _, a letter first, 61 at most.",
            purpose=purpose[:_SHOWN],
        )
