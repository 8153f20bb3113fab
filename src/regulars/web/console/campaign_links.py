"""What a campaign adds to its links, as it stands in the composer's fields."""

from collections.abc import Mapping

import msgspec

from regulars.speak.rows import Utm, utm_of

FIELDS = ("source", "medium", "campaign")
_HEAD = "utm_"


def fields_of(utm: Utm) -> dict[str, str]:
    """Return the fields of the form."""
    return {f"{_HEAD}{name}": getattr(utm, name) for name in FIELDS}


def start() -> dict[str, str]:
    """Return the fields for a campaign that has no name yet."""
    return fields_of(utm_of("", "email", None))


def read(form: Mapping[str, str], before: Utm | None, name: str = "") -> Utm | None:
    """Return what the fields say, over what there was before; of a new campaign's, its `name` where the last is empty.

    What was sent without these fields leaves it as it is.
    """
    given = {one: form[f"{_HEAD}{one}"].strip() for one in FIELDS if f"{_HEAD}{one}" in form}
    if not given:
        return before
    if before is None and any(given.values()):
        given["campaign"] = given.get("campaign") or name
    return msgspec.structs.replace(before or Utm(), **given)


def shown(utm: Utm) -> str:
    """Return it as a text, as it stands in a link."""
    return " ".join(f"{_HEAD}{name}={value}" for name, value in msgspec.structs.asdict(utm).items() if value)
