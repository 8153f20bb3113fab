"""How a form says the way in which the columns of a file are read, and the other way round."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import msgspec

from regulars.hear.imports.encodings import known_encoding
from regulars.hear.imports.fields import CONSENT, FACT, PROP, TYPES, fact_name, named_and_typed
from regulars.hear.imports.plan import Plan, Reading, zone_of
from regulars.words.errors import Invalid

_COLUMN, _OTHER, _TYPE = "column:", "other:", "type:"


def says_columns(form: Mapping[str, str]) -> bool:
    """Return whether a form says what columns are."""
    return any(key.startswith(_COLUMN) for key in form)


def own_name(column: str, target: str) -> tuple[str, str]:
    """Return what a column is called here and of which type it is, as it stands in the form."""
    head = target.partition(":")[0]
    if head in {FACT, PROP}:
        return named_and_typed(target)
    return (target if target.startswith(f"{CONSENT}:") else fact_name(column)), "text"


def read_as(form: Mapping[str, str], before: Plan) -> Plan:
    """Return how a file is read, as a form says it; raise Invalid where it cannot be."""
    reading = msgspec.to_builtins(before.reading)
    reading |= {name: form[name] for name in ("separator", "decimal", "dates", "sheet") if form.get(name)}
    reading |= {"currency": form.get("currency", "").strip().upper() or before.reading.currency}
    reading |= {"zone": zone_of(form.get("zone", "").strip() or before.reading.zone).key}
    if form.get("encoding"):
        reading["encoding"] = known_encoding(form["encoding"])
    columns: dict[str, str] = {}
    for key, target in form.items():
        if key.startswith(_COLUMN):
            name = key.removeprefix(_COLUMN)
            own = form.get(_OTHER + name, "").strip()
            called = _called(before.what, own, form.get(_TYPE + name, "text"))
            columns[name] = called if target == "other" and own else target
    if other := [name for name, target in columns.items() if target == "other"]:
        raise Invalid("Say what the column '{name}' is called here, or leave it out.", name=other[0])
    said: dict[str, Any] = {name: form[name].strip() for name in ("event", "source", "on_list") if name in form}
    try:
        as_of = date.fromisoformat(form["as_of"]) if form.get("as_of") else None
        moment = datetime.combine(as_of, time(), tzinfo=zone_of(reading["zone"])) if as_of else None
        return msgspec.structs.replace(
            before, reading=msgspec.convert(reading, Reading), columns=columns, as_of=moment, **said
        )
    except (ValueError, msgspec.ValidationError) as error:
        raise Invalid("This cannot be: {problem}.", problem=str(error)) from error


def _called(what: str, own: str, kind: str) -> str:
    """Return the target of a column that has a name of its own; one that says more (`consent:...`) is left as it is."""
    if own.partition(":")[0] in {FACT, PROP, CONSENT}:
        return own
    target = f"{PROP if what == 'events' else FACT}:{own}"
    return f"{target}:{kind}" if kind in TYPES and kind != "text" else target
