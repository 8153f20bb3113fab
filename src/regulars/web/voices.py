"""How findings are said to somebody on a page: in their language, by their workspace's clock."""

from zoneinfo import ZoneInfo

from regulars.measure.voice import Voice
from regulars.web.i18n import babel_locale, translator


def voice_of(locale: str, zone: str) -> Voice:
    """Return the voice of a locale and a clock."""
    return Voice(translator(locale), babel_locale(locale), ZoneInfo(zone))
