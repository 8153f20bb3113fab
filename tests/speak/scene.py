"""A small shop for the tests of `speak`: customers who agreed to be written to, a segment, a campaign."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from regulars.access.links import Links
from regulars.hear.identities import intern
from regulars.remember.records import agree
from regulars.remember.rows import Agreed
from regulars.speak import campaigns
from regulars.speak.asking import Ask, Option
from regulars.speak.library import save_template
from regulars.speak.outbox import Sender
from regulars.store.follow import register

HTML = (
    '<p>You told us you like to give to {{ told.gift_for | default("someone dear") }}.</p>'
    '{% if ask %}{{ ask.title }}{% for c in ask.choices %}<a href="{{ c.url }}">{{ c.text }}</a>{% endfor %}{% endif %}'
    '<a href="{{ unsubscribe_url }}">Leave</a>'
)
TEXT = 'For {{ told.gift_for | default("someone dear") }}. {{ unsubscribe_url }}'


def gift_budget(tx, form):
    return Ask(form, "budget", "How much?", (Option("20", "Up to £20"), Option("a&b", "More")))


@dataclass
class Post:
    """A channel in memory that notes what it carried; `reaction` may raise for an envelope."""

    name: str = "post"
    idempotent: bool = False
    connections: int = 2
    delivered: list = field(default_factory=list)
    reaction: object = None
    refuse_line: object = None
    lock: object = field(default_factory=Lock)

    @contextmanager
    def connect(self):
        if self.refuse_line:
            raise self.refuse_line
        yield self

    def deliver(self, envelope):
        if self.reaction:
            self.reaction(envelope)
        with self.lock:
            self.delivered.append(envelope)

    def close(self):
        pass


class Shop:
    def __init__(self, database, workspace, now):
        self.database, self.workspace, self.now = database, workspace, now

    def tx(self):
        return self.database.workspace(self.workspace)

    def customer(self, name, *, told=None, agreed=True, email=True):
        with self.tx() as tx:
            return self._customer(tx, name, told, agreed, email)

    def _customer(self, tx, name, told, agreed, email):
        user, address = ("user", name), ("email", f"{name}@x.example")
        ids = intern(tx, [user, address] if email else [user])
        customer = ids[user]
        for identity in ids.values():
            tx.run(
                b"insert into remember_identity (identity_id, customer_id, seq, met_at)"
                b" values (%(i)s, %(c)s, 1, now())",
                i=identity,
                c=customer,
            )
        tx.run(
            b"insert into remember_customer (id, name, created_at) values (%(c)s, %(n)s, %(now)s)",
            c=customer,
            n=name.title(),
            now=self.now,
        )
        if agreed:
            proof = {"words": "Yes, write to me"}
            agree(tx, [Agreed(customer, "marketing", "email", 5, self.now, True, proof)])
        for seq, (fact, words) in enumerate((told or {}).items(), start=10):
            self.learn(tx, customer, fact, words, seq)
        return customer

    def learn(self, tx, customer, fact, words, seq, *, source="said", verified=True):
        row = {"c": customer, "f": fact, "w": words, "s": seq, "now": self.now, "src": source, "v": verified}
        tx.run(b"update remember_fact set holds_for = null where holds_for = %(c)s and name = %(f)s", **row)
        tx.run(
            b"insert into remember_fact"
            b" (identity_id, seq, at, holds_for, verified, name, source, origin, wording, value) values"
            b" (%(c)s, %(s)s, %(now)s, %(c)s, %(v)s, %(f)s, %(src)s, 'gift-quiz', '', to_jsonb(%(w)s::text))",
            **row,
        )

    def segment(self, name, *customers):
        with self.tx() as tx:
            tx.run(
                b"insert into understand_segment (name, title, rule) values (%(n)s, 'Gives', %(rule)s)"
                b" on conflict do nothing",
                n=name,
                rule='{"event": "Order Completed"}',
            )
            tx.run(
                b"insert into understand_member select s.id, c, %(now)s from understand_segment s,"
                b" unnest(%(c)s::bigint[]) c where s.name = %(n)s on conflict do nothing",
                n=name,
                now=self.now,
                c=list(customers),
            )

    def campaign(self, name="spring", *, segment="gives", ask=None, launch=True, html=HTML, text=TEXT, **more):
        with self.tx() as tx:
            save_template(
                tx, f"{name}-mail", subject='For {{ told.gift_for | default("you") }}', html=html, text=text, ask=ask
            )
            more = {
                "title": name.title(),
                "segment": segment,
                "template": f"{name}-mail",
                "purpose": "marketing",
            } | more
            campaigns.create(tx, name, **more)
            if launch:
                campaigns.launch(tx, name, self.now)

    def sender(self, channel, **more):
        return Sender(
            self.database, self.workspace, channel, Links(b"secret"), "https://shop.example", asker=gift_budget, **more
        )

    def messages(self):
        with self.tx() as tx:
            return tx.rows(
                b"select h.value, m.state, m.reason from speak_message m"
                b" left join hear_identity h on h.id = m.identity_id order by m.id"
            )

    def states(self):
        return [state for _, state, _ in self.messages()]

    def events(self, *kinds):
        with self.tx() as tx:
            return tx.rows(
                b"select k.name, e.identity_id, e.props, e.cause, e.depth from store_event e"
                b" join store_kind k on k.id = e.kind where k.name = any(%(k)s) order by e.seq",
                k=list(kinds),
            )

    def register(self, *followers):
        with self.tx() as tx:
            register(tx, followers)
