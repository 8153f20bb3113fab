"""Numbers that stand in an address, a field or a header, where anything may stand."""

_LONGEST = 18
"""Digits: what every column takes, and what costs no time to read."""


def number_in(text: str) -> int | None:
    """Return the whole number that a text is, without a sign; None where it is none, or beyond all that a row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
