"""The shop's story for the tests of pages: a quiz is answered, a segment entered, a mail written that quotes it."""

import re
from datetime import timedelta

import msgspec

from regulars.channels.sandbox import Sandbox
from regulars.engage import forms, responses
from regulars.hear import rejected_records
from regulars.hear.identities import intern
from regulars.hear.rejected_records import NewRejected
from regulars.loop.followers import FOLLOWERS, begin
from regulars.remember import understood
from regulars.remember.did_records import Last
from regulars.speak import campaigns, library
from regulars.speak.outbox import Sender
from regulars.store import records
from regulars.store.dispatch import Dispatcher
from regulars.store.log import NewEvent, append
from regulars.understand import buyers, funnels_kept, grouping, grouping_records, staging, together
from regulars.understand.group_learning import GroupDifference
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

QUIZ = {
    "title": "Who do you love to give to?",
    "elements": [
        {
            "type": "radiogroup",
            "name": "for_whom",
            "title": "For whom do you like to give?",
            "fact": "gift_for",
            "choices": [{"value": "mother", "text": "My mother"}, {"value": "friend", "text": "A good friend"}],
        },
        {"type": "text", "name": "whose", "title": "What is their first name?", "fact": "whose"},
        {
            "type": "boolean",
            "name": "may_write",
            "title": "May we write to you?",
            "labelTrue": "Yes, write to me by e-mail.",
            "consent": {"purpose": "marketing", "channel": "email"},
        },
    ],
}
SUBJECT = 'About {{ told.gift_for | default("your gifts") }}'
HTML = (
    "<html><head><title>Mail</title></head><body><p style='color: teal'>You told us: "
    '{{ told.gift_for | default("nothing yet") }}</p><a href="{{ unsubscribe_url }}">Leave</a></body></html>'
)
TEXT = 'You told us: {{ told.gift_for | default("nothing yet") }}. {{ unsubscribe_url }}'
LANTERN = {"product_id": "L-7", "name": "Paper lantern", "category": "Lanterns", "price": 11.7, "quantity": 2}
FUNNEL = {"steps": [{"event": "Order Completed"}, {"event": "page"}], "window_days": 14}
RULE = {"all": [{"fact": "gift_for", "is": "mother"}]}


PAGES = [
    "",
    "/customers",
    "/customers?q=kalnina",
    "/facts",
    "/fact?name=gift_for",
    "/missing",
    "/orders",
    "/order?number=A-1",
    "/products",
    "/product?number=L-7",
    "/together",
    "/buying",
    "/buying/months",
    "/buying/stages",
    "/buying/products",
    "/cohorts",
    "/funnels",
    "/funnels/buying",
    "/funnels/buying/edit",
    "/new/funnel",
    "/groups",
    "/groups/1",
    "/segments",
    "/segments/for-mothers",
    "/segments/for-mothers/edit",
    "/segments/for-mothers/why",
    "/segments/for-mothers/why?q=ieva",
    "/new/segment",
    "/campaigns",
    "/campaigns/spring",
    "/campaigns/spring/people",
    "/campaigns/spring/people?only=sent",
    "/campaigns/spring/edit",
    "/new/campaign",
    "/templates",
    "/templates/remember",
    "/new/template",
    "/mailbox",
    "/forms",
    "/forms/gift-quiz",
    "/forms/gift-quiz/edit",
    "/new/form",
    "/new/form?start_from=gifts",
    "/debugger",
    "/debugger?taken=no",
    "/debugger/1",
    "/health",
    "/health/figure?kind=page",
    "/health/quarantine",
    "/alerts",
    "/audit",
    "/people",
    "/keys",
]


