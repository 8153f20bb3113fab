"""The door: one writer per process takes whatever waits into one commit, and only then are the requests answered.

What is acknowledged is on disk. It does not wait for more requests to come; a full queue refuses (Busy), never drops.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread

import structlog

from regulars.hear import records
from regulars.hear.drafts import Draft, pairs_of
from regulars.hear.identities import Identities, Pair
from regulars.store.at_once import append_at_once
from regulars.store.database import Database, Tx
from regulars.store.gone import cut_before
from regulars.store.log import append, room_for
from regulars.store.waking import Waker
from regulars.tracing import span
from regulars.words.errors import Busy, Invalid, RegularsError, Unavailable

log = structlog.get_logger()

MOST_WAITING = 20_000
"""Events that may wait in one process."""
MOST_TOGETHER = 4_000
"""Events in one commit: a commit must stay far below 100 ms."""
MOST_PUBLIC_KINDS = 1_000
"""Names of events that a log may have for a public key to add another: a stranger must not use them all up."""

Answer = Callable[[RegularsError | None], None]


class _Post:
    __slots__ = ("answer", "drafts", "workspace")

    def __init__(self, workspace: str, drafts: Sequence[Draft], answer: Answer) -> None:
        self.workspace = workspace
        self.drafts = drafts
        self.answer = answer


class Door:
    """Takes drafts of events from many threads and appends them in groups.

    `room` raises Unavailable where the disk is full: then they are refused, and whoever sent them has them still.
    """

    def __init__(
        self,
        database: Database,
        waker: Waker,
        *,
        most_waiting: int = MOST_WAITING,
        room: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._waker = waker
        self._identities = Identities()
        self._queue: SimpleQueue[_Post | None] = SimpleQueue()
        self._most = most_waiting
        self._room = room
        self._waiting = 0
        self._thread = Thread(target=self._run, name="door", daemon=True)
        self._thread.start()

    def post(self, workspace: str, drafts: Sequence[Draft], answer: Answer) -> None:
        """Hand in events; `answer` is called, from the writer's thread, with None once they are on disk, or an error.

        Raise Busy when too many are waiting: nothing was taken.
        """
        if self._waiting and self._waiting + len(drafts) > self._most:
            raise Busy("Too much is waiting to be written. Nothing was taken; try again in a second.")
        self._waiting += len(drafts)
        self._queue.put(_Post(workspace, drafts, answer))

    def take(self, workspace: str, drafts: Sequence[Draft]) -> None:
        """Hand in events and wait until they are on disk; raise what went wrong."""
        done = Event()
        outcome: list[RegularsError | None] = []

        def answer(error: RegularsError | None) -> None:
            outcome.append(error)
            done.set()

        self.post(workspace, drafts, answer)
        done.wait()
        if outcome[0] is not None:
            raise outcome[0]

    @property
    def waiting(self) -> int:
        """How many events were taken in and are not yet written."""
        return self._waiting

    def close(self) -> None:
        """Write what is waiting, then stop."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            posts, last = self._gather(first)
            for workspace, group in posts.items():
                self._write(workspace, group)
            if last:
                return

    def _gather(self, first: _Post) -> tuple[dict[str, list[_Post]], bool]:
        posts: dict[str, list[_Post]] = defaultdict(list)
        posts[first.workspace].append(first)
        together = len(first.drafts)
        while together < MOST_TOGETHER:
            try:
                post = self._queue.get_nowait()
            except Empty:
                break
            if post is None:
                return posts, True
            posts[post.workspace].append(post)
            together += len(post.drafts)
        return posts, False

    def _write(self, workspace: str, posts: list[_Post]) -> None:
        try:
            self._append(workspace, posts)
        except Unavailable as error:
            self._answer(posts, error)
        except Exception as error:
            if len(posts) > 1:  # one hostile event must not cost its neighbours
                for post in posts:
                    self._write(workspace, [post])
            else:
                log.warning("not taken", workspace=workspace, exc_info=error)
                refusal = error if isinstance(error, RegularsError) else _NOT_TAKEN
                self._answer(posts, refusal)
        else:
            self._waker.poke(workspace)
            self._answer(posts, None)

    def _append(self, workspace: str, posts: list[_Post]) -> None:
        drafts = [draft for post in posts for draft in post.drafts]
        with span("hear", workspace=workspace, requests=len(posts), events=len(drafts)):
            self._append_all(workspace, drafts)

    def _append_all(self, workspace: str, drafts: list[Draft]) -> None:
        self._room()
        if self._append_known(workspace, drafts):
            return
        with self._database.workspace(workspace) as tx:
            if self._identities.hold_for(tx):
                drafts = _without_cut(tx, drafts)
            numbers, fresh = self._identities.numbers(tx, pairs_of(drafts))
            _check_names(tx, drafts)
            _append_drafts(tx, drafts, numbers)
        self._identities.keep(tx, fresh)

    def _append_known(self, workspace: str, drafts: list[Draft]) -> bool:
        """Append drafts the short way, where everything they name has a number that is remembered."""
        known = self._identities.known(workspace, pairs_of(drafts))
        if known is None or any(draft.historical for draft in drafts):
            return False
        numbers, remembered = known
        return append_at_once(self._database, workspace, [draft.event(numbers) for draft in drafts], remembered)

    def _answer(self, posts: list[_Post], error: RegularsError | None) -> None:
        for post in posts:
            self._waiting -= len(post.drafts)
            post.answer(error)


def _without_cut(tx: Tx, drafts: list[Draft]) -> list[Draft]:
    """Leave out what was taken before, of somebody who was forgotten since: a client that repeats it brings no news."""
    cut = cut_before(tx, [draft.mid for draft in drafts if draft.mid is not None])
    return [draft for draft in drafts if draft.mid not in cut] if cut else drafts


def _append_drafts(tx: Tx, drafts: Sequence[Draft], numbers: Mapping[Pair, int]) -> None:
    """Append drafts; of those that are imported only what the log does not have, however long ago it took them."""
    past = [draft.event(numbers) for draft in drafts if draft.historical]
    known = records.known_events(tx, past) if past else ()
    events = (draft.event(numbers) for draft in drafts)
    append(tx, [event for event in events if not (event.historical and event.mid in known)])


def _check_names(tx: Tx, drafts: Sequence[Draft]) -> None:
    public = {draft.kind for draft in drafts if draft.public}
    if public and not room_for(tx, public, MOST_PUBLIC_KINDS):
        raise Invalid("event: this name is new, and a browser key adds none to so many. Send it once with a write key.")


_NOT_TAKEN = Invalid("The database does not take this text as JSON. Nothing of this request was kept.")
