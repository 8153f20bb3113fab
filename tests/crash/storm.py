"""Runs the storm and says what it found: `python -m tests.crash.storm --kills 200 --seed 1`.

Clients send orders and repeat each batch until it is acknowledged; each customer's first order lets them enter a
segment whose campaign writes to them by SMTP; and each new one logs in on a browser that has been here before, so
two records become one. Files of the past are being taken in, and others have themselves forgotten. Meanwhile web, work
and PostgreSQL are killed with -9 at seeded random moments. Afterwards the log, the rollups, the customers, the members,
the files, the outbox and the mail server must tell the same story.
"""

import argparse
import sys
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event, Lock, Thread
from time import monotonic, sleep

import msgspec
import psutil
from aiosmtpd.controller import Controller
from tests.crash import files, leaving
from tests.crash.house import processes

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.hear.identities import intern
from regulars.loop.followers import begin
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store import records
from regulars.store.database import Database
from regulars.store.log import NewEvent, append
from regulars.testing.serving import Served, free_port, scratch, serving, wait_until
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now
from regulars.words.ids import hash64
from regulars.words.kinds import CONSENT_CHANGED

WORKSPACE = "storm"
BOUGHT = "Order Completed"
CONNECTIONS = 3
WRITERS = 3
PER_BATCH = 4
WEIGHTS = {"web": 4, "work": 5, "postgres": 3, "postgres backend": 3}


