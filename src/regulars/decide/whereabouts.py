"""Where customers are, as far as they or their browsers said: their clock, and the country whose law holds."""

from collections.abc import Collection
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from phonenumbers.timezone import time_zones_for_number

from regulars.decide import whereabouts_records as records
from regulars.store.database import Tx

_MAIN = {
    "US": "America/New_York", "CA": "America/Toronto", "RU": "Europe/Moscow", "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Where most people of a country live, whose first zone in the tz database is another one."""


class Place(msgspec.Struct, frozen=True):
    """Where somebody is; `country` is '' where nobody knows."""

    zone: ZoneInfo
    country: str


def home_zone(tx: Tx) -> str:
    """Return the workspace's time zone."""
    return records.home_zone(tx)


def places(tx: Tx, customers: Collection[int]) -> dict[int, Place]:
    """Return where customers are.

    Their clock is what they or their browser said last; else that of their telephone number, of the country they live
    in or of the one their language names; else the workspace's. The country whose law holds is that of their telephone
    number first, for there it rings.
    """
    home = ZoneInfo(home_zone(tx))
    facts, phones = records.facts(tx, customers), records.phones(tx, customers)
    unsaid = [one for one in customers if _zone(facts.get(one, {}).get("timezone")) is None]
    contexts = records.contexts(tx, unsaid) if unsaid else {}
    return {one: _place(facts.get(one, {}), phones.get(one, ""), contexts.get(one, {}), home) for one in customers}


def _place(facts: dict[str, str], phone: str, context: dict[str, str], home: ZoneInfo) -> Place:
    said = _zone(facts.get("timezone")) or _zone(context.get("timezone"))
    rings, by_phone = _by_phone(phone)
    lives = _country(facts.get("country") or facts.get("address.country"))
    country = rings or lives or _spoken(facts.get("locale")) or _spoken(context.get("locale"))
    zone = said or by_phone or _zone(_zones().get(country))
    return Place(zone or home, country or (_zone_country(said.key) if said else ""))


def _by_phone(number: str) -> tuple[str, ZoneInfo | None]:
    """Return the country of a telephone number, and its zone there where the number tells one."""
    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", None
    country = phonenumbers.region_code_for_number(read) or ""
    zones = time_zones_for_number(read)
    return country, _zone(zones[0]) if len(zones) == 1 and _zone_country(zones[0]) == country else None


def _zone(name: str | None) -> ZoneInfo | None:
    return ZoneInfo(name) if name and name in _known() else None


@cache
def _known() -> set[str]:
    return available_timezones()


@lru_cache(1024)
def _country(said: str | None) -> str:
    """Return the code of a country that somebody named by it or in English."""
    words = (said or "").strip()
    return words.upper() if words.upper() in _zones() else _names().get(words.lower(), "")


@lru_cache(1024)
def _spoken(locale: str | None) -> str:
    """Return the country that a locale names: GB of en-GB, none of en."""
    try:
        return Locale.parse((locale or "").replace("-", "_")[:40]).territory or ""
    except (ValueError, UnknownLocaleError):
        return ""


@cache
def _names() -> dict[str, str]:
    return {name.lower(): code for code, name in Locale("en").territories.items() if len(code) == 2}  # noqa: PLR2004


def _zone_country(zone: str) -> str:
    return get_global("zone_territories").get(zone, "")


@cache
def _zones() -> dict[str, str]:
    """Return the main zone of each country."""
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {country: zone for country, _, zone, *_ in reversed(rows)} | _MAIN
