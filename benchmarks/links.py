"""`links`: what mails lead to, at 500 requests a second: 99 of 100 are answered within 20 ms.

Half of the requests follow a link, a quarter load the picture, the rest open the page of preferences and one's own.
They come when they are due, whether or not those before were answered, and the time counts from then.
"""

from itertools import count
from random import Random
from threading import Lock, Thread
from time import perf_counter, sleep

import msgspec

from benchmarks.load import Connection, get
from benchmarks.report import Result, percentile
from regulars.access.links import open_links
from regulars.access.workspaces import create_workspace
from regulars.hear.identities import intern
from regulars.speak.asking import Addresses
from regulars.speak.context import Context
from regulars.speak.library import save_template
from regulars.speak.rows import Utm
from regulars.speak.templates import render
from regulars.speak.tracking import Tracker
from regulars.store.database import Database, Jsonb
from regulars.store.log import NewEvent, append
from regulars.store.statements import Statement
from regulars.testing.serving import scratch, serving
from regulars.words.clock import utc_now
from regulars.words.kinds import IDENTIFY

NAME = "links"
MESSAGES = 2_000
A_SECOND = 500
SECONDS = 20
CONNECTIONS = 32
LIMIT_MS = 20.0
_ANSWERED = {200, 303}
_HTML = "<p>Hello!</p>" + "".join(f'<a href="https://shop.example/p/{n}">Product {n}</a>' for n in range(10))
_MESSAGE = Statement(
    b"insert into speak_message (campaign, customer_id, identity_id, state, template_id, used, due, sent_at, tracked)"
    b" values ('bench', %(who)s, %(who)s, 'sent', %(template)s, %(used)s, now(), now() - interval '1 hour', true)"
    b" returning id"
)


def _fill(database: Database) -> list[str]:
    """Send messages; return the paths that they lead to, in the order in which they are asked for."""
    create_workspace(database, "bench", "Benchmark")
    addresses = Addresses(open_links(database), "", "bench")
    tracker, now, rng = Tracker(addresses), utc_now(), Random(1)
    found: list[str] = []
    with database.workspace("bench") as tx:
        ids = intern(tx, [("email", f"c{n}@post.example") for n in range(MESSAGES)])
        template = save_template(
            tx, "bench", subject="Hello", html=_HTML + "{{ unsubscribe_url }}", text="{{ unsubscribe_url }}"
        )
        for identity in ids.values():
            used = Context(unsubscribe_url="/u/x", shop="Benchmark")
            message = tx.value(_MESSAGE, who=identity, template=template.id, used=Jsonb(msgspec.to_builtins(used)))
            html = tracker.led(render(template, used), template, Utm("bench"), message).html
            links = [one.partition('"')[0] for one in html.split('"/l/')[1:]]
            found += [f"/l/{one}" for one in rng.sample(links, 4)]
            found += [f"/o/{html.partition('/o/')[2].partition(chr(34))[0]}"] * 2
            found += [addresses.preferences(identity, message), f"/me/{addresses.preferences(identity, message)[3:]}"]
        append(
            tx, [NewEvent(one, now, IDENTIFY, b'{"traits": {}, "links": [], "verified": true}') for one in ids.values()]
        )
    rng.shuffle(found)
    return found


def _paced(port: int, requests: list[bytes]) -> list[float]:
    """Send each request when it is due; return after how many milliseconds each was answered."""
    numbers, lock, began = count(), Lock(), perf_counter() + 0.5
    took: list[float] = []

    def work() -> None:
        connection = Connection("127.0.0.1", port)
        mine: list[float] = []
        while (n := next(numbers)) < len(requests):
            due = began + n / A_SECOND
            sleep(max(0.0, due - perf_counter()))
            if (status := connection.send(requests[n])) not in _ANSWERED:
                raise RuntimeError(f"not answered but with {status}: {requests[n][:60]!r}")
            mine.append((perf_counter() - due) * 1000)
        connection.close()
        with lock:
            took.extend(mine)

    threads = [Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != len(requests):
        raise RuntimeError(f"only {len(took)} of {len(requests)} were answered")
    return took


def run() -> Result:
    """Run it: a few seconds for the processes to have seen everything once, then what is measured."""
    with scratch() as data, serving(data) as house:
        database = Database(house.database_url)
        paths = _fill(database)
        database.close()
        requests = [get("127.0.0.1", path) for path in paths]
        warm, measured = A_SECOND * 4, A_SECOND * SECONDS
        _paced(house.port, requests[:warm])
        took = _paced(house.port, requests[warm : warm + measured])
    print(f"half of them within {percentile(took, 0.5):.1f} ms")
    return Result.less(NAME, percentile(took, 0.99), "ms", limit=LIMIT_MS)
