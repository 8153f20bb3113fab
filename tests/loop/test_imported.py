"""What a file brings is of the past: with every follower and a live campaign on it, nobody is written to."""

from datetime import datetime
from pathlib import Path

from tests.hear.tables import csv_file, taken

from regulars.hear.identities import intern
from regulars.loop.followers import FOLLOWERS, begin
from regulars.remember.consents import standing
from regulars.remember.facts import declare
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.store.log import NewEvent, append
from regulars.understand.segments import create_segment, list_segments
from regulars.words.clock import utc_now

RULE = {"any": [{"fact": "size", "is": 39}, {"event": "Order Completed", "count": {"at_least": 1}}]}


def test_an_import_fills_a_segment_and_its_live_campaign_writes_to_nobody(
    database: Database, workspace: str, now: datetime, tmp_path: Path
) -> None:
    with database.workspace(workspace) as tx:
        begin(tx)
        declare(tx, "size", "number")
        create_segment(tx, "ours", "Ours", RULE, now)
        words = "Hello. {{ unsubscribe_url }}"
        save_template(tx, "hello", subject="Hello", html=f"<p>{words}</p>", text=words)
        campaigns.create(tx, "hello", title="Hello", segment="ours", template="hello", purpose="marketing")
        campaigns.launch(tx, "hello", now)
    follow = Dispatcher(database, FOLLOWERS, lambda: [workspace], utc_now)
    people = "email,size,consent,consent date,consent source\nanna@example.com,39,yes,2025-05-01,till\n"
    orders = "order id,date,total,email\n7,2025-06-01,12.50,max@example.com\n"

    taken(database, workspace, csv_file(tmp_path, people), "customers")
    taken(database, workspace, csv_file(tmp_path, orders), "orders")
    follow.catch_up([workspace])

    with database.workspace(workspace) as tx:
        (segment,) = list_segments(tx)
        (anna,) = intern(tx, [("email", "anna@example.com")]).values()
        assert segment.size == 2
        assert standing(tx, [anna], "marketing", "email")[anna].granted
        assert _intents(tx) == 0
        live = intern(tx, [("email", "live@example.com")])["email", "live@example.com"]
        append(tx, [NewEvent(live, utc_now(), "Order Completed", b'{"total": 5}')])
    follow.catch_up([workspace])

    with database.workspace(workspace) as tx:  # whoever comes now, and of oneself, is written to
        assert _intents(tx) == 1


def _intents(tx) -> int:
    return tx.connection.execute("select count(*) from decide_intent").fetchone()[0]
