"""Which columns the files of the mirror have. docs/mirror.md says what is in them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from regulars.store.mirror import Kind, Property, quoted
from regulars.words.money import LARGEST, NAMES

MOST_COLUMNS, MOST_NAMES = 200, 2_000
"""Properties that have a column of their own, and that are known by their type; later ones stand in `props` only."""
_NUMBERS = frozenset({"UBIGINT", "BIGINT", "DOUBLE", "HUGEINT", "UHUGEINT"})
_KINDS: Mapping[str, Kind] = {"VARCHAR": "text", "BOOLEAN": "boolean", **dict.fromkeys(_NUMBERS, "number")}
_NAME = re.compile(r"[^\W\d][\w .-]{0,59}")
_AS = {"number": "double", "text": "varchar", "boolean": "boolean"}
_VALUE = "json_extract(props, '/' || replace(replace(name, '~', '~0'), '/', '~1'))"
_ZERO = f"contains(name, chr(0)) or contains(cast({_VALUE} as varchar), '\\u0000')"
_TAKEN = f"""case when contains(props, '\\u0000') then cast(to_json(map_from_entries(list_transform(
    list_filter(json_keys(props), lambda name: not ({_ZERO})), lambda name: (name, {_VALUE})))) as varchar)
    else props end"""
"""What no text of the database can have is left out: no rule sees it there."""
_MOMENT = "make_timestamptz({})"

EVENT_ROWS: Mapping[str, str] = {
    "seq": "bigint",
    "identity": "bigint",
    "kind": "varchar",
    "happened_at": "bigint",
    "received_at": "bigint",
    "historical": "boolean",
    "whole": "boolean",
    "cause": "bigint",
    "props": "varchar",
    "context": "varchar",
}
"""What is read of events."""
SNAPSHOT_ROWS: Mapping[str, Mapping[str, str]] = {
    "customers": {"customer": "bigint", "created_at": "bigint", "restricted": "boolean"},
    "identities": {
        "identity": "bigint",
        "customer": "bigint",
        "kind": "varchar",
        "bounced": "boolean",
        "held": "boolean",
    },
    "facts": {
        "customer": "bigint",
        "name": "varchar",
        "type": "varchar",
        "text": "varchar",
        "number": "double",
        "value": "varchar",
        "source": "varchar",
        "verified": "boolean",
        "learned_at": "bigint",
        "event": "bigint",
    },
    "disputes": {"customer": "bigint", "name": "varchar"},
    "consents": {
        "identity": "bigint",
        "customer": "bigint",
        "purpose": "varchar",
        "channel": "varchar",
        "granted": "boolean",
    },
    "memberships": {"segment": "varchar", "customer": "bigint", "since": "bigint"},
    "stages": {"customer": "bigint", "category": "varchar", "stage": "varchar", "shown_at": "bigint"},
}
"""What is read for snapshots."""
SNAPSHOT_QUERIES: Mapping[str, str] = {
    "customers": f"select * replace ({_MOMENT.format('created_at')} as created_at) from customers",
    "identities": "select * from identities",
    "facts": f"""select f.* replace ({_MOMENT.format("learned_at")} as learned_at), d.name is not null as disputed
        from facts f left join disputes d on d.customer = f.customer and d.name = f.name""",
    "consents": "select * from consents",
    "memberships": f"select * replace ({_MOMENT.format('since')} as since) from memberships",
    "stages": f"select * replace ({_MOMENT.format('shown_at')} as shown_at) from stages",
}
"""What is written of what is read."""
SNAPSHOT_ORDERS: Mapping[str, str] = {
    "customers": "customer",
    "identities": "identity",
    "facts": "name, customer",
    "consents": "purpose, channel, identity",
    "memberships": "segment, customer",
    "stages": "category, stage, customer",
}
"""In which order each snapshot is written."""


def learned(known: Mapping[str, Property], structures: Iterable[str]) -> dict[str, Property]:
    """Return what is known of the properties of events when some more were seen, by DuckDB's `json_structure`.

    A property keeps its column as long as all its values are of one type; then it stands in `props` only, for ever.
    """
    found = dict(known)
    taken = {one.column for one in found.values()}
    for structure in structures:
        seen: Any = msgspec.json.decode(structure)
        for name, shape in cast("dict[str, Any]", seen).items() if isinstance(seen, dict) else ():
            kind = _kind(shape)
            if kind is None or (name not in found and len(found) >= MOST_NAMES):
                continue
            if name not in found:
                column = "p_" + re.sub(r"\W+", "_", name.lower())
                free = kind != "mixed" and _NAME.fullmatch(name) and column not in taken and len(taken) < MOST_COLUMNS
                found[name] = Property(kind, column if free else "")
                taken.add(found[name].column)
            elif found[name].type not in (kind, "mixed"):
                found[name] = Property("mixed")
    return found


def _kind(shape: Any) -> Kind | None:
    """Return the type of a property; None where it is null, which says nothing."""
    if shape == "NULL":
        return None
    return _KINDS.get(shape, "mixed") if isinstance(shape, str) else "mixed"


def batch(typed: Mapping[str, Property]) -> str:
    """Return the query that gives events of the table `fresh` all their columns."""
    paths = [f'$."{name}"' for name in (*NAMES, *typed)]
    columns = [
        f'try_cast(said[{n}] as {_AS[one.type]}) as "{one.column}"'
        for n, one in enumerate(typed.values(), len(NAMES) + 1)
    ]
    listed = ", ".join(quoted(path) for path in paths)
    numbers = ", ".join(quoted(one) for one in sorted(_NUMBERS))
    worths = " ".join(
        f"when shapes[{n}] in ({numbers}) then try_cast(said[{n}] as double)" for n in range(1, len(NAMES) + 1)
    )
    worth = f"case {worths} end"
    money = f"case when abs(worth) <= {LARGEST!r} then worth end"
    plain = ", ".join(["cause", "props", "context", *columns])
    return f"""select seq, identity, kind, happened_at, cast(happened_at as date) as day, received_at, historical,
        whole, {money} as money, {plain}, strftime(happened_at, '%Y-%m') as month
    from (select * replace ({_MOMENT.format("happened_at")} as happened_at,
                            {_MOMENT.format("received_at")} as received_at), {worth} as worth
          from (select *, json_extract_string(props, [{listed}]) as said,
                    json_type(props, [{listed}]) as shapes from (select * replace ({_TAKEN} as props) from fresh)))"""
