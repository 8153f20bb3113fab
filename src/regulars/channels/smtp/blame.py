"""Whose fault it is that a mail was refused: the address's, or that of what was said and who said it (RFC 3463)."""

import re

_ADDRESS = re.compile(r"\b5\.1\.[0-6]\b|\b5\.1\.10\b|\b5\.2\.1\b")
_POLICY = re.compile(r"5\.[37]\.\d+|spam|block|policy|blacklist|reputation", re.IGNORECASE)


def is_dead(text: str, *, at_recipient: bool) -> bool:
    """Say whether it is the address that is at fault: 5.1 and 5.2.1, or a refusal of it that names no policy."""
    if _ADDRESS.search(text):
        return True
    return at_recipient and not _POLICY.search(text)
