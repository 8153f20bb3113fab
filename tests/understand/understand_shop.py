"""A few customers put straight into the tables of the rooms before this one."""

from datetime import UTC, datetime

import msgspec

from regulars.store import records as store
from regulars.store.follow import Follower, Runner, register
from regulars.store.log import NewEvent, append
from regulars.understand.followers import FOLLOWERS

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = tuple(Follower(name, "deriving", lambda _: None) for name in ("identity", "facts", "consent"))


def as_json(value):
    """Return a value as JSON, numbers as they were written."""
    return msgspec.json.encode(value, enc_hook=lambda one: msgspec.Raw(repr(one).encode()))


def declare(tx, **kinds):
    for name, kind in kinds.items():
        tx.connection.execute(
            "insert into remember_fact_name (name, kind) values (%s, %s) on conflict do nothing", (name, kind)
        )


def meet(tx, identity, customer=None):
    """Have an identity be met by the next event."""
    customer = customer or identity
    tx.connection.execute(
        """insert into remember_identity (identity_id, customer_id, seq, met_at)
        select %s, %s, coalesce(max(seq), 0) + 1, now() from store_event
        on conflict (identity_id) do update set customer_id = excluded.customer_id""",
        (identity, customer),
    )
    tx.connection.execute(
        "insert into remember_customer (id, name, created_at) values (%s, %s, %s) on conflict do nothing",
        (customer, f"Customer {customer}", LONG_AGO),
    )


def know(tx, customer, name, value, *, verified=True, seq=0, at=LONG_AGO):
    tx.connection.execute("delete from remember_fact where holds_for = %s and name = %s", (customer, name))
    tx.connection.execute(
        """insert into remember_fact
        (identity_id, seq, at, holds_for, verified, name, source, origin, wording, value)
        values (%s, %s, %s, %s, %s, %s, 'said', 'test', %s, %s)""",
        (customer, seq, at, customer, verified, name, str(value), as_json(value).decode()),
    )


def state(tx, customer, identity, name, said, *, holds):
    """Put a statement into the tables as it was said; it holds for its customer, or something else does."""
    tx.connection.execute(
        """insert into remember_fact
        (identity_id, seq, at, holds_for, verified, name, source, origin, wording, value)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            *(identity, said.seq, said.at, customer if holds else None, said.verified, name, said.source, said.origin),
            *(str(said.value), as_json(said.value).decode()),
        ),
    )


def allow(tx, identity, purpose, channel, *, granted):
    tx.connection.execute(
        """insert into remember_allowed (identity_id, purpose, channel, granted) values (%s, %s, %s, %s)
        on conflict (purpose, channel, identity_id) do update set granted = excluded.granted""",
        (identity, purpose, channel, granted),
    )


def hold(tx, identity):
    """Have a statement of consent wait in quarantine."""
    store.add_follower(tx, "consent", "deriving")
    tx.connection.execute(
        "insert into store_quarantine (follower, seq, identity_id, error) values ('consent', %s, %s, 'unread')",
        (identity, identity),
    )


def address(tx, identity):
    """Let an identity be an address."""
    tx.connection.execute(
        "insert into hear_identity (id, kind, value) overriding system value values (%s, 'email', %s)",
        (identity, f"{identity}@shop.example"),
    )


def done(tx, identity, kind, day, count=1, total=0.0):
    number = kind_number(tx, kind)
    tx.connection.execute(
        "insert into understand_rollup values (%s, %s, %s, %s, %s) on conflict do nothing",
        (identity, number, day, count, total),
    )


def kind_number(tx, kind):
    store.make_kinds(tx, [kind])
    return store.known_kinds(tx, [kind])[kind]


def happened(tx, identity, kind, at, props=None, **more):
    append(tx, [NewEvent(identity, at, kind, as_json(props or {}), **more)])
    return store.head(tx)


class House:
    """The followers of this room, behind stand-ins for those that come before."""

    def __init__(self, database, workspace):
        self.database = database
        self.workspace = workspace
        self.runner = Runner(database)
        with database.workspace(workspace) as tx:
            register(tx, (*BEFORE, *FOLLOWERS))

    def follow(self, now, followers=(*BEFORE, *FOLLOWERS)):
        while sum(self.runner.step(self.workspace, follower, now).moved for follower in followers):
            pass

    def members(self):
        with self.database.workspace(self.workspace) as tx:
            rows = tx.connection.execute(
                """select s.name, m.customer_id from understand_member m
                join understand_segment s on s.id = m.segment_id"""
            )
            found = {}
            for name, customer in rows:
                found.setdefault(name, set()).add(customer)
            return found

    def said(self):
        with self.database.workspace(self.workspace) as tx:
            events = [e for e in store.list_events(tx, kind=None, before=None, limit=1000) if "segment" in e.props]
        return [(e.kind.removeprefix("segment."), e.props["segment"], e.identity_id) for e in reversed(events)]
