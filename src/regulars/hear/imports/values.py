"""Cells as values: numbers with a comma, dates in any order, yes and no in several languages."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from regulars.hear.imports.plan import Reading, Unreadable, zone_of

_OLDEST = 1970
_HUGE = 10**15
_KEPT = 20_000
_THREE = r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})\.?"
_CLOCK = r"(?:,?[ T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?)?"
_WRITTEN = re.compile(_THREE + _CLOCK)
_GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?"),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{2,3})*\.\d{3}(,\d*)?"),
}
_STAMP = re.compile(r"\d{10}(\d{3})?")
_AROUND = re.compile(r"^[^\d+\-.,(]+|[^\d.,)]+$")
_SPACES = dict.fromkeys(map(ord, "   '’"))
_SAYS_YES = """
yes y true 1 on x ok subscribed subscribe enabled active confirmed ja wahr oui vrai si sí sì verdadero jā tak sim да
हाँ हां 是 对 對 有 ✓ ✔ opted-in opted_in optin opt-in granted
"""
_SAYS_NO = """
no n false 0 off unsubscribed unsubscribe disabled blocklisted blacklisted nein falsch non faux nē ne nie não нет
नहीं 否 不 無 无 cleaned suppressed revoked denied withdrawn opted-out opted_out optout opt-out bounced
"""
_YES = frozenset(_SAYS_YES.split())
_NO = frozenset(_SAYS_NO.split())
_SILENT = frozenset({"", "-", "never_subscribed", "never subscribed", "pending", "unconfirmed", "transactional"})
_REFUSED = _YES | {"blocklisted", "blacklisted", "unsubscribed", "cleaned", "suppressed", "bounced"}
_NOON = 12


class Values:
    """Reads cells as a file writes them; what cannot be read raises Unreadable."""

    def __init__(self, reading: Reading) -> None:
        self._comma = reading.decimal == ","
        self._grouped = _GROUPED[reading.decimal]
        self._order = reading.dates
        self._zone = zone_of(reading.zone)
        self._moments: dict[str, datetime | None] = {}

    @property
    def plain(self) -> bool:
        """Whether numbers are written as programs write them."""
        return not self._comma

    def text(self, cell: Any) -> str:
        """Return a cell as text; a whole number that a spreadsheet made 17850.0 is 17850 again."""
        if isinstance(cell, str):
            return cell
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < _HUGE:
            return str(int(cell))
        return cell.isoformat() if isinstance(cell, date | time) else str(cell)

    def number(self, cell: Any) -> Decimal:
        """Return a cell as a number: 1,234.50, 1.234,50, 1 234,50, €12, (12.00) for what is owed."""
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            return self._sane(Decimal(str(cell)))
        text = self.text(cell)
        try:
            return self._sane(Decimal(text if not self._comma else self._pointed(text)))
        except InvalidOperation:
            pass
        try:
            return self._sane(Decimal(self._pointed(text)))
        except InvalidOperation as error:
            raise Unreadable("no number") from error

    def moment(self, cell: Any) -> datetime:
        """Return a cell as a moment, by the file's clock where it names no offset."""
        if isinstance(cell, datetime):
            return self._placed(cell)
        if isinstance(cell, date):
            return self._placed(datetime.combine(cell, time()))
        text = self.text(cell)
        found = self._moments.get(text)
        if found is None:
            if len(self._moments) >= _KEPT:
                self._moments.clear()
            found = self._moments[text] = self._placed(self._written(text))
        return found

    def day(self, cell: Any) -> str:
        """Return a cell as a day like 2026-05-03; of birthdays, so it may be long ago."""
        if isinstance(cell, date):
            return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
        return self._written(self.text(cell)).date().isoformat()

    def truth(self, cell: Any) -> bool:
        """Return a cell as yes or no."""
        if isinstance(cell, bool):
            return cell
        text = self.text(cell).strip().casefold()
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise Unreadable("neither yes nor no")

    def agreed(self, cell: Any) -> bool | None:
        """Return what a cell says of a consent: yes, no, or nothing."""
        return None if self.text(cell).strip().casefold() in _SILENT else self.truth(cell)

    def refused(self, cell: Any) -> bool:
        """Return whether a cell says that somebody wants no messages."""
        return cell is True or self.text(cell).strip().casefold() in _REFUSED

    def _pointed(self, text: str) -> str:
        text = _AROUND.sub("", text.strip().translate(_SPACES))
        if text.startswith("(") and text.endswith(")"):
            text = f"-{text[1:-1]}"
        if ("." if self._comma else ",") in text and not self._grouped.fullmatch(text):
            raise Unreadable("no number")  # 1,5 is not fifteen
        return text.replace(".", "").replace(",", ".") if self._comma else text.replace(",", "")

    def _sane(self, number: Decimal) -> Decimal:
        if not number.is_finite() or abs(number) >= _HUGE:
            raise Unreadable("no number")
        return number

    def _written(self, text: str) -> datetime:
        text = text.strip()
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
        if _STAMP.fullmatch(text):
            return datetime.fromtimestamp(int(text[:10]), UTC)
        found = _WRITTEN.fullmatch(text)
        try:
            moment = self._put_together(found) if found else None
        except ValueError:
            moment = None
        if moment is None:
            raise Unreadable("no date that can be read")
        return moment

    def _put_together(self, found: re.Match[str]) -> datetime:
        first, second, third, hour, minute, second_of, half = found.groups()
        if len(first) > 2:  # noqa: PLR2004 (a year stands first)
            year, month, day = first, second, third
        elif self._order == "mdy":
            month, day, year = first, second, third
        else:
            day, month, year = first, second, third
        clock = int(hour or 0)
        if half:
            clock = clock % _NOON + (_NOON if half in "Pp" else 0)
        century = 0 if len(year) > 2 else 1900 if int(year) > 68 else 2000  # noqa: PLR2004 (POSIX, strptime %y)
        return datetime(century + int(year), int(month), int(day), clock, int(minute or 0), int(second_of or 0))  # noqa: DTZ001 (placed by the caller)

    def _placed(self, moment: datetime) -> datetime:
        placed = (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        if placed.year < _OLDEST:
            raise Unreadable("a date before 1970")
        return placed
