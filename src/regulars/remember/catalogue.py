"""The catalogue of facts: what each is called, how long it holds, who may see it and what it may be used for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars.remember import catalogue_records as records
from regulars.remember.catalogue_records import Contradiction, EntryVersion, FactEntry
from regulars.remember.learning import OWN_PAGE, TEAM
from regulars.remember.rows import Fact
from regulars.store.database import Tx
from regulars.words.errors import Invalid, Overtaken, Unknown, concerning
from regulars.words.names import is_purpose

__all__ = [
    "Contradiction",
    "EntryVersion",
    "FactEntry",
    "Said",
    "check_use",
    "contradictions",
    "distribution",
    "entries",
    "get_entry", "hidden_among",
    "how_many",
    "masked",
    "refused_for",
    "restore",
    "save",
    "stale",
    "versions",
]  # fmt: skip

HIDDEN = "•••"
"""What stands for the words of a sensitive fact."""
_LONGEST_LABEL = 200
_MOST_DAYS = 36_500
_NEARLY = 30
"""Days within which two statements are of nearly the same time."""
_VALUES = 20


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a fact: its label, labels by language, shelf life in days, and who and what may use it."""

    label: str = ""
    labels: dict[str, str] = {}
    shelf_days: int | None = None
    sensitive: bool = False
    purposes: list[str] | None = None


def entries(tx: Tx, names: Collection[str] | None = None) -> dict[str, FactEntry]:
    """Return some facts of the catalogue by name, or all."""
    return {one.name: one for one in records.entries(tx, names)}


def get_entry(tx: Tx, name: str) -> FactEntry:
    """Return a fact of the catalogue. Raise Unknown where there is none."""
    for one in records.entries(tx, [name]):
        return one
    raise Unknown("There is no fact '{name}' in the catalogue.", name=name[:80])


def save(tx: Tx, name: str, said: Said, now: datetime, *, replaces: int | None = None) -> FactEntry:
    """Say other things of a fact; the same once more changes nothing.

    Raise Invalid beside what cannot be, Overtaken where it was begun from the version it `replaces` and that is not the
    newest any more.
    """
    said = _checked(said)
    held = records.hold_entry(tx, name)
    if held is None:
        raise Unknown("There is no fact '{name}' in the catalogue.", name=name[:80])
    if replaces is not None and held.version != replaces:
        raise Overtaken("Somebody else saved the fact '{name}' just now. Look at it, then save again.", name=name)
    if said != _said(held):
        records.save_entry(tx, name, msgspec.structs.asdict(said), now)
    return get_entry(tx, name)


def _said(entry: FactEntry) -> Said:
    return Said(entry.label, entry.labels, entry.shelf_days, entry.sensitive, entry.purposes)


def _checked(said: Said) -> Said:
    labels = {language.strip(): text.strip() for language, text in said.labels.items() if text.strip()}
    for field, text in (("label", said.label), *(("labels", text) for text in labels.values())):
        with concerning(field):
            if len(text) > _LONGEST_LABEL:
                raise Invalid("A label has at most {most} characters.", most=_LONGEST_LABEL)
    with concerning("shelf_days"):
        if said.shelf_days is not None and not 0 < said.shelf_days <= _MOST_DAYS:
            raise Invalid("A shelf life is 1 to {most} days; leave it empty where it holds for ever.", most=_MOST_DAYS)
    with concerning("purposes"):
        for purpose in said.purposes or ():
            if not is_purpose(purpose):
                raise Invalid("'{purpose}' is no purpose. Use a word such as marketing or service.", purpose=purpose)
    purposes = None if said.purposes is None else sorted(set(said.purposes))
    return msgspec.structs.replace(said, label=said.label.strip(), labels=labels, purposes=purposes)


def versions(tx: Tx, name: str) -> list[EntryVersion]:
    """Return what was said of a fact, the newest first; nothing where it was never edited."""
    get_entry(tx, name)
    return records.versions(tx, name)


def restore(tx: Tx, name: str, version: int, now: datetime, *, replaces: int | None = None) -> FactEntry:
    """Say again of a fact what was said in a version of it."""
    for one in versions(tx, name):
        if one.version == version:
            return save(tx, name, msgspec.convert(one.said, Said), now, replaces=replaces)
    with concerning("version"):
        raise Unknown("The fact '{name}' has no version {version}.", name=name, version=version)


def how_many(tx: Tx, names: Collection[str] | None = None) -> dict[str, int]:
    """Return of how many customers facts are known, or all; of very many as it was up to a minute ago."""
    key = (tx.log_id, "facts known")
    known = tx.counts.get(key, lambda: records.how_many(tx), lambda found: sum(found.values()))
    return {name: count for name, count in known.items() if names is None or name in names}


def distribution(tx: Tx, name: str) -> list[tuple[str, int]]:
    """Return the values that most customers have, with how many."""
    return records.distribution(tx, name, _VALUES)


def refused_for(known: Iterable[FactEntry], purpose: str) -> list[str]:
    """Return the names of the facts that may not be used for a purpose."""
    return [one.name for one in known if one.purposes is not None and purpose not in one.purposes]


def check_use(tx: Tx, names: Collection[str], purpose: str) -> None:
    """Raise Invalid where one of some facts may not be used for a purpose."""
    if refused := refused_for(records.entries(tx, names), purpose):
        raise Invalid(
            "It uses what may not be used for {purpose}: {facts}. The catalogue of facts says what each is for.",
            purpose=purpose,
            facts=", ".join(refused),
        )


def stale(entry: FactEntry | None, at: datetime, now: datetime) -> bool:
    """Whether what was said at a moment is past its shelf life: it is quoted no more, and asked again."""
    return entry is not None and entry.shelf_days is not None and at < now - timedelta(days=entry.shelf_days)


def hidden_among(tx: Tx, known: Sequence[Fact]) -> set[str]:
    """Return the names under which somebody's sensitive facts are known: those of the catalogue, and their twins."""
    listed = {one.name for one in records.entries(tx) if one.sensitive}
    told = {(one.seq, one.words) for one in known if one.name in listed}
    return listed | {one.name for one in known if (one.seq, one.words) in told}


def masked(known: Sequence[Fact], hidden: Collection[str]) -> list[Fact]:
    """Return facts without what is said in some of them."""
    return [msgspec.structs.replace(one, value=None, words=HIDDEN) if one.name in hidden else one for one in known]


def contradictions(tx: Tx, customer_id: int) -> Mapping[str, list[Contradiction]]:
    """Return by fact the statements that contradict what holds of a customer, until somebody says which one does."""
    found: dict[str, list[Any]] = {}
    for one in records.contradictions(tx, customer_id, [TEAM, OWN_PAGE], _NEARLY):
        found.setdefault(one.name, []).append(one)
    return found
