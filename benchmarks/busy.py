"""A workspace in full swing: 100,000 customers, and everything that the console's pages show of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from benchmarks.population import OCCASIONS, follow, settle
from benchmarks.react import rules
from regulars.access.audit import Who
from regulars.access.people import add_person, find_person
from regulars.access.workspaces import create_workspace
from regulars.engage import stopping
from regulars.engage.forms import create_form
from regulars.hear import import_records as imports
from regulars.hear import rejected_records
from regulars.hear.identities import intern
from regulars.hear.imports.plan import Plan, Reading
from regulars.hear.rejected_records import NewRejected
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store.database import Database, schema_of
from regulars.store.log import NewEvent, append
from regulars.store.statements import Statement
from regulars.testing.serving import wait_until
from regulars.understand import buyers, funnels_kept, grouping, lists, staging, together
from regulars.understand.finding import Chosen
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now
from regulars.words.kinds import FORM_ANSWERED, IDENTIFY

WORKSPACE = "bench"
CUSTOMERS = 100_000
ANSWERED = 25_000
"""How many of them have filled the form within the last days."""
AGREED = 10_000
"""How many messages the campaign sends."""
BASKETS = 2_500
"""How many of them bought a set of products in one order."""
SETS = 40
CATEGORIES = 8
BUSY = "c-7"
_PERSON = "bench@shop.example"
_CHUNK = 2_500
_PATIENCE = 900.0
_ASKED = b'{"traits": {"plan": "asked"}, "links": [], "verified": true}'
_RESPONSE = Statement(
    b"insert into engage_response (id, form, identity_id, verified, answers, started_at, finished_at)"
    b" values (%(id)s, 'quiz', %(identity)s, true, %(answers)s, %(at)s, %(at)s)"
)
_ORDER = b'{"order_id": "o-1", "total": 9, "currency": "GBP", "products": [{"product_id": "p-1", "price": 9}]}'
_LETTER = "<p>You give to {{ told.occasion | default('somebody') }}. {{ unsubscribe_url }}</p>"


def fill(database: Database) -> dict[str, str]:
    """Make the workspace; return which customer, segment, campaign ... stands in the paths of its pages."""
    create_workspace(database, WORKSPACE, "Benchmark")
    add_person(database, _PERSON, "Bench", WORKSPACE)
    settle(database, WORKSPACE, CUSTOMERS)
    now = utc_now()
    for name, rule in rules().items():
        with database.workspace(WORKSPACE) as tx:
            create_segment(tx, name, name.replace("-", " ").title(), rule, now)
    _form(database)
    _baskets(database)
    busy = _busy_customer(database)
    _campaign(database)
    return {
        "customer_id": str(busy),
        "customer": str(busy),
        "message_id": str(_asked(database, "select min(id) from speak_message where state = 'sent'")),
        "segments": "gives-birthday",
        "/segments/{name:str}/more": _list(database, busy),
        "campaigns": "occasion",
        "templates": "occasion",
        "forms": "quiz",
        "funnels": "buying",
        "groups": str(_groups(database)),
        **rare(database, busy),
    }


def _list(database: Database, customer: int) -> str:
    """Put a customer on a list; return its name."""
    now = utc_now()
    with database.workspace(WORKSPACE) as tx:
        lists.make(tx, "tasters", "Who tastes for us", now)
        lists.put(tx, "tasters", [customer], _PERSON, now, on=True)
    return "tasters"


def rare(database: Database, customer: int) -> dict[str, str]:
    """Make what few workspaces have at any time, and a page shows each: a stop, an event not taken, a file."""
    now, who, words = utc_now(), Who("person", _PERSON, find_person(database, _PERSON)), "They asked for it."
    about = ("marketing", "email")
    with database.workspace(WORKSPACE) as tx:
        stop = stopping.ask(tx, WORKSPACE, who, Chosen((customer,)), about, words, "by phone", now)
        rejected_records.keep(
            tx,
            [NewRejected(now, None, "track", "", "it names nobody", "{}", 2)],
            more=0,
            most=1,
            kept_for=timedelta(days=1),
        )
    plan = Plan(what="customers", reading=Reading(), columns={"email": "email"})
    with database.workspace(WORKSPACE) as tx:
        brought = imports.add(tx, WORKSPACE, "customers.csv", 1, plan, _PERSON, now)
    rejected = _asked(database, "select max(id) from hear_rejected")
    taken = _asked(database, "select max(seq) from store_event")
    return {"customers": str(stop), "imports": str(brought.number), "debugger": str(rejected), "seq": str(taken)}


def _form(database: Database) -> None:
    """Let a quarter of the customers answer, as the form's page would write it."""
    question = {"type": "radiogroup", "name": "occasion", "title": "Which occasion?", "choices": list(OCCASIONS)}
    now = utc_now()
    with database.workspace(WORKSPACE) as tx:
        create_form(tx, "quiz", {"title": "Quiz", "pages": [{"elements": [question]}]}, now)
    for first in range(0, ANSWERED, _CHUNK):
        answer(database, range(first + 1, first + _CHUNK + 1), now, ago=timedelta(days=20))
    follow(database, WORKSPACE)


