"""Ways: how the messages of a channel leave a workspace. A secret goes in and is used; it is never shown again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from regulars.access.vault import Vault
from regulars.speak import way_records as records
from regulars.speak.channel import Adapter, Field, Values
from regulars.speak.way_records import Way, get_way, list_ways, note_test, spoken
from regulars.store.database import Tx
from regulars.words.errors import Invalid, RegularsError, Unknown, concerning

__all__ = [
    "Way",
    "drop",
    "get",
    "get_way",
    "keep",
    "kept_secrets",
    "list_ways",
    "note_test",
    "read",
    "spoken",
    "values_of",
]

LONGEST = 4_000
"""Characters of one value."""


def get(tx: Tx, channel: str) -> Way:
    """Return how messages of a channel leave; raise Unknown where they have no way."""
    found = get_way(tx, channel)
    if found is None:
        raise Unknown(
            "The channel '{channel}' has no way yet. Set it up on the page of channels.", channel=channel[:40]
        )
    return found


def values_of(way: Way, vault: Vault, workspace: str) -> Values:
    """Return all values of a way, its secrets too; raise Conflict where they cannot be opened any more."""
    return {**way.settings, **_secrets(way, vault, workspace)}


def kept_secrets(way: Way | None, vault: Vault, workspace: str) -> set[str]:
    """Return which secrets of a way are kept, by name; none that cannot be opened."""
    try:
        return set(_secrets(way, vault, workspace)) if way else set()
    except RegularsError:
        return set()


def keep(
    tx: Tx, channel: str, adapter: Adapter, given: Mapping[str, str], house: tuple[Vault, str], now: datetime
) -> Way:
    """Let messages of a channel leave by an adapter from now on. `house`: the vault, and the workspace's name.

    A secret that is left empty stays what it was, as long as messages go to the same place by the same adapter. Raise
    Invalid, naming the field, for what cannot be.
    """
    if channel not in adapter.serves:
        raise Invalid(
            "{adapter} does not carry messages of the channel {channel}.", adapter=adapter.name, channel=channel
        )
    vault, workspace = house
    before = get_way(tx, channel)
    same = before if before and before.adapter == adapter.name else None
    kept = _secrets(same, vault, workspace) if same else {}
    if same and _goes_elsewhere(same, adapter, given):
        _check_typed_anew(kept, given)
        kept = {}
    values = read(adapter.fields, {**kept, **_typed(given)})
    adapter.check(values)
    hidden = {one.name for one in adapter.fields if one.secret}
    secret = {name: value for name, value in values.items() if name in hidden and value}
    sealed = vault.seal(msgspec.json.encode(secret), _purpose(workspace, channel)) if secret else None
    records.keep_way(tx, channel, adapter.name, {k: v for k, v in values.items() if k not in hidden}, sealed, now)
    return get(tx, channel)


def read(fields: Sequence[Field], given: Mapping[str, str]) -> Values:
    """Return a value for each field, as it was typed or as it is usual; raise Invalid for what cannot be."""
    for name in given:
        if name not in {one.name for one in fields}:
            with concerning(name):
                raise Invalid("There is no setting '{name}'.", name=name[:40])
    values: Values = {}
    for one in fields:
        value = given.get(one.name, "").strip() or one.usual
        with concerning(one.name):
            if one.needed and not value:
                raise Invalid("This is needed.")
            if len(value) > LONGEST:
                raise Invalid("This has {most} characters at most.", most=LONGEST)
            if one.options and value not in one.options:
                raise Invalid("Choose one of: {names}.", names=", ".join(one.options))
            if not value.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable():
                raise Invalid("There are characters in it that nobody can see. Type it anew.")
        values[one.name] = value
    return values


def drop(tx: Tx, channel: str) -> Way:
    """Let messages of a channel leave no more; return how they did. Raise Unknown where they had no way."""
    way = get(tx, channel)
    records.drop_way(tx, channel)
    return way


def _goes_elsewhere(before: Way, adapter: Adapter, given: Mapping[str, str]) -> bool:
    aims = {one.name: given.get(one.name, "").strip() or one.usual for one in adapter.fields if one.aims}
    return any(before.settings.get(name, "") != value for name, value in aims.items())


def _check_typed_anew(kept: Values, given: Mapping[str, str]) -> None:
    """Raise Invalid for a secret that would be sent to another place than it was typed for."""
    for name in kept:
        if not given.get(name, "").strip():
            with concerning(name):
                raise Invalid("Messages go to another place now, and what is secret does not go along. Type it again.")


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value.strip()}


def _secrets(way: Way, vault: Vault, workspace: str) -> Values:
    if way.secrets is None:
        return {}
    return msgspec.json.decode(vault.unseal(way.secrets, _purpose(workspace, way.channel)), type=dict[str, str])


def _purpose(workspace: str, channel: str) -> str:
    return f"speak_way {workspace} {channel}"
