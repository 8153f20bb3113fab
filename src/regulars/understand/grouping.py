"""Groups of customers by what they do and answer, found once a day or when asked; the fact `behaviour_group`.

A round draws some customers, has groups learned from them in a process of its own, and then puts everybody into the
nearest, some at a time; so it keeps its place where that takes long. Who is restricted is in none, a round later.
"""

from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

import msgspec

from regulars.remember import catalogue, understood
from regulars.remember.did_records import Computed, Last
from regulars.store.database import Database, Tx
from regulars.understand import grouping_records as records
from regulars.understand.breathing import breath
from regulars.understand.changed import ask_about
from regulars.understand.group_features import choose, names_of
from regulars.understand.group_learning import MOST_GROUPS, GroupDifference, Task, learn_apart, there
from regulars.understand.group_model import Model, read
from regulars.understand.grouping_records import Group, Grouped, KnownOf, Standing
from regulars.words.errors import Invalid, Unknown, concerning

__all__ = [
    "FACT",
    "FEWEST",
    "FEWEST_GROUPS",
    "MOST_GROUPS",
    "Group",
    "GroupDifference",
    "Grouped",
    "Standing",
    "ask",
    "call",
    "get_group",
    "groups",
    "people",
    "standing",
    "work_on",
]  # fmt: skip

FACT = "behaviour_group"
FEWEST = 30
"""Customers of whom something must be known for groups of them to say anything."""
MOST_DRAWN = 100_000
"""Customers from whom groups are learned at most."""
FEWEST_GROUPS = 2
LONGEST_TITLE = 80
_AT_ONCE = 1_000
_USUALLY, _SOON, _AGAIN = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)
_PATIENCE = timedelta(minutes=15)
"""After so long whoever began to learn groups is taken for ended."""
_SECONDS = 30.0
"""How long a round goes on before it lets others have their turn; what is left is for the next."""
_BEYOND = 2**62


class _Begun(msgspec.Struct, frozen=True):
    """What a walk goes by."""

    model: Model
    differences: list[list[GroupDifference]]
    apart: float
    drawn: int
    newest: int


def work_on(database: Database, workspace: str, now: datetime) -> None:
    """Let those who are restricted be in none, learn groups where that is due, and put customers into them: a round."""
    with database.workspace(workspace) as tx:
        if restricted := records.leave_restricted(tx):
            ask_about(tx, understood.keep(tx, understood.hold(tx, restricted), [FACT], []), [FACT], now)
    with database.workspace(workspace) as tx:
        due = _due(records.standing(tx, hold=True), records.newest(tx), now)
        if due:
            records.begin(tx, now)
    if due:
        _learn(database, workspace, now)
    _walk_on(database, workspace, now)


def _due(known: Standing, newest: int, now: datetime) -> bool:
    """Return whether groups are to be learned: asked for, a day old, or of half the customers of now."""
    if known.walking or (known.begun_at and now - known.begun_at < _PATIENCE):
        return False
    if known.begun_at or known.asked_at or known.tried_at is None:
        return True
    since = now - known.tried_at
    if known.problem in {"few", "extra"}:
        return since >= _AGAIN
    return since >= _USUALLY or (since >= _SOON and newest > 2 * known.newest)


def _learn(database: Database, workspace: str, now: datetime) -> None:
    """Learn groups and begin the walk, or note why not. What is read is read in a transaction that holds nothing up."""
    problem, task, whole, newest = "extra", None, 0, 0
    if there():
        with database.snapshot(workspace) as tx:
            task, whole, newest = _task(database, workspace, tx, now), records.how_many(tx), records.newest(tx)
        problem = "few"
    learned = None
    if task and task.rows >= FEWEST:
        learned = learn_apart(task)
        problem = "same" if learned else "failed"
    with database.workspace(workspace) as tx:
        if task and learned and learned.model:
            begun = _Begun(learned.model, learned.differences, learned.apart, task.rows, newest)
            records.begin_walk(tx, msgspec.json.encode(begun), whole, now)
        else:
            records.fail(tx, problem, now)


