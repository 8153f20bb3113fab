"""How findings are said: in a language, with its numbers and dates, by the clock of a place.

The catalogues are the web's; whoever has none (a mail that goes out by night) speaks English.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

_UNITS = ("MB", "GB", "TB")


@dataclass(frozen=True)
class Voice:
    """A language, a locale and a clock."""

    texts: NullTranslations
    locale: Locale
    zone: ZoneInfo

    def gettext(self, text: str) -> str:
        """Return a text in the language."""
        return self.texts.gettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Return a text in the form that a number wants."""
        return self.texts.ngettext(one, many, n)

    def number(self, value: float) -> str:
        """Write a number: whole, or with one decimal where it is small."""
        return numbers.format_decimal(round(value) if value >= 10 else round(value, 1), locale=self.locale)  # noqa: PLR2004

    def percent(self, value: float) -> str:
        """Write a share."""
        return numbers.format_percent(value, locale=self.locale)

    def span(self, length: timedelta) -> str:
        """Write how long something takes or took."""
        return dates.format_timedelta(length, threshold=1.2, locale=self.locale)

    def clock(self, moment: datetime, now: datetime) -> str:
        """Write a moment as people say it: the hour alone where it was today."""
        there = moment.astimezone(self.zone)
        hour = dates.format_time(there, "short", tzinfo=self.zone, locale=self.locale)
        if there.date() == now.astimezone(self.zone).date():
            return hour
        return str(self.locale.datetime_formats["medium"]).format(
            hour, dates.format_date(there, "medium", locale=self.locale)
        )

    def day(self, moment: datetime) -> str:
        """Write a day."""
        return dates.format_date(moment.astimezone(self.zone), "medium", locale=self.locale)

    def weekday(self, moment: datetime) -> str:
        """Write the day of the week."""
        return dates.format_date(moment.astimezone(self.zone), "EEEE", locale=self.locale)

    def size(self, size: float) -> str:
        """Write a number of bytes."""
        value, unit = abs(size) / (1 << 20), 0
        while value >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004
            value, unit = value / 1024, unit + 1
        return f"{self.number(value)} {_UNITS[unit]}"


def english(zone: str = "UTC") -> Voice:
    """Return the voice that everybody understands."""
    return Voice(NullTranslations(), Locale("en"), ZoneInfo(zone))
