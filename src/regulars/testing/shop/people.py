"""Made-up people for the customer numbers of the order file, which has no names. The same number is always the same.

Every address is at a domain that nobody can own (RFC 2606), so nothing written to them can reach anyone.
"""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

import msgspec

from regulars.hear.imports.plan import Reading
from regulars.hear.imports.sheets import open_sheet
from regulars.testing.shop.lately import CLOCK

ORDERS = Path(str(files(__package__ or "regulars.testing.shop") / "orders.csv.gz"))
DOMAINS = ("example.com", "example.org", "example.net", "post.example", "mail.example")
IEVA = "14083"
"""The customer number of Ieva Kalniņa, the regular whom the demo's links belong to."""

_BRITISH = "british"
_CULTURES = {
    "EIRE": "irish", "Germany": "german", "Austria": "german", "Switzerland": "german", "France": "french",
    "Belgium": "french", "Netherlands": "dutch", "Spain": "spanish", "Portugal": "portuguese", "Italy": "italian",
    "Norway": "nordic", "Sweden": "nordic", "Denmark": "nordic", "Finland": "finnish", "Poland": "polish",
    "Lithuania": "lithuanian", "Cyprus": "greek", "Japan": "japanese", "Lebanon": "arabic", "Bahrain": "arabic",
    "Saudi Arabia": "arabic", "United Arab Emirates": "arabic", "Israel": "hebrew",
}  # fmt: skip
_COUNTRIES = {"EIRE": "Ireland", "USA": "United States"}
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "Ø": "o", "Ł": "l"})


class Person(msgspec.Struct, frozen=True):
    """A customer of the shop, as the shop's own records have them."""

    number: str
    name: str
    first_name: str
    email: str
    country: str
    met_at: datetime
    """When they ordered for the first time."""


class Met(msgspec.Struct, frozen=True):
    """What the order file says of a customer: the country of the latest order, the time of the first."""

    country: str
    at: datetime


class _Names(msgspec.Struct, frozen=True):
    given: list[str | tuple[str, str]]
    family: list[str | tuple[str, str]]
    family_first: bool = False


class Regular(msgspec.Struct, frozen=True):
    """One of the house's regulars, whom we made up with more care."""

    number: str
    name: str
    first_name: str
    email: str


def draw(number: str, what: str, out_of: int) -> int:
    """Return a number from 0 to below `out_of`: by chance, but always the same for a customer and a question."""
    return int.from_bytes(blake2b(f"{number}/{what}".encode(), digest_size=8).digest(), "big") % out_of


@cache
def regulars() -> dict[str, Regular]:
    """Return the house's regulars by their customer numbers."""
    return {regular.number: regular for regular in msgspec.json.decode(_read("regulars.json"), type=list[Regular])}


def met(path: Path = ORDERS) -> dict[str, Met]:
    """Return every customer number in a file of orders, in order."""
    found: dict[str, Met] = {}
    with open_sheet(path, Reading()) as sheet:
        for _, _, _, _, written, _, customer, country, *_ in sheet.rows():
            at = datetime.fromisoformat(written).replace(tzinfo=CLOCK)
            before = found.get(customer)
            found[customer] = Met(country, min(at, before.at) if before else at)
    return dict(sorted(found.items()))


def people(customers: Mapping[str, Met]) -> list[Person]:
    """Give each customer number a name and an address, in order of number; no address stands twice."""
    known = regulars()
    taken = {regular.email for regular in known.values()}
    found: list[Person] = []
    for number, first in sorted(customers.items()):
        country = _COUNTRIES.get(first.country, first.country)
        at = first.at.astimezone(UTC)
        if regular := known.get(number):
            found.append(Person(number, regular.name, regular.first_name, regular.email, country, at))
            continue
        name, first_name, mailbox = _name(number, _names()[_CULTURES.get(first.country, _BRITISH)])
        domain = DOMAINS[draw(number, "domain", len(DOMAINS))]
        email = f"{mailbox}@{domain}"
        if email in taken:
            email = f"{mailbox}.{number}@{domain}"
        taken.add(email)
        found.append(Person(number, name, first_name, email, country, at))
    return found


def _name(number: str, names: _Names) -> tuple[str, str, str]:
    """Return a full name, the first name, and the part of an address made of them."""
    given, given_plain = _spelt(names.given[draw(number, "given", len(names.given))])
    family, family_plain = _spelt(names.family[draw(number, "family", len(names.family))])
    name = f"{family} {given}" if names.family_first else f"{given} {family}"
    return name, given, f"{given_plain}.{family_plain}"


def _spelt(entry: str | tuple[str, str]) -> tuple[str, str]:
    name, plain = (entry, entry) if isinstance(entry, str) else entry
    folded = unicodedata.normalize("NFKD", plain.translate(_PLAIN)).casefold()
    return name, "".join(letter for letter in folded if letter.isascii() and letter.isalnum())


@cache
def _names() -> dict[str, _Names]:
    return msgspec.json.decode(_read("names.json"), type=dict[str, _Names])


def _read(name: str) -> bytes:
    return (files(__package__ or "regulars.testing.shop") / name).read_bytes()
