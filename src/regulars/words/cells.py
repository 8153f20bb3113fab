"""Cells of tables that people open in a spreadsheet: a mark keeps what a cell says from being run as a formula."""

MARK = "'"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula; https://owasp.org/www-community/attacks/CSV_Injection."""


def marked(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"{MARK}{text}" if text.lstrip(" ").startswith(_FORMULAS) else text


def unmarked(text: str) -> str:
    """Return what a cell said before it was marked."""
    return text[1:] if text[:1] == MARK and text[1:].lstrip(" ").startswith(_FORMULAS) else text