def answer(database: Database, customers: Sequence[int], now: datetime, *, ago: timedelta = timedelta()) -> None:
    """Let some customers answer at moments up to some time ago; the first of all ask for the campaign besides."""
    rng = Random(customers[0])
    responses: list[dict[str, Any]] = []
    events: list[NewEvent] = []
    with database.workspace(WORKSPACE) as tx:
        users = intern(tx, [("user", f"c-{number}") for number in customers])
        for number in customers:
            identity, response, at = (
                users["user", f"c-{number}"],
                str(UUID(int=rng.getrandbits(128))),
                now - ago * rng.random(),
            )
            word = rng.choice(OCCASIONS)
            answers = msgspec.json.encode({"occasion": word}).decode()
            responses.append({"id": response, "identity": identity, "answers": answers, "at": at})
            events.append(NewEvent(identity, at, FORM_ANSWERED, _answered(response, word), historical=True))
            if number <= AGREED:
                events.append(NewEvent(identity, at, IDENTIFY, _ASKED, historical=True))
        tx.many(_RESPONSE, responses)
        append(tx, events)


def _answered(response: str, answer: str) -> bytes:
    given = {"question": "occasion", "title": "Which occasion?", "kind": "text", "value": answer, "words": answer}
    told = {"form": "quiz", "title": "Quiz", "response": response, "verified": True, "message": None, "consents": []}
    return msgspec.json.encode({**told, "answers": [{**given, "fact": "occasion"}]})


def _baskets(database: Database) -> None:
    """Let customers look at products and buy sets of three, the third of them now and then; find how they buy."""
    rng, now, events = Random(2), utc_now(), list[NewEvent]()
    with database.workspace(WORKSPACE) as tx:
        users = intern(tx, [("user", f"c-{number}") for number in range(1, BASKETS + 1)])
        for number, identity in enumerate(users.values()):
            kind = number % SETS
            first = 1 + 3 * kind
            bought = [first, first + 1] if rng.random() < 0.5 else [first, first + 1, first + 2]
            lines = [_product(one, kind) | {"price": 9, "quantity": 1} for one in bought]
            told = {"order_id": f"set-{number}", "total": 9 * len(lines), "currency": "GBP", "products": lines}
            at = now - timedelta(days=90) * rng.random()
            events.append(NewEvent(identity, at, "Order Completed", msgspec.json.encode(told), historical=True))
            for one in range(first + 3, first + 4 + number // SETS % 2):
                seen = msgspec.json.encode(_product(one, kind + 1))
                events.append(NewEvent(identity, at, "Product Viewed", seen, historical=True))
        append(tx, events)
    follow(database, WORKSPACE)
    soon = now + timedelta(hours=1)
    together.make_anew(database, WORKSPACE, soon)
    buyers.make_anew(database, WORKSPACE, soon)
    staging.walk_on(database, WORKSPACE, now)
    steps = [{"event": kind} for kind in ("identify", "Product Viewed", "Order Completed")]
    with database.workspace(WORKSPACE) as tx:
        funnels_kept.create(tx, "buying", "Buying", {"steps": steps, "window_days": 90}, now)


def _product(number: int, kind: int) -> dict[str, Any]:
    return {"product_id": f"p-{number}", "name": f"Gift {number}", "category": f"Gifts {1 + kind % CATEGORIES}"}


def _groups(database: Database) -> int:
    """Part the customers into groups; return the number of the largest."""
    with database.workspace(WORKSPACE) as tx:
        grouping.ask(tx, None, utc_now())

    def found() -> bool:
        grouping.work_on(database, WORKSPACE, utc_now())
        return _asked(database, "select count(*) from understand_grouping where made_at is not null") > 0

    wait_until(found, "customers are in groups", _PATIENCE)
    with database.workspace(WORKSPACE) as tx:
        return grouping.groups(tx)[0].number


def _busy_customer(database: Database) -> int:
    """Give one customer 10,000 events; return its id."""
    rng = Random(1)
    now = utc_now()
    with database.workspace(WORKSPACE) as tx:
        (number,) = intern(tx, [("user", BUSY)]).values()
    for _ in range(5):
        with database.workspace(WORKSPACE) as tx:
            props = [msgspec.json.encode({"sku": rng.randrange(4000), "note": "x" * 200}) for _ in range(2_000)]
            append(tx, [NewEvent(number, now, "Product Viewed", text, historical=True) for text in props])
    with database.workspace(WORKSPACE) as tx:
        append(tx, [NewEvent(number, now, "Order Completed", _ORDER, historical=True)])
    follow(database, WORKSPACE)
    return number


def _campaign(database: Database) -> None:
    """Send a message that quotes the answer to everybody who asked for it, by the house's own sender."""
    now = utc_now()
    with database.workspace(WORKSPACE) as tx:
        create_segment(tx, "asked", "Asked", {"fact": "plan", "is": "asked"}, now)
        save_template(tx, "occasion", subject="For them", html=_LETTER, text="Hello. {{ unsubscribe_url }}")
        campaigns.create(tx, "occasion", title="Occasion", segment="asked", template="occasion", purpose="marketing")
        campaigns.launch(tx, "occasion", now)
    follow(database, WORKSPACE)

    sent = "select count(*) from speak_message where state = 'sent'"
    wait_until(lambda: _asked(database, sent) >= AGREED * 0.9, "the campaign is sent", _PATIENCE)


def _asked(database: Database, sql: str) -> int:
    with database.direct() as connection:
        connection.execute(f"set search_path to {schema_of(WORKSPACE)}")
        row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
