"""A customer is forgotten whole: what every room knows of them goes, step by step and some rows at a time.

Files that are just being taken in are waited for, and then all that were brought are removed: no row of one can bring
somebody back. Then they are cut off, in one transaction: their identifiers lead to nobody, whoever comes by one is
somebody new, and the list of erasures outside the database knows it. Then each room lets go of what it has under their
numbers. A step that was done is done again without harm, so a worker that died half-way leaves nothing that another
cannot go on with.
"""

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import structlog

from regulars.access.audit import HOUSE, Audit, Deed
from regulars.access.gone_records import ANONYMISED, ERASED, audit_step, exports_step
from regulars.decide import unwanted
from regulars.decide.gone_records import STEPS as DECIDE
from regulars.engage.gone_records import STEPS as ENGAGE
from regulars.hear import import_records as imports
from regulars.hear.gone_records import STEPS as HEAR
from regulars.hear.gone_records import imports_step, let_go
from regulars.hear.identities import Identity, identities_of, intern
from regulars.loop.mirror_rounds import leave_mirror
from regulars.measure.gone_records import STEPS as MEASURE
from regulars.remember import customers
from regulars.remember import erasure_records as erasures
from regulars.remember import gone_records as gone
from regulars.remember.erasing import note_gone
from regulars.remember.erasure_records import Erasure
from regulars.remember.followers import IDENTITY
from regulars.remember.gone_records import STEPS as REMEMBER
from regulars.speak.gone_records import STEPS as SPEAK
from regulars.store.database import Database, Tx
from regulars.store.follow import Runner
from regulars.store.gone import NOBODY, Gone, Step, mark, steps, whole
from regulars.store.records import wait_for_follower
from regulars.understand.gone_records import STEPS as UNDERSTAND
from regulars.words.errors import RegularsError, Unavailable

log = structlog.get_logger()

IN_ROOMS: tuple[Step, ...] = (*HEAR, *MEASURE, *ENGAGE, *SPEAK, *DECIDE, *UNDERSTAND, *REMEMBER)
"""What these rooms do, those first that find their rows by those of others."""


def all_steps(
    audit: Audit,
    *,
    archive: Path | None = None,
    exports: Path | None = None,
    imports: Path | None = None,
    more: Sequence[Step] = (),
) -> list[Step]:
    """Return the steps of a house; `more` are those of what lies above the rooms: channels, and the web."""
    last = [exports_step(exports)] if exports is not None else []
    return [*steps(archive, gone.heirs), *more, audit_step(audit), *IN_ROOMS, imports_step(imports), *last]


AT_ONCE = 500
"""Rows in one transaction: it must not hold up what else is written."""
STRAGGLING = timedelta(days=2)
"""How long after somebody went something may arrive that was on its way: a mail that was just being sent."""
PATIENT = timedelta(hours=1)
"""How long files that are being taken in are waited for; then they are stopped, for one may never come to its end."""
_PASSES = 2
_ADDRESSES = frozenset({"email", "phone"})
_SHORTEST = 12
"""Characters of an id by which somebody is looked for in texts about others, one digit among them: what is shorter,
or a mere word, stands anywhere. An address always counts."""
_LOOK = 2.0


class _BrokenOffError(Exception):
    """Somebody else carries it out now, or this process ends."""