class Mailbox:
    """What the mail server took, by message id."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        head = envelope.content.decode(errors="replace").partition("\r\n\r\n")[0]  # type: ignore[attr-defined]
        for line in head.splitlines():
            if line.lower().startswith("message-id:"):
                self.taken[line.partition(":")[2].strip()] += 1
        return "250 taken"


@dataclass
class Storm:
    """One storm: what was sent, what was acknowledged, what was killed."""

    target: Served
    key: str
    rng: Random
    acknowledged: set[str] = field(default_factory=set)
    buyers: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    """Who logged in on a browser: two records that must be one."""
    killed: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)
    fresh: int = 0

    def write(self, writer: int) -> None:
        """Send orders, each batch until it is acknowledged."""
        rng = Random(self.rng.random())
        number = 0
        while not self.over.is_set():
            with self.lock:
                self.fresh += 1
                newest = self.fresh
            customers = [newest, *(rng.randint(1, newest) for _ in range(PER_BATCH - 1))]
            ids = [f"{writer}-{number}-{n}" for n in range(PER_BATCH)]
            number += 1
            calls = [
                {
                    "type": "track",
                    "event": BOUGHT,
                    "userId": f"u{customer}",
                    "messageId": one,
                    "properties": {"total": 10},
                }
                for customer, one in zip(customers, ids, strict=True)
            ]
            browser = f"b{newest}"
            login = {"type": "identify", "userId": f"u{newest}", "anonymousId": browser, "messageId": f"{browser}-in"}
            seen = {"type": "page", "anonymousId": browser, "name": "Home", "messageId": f"{browser}-seen"}
            body = msgspec.json.encode({"batch": [*calls, seen, login]})
            while not self._post(body):
                sleep(0.03)
            with self.lock:
                self.acknowledged.update(ids)
                self.buyers.update(customers)
                self.joined.add(newest)
            sleep(0.02)

    def _post(self, body: bytes) -> bool:
        connection = HTTPConnection("127.0.0.1", self.target.port, timeout=10)
        basic = b64encode(f"{self.key}:".encode()).decode()
        try:
            connection.request("POST", "/v1/batch", body, {"Authorization": f"Basic {basic}"})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        assert answer.status in {200, 401, 429, 503}, (answer.status, text)
        return answer.status == 200

    def kill(self) -> None:
        """Kill one process with -9, chosen by chance."""
        there = processes(self.target)
        kinds = [kind for kind in WEIGHTS if there.get(kind)]
        if not kinds:
            return
        kind = self.rng.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0]
        try:
            self.rng.choice(there[kind]).kill()
        except psutil.Error:
            return
        self.killed[kind] += 1

    def rage(self, kills: int) -> None:
        """Kill until it is enough; after each kill something must soon be acknowledged again."""
        while sum(self.killed.values()) < kills:
            sleep(self.rng.uniform(0.05, 0.8))
            before = len(self.acknowledged)
            self.kill()
            if self.rng.random() < 0.7:
                wait_until(lambda before=before: len(self.acknowledged) > before, "acknowledging goes on", 60)


def prepare(target: Served, people: int) -> str:
    """Make a workspace whose campaign writes to everybody who buys for the first time; return a key."""
    database = Database(target.database_url)
    try:
        create_workspace(database, WORKSPACE, "Storm", delivery="smtp", sender="Storm <storm@gifts.example>")
        key = create_key(database, WORKSPACE, "write")
        now = utc_now()
        with database.workspace(WORKSPACE) as tx:
            begin(tx)
            pairs = [(("user", f"u{n}"), ("email", f"u{n}@customers.example")) for n in range(1, people + 1)]
            numbers = intern(tx, [pair for both in pairs for pair in both])
            agreed = {"purpose": "marketing", "channel": "email", "granted": True, "words": "yes", "how": "storm"}
            events: list[NewEvent] = []
            for user, email in pairs:
                props = {"traits": {"email": email[1]}, "links": [numbers[email]], "verified": True}
                events.append(NewEvent(numbers[user], now, "identify", msgspec.json.encode(props)))
                events.append(NewEvent(numbers[email], now, CONSENT_CHANGED, msgspec.json.encode(agreed)))
            append(tx, events)
        with database.workspace(WORKSPACE) as tx:
            rule = {"event": BOUGHT, "count": {"at_least": 1}}
            create_segment(tx, "bought", "Bought", rule, now)
            save_template(
                tx,
                "thanks",
                subject="Thank you",
                html="<p>Thank you. {{ unsubscribe_url }}</p>",
                text="Thank you. {{ unsubscribe_url }}",
            )
            campaigns.create(tx, "thanks", title="Thanks", segment="bought", template="thanks", purpose="marketing")
            campaigns.launch(tx, "thanks", now)
        wait_until(lambda: quiet(database), "everybody is known", 120)
        return key
    finally:
        database.close()


def quiet(database: Database) -> bool:
    """Whether everything has followed and nothing waits to be sent."""
    with database.workspace(WORKSPACE) as tx:
        head = records.head(tx)
        behind = [state for state in records.list_followers(tx) if state.cursor < head]
        open_messages = tx.connection.execute(
            "select count(*) from speak_message where state in ('waiting', 'claimed', 'started')"
        ).fetchone()
        waiting = tx.connection.execute("select count(*) from decide_intent where taken_at is null").fetchone()
    return not behind and open_messages == (0,) and waiting == (0,)


class Found:
    """What the house has after the storm, read in one transaction."""

    def __init__(self, database: Database) -> None:
        with database.workspace(WORKSPACE) as tx:
            ask = tx.connection.execute
            of_kind = "from store_event e join store_kind k on k.id = e.kind where k.name = %s"
            orders = ask(f"select e.mid {of_kind}".encode(), (BOUGHT,)).fetchall()
            entered = ask(f"select e.identity_id {of_kind}".encode(), ("segment.entered",)).fetchall()
            said = ask(f"select (e.props->>'message')::bigint {of_kind}".encode(), ("message.sent",)).fetchall()
            self.rolled = ask(
                "select coalesce(sum(count), 0), coalesce(sum(total), 0) from understand_rollup r "
                "join store_kind k on k.id = r.kind where k.name = %s",
                (BOUGHT,),
            ).fetchone()
            self.members = ask("select count(*) from understand_member").fetchone()
            self.intents = Counter(row[0] for row in ask("select customer_id from decide_intent"))
            self.states = Counter(row[0] for row in ask("select state from speak_message"))
            self.sent = {row[0] for row in ask("select id from speak_message where state = 'sent'")}
            self.merged = Counter(
                row[0] for row in ask(f"select (e.props->>'loser')::bigint {of_kind}".encode(), ("customer.merged",))
            )
            self.one = ask(
                "select count(*) from hear_identity b join remember_identity r on r.identity_id = b.id "
                "join hear_identity u on u.kind = 'user' and u.value = 'u' || substr(b.value, 2) "
                "join remember_identity m on m.identity_id = u.id and m.customer_id = r.customer_id "
                "where b.kind = 'anonymous'"
            ).fetchone()
            self.cut_off = ask(
                "select (select count(*) from remember_identity) - (select count(*) from remember_customer) "
                "- (select count(*) from remember_tie where undone is null)"
            ).fetchone()
            self.aside = ask("select follower, seq, error from store_quarantine").fetchall()
        self.orders = Counter(row[0] for row in orders)
        self.entered = Counter(row[0] for row in entered)
        self.said = Counter(row[0] for row in said)


def judge(storm: Storm, found: Found, mailbox: Mailbox) -> list[str]:
    """Compare what was sent and acknowledged with what the house has; return what is wrong."""
    expected = {hash64(one) for one in storm.acknowledged}
    orders, buyers = len(found.orders), len(storm.buyers)
    sent, uncertain, received = len(found.sent), found.states["uncertain"], mailbox.taken.total()
    strikes = sum(count for kind, count in storm.killed.items() if kind != "web")
    rules = {
        f"{len(expected - found.orders.keys())} acknowledged events are lost": expected <= found.orders.keys(),
        "an event stands in the log twice": found.orders.total() == orders,
        f"rollups count {found.rolled}, the log has {orders}": found.rolled == (orders, 10.0 * orders),
        f"{found.members} members, {buyers} customers bought": found.members == (buyers,),
        f"{found.entered.total()} entered, {buyers} bought": len(found.entered) == buyers == found.entered.total(),
        f"{found.intents.total()} intents for {buyers}": len(found.intents) == buyers == found.intents.total(),
        f"{found.states} messages for {buyers}": found.states.total() == buyers,
        f"messages ended as {found.states}": found.states.keys() <= {"sent", "uncertain"},
        "sent messages and message.sent events differ": found.said.keys() == found.sent and found.said.total() == sent,
        f"{found.one} browsers are with their user, {len(storm.joined)} logged in": found.one == (len(storm.joined),),
        "a merge was said twice, or not": found.merged.total() == len(found.merged) == len(storm.joined),
        f"{found.cut_off} identities belong to a customer that nothing ties them to": found.cut_off == (0,),
        "a mail was sent twice": received == len(mailbox.taken),
        f"{received} mails received, {sent} sent, {uncertain} uncertain": sent <= received <= sent + uncertain,
        f"{uncertain} uncertain after {strikes} strikes": uncertain <= CONNECTIONS * strikes,
        f"in quarantine: {found.aside[:3]}": not found.aside,
    }
    print(f"events {orders}, mails {received}, states {dict(found.states)}, killed {dict(storm.killed)}")
    return [what for what, right in rules.items() if not right]


def verdict(storm: Storm, mailbox: Mailbox, left: leaving.Leaving) -> list[str]:
    """Wait until the house has come to rest; return what is wrong."""
    database = Database(storm.target.database_url)
    try:
        wait_until(lambda: files.over(database, WORKSPACE), "the files are taken in", 240)
        wait_until(lambda: quiet(database), "the house comes to rest", 180)
        brought = files.judge(database, storm.target, WORKSPACE)
        more = brought | leaving.judge(left, database)
        return [*judge(storm, Found(database), mailbox), *(what for what, right in more.items() if not right)]
    finally:
        database.close()


def run(kills: int, seed: int) -> list[str]:
    """Run a storm; return what is wrong afterwards."""
    mailbox = Mailbox()
    port = free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings = {"smtp_url": f"smtp://127.0.0.1:{port}", "smtp_connections": CONNECTIONS, "work_processes": 2}
        with scratch() as data, serving(data, **settings) as target:
            key = prepare(target, people=200 + kills * 60)
            storm = Storm(target, key, Random(seed))
            left = leaving.Leaving(target, leaving.prepare(target), Random(seed), storm.over)
            writers = [Thread(target=storm.write, args=(n,), daemon=True) for n in range(WRITERS)]
            writers += [Thread(target=left.run, args=(n,), daemon=True) for n in range(leaving.CLIENTS)]
            for writer in writers:
                writer.start()
            files.bring(target, WORKSPACE)
            try:
                storm.rage(kills)
            finally:
                storm.over.set()
            for writer in writers:
                writer.join(90)
                assert not writer.is_alive()
            wait_until(target.answers, "the house answers again")
            return verdict(storm, mailbox, left)
    finally:
        server.stop()


def main() -> int:
    """Read the command line, run, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = monotonic()
    wrong = run(options.kills, options.seed)
    for what in wrong:
        print(f"WRONG: {what}")
    print(
        f"{options.kills} kills, seed {options.seed}, {monotonic() - began:.0f} s: {'WRONG' if wrong else 'all right'}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
