"""A hundred thousand customers with names of many scripts, facts, answers and orders, derived by the real followers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import msgspec

from regulars.hear.identities import intern
from regulars.loop.followers import FOLLOWERS, begin
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.store.follow import lags
from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now
from regulars.words.kinds import CONSENT_CHANGED, FORM_ANSWERED, IDENTIFY

CITIES = ("Riga", "Leeds", "Lyon", "Pune", "Taipei", "Bergen", "Porto", "Cork")
OCCASIONS = ("birthday", "wedding", "christmas", "new-home")
_GIVEN = (
    "Ieva",
    "Marta",
    "Jānis",
    "Chloé",
    "Zoë",
    "Siobhán",
    "आरव",
    "अनन्या",
    "小明",
    "美玲",
    "José",
    "Åsa",
    "Anna",
    "Tom",
)
_FAMILY = ("Kalniņa", "Ozoliņš", "Müller", "Núñez", "O’Brien", "शर्मा", "पटेल", "王", "陳", "Smith", "Björk", "Łukasik")
_CHUNK = 2_000


def settle(database: Database, workspace: str, customers: int, *, seed: int = 1, beside: int = 0) -> None:
    """Fill a workspace with customers user:c-1 ... (beside so many who are there) and let everything follow."""
    rng = Random(seed)
    now = utc_now()
    with database.workspace(workspace) as tx:
        begin(tx)
    end = beside + customers + 1
    for first in range(beside + 1, end, _CHUNK):
        with database.workspace(workspace) as tx:
            numbers = range(first, min(first + _CHUNK, end))
            pairs = [pair for n in numbers for pair in (("user", f"c-{n}"), ("email", f"c{n}@customers.example"))]
            ids = intern(tx, pairs)
            append(
                tx,
                [
                    event
                    for n in numbers
                    for event in _life(rng, n, ids["user", f"c-{n}"], ids["email", f"c{n}@customers.example"], now)
                ],
            )
    follow(database, workspace)


def follow(database: Database, workspace: str) -> None:
    """Wait until every follower has caught up, and help; then let PostgreSQL tidy up as it would overnight."""
    dispatcher = Dispatcher(database, FOLLOWERS, lambda: [workspace], utc_now)
    behind = True
    while behind:
        dispatcher.catch_up([workspace])
        with database.workspace(workspace) as tx:
            behind = any(lag.behind for lag in lags(tx))
    with database.direct() as connection:
        connection.execute("vacuum analyze")


def _life(rng: Random, number: int, user: int, email: int, now: datetime) -> Iterator[NewEvent]:
    at = now - timedelta(days=rng.randrange(1, 300))
    traits = {
        "name": f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}",
        "email": f"c{number}@customers.example",
        "city": rng.choice(CITIES),
        "age": rng.randrange(18, 90),
    }
    yield _event(user, at, IDENTIFY, {"traits": traits, "links": [email], "verified": True})
    agreed = {"purpose": "marketing", "channel": "email", "granted": True, "words": "Yes", "how": "benchmark"}
    yield _event(email, at, CONSENT_CHANGED, agreed)
    if number % 4 == 0:
        answer = rng.choice(OCCASIONS)
        given = {"question": "occasion", "title": "Which occasion?", "kind": "text", "value": answer, "words": answer}
        answered = {"form": "quiz", "title": "Quiz", "response": f"r-{number}", "verified": True, "message": None}
        yield _event(user, at, FORM_ANSWERED, {**answered, "answers": [{**given, "fact": "occasion"}], "consents": []})
    if number % 3 == 0:
        yield _event(user, at + timedelta(hours=1), "Product Viewed", {"sku": number})


def _event(identity: int, at: datetime, kind: str, props: dict[str, object]) -> NewEvent:
    return NewEvent(identity, at, kind, msgspec.json.encode(props), historical=True)