class Shop:
    def __init__(self, house, workspace):
        self.house, self.workspace = house, workspace
        self.database = house.database
        self.customer = 0

    def tx(self):
        return self.database.workspace(self.workspace)

    def tell(self):
        now = utc_now() - timedelta(minutes=9)
        with self.tx() as tx:
            begin(tx)
            form = forms.create_form(tx, "gift-quiz", QUIZ, now)
            library.save_template(tx, "remember", subject=SUBJECT, html=HTML, text=TEXT, ask="gift-quiz")
            create_segment(tx, "for-mothers", "They give to their mother", RULE, now)
            campaigns.create(
                tx, "spring", title="Spring", segment="for-mothers", template="remember", purpose="marketing"
            )
            campaigns.launch(tx, "spring", now)
            self.customer = self.meet(tx, "u-1", "Ieva Kalniņa", "ieva@post.example", now)
            self.meet(tx, "u-2", "王小明", "ming@post.example", now)
        with self.tx() as tx:
            funnels_kept.create(tx, "buying", "From page to order", FUNNEL, now)
            self.answer(tx, form, self.customer, {"for_whom": "mother", "whose": "Marta", "may_write": True}, now)
        self.work()
        with self.tx() as tx:
            self.part(tx, now)

    def meet(self, tx, user, name, address, at):
        ids = intern(tx, [("user", user), ("email", address)])
        me, email = ids["user", user], ids["email", address]
        traits = {"traits": {"name": name, "email": address}, "links": [email], "verified": True}
        bought = {"total": 23.4, "currency": "GBP", "order_id": f"A-{user[2:]}", "products": [LANTERN]}
        events = [(at, "identify", traits), (at, "Order Completed", bought), (at, "page", {"name": "Lanterns"})]
        append(tx, [NewEvent(me, at, kind, msgspec.json.encode(props)) for at, kind, props in events])
        return me

    def sell(self, *, customers=6):
        """Let customers buy a lantern and candles together, and find out that these are bought together."""
        candles = {"product_id": "C-1", "name": "Six candles", "category": "Candles", "price": 4.5, "quantity": 1}
        vase = {"product_id": "V-1", "name": "Glass vase", "category": "Vases", "price": 9, "quantity": 1}
        now = utc_now()
        with self.tx() as tx:
            users = intern(tx, [("user", f"buyer-{n}") for n in range(customers)])
            for number, identity in enumerate(users.values()):
                for order, lines in ((f"S-{number}", [LANTERN, candles]), (f"V-{number}", [vase])):
                    told = {"order_id": order, "total": 9, "currency": "GBP", "products": lines}
                    append(tx, [NewEvent(identity, now, "Order Completed", msgspec.json.encode(told))])
        self.work()
        together.make_anew(self.database, self.workspace, now + timedelta(hours=1))
        buyers.make_anew(self.database, self.workspace, now + timedelta(hours=1))
        staging.walk_on(self.database, self.workspace, now)

    def part(self, tx, now):
        """Put the customer into a group of one, as the round does where there are customers enough."""
        told = [
            GroupDifference("gift_for", "share", "mother", 0.68, 0.31),
            GroupDifference("orders", "average", "", 4.1, 1.8),
            GroupDifference("last_order", "days", "", 12, 90),
            GroupDifference("favourite_category", "unknown", "", 0.1, 0.4),
        ]
        understood.hold(tx, [self.customer])
        fact = understood.fact(self.customer, grouping.FACT, "1", "1", Last(now, 1))
        understood.keep(tx, [self.customer], [grouping.FACT], [fact])
        grouping_records.put(tx, {self.customer: 1})
        grouping_records.put_groups(tx, {1: told, 2: []})
        grouping_records.end_walk(tx, now, 1, 60, 0.34, ["gift_for", "orders", "last_order"])

    def say(self, tx, identity, traits, at):
        """Let a program say something of somebody that joins nobody."""
        said = {"traits": traits, "links": [], "verified": True}
        append(tx, [NewEvent(identity, at, "identify", msgspec.json.encode(said))])

    def merge(self, browser):
        """Let the customer of the story log in on a browser that has been here before; return its identity."""
        now = utc_now()
        with self.tx() as tx:
            visitor = intern(tx, [("anonymous", browser)])["anonymous", browser]
            said = {"traits": {}, "links": [visitor], "verified": True}
            events = [(visitor, "page", {"name": "Hearts"}), (self.customer, "identify", said)]
            append(tx, [NewEvent(who, now, kind, msgspec.json.encode(props)) for who, kind, props in events])
        self.work()
        return visitor

    def answer(self, tx, form, identity, answers, at):
        response = responses.start(tx, form, responses.Who(identity, verified=True), at)
        for name, value in answers.items():
            response = responses.answer(tx, form, response, form.survey.question(name), value)
        responses.finish(tx, form, response, at, locale="en", gettext=str)

    def work(self):
        """Let followers and sender do all there is to do."""
        dispatcher = Dispatcher(self.database, FOLLOWERS, lambda: [self.workspace], utc_now)
        channel = Sandbox(self.database, self.workspace)
        sender = Sender(self.database, self.workspace, channel, self.house.links, self.house.base_url)
        dispatcher.catch_up([self.workspace])
        while sender.send_some(utc_now()):
            dispatcher.catch_up([self.workspace])
        sender.close()

    def follower_fails(self):
        """Put one event into quarantine, as a follower does with what it cannot take."""
        with self.tx() as tx:
            event = records.list_events(tx, kind="identify", before=None, limit=1)[0]
            records.quarantine(tx, "facts", [(event.seq, event.identity_id)], "ValueError: cannot be read")
            return event.seq

    def heard(self, tx):
        """Append an event that a machine sent with a key."""
        me = intern(tx, [("user", "u-1")])["user", "u-1"]
        context = msgspec.json.encode({"library": {"name": "analytics-python", "version": "2.3.4"}})
        append(tx, [NewEvent(me, utc_now(), "Product Viewed", b'{"name": "Lantern"}', context=context, source=1)])

    def rejected(self, tx):
        """Keep aside an event that a machine sent and that could not be taken."""
        said = '{"event": "", "userId": "u-1"}'
        one = NewRejected(utc_now(), 1, "track", "analytics-python", "event: a name is needed.", said, len(said))
        rejected_records.keep(tx, [one], more=0, most=9, kept_for=timedelta(days=7))


def csrf(page):
    """The token of the first form of a page."""
    return re.search(r'name="csrf" value="([0-9a-f]+)"', page).group(1)


def everything(client, home, shop):
    """The paths of every page of the story."""
    mail = re.search(r"/mailbox/(\d+)", client.get(f"{home}/mailbox").text).group(1)
    return [*PAGES, f"/customers/{shop.customer}", f"/mailbox/{mail}", f"/messages/{mail}"]
