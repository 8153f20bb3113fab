"""Where every page of a house is: read from its routes, so that no new page stays out of what all are asked."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from threading import Event

from tests.web.console_story import Shop
from tests.web.doors import Door, doors

from regulars.access.audit import Who
from regulars.access.invitations import invite
from regulars.access.links import Link
from regulars.access.people import add_person, make_login_link
from regulars.access.workspaces import get_workspace
from regulars.engage import confirmations, forms, responses, stopping
from regulars.hear import bringing, mappings
from regulars.hear import import_records as imports
from regulars.hear.identities import intern
from regulars.loop.import_rounds import take_next
from regulars.remember import duplicates
from regulars.understand import lists
from regulars.understand.finding import Chosen
from regulars.understand.segments import create_segment
from regulars.web.brands import LOOK
from regulars.words.clock import utc_now

DESK = "/console/{workspace:str}"
NO_PAGE = {
    "/": "leads on",
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/metrics": "for machines",
    "/static/{file_path:path}": "a file",
    "/styles/console.css": "a style",
    "/i.js": "a script",
    "/brand/{sheet:str}": "a style",
    "/brand/{workspace:str}/{picture:str}": "a picture",
    "/console": "leads on",
    "/console/login/elsewhere": "leads to another house",
    "/console/login/elsewhere/back": "leads on",
    DESK + "/live/{topic:str}": "a stream",
    DESK + "/cohorts/file": "a file",
    DESK + "/funnels/{name:str}/file": "a file",
    DESK + "/audit/taken/{form:str}": "a file",
    DESK + "/forms/{name:str}/qr.svg": "a picture",
    DESK + "/forms/{name:str}/qr.png": "a picture",
    DESK + "/imports/{number:int}/rejected": "a file",
    DESK + "/segments/{name:str}/growth/file": "a file",
    "/import/{token:str}": "a file",
    DESK + "/workspace/exports/{number:int}/file": "a file",
    DESK + "/customers/{customer_id:int}/everything.zip": "a file",
    DESK + "/mailbox/{message_id:int}/html": "a mail: what it says is its author's",
    "/export/{token:str}": "a file",
    "/me/{token:str}/everything.zip": "a file",
    "/look/{token:str}/mail": "a mail: it stands in a frame",
    "/l/{address:str}": "leads on, to where a mail does",
    "/o/{address:str}": "a picture",
    "/hooks/{workspace:str}/{channel:str}/{token:str}": "a call of a gateway",
}
"""What answers by GET and is no page, and why. A route that is not here is opened."""

OWN = "?own"
"""The same page by the link that opens everything."""
NAMES = {
    "/segments/{name:str}/more": "tasters",
    "segments": "for-mothers",
    "funnels": "buying",
    "campaigns": "spring",
    "templates": "remember",
    "forms": "gift-quiz",
}
NEEDED = {
    "/me/{token:str}/correct": "?fact=gift_for",
    "/f/{form:str}/thanks": "?m=TOKEN",
    DESK + "/health/figure": "?kind=page",
    DESK + "/customers/{customer_id:int}/fact": "?name=gift_for",
    DESK + "/fact": "?name=gift_for",
    DESK + "/order": "?number=A-1",
    DESK + "/buying/people": "?recency=5&frequency=5",
    DESK + "/buying/stage": "?stage=purchase&category=Candles",
    DESK + "/cohorts/people": "?began=2026-03-01",
    DESK + "/product": "?number=L-7",
}
"""What a page cannot do without, after its address."""
MORE = {
    DESK: ["?only=answered"],
    DESK + "/customers": ["?q=kalnina", "?q=nobody"],
    DESK + "/campaigns/{name:str}/people": ["?only=sent"],
    DESK + "/segments/{name:str}/beside": ["?other=still"],
    DESK + "/segments/{name:str}/growth": ["?days=all"],
    DESK + "/together": ["?product=L-7", "?q=nothing"],
    DESK + "/cohorts": ["?of=anything&every=week"],
    DESK + "/funnels/{name:str}/people": ["?step=2", "?only=stopped"],
    DESK + "/debugger": ["?taken=no", "?library=unheard"],
    DESK + "/new/form": ["?start_from=gifts"],
    DESK + "/new/template": ["?start_from=reminder", "?start_from=question", "?start_from=html"],
    "/me/{token:str}": [OWN],
}
"""Other faces of a page, by what follows its address."""


class Story:
    """A shop of which every page has something to show."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.house, self.workspace = shop, shop.house, shop.workspace
        self._alike()
        shop.sell()
        shop.follower_fails()
        self._bring()
        with shop.tx() as tx:
            shop.rejected(tx)
            shop.heard(tx)
        self.places = {
            "workspace": self.workspace,
            "customer_id": shop.customer,
            "customer": shop.customer,
            "channel": "email",
            "message_id": 1,
            "seq": 1,
            "number": 1,
        }
        self.places |= {"form": "gift-quiz", "step": 1, "number": self._stop()}
        with shop.tx() as tx:
            create_segment(tx, "still", "They told us something", {"fact": "gift_for", "known": True}, utc_now())
            lists.make(tx, "tasters", "Who tastes for us", utc_now())
            lists.put(tx, "tasters", [shop.customer], "Priya", utc_now(), on=True)
            address = intern(tx, [("email", "ieva@post.example")])["email", "ieva@post.example"]
        links, link = self.house.links, Link(self.workspace, address, 1)
        self.own = links.sign_own(link)
        self.tokens: Mapping[str, str] = {
            "/me/{token:str}/correct": f"{self.own}",
            "/me/": links.sign(link),
            "/u/": links.sign(link),
            "/why/": links.sign(link),
            "/look/": links.seal(LOOK, get_workspace(self.house.database, self.workspace)),
            "/f/": links.sign(Link(self.workspace, shop.customer, None, "gift-quiz")),
            "/confirm/": f"{self.workspace}.{self._typed()}",
            "/console/invitation/": self._invited(),
            "/console/login/": self._login(),
        }

    def _alike(self) -> None:
        """Let there be somebody with the address of the customer of the story."""
        now = utc_now()
        with self.shop.tx() as tx:
            twin = self.shop.meet(tx, "u-3", "Ieva K", "ieva.k@post.example", now)
        with self.shop.tx() as tx:
            self.shop.say(tx, twin, {"email": "ieva@post.example"}, now)
        self.shop.work()
        duplicates.seek(self.shop.database, self.workspace, now)

    def _stop(self) -> int:
        """Have somebody ask that we stop writing to a customer, which no work process has begun."""
        who, why = Who("person", f"owner@{self.workspace}.example", 1), ("The shop closes.", "by the team", utc_now())
        with self.shop.tx() as tx:
            return stopping.ask(tx, self.workspace, who, Chosen((self.shop.customer,)), ("news", "email"), *why)

    def _bring(self) -> None:
        """Bring a file of customers, of which some rows cannot be taken, and try it."""
        file = BytesIO(b"email,size\nida@post.example,39\nnobody,40\n")
        given = (self.house.database, self.workspace, self.house.imports, ("customers.csv", file.read))
        brought = bringing.bring(*given, "priya@gifts.example", utc_now())
        with self.shop.tx() as tx:
            mappings.keep(tx, "Till", brought.planned(), "priya@gifts.example", utc_now())
            imports.ask(tx, brought, dry=True)
        while take_next(self.house.database, self.house.imports, utc_now, Event(), print):
            pass

    def _typed(self) -> str:
        """Let a visitor type an address and allow us to write there; return the secret of the link in the mail."""
        now = utc_now()
        with self.shop.tx() as tx:
            visitor = responses.Who(intern(tx, [("anonymous", "v-1")])["anonymous", "v-1"])
            response = responses.start(tx, forms.get_form(tx, "gift-quiz"), visitor, now)
            ticked = responses.ConsentGiven("marketing", "email", granted=True, words="Yes, write to me by e-mail.")
            secret = confirmations.ask(tx, response, confirmations.Wanted("tom@post.example", [ticked]), now)
        assert secret
        return secret

    def _invited(self) -> str:
        with self.house.database.shared() as tx:
            return invite(tx, self.workspace, f"priya@{self.workspace}.example", "marketer", None, utc_now())[1]

    def _login(self) -> str:
        email = f"tina@{self.workspace}.example"
        add_person(self.house.database, email, "Tina", self.workspace)
        return make_login_link(self.house.database, email, utc_now())

    def pages(self) -> Iterator[tuple[Door, str]]:
        """Return every page with its address; those with more than one face once for each."""
        every = {door.path: door for door in doors(self.house) if door.method == "GET" and door.path[:5] != "/api/"}
        assert NO_PAGE.keys() <= every.keys(), "these are gone: take them off the list"
        assert MORE.keys() <= every.keys(), "these are gone: take them off the list"
        for path, door in sorted(every.items()):
            if path not in NO_PAGE:
                for query in ["", *MORE.get(path, [])]:
                    yield door, self.address(path, query)

    def address(self, path: str, query: str) -> str:
        """Return the address of a route, its places filled by what the story has."""
        token = self.own if query == OWN else next((t for at, t in self.tokens.items() if path.startswith(at)), "")
        parent = path.removeprefix(DESK).strip("/").partition("/")[0]
        places = self.places | {"token": token, "name": NAMES.get(path.removeprefix(DESK)) or NAMES.get(parent, "")}

        def fill(place: re.Match[str]) -> str:
            known = places.get(place[1])
            assert known, f"{path}: say in every_page.py what stands for {place[0]}, or why it is no page"
            return str(known)

        filled = re.sub(r"\{(\w+):\w+\}", fill, path)
        return filled + (query or NEEDED.get(path, "").replace("TOKEN", token))
