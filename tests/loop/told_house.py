"""A workspace that is told a history, beside the plain one that says what it must come to."""

from datetime import timedelta
from pathlib import Path

import msgspec
from tests.loop.plain_history import ORDER, REFUND, Plain, Said, day

from regulars.access.audit import open_audit
from regulars.hear.door import Door
from regulars.hear.identities import intern
from regulars.hear.imports.guessing import guess
from regulars.hear.imports.running import Import
from regulars.hear.protocol import Envelope, read_call
from regulars.loop import followers
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.remember import correcting, facts, merging, restrictions
from regulars.remember import erasure_records as erasures
from regulars.remember.consents import Changed, changed
from regulars.remember.followers import IDENTITY
from regulars.store.dispatch import Dispatcher
from regulars.store.export import file_exporter
from regulars.store.follow import Runner
from regulars.store.log import append
from regulars.store.waking import Waker
from regulars.understand.segments import create_segment
from regulars.understand.turning import turn
from regulars.words.errors import Conflict

USERS = [("user", f"zarkanna-000{n}") for n in range(3)]
BROWSERS = [("anonymous", f"zarkannabrowser-000{n}") for n in range(2)]
MAILS = [("email", f"zarkanna000{n}@mark.example") for n in range(3)]
ACTIVE = [*USERS, *BROWSERS]
PEOPLE = [*ACTIVE, *MAILS]
AS_OF = day(-9)
VISITED = "Visited"


def _people() -> tuple[list[str], list[Said]]:
    lines, said = ["email,user id,size,note,consent,consent date,consent source"], list[Said]()
    for n, (mail, user, moment) in enumerate([(0, USERS[0], day(-30)), (1, None, day(5)), (2, USERS[2], day(-20))]):
        note = f"zarkanna row c{n}"
        lines.append(f"{MAILS[mail][1]},{user[1] if user else ''},{39 + n},{note},yes,{_written(moment)},till")
        who, links = (user, (MAILS[mail],)) if user else (MAILS[mail], ())
        traits = {"size": 39 + n, "note": note, "email": MAILS[mail][1]}
        said.append(Said(0, who, "identify", AS_OF, traits, links, note))
        said.append(Said(0, MAILS[mail], "consent.changed", moment, {"granted": True, "how": "imported"}))
    return lines, said


def _orders() -> tuple[list[str], list[Said]]:
    lines, said = ["order id,date,total,currency,user id"], list[Said]()
    for n, (number, user, total) in enumerate([("A-1", 0, 20.5), ("A-2", 1, 7.0), ("C-1", 1, 3.25), ("A-3", 2, 9.0)]):
        lines.append(f"{number},{_written(day(-40 + n))},{total},EUR,{USERS[user][1]}")
        props = {"order_id": number, "total": total, "currency": "EUR"}
        said.append(Said(0, USERS[user], REFUND if number[0] == "C" else ORDER, day(-40 + n), props))
    return lines, said


def _events() -> tuple[list[str], list[Said]]:
    lines, said = ["event,timestamp,user id,anonymous id,note"], list[Said]()
    for n, who in enumerate([USERS[0], BROWSERS[0], USERS[1], BROWSERS[1]]):
        note = f"zarkanna row e{n}"
        mine, other = (who[1], "") if who[0] == "user" else ("", who[1])
        lines.append(f"{VISITED},{_written(day(-50 + n))},{mine},{other},{note}")
        said.append(Said(0, who, VISITED, day(-50 + n), {"note": note}, (), note))
    return lines, said


def _written(moment) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


FILES = {"customers": _people(), "orders": _orders(), "events": _events()}


