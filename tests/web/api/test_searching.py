"""Lists take `q`, as the search of the same list in the console does; the total is of what is found."""

import inspect
from io import BytesIO
from uuid import uuid4

import pytest
from tests.web.console_story import FUNNEL, RULE

from regulars.access.keys import create_key
from regulars.hear import bringing, mappings
from regulars.hear.imports.plan import Plan, Reading
from regulars.measure import alert_records
from regulars.measure.alert_records import Alert
from regulars.store import records
from regulars.understand import funnels_kept
from regulars.understand.segments import create_segment
from regulars.web.api.document import document
from regulars.web.console.routes import CONSOLE
from regulars.words.clock import utc_now

SEARCHED = {
    "/segments": "all others",
    "/forms": "gift",
    "/templates": "remember",
    "/campaigns": "SPRING",
    "/campaigns/spring/people": "kalnina",
    "/funnels": "buying",
    "/facts": "gift_for",
    "/imports": "people",
    "/mappings": "till",
    "/keys": "the till",
    "/quarantine": "keyerror",
    "/retention": "page",
    "/alerts": "priya@",
    "/erasures": "4711",
}
"""By the address of a list: what finds one of what there is."""

SAME = {
    "/alerts": "list_alerts",
    "/suppressed": "list_suppressions",
    "/buying/people": "list_people_of_cell",
    "/buying/stage": "list_people_at_stage",
    "/campaigns": "list_campaigns",
    "/campaigns/{name:str}/people": "list_people",
    "/facts": "list_facts",
    "/customers": "list_customers",
    "/duplicates": "list_duplicates",
    "/workspace/exports": "list_exports",
    "/erasures": "list_erasures",
    "/forms": "list_forms",
    "/funnels": "list_funnels",
    "/imports": "list_imports",
    "/keys": "list_keys",
    "/orders": "list_orders",
    "/products": "list_products",
    "/people": "list_team",
    "/health/quarantine": "list_quarantine",
    "/retention": "list_retention",
    "/segments": "list_segments",
    "/segments/{name:str}/why": "list_customers",
    "/templates": "list_templates",
    "/together": "list_together",
}
"""By the address of a list that is searched in the console: the operation by which a program searches the same."""


@pytest.fixture
def many(shop):
    """A shop in which every list has several."""
    now = utc_now()
    plan = Plan(what="customers", reading=Reading(), columns={"Wer": "email"})
    with shop.tx() as tx:
        create_segment(tx, "others", "All others", RULE, now)
        funnels_kept.create(tx, "asking", "Asking", FUNNEL, now)
        for name in ("Till", "Web shop"):
            mappings.keep(tx, name, plan, "priya@gifts.example", now)
        for event, error in zip(
            records.list_events(tx, kind=None, before=None, limit=2), ("KeyError", "100%"), strict=True
        ):
            records.quarantine(tx, "facts", [(event.seq, event.identity_id)], error)
        for whom in ("owner@x.example", "priya@x.example"):
            said = {"count": 3, "newest": "ValueError"}
            alert = Alert(f"alert_{uuid4().hex}", now, "began", "quarantine", "facts", "act", now, said)
            alert_records.add_alert(tx, alert, [("mail", whom)])
        for customer in (4711, 4712):
            tx.connection.execute(
                "insert into remember_erasure (id, customer_id, mode, by_customer, asked_at, state, finished_at) "
                "values (gen_random_uuid(), %s, 'erase', false, now(), 'done', now())",
                (customer,),
            )
    for name in ("people.csv", "orders.csv"):
        file = (name, BytesIO(b"email\nida@post.example\n").read)
        bringing.bring(shop.database, shop.workspace, shop.house.imports, file, "priya", now)
    create_key(shop.database, shop.workspace, "write", "The till")
    return shop


def test_a_list_is_searched(many, ask):
    for path, words in SEARCHED.items():
        whole = ask(path, scope="admin").json()
        found = ask(path, scope="admin", q=words).json()
        assert found["total"] == len(found["items"]) == 1, path
        assert found["items"][0] in whole["items"], path
        assert ask(path, scope="admin", q="no such thing").json() == {"items": [], "total": 0, "next": None}, path


def test_what_is_found_is_read_on(many, ask):
    for path, words in {"/imports": "csv", "/quarantine": "", "/mappings": "priya"}.items():
        first = ask(path, scope="admin", q=words, limit=1).json()
        second = ask(path, scope="admin", q=words, limit=1, cursor=first["next"]).json()
        assert (first["total"], second["total"], second["next"]) == (2, 2, None), path
        assert first["items"] != second["items"], path


def test_what_people_search_a_program_searches():
    takes = {
        told["operationId"]: {one["name"] for one in told["parameters"]}
        for methods in document("")["paths"].values()
        for told in methods.values()
    }
    console = {
        route.path.removeprefix("/console/{workspace:str}")
        for router in CONSOLE
        for route in router.routes
        for handler in getattr(route, "route_handlers", ())
        if "q" in inspect.signature(handler.fn).parameters and "GET" in handler.http_methods
    }
    assert console - {"/console/workspaces", "/console"} <= set(SAME)
    for path, operation in SAME.items():
        assert path in console
        assert {"q", "number"} & takes[operation], operation
