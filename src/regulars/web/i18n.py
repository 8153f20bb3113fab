"""Every text a person sees, in the reader's language: catalogues, locales, and the Jinja environment.

English texts are the message ids, listed in `regulars/locale/regulars.pot`. A language is a file
`regulars/locale/<language>.po` beside it, read at start. Two pseudo-locales are the tests'. In `en-XA` every
text of the catalogue comes out as ⟦text⟧ and every expression of a template as ⁅value⁆, so whatever stands
outside was never translatable. In `ar-XB` the English texts run from right to left, on pages that do so too.
"""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, Undefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from regulars.web.assets import asset
from regulars.words.errors import RegularsError
from regulars.words.money import NO_CURRENCY, major

ENGLISH = "en"
PSEUDO = "en-XA"
MIRRORED = "ar-XB"
_CATALOGUES = files("regulars") / "locale"
UTC = "UTC"
_REMEMBERED = 256
_FINE = timedelta(minutes=2)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SUM = re.compile(r"(-?\d{1,15}(?:\.\d+)?) ([A-Z]{3})")


class _Compiled(BytecodeCache):
    """Keeps templates compiled once for every locale: the browser names the locale, and compiling is what costs."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_PLAIN, _BRACKETED = _Compiled(), _Compiled()


class _Pseudo(NullTranslations):
    """Brackets every text of the catalogue."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{super().ngettext(msgid1, msgid2, n)}⟧"


class _Mirrored(NullTranslations):
    """Lets every text of the catalogue run from right to left, as Arabic would."""

    def gettext(self, message: str) -> str:
        return f"\N{RIGHT-TO-LEFT OVERRIDE}{message}\N{POP DIRECTIONAL FORMATTING}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))


@lru_cache(maxsize=1)
def catalogues() -> dict[str, NullTranslations]:
    """Return the catalogue of every language, by the language alone: `zh_Hant.po` is what there is for `zh`."""
    found: dict[str, NullTranslations] = {ENGLISH: NullTranslations()}
    for language, name in _names().items():
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO((_CATALOGUES / f"{name}.po").read_bytes()), locale=name))
        compiled.seek(0)
        found[language] = GNUTranslations(compiled)
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    files_of = [path.name[:-3] for path in _CATALOGUES.iterdir() if path.name.endswith(".po")]
    return {name.partition("_")[0]: name for name in files_of}


def translator(locale: str) -> NullTranslations:
    """Return the catalogue of a locale such as `lv` or `en-GB`; English where there is none."""
    if locale in _PSEUDO_LOCALES:
        return _PSEUDO_LOCALES[locale]
    known = catalogues()
    return known.get(locale.partition("-")[0], known[ENGLISH])


_PSEUDO_LOCALES: dict[str, NullTranslations] = {PSEUDO: _Pseudo(), MIRRORED: _Mirrored()}


def languages() -> list[str]:
    """Return the languages that we have a catalogue of."""
    return sorted({ENGLISH, *_names()})


def language_called(language: str) -> str:
    """Return what a language calls itself; a code that names none stays as somebody wrote it."""
    try:
        known = Locale.parse(_names().get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return language
    name = known.get_display_name() or language
    return name[:1].upper() + name[1:]


def negotiate(accept_language: str, also: Collection[str] = (), only: Sequence[str] = ()) -> str:
    """Return the locale that suits a reader best, from the header of RFC 9110, section 12.5.4.

    The language must be one we have a catalogue of, or one in which somebody wrote what the page is `also` made of.
    Where somebody chose which of ours they offer, it is `only` one of these, and the first of them is for whoever
    reads none. Its region is kept, for dates and numbers.
    """
    ours = set(only) or {ENGLISH, *_names()}
    offered = ours | (set(also) - {ENGLISH, *_names()})
    wanted: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), tag))
        except ValueError:
            continue
    for weight, tag in sorted(wanted, key=lambda one: one[0]):
        if tag in _PSEUDO_LOCALES:
            return tag
        if weight and (found := _offered(tag, offered)):
            return found
    return (_offered(only[0], offered) if only else None) or ENGLISH


def _offered(tag: str, offered: Collection[str]) -> str | None:
    """Return what we offer to readers of a language; to those of a script we lack, the one we have."""
    language = tag.partition("-")[0].lower()
    if language not in offered:
        return None
    try:
        known = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    script = _names().get(language, "").partition("_")[2]
    return f"{language}-{script}" if script and known.script != script else str(known).replace("_", "-")


