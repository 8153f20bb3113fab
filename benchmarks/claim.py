"""`claim`: messages a second that are judged by the gate, fitted into caps and quiet hours, and written.

20,000 customers in one campaign, two hundred at a time, with a cap a day and a week, quiet hours (which are over),
complaints heeded, and a tenth held out; the mail quotes two facts and has ten links that are counted. Nothing is
delivered. Beside it stands what bare SQL takes for holding and marking the same rows.
"""

from datetime import timedelta
from time import perf_counter

from benchmarks.population import follow, settle
from benchmarks.report import Result
from regulars.access.links import open_links
from regulars.access.workspaces import create_workspace, get_workspace
from regulars.decide import contact, intents
from regulars.decide.contact import ContactPolicy
from regulars.speak import campaigns
from regulars.speak.asking import Addresses, ask_nothing
from regulars.speak.campaigns import SAY
from regulars.speak.composing import Composer
from regulars.speak.library import save_template
from regulars.speak.outbox import queue
from regulars.store.database import Database
from regulars.store.statements import Statement
from regulars.testing.serving import scratch, serving
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

NAME = "claim"
CUSTOMERS = 20_000
AT_ONCE = 200
WANTED = 3_000
_LINKS = "".join(f'<p><a href="https://shop.example/p/{n}">Product {n}</a></p>' for n in range(10))
_TOLD = "<p>{{ told.city | default('you') }}, {{ told.occasion | default('today') }}</p>"
_HTML = f"{_TOLD}{_LINKS}{{{{ unsubscribe_url }}}}"
_BARE = Statement(
    b"with due as (select id from speak_message where state = 'claimed' order by due, id limit 200"
    b" for update skip locked) update speak_message m set state = 'started' from due where m.id = due.id"
)


def run() -> Result:
    """Run it."""
    with scratch() as data, serving(data, work_processes=0) as house:
        database = Database(house.database_url)
        create_workspace(database, "bench", "Benchmark")
        settle(database, "bench", CUSTOMERS)
        _decide(database)
        composer = Composer(
            workspace=get_workspace(database, "bench"),
            sender="Shop <hello@shop.example>",
            addresses=Addresses(open_links(database), "https://shop.example", "bench"),
            asker=ask_nothing,
        )
        looked = written = 0
        began = perf_counter()
        while True:
            with database.workspace("bench") as tx:
                ready, some = composer.claim(tx, lambda: "bench", utc_now(), AT_ONCE)
            looked, written = looked + some, written + len(ready)
            if not some:
                break
        seconds = perf_counter() - began
        began, marked = perf_counter(), 0
        while some := _mark(database):
            marked += some
        bare = marked / (perf_counter() - began)
        database.close()
        if looked != CUSTOMERS or marked != written or not 0.85 < written / looked < 0.95:
            raise RuntimeError(f"{looked} were looked at, {written} written, {marked} marked")
    print(f"{written:,} of {looked:,} written; bare SQL holds and marks {bare:,.0f} rows a second")
    return Result.more(NAME, looked / seconds, "messages/s", limit=WANTED, goal=1.0)


def _decide(database: Database) -> None:
    now = utc_now()
    with database.workspace("bench") as tx:
        create_segment(tx, "everybody", "Everybody", {"fact": "city", "known": True}, now)
        save_template(tx, "news", subject="News", html=_HTML, text="{{ unsubscribe_url }}")
        since, until = (f"{now - timedelta(hours=hours):%H:%M}" for hours in (8, 2))
        policy = ContactPolicy(per_day=2, per_week=5, quiet_from=since, quiet_until=until, held_out=10)
        contact.keep(tx, policy)
    follow(database, "bench")
    with database.workspace("bench") as tx:
        campaigns.create(tx, "news", title="News", segment="everybody", template="news", purpose="marketing")
        campaigns.launch(tx, "news", now)
        intents.intend_for_segment(tx, verb=SAY, name="news", segment="everybody", now=now)
    while True:
        with database.workspace("bench") as tx:
            if not queue(tx, now):
                return


def _mark(database: Database) -> int:
    with database.workspace("bench") as tx:
        return tx.run(_BARE)