class Forgetting:
    """Carries out erasures, with the steps that a house has."""

    def __init__(
        self,
        database: Database,
        steps: Sequence[Step],
        audit: Audit,
        clock: Callable[[], datetime],
        *,
        replaying: bool = False,
        mirrors: Path | None = None,
    ) -> None:
        self._database = database
        self._steps = steps
        self._usual = [one for one in steps if not (one.at_end or one.before)]
        self._audit = audit
        self._clock = clock
        self._replaying = replaying
        """It is on the list of erasures already, from where it is read."""
        self._mirrors = mirrors

    def hold(self, workspaces: Callable[[], Sequence[str]], stop: Event) -> None:
        """Carry out what is asked for, until told to stop."""
        while not stop.wait(_LOOK):
            with _tried_again():
                for workspace in workspaces():
                    with _tried_again():  # where one waits, the others go on
                        while not stop.is_set() and self.carry_out_next(workspace, stop):
                            pass

    def carry_out_next(
        self, workspace: str, stop: Event | None = None, *, wanted: UUID | None = None
    ) -> Erasure | None:  # fmt: skip
        """Carry out the next erasure that was asked for, or the one that is wanted; return it, or None for none."""
        worker = uuid4().hex
        with self._database.workspace(workspace) as tx:
            erasure = erasures.claim(tx, worker, self._clock(), wanted)
            if erasure and self._is_early(tx, erasure):
                erasures.let_wait(tx, erasure, worker)
                erasure = None
        if erasure is None:
            return None
        try:
            self._carry_out(workspace, erasure, worker, stop or Event())
        except (_BrokenOffError, RegularsError) as error:
            if isinstance(error, RegularsError):
                log.warning("an erasure waits", workspace=workspace, problem=str(error))
            with self._database.workspace(workspace) as tx:
                erasures.let_wait(tx, erasure, worker)
            if isinstance(error, RegularsError):
                raise
        return erasure

    def sweep(self, workspace: str, now: datetime) -> int:
        """Let go of what arrived after they went and was on its way before; return how many rows it was."""
        with self._database.workspace(workspace) as tx:
            lately = erasures.lately(tx, now - STRAGGLING)
        return sum(self._clear(workspace, one, step) for one in lately for step in self._usual)

    def _is_early(self, tx: Tx, erasure: Erasure) -> bool:
        """Return whether files are being taken in still, for which it waits; not again where it has begun."""
        if self._replaying or self._clock() >= erasure.asked_at + PATIENT or erasures.known_as(tx, erasure).identities:
            return False
        return imports.under_way(tx, tx.workspace or "")

    def _clear(self, workspace: str, gone: Gone, step: Step) -> int:
        cleared = 0
        while True:
            with self._database.workspace(workspace) as tx:
                some = step.clear(tx, gone, AT_ONCE)
            cleared += some
            if some < AT_ONCE:
                return cleared

    def _carry_out(self, workspace: str, erasure: Erasure, worker: str, stop: Event) -> None:
        with self._database.workspace(workspace) as tx:
            somebody = erasures.known_as(tx, erasure)
            if not somebody.identities:
                self._prepare(tx)
        runner = Runner(self._database)
        while runner.step(workspace, IDENTITY, self._clock()).more:  # whoever they turn out to be goes, too
            pass
        if not somebody.identities:
            somebody = self._cut_off(workspace, erasure, worker, stop)
        plan = self._usual * _PASSES + [one for one in self._steps if one.at_end]
        for number, step in enumerate(plan):
            more = True
            while more:
                if stop.is_set():
                    raise _BrokenOffError
                with self._database.workspace(workspace) as tx:
                    cleared = step.clear(tx, somebody, AT_ONCE)
                    how_far = (number, len(plan))
                    if not erasures.beat(tx, erasure, worker, step.name, how_far, cleared, self._clock()):
                        raise _BrokenOffError
                more = cleared >= AT_ONCE
        self._leave_mirror(workspace, erasure, worker, len(plan), stop)
        self._finish(workspace, erasure, worker)

    def _leave_mirror(self, workspace: str, erasure: Erasure, worker: str, done: int, stop: Event) -> None:
        def between() -> None:
            if stop.is_set():
                raise _BrokenOffError
            with self._database.workspace(workspace) as tx:
                if not erasures.beat(tx, erasure, worker, "mirror", (done, done), 0, self._clock()):
                    raise _BrokenOffError

        leave_mirror(self._database, self._mirrors, workspace, between)

    def _cut_off(self, workspace: str, erasure: Erasure, worker: str, stop: Event) -> Gone:
        """Cut somebody off, when it is kept in pieces by what their events are known again: only the last come then."""
        marked = Marked()
        more = True
        while more:
            if stop.is_set():
                raise _BrokenOffError
            with self._database.workspace(workspace) as tx:
                more = marked.go_on(tx, _numbers(customers.identities_of(tx, erasure.customer_id), erasure))
                if not erasures.beat(tx, erasure, worker, "events", (0, 0), 0, self._clock()):
                    raise _BrokenOffError
        with self._database.workspace(workspace) as tx:
            self._prepare(tx)  # first: it waits for whoever may wait for what cutting off holds
            somebody = cut_off(tx, erasure, self._clock(), marked, noted=self._replaying)
            if not erasures.keep_known(tx, erasure, worker, somebody):
                raise _BrokenOffError
        return somebody

    def _prepare(self, tx: Tx) -> None:
        for step in self._steps:
            if step.before:
                step.clear(tx, Gone([]), AT_ONCE)

    def _finish(self, workspace: str, erasure: Erasure, worker: str) -> None:
        now = self._clock()
        with self._database.workspace(workspace) as tx:
            if not erasures.finish(tx, erasure, worker, now):
                raise _BrokenOffError
            done = erasures.get(tx, erasure.id)
            action = ERASED if erasure.mode == "erase" else ANONYMISED
            deed = Deed(action, "customer", str(erasure.customer_id), after={"rows": done.rows})
            self._audit.note(tx, HOUSE, deed, now)


