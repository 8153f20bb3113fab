"""Somebody whose every word is marked, in every feature there is; and where in the house a mark is found."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from threading import Event

import msgspec
from psycopg import sql
from tests.web.console_story import Shop

from regulars.access import export_records as exports
from regulars.engage import confirmations, forms, responses
from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.identities import intern
from regulars.loop.export_rounds import write_next
from regulars.loop.import_rounds import take_next
from regulars.remember import frequencies, pauses, restrictions
from regulars.speak import notices, touch_records
from regulars.speak.judging import judge_all
from regulars.store import records as store
from regulars.store.database import SHARED, schema_of
from regulars.store.log import NewEvent, append
from regulars.web import drafts_records
from regulars.web.api import records as answers
from regulars.words.clock import utc_now

NAME = "Zarkanna Quorvex"
MAIL = "zarkanna.quorvex@mark.example"
PHONE = "+37120998877"
USER = "quorvex-user-1"
BROWSER = "quorvexbrowser123"
MARKS = ("quorvex", "20998877")
"""What everything of theirs holds, in one of its ways of writing."""


TABLES = "select table_name from information_schema.tables where table_schema = %s and table_type = 'BASE TABLE'"


REJECTED = (
    "insert into hear_rejected (at, source, kind, library, reason, said, bytes, more) "
    "values (now(), 1, 'track', 'curl', 'event: missing', %s, 30, 0)"
)


class Marked:
    """The person, in a shop whose story has been told."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.now = utc_now() - timedelta(minutes=7)
        self.me = 0

    def live(self) -> int:
        """Do everything that a customer can; return the customer's number."""
        with self.shop.tx() as tx:
            pairs = [("user", USER), ("email", MAIL), ("phone", PHONE), ("anonymous", BROWSER)]
            ids = intern(tx, pairs)
            self.me, self.mail = ids[pairs[0]], ids[pairs[1]]
            traits = {"name": NAME, "email": MAIL, "phone": PHONE, "address": "Quorvexstrasse 7", "motto": "quorvex!"}
            self._tell(tx, "identify", {"traits": traits, "links": [ids[one] for one in pairs[1:]], "verified": True})
            bought = {"total": 49.9, "currency": "EUR", "gift_note": "For aunt Quorvexia", "order_id": "QUORVEX-1"}
            self._tell(tx, "Order Completed", bought)
            self._tell(tx, "page", {"name": "Quorvex lanterns", "url": "https://shop.example/quorvex"})
        self.shop.work()
        self._answer()
        self._say()
        with self.shop.tx() as tx:
            event = store.list_events(tx, kind="page", before=None, limit=1)[0]
            store.quarantine(tx, "statements", [(event.seq, event.identity_id)], "ValueError: Quorvex cannot be read")
            deep = [NewEvent(self.me, self.now, "page", depth=16)]
            append(tx, deep)
        return self.me

    def _tell(self, tx, kind, props, *, identity=None):
        context = msgspec.json.encode({"ip": "198.51.100.7", "agent": "QuorvexBrowser/1.0"})
        event = NewEvent(identity or self.me, self.now, kind, msgspec.json.encode(props), context=context)
        append(tx, [event])

    def _answer(self) -> None:
        with self.shop.tx() as tx:
            form = forms.get_form(tx, "gift-quiz")
            said = {"for_whom": "mother", "whose": "Mother Quorvexa", "may_write": True}
            self.shop.answer(tx, form, self.mail, said, self.now)
        self.shop.work()
        with self.shop.tx() as tx:  # the browser types the address once more, and nobody confirms it
            browser = intern(tx, [("anonymous", BROWSER)])["anonymous", BROWSER]
            form = forms.get_form(tx, "gift-quiz")
            response = responses.start(tx, form, responses.Who(browser, verified=False), self.now)
            response = responses.answer(tx, form, response, form.survey.question("whose"), "Quorvexina")
            confirmations.ask(tx, response, confirmations.Wanted(MAIL, []), utc_now())
            notice = notices.Notice(MAIL, "Is it you, Quorvex?", "<p>Quorvex?</p>", "Quorvex?")
            notices.post(tx, browser, notice, self.now)

    def _say(self) -> None:
        self.shop.work()
        self._follow()
        with self.shop.tx() as tx:
            pauses.change(tx, self.me, utc_now() + timedelta(days=9), "Quorvex wants quiet.", "by telephone", self.now)
        with self.shop.tx() as tx:
            frequencies.change(tx, self.me, 7, "Quorvex wants little.", "by telephone", self.now)
        with self.shop.tx() as tx:
            words = "Quorvex wants it kept."
            restrictions.change(tx, self.me, words, "by telephone", self.now, restricted=True)
        with self.shop.tx() as tx:
            words = "Quorvex wants it used."
            restrictions.change(tx, self.me, words, "by telephone", utc_now(), restricted=False)
        self.shop.work()

    def _follow(self) -> None:
        """Open what was written and follow a link of it: the log was told of it once, and not yet again."""
        with self.shop.tx() as tx:
            message = tx.value(b"select id from speak_message where identity_id = %(mail)s", mail=self.mail)
            followed = touch_records.Touch(message, self.now, "", "https://shop.example/?for=quorvex", 1)
            touch_records.add_touches(tx, [followed, touch_records.Touch(message, self.now, "apple")])
        judge_all(self.shop.house.database, self.shop.workspace, utc_now())
        with self.shop.tx() as tx:
            touch_records.add_touches(tx, [followed])

    def is_worked_with(self, client, home) -> None:
        """Have the team and programs look at them, change what is known of them, and compose with their name."""
        page = client.get(f"{home}/customers/{self.me}")
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text).group(1)
        field = {"csrf": token, "name": "motto", "answer": "Quorvex for ever", "source": "said"}
        assert client.post(f"{home}/customers/{self.me}/fact?name=motto", data=field).status_code == 303
        client.get(f"{home}/customers", params={"q": NAME})
        with self.shop.tx() as tx:
            fields = {"subject": NAME, "text": "…"}
            drafts_records.keep_draft(tx, 1, "template", "remember", base="", fields=fields, now=utc_now())
            tx.connection.execute(REJECTED, (f'{{"userId": "{USER}"}}',))
            answers.claim_answer(tx, "once-1", b"", utc_now())
            answers.keep_answer(tx, "once-1", 200, msgspec.json.encode({"address": MAIL}))
        self.shop.work()

    def is_brought(self) -> None:
        """Have a file taken in that they stand in twice, once in a row that cannot be taken."""
        house = self.shop.house
        rows = f"email,motto\n{MAIL},Quorvex for ever\nquorvex at nowhere,Quorvex\n".encode()
        file = ("people.csv", BytesIO(rows).read)
        given = (house.database, self.shop.workspace, house.imports, file)
        brought = bringing.bring(*given, "owner@x.example", utc_now(), "customers")
        with house.database.shared() as tx:
            imports.ask(tx, brought, dry=False)
        while take_next(house.database, house.imports, utc_now, Event(), lambda _: None):
            pass
        self.shop.work()

    def is_exported(self) -> None:
        """Have everything of the workspace written into a file."""
        house = self.shop.house
        with house.database.shared() as tx:
            exports.ask(tx, self.shop.workspace, "owner@x.example", utc_now())
        assert write_next(house.database, house.exports, utc_now, Event())


def places(database, workspace: str, folders, marks=MARKS) -> set[str]:
    """Return every table and file in which a mark stands: all columns of all tables there are, whatever their type."""
    found: set[str] = set()
    with database.direct() as connection:
        for schema in (schema_of(workspace), SHARED):
            tables = connection.execute(TABLES, (schema,)).fetchall()
            for (table,) in tables:
                rows = connection.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(schema, table)))
                texts = [str(text).lower() for (text,) in rows]
                hexes = [mark.encode().hex() for one in marks for mark in (one, one.capitalize())]
                if any(mark in text for text in texts for mark in (*marks, *hexes)):
                    found.add(table)
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file() and any(mark in _content(file) for mark in marks):
                found.add(file.name)
    return found


def _content(file) -> str:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist()).lower()
    return file.read_bytes().decode(errors="replace").lower()
