"""The outbox: intents become messages, are claimed, and are sent once.

    waiting -> claimed -> started -> sent | failed | uncertain | waiting again
            -> refused

A message is committed `started` right before it is handed over. So after a crash it is known of each whether it was
certainly not sent (claimed: it waits again) or perhaps (started: it is `uncertain` and not sent again, unless the
channel takes the same message twice without harm). A sender is dead when its presence is gone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from regulars.access.links import Links
from regulars.access.workspaces import Workspace, get_workspace
from regulars.decide import intents
from regulars.decide.policy import EMAIL
from regulars.speak import messages, records
from regulars.speak.asking import Addresses, Asker, ask_nothing
from regulars.speak.campaigns import SAY
from regulars.speak.channel import Channel
from regulars.speak.composing import Composer, Ready
from regulars.speak.delivery import Delivery
from regulars.speak.presence import Presence, dead_among
from regulars.speak.rows import Outcome
from regulars.store.database import Database, Tx
from regulars.store.log import NewEvent, append
from regulars.tracing import span
from regulars.words.kinds import MESSAGE_BOUNCED, MESSAGE_SENT, MESSAGE_UNCERTAIN
from regulars.words.reasons import DOUBT

_QUEUED_AT_ONCE = 1000
_CLAIMED_AT_ONCE = 200
_SILENCE = timedelta(minutes=1)
"""How long a sender is silent when the channel does not answer at all; that is no attempt of its messages."""
_LOOK = timedelta(seconds=10)
"""How often an idle sender looks for dead ones."""


def queue(tx: Tx, now: datetime) -> int:
    """Make messages of the intents that are due; return how many."""
    taken = intents.take(tx, SAY, _QUEUED_AT_ONCE, now)
    return records.add_messages(tx, taken) if taken else 0


class Sender:
    """Sends the messages of one workspace over one channel: `serves` names it. One for each in a process is enough."""

    def __init__(
        self,
        database: Database,
        workspace: str,
        channel: Channel,
        links: Links,
        base_url: str,
        *,
        asker: Asker = ask_nothing,
        serves: str = EMAIL,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._channel = channel
        self._addresses = Addresses(links, base_url, workspace)
        self._asker = asker
        self._serves = serves
        self._presence = Presence(database)
        self._working = Lock()
        self._stopped = False
        self._clean = True
        self._owed: list[tuple[str, Outcome, Ready]] = []
        self._looked: datetime | None = None
        self._silent_until: datetime | None = None

    def send_some(self, now: datetime) -> int:
        """Queue what was decided, and send what is due, up to some; return how many messages were handled."""
        with self._working:
            if not self._clean:
                self._recover(now)
            with self._database.workspace(self._workspace) as tx:
                due = records.anything_due(
                    tx, SAY, self._serves, now
                )  # all that an idle sender asks; and it wakes often
                if due:
                    queue(tx, now)
            if self._stopped or (self._silent_until is not None and now < self._silent_until):
                return 0
            if not due:
                self._rest(now)
                return 0
            self._clean = False
            handled = self._claim_and_deliver(now)
            self._clean = True
            if not handled:
                self._rest(now)
            return handled

    def recover(self, now: datetime) -> None:
        """Take back what dead senders held: what they had not started waits again, the rest is uncertain.

        What this sender itself left lying, when the database went away, counts too.
        """
        with self._working:
            self._recover(now)

    def close(self) -> None:
        """Stop after what is being handed over just now, and let go of the connections."""
        self._stopped = True
        with self._working:
            self._presence.let_go()
            self._channel.close()

    def _claim_and_deliver(self, now: datetime) -> int:
        composer = self._composer()
        with self._database.workspace(self._workspace) as tx:
            ready, handled = composer.claim(tx, self._presence.take, now, _CLAIMED_AT_ONCE)
        if ready:
            with span("send", workspace=self._workspace, channel=self._channel.name, messages=len(ready)):
                self._deliver(ready, self._presence.token or "", now)
        return handled

    def _rest(self, now: datetime) -> None:
        self._presence.let_go()
        if self._looked is None or now - self._looked >= _LOOK:
            self._recover(now)

    def _composer(self) -> Composer:
        workspace = get_workspace(self._database, self._workspace)
        return Composer(
            workspace=workspace,
            sender=sender_of(workspace, self._addresses.base_url),
            addresses=self._addresses,
            asker=self._asker,
            channel=self._serves,
        )

    def _deliver(self, ready: list[Ready], token: str, now: datetime) -> None:
        by_id = {one.id: one for one in ready}

        def write(outcomes: Sequence[Outcome], starting: Sequence[Ready]) -> set[int]:
            with self._database.workspace(self._workspace) as tx:
                settled = records.settle(tx, outcomes, token) if outcomes else set[int]()
                started = records.start(tx, [one.id for one in starting], token) if starting else set[int]()
                append(
                    tx, [event for one in outcomes if one.id in settled for event in _events(one, by_id[one.id], now)]
                )
            return started

        delivery = Delivery(self._channel, ready, write, now)
        try:
            delivery.run(lambda: self._stopped)
        finally:
            self._owed += [(token, outcome, by_id[outcome.id]) for outcome in delivery.unwritten]
        if delivery.waiting:
            self._silent_until = now + _SILENCE
            with self._database.workspace(self._workspace) as tx:
                records.release(tx, [one.id for one in delivery.waiting], token)

    def _pay(self, now: datetime) -> None:
        """Write what is known and could not be written when the database was away."""
        if not self._owed:
            return
        with self._database.workspace(self._workspace) as tx:
            events: list[NewEvent] = []
            for token, outcome, ready in self._owed:
                if records.settle(tx, [outcome], token):
                    events += _events(outcome, ready, now)
            append(tx, events)
        self._owed = []

    def _recover(self, now: datetime) -> None:
        self._pay(now)
        self._presence.let_go()
        self._clean, self._looked = True, now
        lost = ("claimed", "started") if self._channel.idempotent else ("claimed",)
        with self._database.workspace(self._workspace) as tx:
            dead = dead_among(tx, records.claimants(tx, self._serves))
            if not dead:
                return
            records.release_of(tx, self._serves, dead, lost)
            doubted = records.doubt(tx, self._serves, dead, DOUBT)
            append(tx, messages.events_of(tx, doubted, MESSAGE_UNCERTAIN, DOUBT, now))


def _events(outcome: Outcome, ready: Ready, now: datetime) -> list[NewEvent]:
    """Return what the log is told of an outcome: nothing of one that waits again."""
    match outcome.state:
        case "sent":
            return [ready.event(MESSAGE_SENT, now)]
        case "failed":
            return [ready.event(MESSAGE_BOUNCED, now, reason=outcome.reason, permanent=outcome.dead)]
        case "uncertain":
            return [ready.event(MESSAGE_UNCERTAIN, now, reason=outcome.reason)]
        case _:
            return []


def sender_of(workspace: Workspace, base_url: str) -> str:
    """Return the From of the workspace, or one made of its title and our address."""
    title = workspace.title.replace('"', "'")
    return workspace.sender or f'"{title}" <hello@{urlsplit(base_url).hostname or "localhost"}>'
