"""Customers who ask to be forgotten while the storm kills, beside others who are restricted, or only there.

Each buys, logs in on a browser and tells a word that stands nowhere else; then one of four is erased, one made
anonymous, one restricted and one left alone. Now and then a client says once more what it said of somebody who went.
"""

from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event
from time import monotonic, sleep

import msgspec
from tests.web.forgettable import places

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.loop.followers import begin
from regulars.store import records
from regulars.store.database import Database
from regulars.testing.serving import Served, wait_until
from regulars.words.errors import RegularsError
from regulars.words.ids import hash64

WORKSPACE = "parting"
"""Theirs alone: what the storm counts elsewhere stays as it was."""
GIFT = "Gift Bought"
GIFTS = 3
TOTAL = 5
CLIENTS = 3
"""How many come at a time; it has nothing in common with how many wishes there are."""
WISHES = ("erase", "anonymise", "restrict", "stay")
_BACK = 60.0
"""Seconds after which somebody who is not found, and was asked for before the answer was lost, is gone."""


@dataclass
class Leaving:
    """Who was told of, and what they wished."""

    target: Served
    keys: dict[str, str]
    rng: Random
    over: Event = field(default_factory=Event)
    wished: dict[str, str] = field(default_factory=dict)
    """Of each of them, by a name of theirs: what they wished, once that was taken."""
    repeated: int = 0

    def run(self, number: int) -> None:
        """Let one after the other come and wish something; each wish is said until it is taken."""
        while not self.over.is_set():
            number += CLIENTS
            wish = WISHES[number % len(WISHES)]
            name = f"zarkanna{'gone' if wish in WISHES[:2] else 'here'}{number:05}"
            self._until_taken("/v1/batch", self._told(name), "write")
            if wish != "stay":
                self._wish(name, wish)
            self.wished[name] = wish
            if self.rng.random() < 0.5:
                self._until_taken("/v1/batch", self._told(self.rng.choice([*self.wished])), "write")
                self.repeated += 1
            if self.rng.random() < 0.2:
                with suppress(RegularsError):
                    take_for_silent(self.target)
            sleep(0.1)

    def _told(self, name: str) -> object:
        word = {"note": f"{name} says"}
        gifts = [
            {
                "type": "track",
                "event": GIFT,
                "userId": name,
                "messageId": f"{name}-{n}",
                "properties": word | {"total": 5},
            }
            for n in range(GIFTS)
        ]
        seen = {"type": "page", "anonymousId": f"{name}-browser", "messageId": f"{name}-seen", "properties": word}
        traits = word | {"email": f"{name}@mark.example"}
        login = {"type": "identify", "userId": name, "anonymousId": f"{name}-browser", "traits": traits}
        return {"batch": [*gifts, seen, login | {"messageId": f"{name}-in"}]}

    def _wish(self, name: str, wish: str) -> None:
        """Ask for it until it is taken; who is asked for is found only when the followers have met them."""
        what, body = ("restriction", {"how": "storm"}) if wish == "restrict" else ("erasure", {"mode": wish})
        lost = 0.0
        once = {"Idempotency-Key": f"{wish} {name[-5:]}"}
        while True:
            status = self._post(f"/api/customers/user:{name}/{what}", body, "admin", once)
            if status in {200, 201}:
                return
            assert status in {0, 401, 404, 409, 429, 503}, status
            lost = lost or (monotonic() if status == 0 else 0.0)
            if lost and status == 404 and monotonic() - lost > _BACK:
                return
            sleep(0.1)

    def _until_taken(self, path: str, body: object, key: str) -> None:
        while self._post(path, body, key) != 200:
            sleep(0.05)

    def _post(self, path: str, body: object, key: str, more: Mapping[str, str] | None = None) -> int:
        """Return the status; 0 where there was no answer."""
        connection = HTTPConnection("127.0.0.1", self.target.port, timeout=10)
        basic = b64encode(f"{self.keys[key]}:".encode()).decode()
        who = f"Basic {basic}" if key == "write" else f"Bearer {self.keys[key]}"
        headers = {"Authorization": who, "Content-Type": "application/json", **(more or {})}
        try:
            connection.request("POST", path, msgspec.json.encode(body), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status


def prepare(target: Served) -> dict[str, str]:
    """Make their workspace; return keys by their scope."""
    database = Database(target.database_url)
    try:
        create_workspace(database, WORKSPACE, "Parting")
        with database.workspace(WORKSPACE) as tx:
            begin(tx)
        return {scope: create_key(database, WORKSPACE, scope) for scope in ("write", "admin")}
    finally:
        database.close()


def take_for_silent(target: Served) -> None:
    """Let another go on at once with what somebody carries out, who may be dead, or be at it still."""
    database = Database(target.database_url)
    try:
        with database.workspace(WORKSPACE) as tx:
            tx.connection.execute("update remember_erasure set beat_at = beat_at - interval '10 minutes'")
    finally:
        database.close()


def over(database: Database) -> bool:
    """Whether everybody who asked is forgotten, and everything has followed."""
    with database.workspace(WORKSPACE) as tx:
        waits = tx.connection.execute("select from remember_erasure where state <> 'done' limit 1").fetchone()
        head = records.head(tx)
        return waits is None and all(state.cursor >= head for state in records.list_followers(tx))


class Found:
    """What the house has of them afterwards, read in one transaction."""

    def __init__(self, database: Database) -> None:
        with database.workspace(WORKSPACE) as tx:
            ask = tx.connection.execute
            self.erasures = dict(ask("select mode, count(*) from remember_erasure group by 1").fetchall())
            self.noted = dict(
                ask(
                    "select case action when 'customer.erased' then 'erase' else 'anonymise' end, count(*) "
                    "from access_audit where action in ('customer.erased', 'customer.anonymised') group by 1"
                ).fetchall()
            )
            self.stand_ins = ask("select count(*) from hear_identity where value like 'gone-%'").fetchone()
            self.log = ask(
                "select k.name, count(*), count(*) filter (where cut), coalesce(sum((e.props ->> 'total')::int), 0) "
                "from store_event e join store_kind k on k.id = e.kind where k.name = %s group by 1",
                (GIFT,),
            ).fetchall()
            self.rolled = ask(
                "select sum(r.count)::int, sum(r.total)::int from understand_rollup r "
                "join store_kind k on k.id = r.kind where k.name = %s",
                (GIFT,),
            ).fetchone()
            self.kept = {
                row[0] for row in ask("select mid from store_event where mid is not null and not coalesce(cut, false)")
            }
            self.facts = {row[0] for row in ask("select words from remember_current where name = 'note'")}
            self.restricted = {
                row[0]
                for row in ask(
                    "select h.value from remember_restricted r join remember_identity i using (customer_id) "
                    "join hear_identity h on h.id = i.identity_id where h.kind = 'user'"
                )
            }
            self.said = ask(
                "select count(*) from store_event e join store_kind k on k.id = e.kind "
                "where k.name = 'restriction.changed'"
            ).fetchone()


def judge(leaving: Leaving, database: Database) -> dict[str, bool]:
    """Return what would be wrong, and whether it is right."""
    take_for_silent(leaving.target)
    wait_until(lambda: over(database), "everybody who asked is forgotten", 240)
    of = {wish: {name for name, wished in leaving.wished.items() if wished == wish} for wish in WISHES}
    gone, here = of["erase"] | of["anonymise"], of["restrict"] | of["stay"]
    now = Found(database)
    gifts = GIFTS * len(leaving.wished)
    asked = {wish: len(of[wish]) for wish in WISHES[:2] if of[wish]}
    theirs = {hash64(f"{name}-{end}") for name in here for end in (*map(str, range(GIFTS)), "seen", "in")}
    found = places(database, WORKSPACE, [], ("zarkannagone",)) if gone else set()
    print(f"wishes { {wish: len(names) for wish, names in of.items()} }, {leaving.repeated} said again")
    return {
        f"{sorted(found)} still know somebody who is gone": found == set(),
        f"{now.erasures} erasures, {asked} asked for": now.erasures == asked,
        f"{now.noted} are noted, {asked} asked for": now.noted == asked,
        f"{now.stand_ins} stand in for {len(of['anonymise'])}": now.stand_ins == (len(of["anonymise"]),),
        f"{now.log} in the log of {gifts} gifts": now.log == [(GIFT, gifts, GIFTS * len(gone), TOTAL * gifts)],
        f"rollups have {now.rolled} of {gifts} gifts": now.rolled == (gifts, TOTAL * gifts),
        f"{len(theirs - now.kept)} events of {len(here)} others are lost": theirs <= now.kept,
        "somebody who stays lost what is known of them": {f"{name} says" for name in here} <= now.facts,
        f"{len(now.restricted)} restricted, {len(of['restrict'])} asked": now.restricted == of["restrict"],
        f"restricted {now.said} times for {len(of['restrict'])}": now.said == (len(of["restrict"]),),
    }