def babel_locale(locale: str) -> Locale:
    """Return Babel's idea of a locale; the pseudo-locales write dates as English and Arabic do."""
    return Locale.parse(locale.partition("-")[0] if locale in _PSEUDO_LOCALES else locale, sep="-")


def say(error: RegularsError, locale: str) -> str:
    """Return what an error says, in the reader's language, its places filled."""
    return error.said(translator(locale).gettext(error.text))


@lru_cache(maxsize=_REMEMBERED)
def environment(package: str, locale: str, zone: str = UTC) -> Environment:
    """Return the Jinja environment of the templates beside a package, in the reader's language, by a clock.

    Texts: `{{ _("Saved.") }}`, `{{ _("Hello %(name)s", name=name) }}`,
    `{{ ngettext("%(num)s mail", "%(num)s mails", n) }}`.
    Filters: `when`, `clock`, `day`, `plainly` (of a text that is a day or a sum), `span`, `number`, `percent`, `money`,
    `cash` (minor units).
    Globals: `lang`, `dir`, `asset`.
    """
    made = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=_bracket if locale == PSEUDO else _blank,
        bytecode_cache=_BRACKETED if locale == PSEUDO else _PLAIN,
    )
    made.policies["ext.i18n.trimmed"] = True
    install: Callable[..., None] = made.install_gettext_translations  # pyright: ignore[reportAttributeAccessIssue]
    install(translator(locale), newstyle=True)
    known = babel_locale(locale)
    named: dict[str, Any] = made.globals
    named.update(lang=locale, dir=known.text_direction, asset=asset)
    made.filters.update(_filters(known, ZoneInfo(zone)))
    return made


def number_at(value: float, locale: str) -> str:
    """Return a number as a reader writes it."""
    return numbers.format_decimal(value, locale=babel_locale(locale))


def percent_at(value: float, locale: str) -> str:
    """Return a share as a reader writes it."""
    return numbers.format_percent(value, locale=babel_locale(locale))


def _filters(locale: Locale, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """Return the filters that write times and numbers as the reader does. A time says by whose clock it is."""

    def clock(moment: datetime) -> str:
        return dates.format_time(moment.astimezone(zone), "short", locale=locale)

    def when(moment: datetime) -> str:
        there = moment.astimezone(zone)
        day_of_year = dates.format_date(there, "medium", locale=locale)
        return f"{str(locale.datetime_formats['medium']).format(clock(moment), day_of_year)} {there.tzname()}"

    def day(moment: date) -> str:
        there = moment.astimezone(zone) if isinstance(moment, datetime) else moment
        return dates.format_date(there, "long", locale=locale)

    moneyed = _of_money(locale)

    def plainly(words: str) -> str:
        if _DAY.fullmatch(words):
            return day(date.fromisoformat(words))
        found = _SUM.fullmatch(words)
        return moneyed["money"](float(found[1]), found[2]) if found else words

    def span(length: timedelta) -> str:
        granularity = "second" if length < _FINE else "minute"
        return dates.format_timedelta(length, granularity=granularity, locale=locale)

    def number(value: float) -> str:
        return numbers.format_decimal(value, locale=locale)

    def percent(value: float) -> str:
        return numbers.format_percent(value, locale=locale)

    return {
        "when": when,
        "clock": clock,
        "day": day,
        "plainly": plainly,
        "span": span,
        "number": number,
        "percent": percent,
        **moneyed,
    }


def _of_money(locale: Locale) -> dict[str, Callable[..., str]]:
    @lru_cache(maxsize=1024)
    def priced(value: float, currency: str) -> str:
        return numbers.format_currency(value, currency, locale=locale)

    def money(value: float, currency: Any = None) -> str:
        if isinstance(currency, str) and currency in locale.currencies:
            return priced(value, currency)
        return numbers.format_decimal(value, locale=locale)

    def cash(units: int, currency: str) -> str:
        return money(float(major(units, currency)), currency if currency != NO_CURRENCY else None)

    return {"money": money, "cash": cash}


def _blank(value: Any) -> Any:
    """Write nothing for None."""
    return "" if value is None else value


def _bracket(value: Any) -> Any:
    """Bracket a value that no catalogue or macro made."""
    if value is None or isinstance(value, Markup | Undefined) or not str(value):
        return _blank(value)
    return f"⁅{value}⁆"