def _task(database: Database, workspace: str, tx: Tx, now: datetime) -> Task:
    customers = records.drawn(tx, MOST_DRAWN)
    features = choose(tx, customers, _AT_ONCE)
    names, today = names_of(features), now.date()
    found = {one.number for one in records.groups(tx)}
    matrix, before = array("f"), array("i")
    for first in range(0, len(customers) if features else 0, _AT_ONCE):
        with breath(database, workspace):
            piece = customers[first : first + _AT_ONCE]
            numbers = records.numbers_of(tx, piece)
            known = {one.customer_id: one.known for one in records.known_of(tx, piece, names)}
            for who in piece:
                if who in known:
                    matrix.extend(read(features, known[who], today))
                    before.append(number if (number := numbers.get(who, 0)) in found else 0)
    wished, last = records.standing(tx).wished, records.last_number(tx)
    return Task(today, features, len(before), matrix.tobytes(), before.tobytes(), wished, last)


def _walk_on(database: Database, workspace: str, now: datetime) -> None:
    """Put on customers into groups, some in a transaction; behind the last one the groups are those that are found."""
    until = monotonic() + _SECONDS
    more = True
    while more and monotonic() < until:
        with breath(database, workspace), database.workspace(workspace) as tx:
            walk = records.hold_walk(tx)
            if walk is None:
                return
            begun = msgspec.convert(walk.model, _Begun)
            more = walk.after < _BEYOND
            if more:
                customers = records.next_customers(tx, walk.after, _AT_ONCE)
                upto = customers[-1] if customers else _BEYOND
                records.step(tx, upto, len(customers))
                _put(tx, begun.model, customers, walk.after, upto, now)
            else:
                records.put_groups(tx, dict(zip(begun.model.numbers, begun.differences, strict=True)))
                facts = names_of(begun.model.features)
                records.end_walk(tx, now, begun.newest, begun.drawn, begun.apart, facts)


def _put(tx: Tx, model: Model, customers: Sequence[int], after: int, upto: int, now: datetime) -> None:
    """Put some customers into their groups; whoever was in one between two numbers and is not among them is in none."""
    found = records.known_of(tx, customers, names_of(model.features))
    numbers = {one.customer_id: model.group_of(one.known) for one in found}
    gone = records.leave(tx, list(numbers), after, upto)
    there = set(understood.hold(tx, [*customers, *gone]))  # only now, to write: others follow meanwhile
    found = [one for one in found if one.customer_id in there]
    records.put(tx, {one.customer_id: numbers[one.customer_id] for one in found})
    facts = [_fact(numbers[one.customer_id], one) for one in found]
    ask_about(tx, understood.keep(tx, there, [FACT], facts), [FACT], now)


def _fact(number: int, one: KnownOf) -> Computed:
    return understood.fact(one.customer_id, FACT, f"{number}", f"{number}", Last(one.at, one.seq))


def standing(tx: Tx) -> Standing:
    """Return how the finding of groups stands."""
    return records.standing(tx)


def ask(tx: Tx, wished: int | None, now: datetime) -> None:
    """Have groups found now by a work process, and so many from now on; None: as many as the customers show."""
    with concerning("groups"):
        if wished is not None and not FEWEST_GROUPS <= wished <= MOST_GROUPS:
            raise Invalid("There can be {fewest} to {most} groups.", fewest=FEWEST_GROUPS, most=MOST_GROUPS)
    records.ask(tx, wished, now)


def groups(tx: Tx) -> list[Group]:
    """Return the groups that are found, the largest first, without what has become sensitive since."""
    found = records.groups(tx)
    known = catalogue.entries(tx, {one.fact for group in found for one in group.differences})
    told = {name for name, one in known.items() if not one.sensitive}
    return [
        msgspec.structs.replace(group, differences=[one for one in group.differences if one.fact in told])
        for group in found
    ]


def get_group(tx: Tx, number: int) -> Group:
    """Return one group. Raise Unknown where none is found with this number."""
    for one in groups(tx):
        if one.number == number:
            return one
    raise Unknown("There is no group {number}.", number=number)


def call(tx: Tx, number: int, title: str) -> Group:
    """Call a group something, or nothing again; return what it was. Its number, and so every rule, stays."""
    title = " ".join(title.split())
    with concerning("title"):
        if len(title) > LONGEST_TITLE:
            raise Invalid("A title has at most {most} characters.", most=LONGEST_TITLE)
    before = records.hold_group(tx, number)
    if before is None:
        raise Unknown("There is no group {number}.", number=number)
    records.call(tx, number, title)
    return before


def people(tx: Tx, number: int, after: int = 0, limit: int = 50) -> list[Grouped]:
    """Return who is in a group, by number, behind one."""
    return records.people(tx, number, after, limit)