class Marked:
    """How far it is kept by what the events of somebody are known again; anew where others were joined to them."""

    def __init__(self) -> None:
        self.upto = 0
        self._whose: set[int] = set()

    def go_on(self, tx: Tx, numbers: Collection[int]) -> bool:
        """Mark some events of these numbers; return whether there may be more."""
        if not self._whose.issuperset(numbers):
            self.upto = 0
        self._whose = set(numbers)
        self.upto, more = mark(tx, numbers, self.upto)
        return more


def cut_off(tx: Tx, erasure: Erasure, now: datetime, marked: Marked, *, noted: bool = False) -> Gone:
    """Let a customer's identifiers lead to nobody, and return by which numbers they were known.

    The follower that says who is who stands still meanwhile. `noted`: it is on the list of erasures already.
    """
    wait_for_follower(tx, IDENTITY.name)
    known = customers.identities_of(tx, erasure.customer_id)
    name = customers.names_of(tx, [erasure.customer_id]).get(erasure.customer_id, "")
    numbers = _numbers(known, erasure)
    known = known or identities_of(tx, numbers)
    if not noted:
        note_gone(tx, erasure.id, known, erasure.mode, now)
    unwanted.add(tx, [one.value for one in known if one.kind in _ADDRESSES], now)
    first = gone.first_event(tx, numbers)
    gone.cut_off(tx, numbers)
    let_go(tx, numbers)
    while marked.go_on(tx, numbers):
        pass
    stand_in = NOBODY
    if erasure.mode == "anonymise" and first is not None:
        stand_in = _stand_in(tx, *first)
    return Gone(numbers, stand_in, _needles(known, name), marked.upto)


def _numbers(known: Sequence[Identity], erasure: Erasure) -> list[int]:
    return [one.id for one in known] or [erasure.customer_id]


def _stand_in(tx: Tx, seq: int, day: datetime) -> int:
    pair = ("anonymous", f"gone-{uuid4().hex}")
    identity = intern(tx, [pair])[pair]
    gone.found_stand_in(tx, identity, seq, day)
    return identity


def _needles(known: Sequence[Identity], name: str) -> list[str]:
    """Return by what somebody is looked for. Strangers choose names and anonymous ids: these count as whole values."""
    tell = [one for one in known if one.kind in _ADDRESSES or _tells(one.value)]
    entire = [one.value for one in tell if one.kind == "anonymous"] + ([name] if " " in name.strip() else [])
    found = {one.value for one in tell if one.kind != "anonymous"} | {whole(one) for one in entire}
    return sorted(one for one in found if one)


def _tells(value: str) -> bool:
    return len(value) >= _SHORTEST and any(sign.isdigit() for sign in value)


@contextmanager
def _tried_again() -> Generator[None]:
    try:
        yield
    except Unavailable:
        log.info("erasures wait for the database")
    except Exception as error:
        log.exception("erasures stopped; they are tried again", exc_info=error)