class ToldHouse:
    """Every deed is done to the house and told to the plain history."""

    def __init__(self, database, workspace, folder: Path):
        self.database, self.workspace = database, workspace
        self.plain, self.sent, self.clock, self.cuts = Plain(), [], day(30), 0
        self.door = Door(database, Waker(database))
        self.archive = folder / "archive"
        following = [*followers.FOLLOWERS, file_exporter(self.archive)]
        with self.tx() as tx:
            followers.begin(tx, following)
            create_segment(tx, "bought", "Bought", {"event": ORDER, "count": {"at_least": 1}}, day(0))
        self.dispatcher = Dispatcher(database, following, lambda: [workspace], lambda: self.clock)
        audit = open_audit(database)
        self.forgetting = Forgetting(database, all_steps(audit, archive=self.archive), audit, lambda: self.clock)
        self.files = {}
        for what, (lines, _) in FILES.items():
            path = folder / f"{what}.csv"
            path.write_text("\n".join(lines), "utf-8")
            self.files[what] = Import(path, guess(path, what).plan, AS_OF)  # type: ignore[arg-type]
        named = """select table_name from information_schema.tables
            where table_schema = current_schema() and table_type = 'BASE TABLE'"""
        self.tables = [name for (name,) in self.rows(named)]
        may = [name for name in self.tables if name != "store_kind" and not name.startswith("access_")]
        self._empty = [name for name in may if not self.rows(f"select exists (select from {name})")[0][0]]

    def tx(self):
        return self.database.workspace(self.workspace)

    def rows(self, statement, *params):
        with self.tx() as tx:
            return tx.connection.execute(statement, params).fetchall()

    def begin_anew(self):
        """Let nothing have happened yet; the processes' memory of identifiers goes, as when they are let go of."""
        with self.tx() as tx:
            tx.connection.execute(f"truncate {', '.join(self._empty)}")
            tx.connection.execute("delete from store_round")
            tx.connection.execute("update hear_letting_go set times = times + 1")
            tx.connection.execute("update store_follower set cursor = (select coalesce(max(seq), 0) from store_event)")
        for file in self.archive.glob("*/*"):
            file.unlink()
        self.plain, self.sent, self.cuts = Plain(), [], 0

    def _tick(self):
        self.clock += timedelta(minutes=1)
        return self.clock

    def settle(self):
        """Let the followers take in all there is, and the round sweep what arrived of who is gone."""
        self.dispatcher.catch_up([self.workspace])
        self.forgetting.sweep(self.workspace, self.clock)

    def whose(self):
        """Return to which customer each identifier belongs."""
        found = self.rows(
            """select h.kind, h.value, r.customer_id
            from remember_identity r join hear_identity h on h.id = r.identity_id"""
        )
        return {(kind, value): customer for kind, value, customer in found}

    # What clients and files say

    def send(self, who, kind, props, on, links=(), mark=""):
        """Let a client send something under a message id of its own."""
        number = len(self.sent)
        at = day(on) + timedelta(minutes=number)
        call = {"userId" if who[0] == "user" else "anonymousId": who[1], "messageId": f"m{number}", "timestamp": at}
        if kind == "identify":
            browsers = [value for kind_, value in links if kind_ == "anonymous"]
            call |= {"traits": props} | ({"anonymousId": browsers[0]} if browsers else {})
        else:
            call |= {"event": kind, "properties": props}
        said = "identify" if kind == "identify" else "page" if kind == "page" else "track"
        self.sent.append((said, msgspec.json.encode(call), Said(0, who, kind, at, props, tuple(links), mark)))
        self.send_again(number)

    def send_again(self, number):
        """Let a client repeat what it sent."""
        kind, body, said = self.sent[number]
        draft = read_call(body, kind, Envelope(public=False, now=day(30)))
        self.door.take(self.workspace, [draft])
        self.plain.tell(f"m{number}", said)

    def bring(self, what):
        """Take a file in, the first time or once more."""
        self.files[what].run(self.database, self.workspace)
        for number, said in enumerate(FILES[what][1]):
            self.plain.tell(f"{what} {number}", said)

    # What they and the team say in the house

    def _here(self, who):
        self.settle()
        with self.tx() as tx:
            return intern(tx, [who])[who] if who in self.whose() else None

    def _tell(self, one: Said):
        self.plain.tell(f"house {len(self.plain.known)}", one)

    def consent(self, who, granted, on):
        """Let the owner of an identifier agree, or withdraw."""
        if (number := self._here(who)) is None:
            return
        at = day(on) + timedelta(seconds=len(self.plain.known))
        with self.tx() as tx:
            append(tx, [changed(number, at, Changed("marketing", "email", granted))])
        self._tell(Said(0, who, "consent.changed", at, {"granted": granted}))

    def withdraw(self, who):
        """Let a customer have their size forgotten, of all their identifiers."""
        if (number := self._here(who)) is None:
            return
        now, whose = self._tick(), self.whose()
        with self.tx() as tx:
            known = [one for one in facts.current(tx, number) if one.name == "size"]
            correcting.forget(tx, number, known, now)
        if known:
            owned = {pair for pair, customer in whose.items() if customer == whose[who]}
            self._tell(Said(0, who, "fact.forgotten", now, {}, beside=frozenset(owned - {who})))
            self.plain.withdrawn.append(("size", now, len(self.plain.said) - 1, owned))

    def restrict(self, who, restricted):
        """Let a customer be kept and not used, or lift that."""
        if (number := self._here(who)) is None:
            return
        now, whose = self._tick(), self.whose()
        newest = {one.who: one.props["restricted"] for one in self.plain.living("restriction.changed")}
        owned = sorted(pair for pair in whose if whose[pair] == whose[who] and newest.get(pair))
        with self.tx() as tx:
            new = restrictions.change(tx, number, "zarkanna asks", "by telephone", now, restricted=restricted)
        assert new == (bool(owned) != restricted)
        for pair in [who] if restricted else owned:
            if new:
                self._tell(Said(0, pair, "restriction.changed", now, {"restricted": restricted}))

    def decide(self, what, one, other):
        """Let the team join two customers, or tell them apart."""
        ids = (self._here(one), self._here(other))
        if None in ids:
            return
        try:
            with self.tx() as tx:
                (merging.join if what == "join" else merging.tell_apart)(tx, *ids, self._tick())
        except Conflict:
            pass
        else:
            self.cuts += 1

    def split(self, choice):
        """Let the team undo a merge that holds."""
        self.settle()
        ties = self.rows(
            "select seq, one, other from remember_tie where undone is null and loser is not null order by seq, other"
        )
        if ties:
            seq, one, other = ties[choice % len(ties)]
            with self.tx() as tx:
                merging.split(tx, one, seq, other, self._tick())
            self.cuts += 1

    def forget(self, choice, mode):
        """Let a customer go, though the followers may not have seen the last of them."""
        runner = Runner(self.database)
        while runner.step(self.workspace, IDENTITY, self.clock).moved:
            pass
        whose = self.whose()
        there = sorted(set(whose.values()))
        if not there:
            return
        customer = there[choice % len(there)]
        before = {pair for pair in whose if pair[1].startswith("gone-")}
        numbers = {(kind, value): id_ for id_, kind, value in self.rows("select id, kind, value from hear_identity")}
        with self.tx() as tx:
            erasures.ask(tx, customer, mode, self._tick())
        assert self.forgetting.carry_out_next(self.workspace) is not None
        new = {pair for pair in self.whose() if pair[1].startswith("gone-")} - before
        assert len(new) <= (mode == "anonymise")
        gone = {pair for pair in whose if whose[pair] == customer}
        self.plain.forget(gone, next(iter(new), None), numbers)

    def replay(self):
        """Derive everything anew."""
        self.settle()
        with self.tx() as tx:
            for name in ("identity", "rollups"):
                followers.replay(tx, name)
        self.settle()
        with self.tx() as tx:
            turn(tx, self.clock)
