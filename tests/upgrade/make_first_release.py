"""Makes `first-release.backup`, and `first-release.json` beside it: a small shop, written by the first release's code.

It is run with that code, not with today's; how is in README.md. What it finds in the end is what an upgrade must keep.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec

from regulars.access.keys import create_key
from regulars.access.links import open_links
from regulars.access.people import add_person, make_login_link, open_session
from regulars.access.workspaces import create_workspace
from regulars.channels.sandbox import Sandbox
from regulars.engage import forms, responses
from regulars.hear.identities import intern
from regulars.loop.followers import FOLLOWERS, begin
from regulars.remember.correcting import forget
from regulars.remember.facts import current
from regulars.speak import campaigns, library
from regulars.speak.outbox import Sender
from regulars.store.backup import back_up
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.store.embedded import start_postgres
from regulars.store.log import NewEvent, append
from regulars.store.migrate import migrate_shared
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

HERE = Path(__file__).parent
NAMES = ("Ieva Kalniņa", "王小明", "आरव शर्मा", "Zoë O’Brien", "Łukasz Wiśniewski", "Anna Smith", "José Núñez", "مريم")
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
ANSWERS = ({"for_whom": "mother", "whose": "Marta", "may_write": True}, {"for_whom": "friend", "may_write": False})
HTML = '<p>You told us: {{ told.gift_for | default("nothing yet") }}</p><a href="{{ unsubscribe_url }}">Leave</a>'
TEXT = 'You told us: {{ told.gift_for | default("nothing yet") }}. {{ unsubscribe_url }}'
QUESTIONS = {
    "customers": "select id, name from remember_customer order by id",
    "facts": "select customer_id, name, value, words, source, verified from remember_current order by 1, 2",
    "forgotten": "select identity_id, name from remember_forgotten order by 1, 2",
    "consents": "select identity_id, purpose, channel, granted, proof from remember_consent order by seq, 1, 2, 3",
    "identities": "select id, kind, value from hear_identity order by id",
    "belongs": "select identity_id, customer_id from remember_identity order by 1",
    "events": "select e.seq, e.identity_id, k.name, e.props::text "
    "from store_event e join store_kind k on k.id = e.kind order by 1",
    "responses": "select id::text, form, identity_id, answers, finished_at is not null from engage_response order by 1",
    "messages": "select id, identity_id, state, reason from speak_message order by id",
    "members": "select m.customer_id, s.name from understand_member m join understand_segment s on s.id = m.segment_id "
    "order by 1, 2",
}
"""What must be the same after an upgrade, asked of the tables."""


def tell(database: Database, workspace: str) -> None:
    """Tell the story: customers come, say something, answer, are written to; one has something forgotten."""
    now = utc_now() - timedelta(hours=1)
    with database.workspace(workspace) as tx:
        begin(tx)
        form = forms.create_form(tx, "gift-quiz", QUIZ, now)
        library.save_template(tx, "remember", subject="Your gifts", html=HTML, text=TEXT, ask="gift-quiz")
        create_segment(tx, "for-mothers", "They give to their mother", {"fact": "gift_for", "is": "mother"}, now)
        for name in ("spring", "summer"):
            campaigns.create(tx, name, title=name, segment="for-mothers", template="remember", purpose="marketing")
        campaigns.launch(tx, "spring", now)
        pairs = [
            (kind, value)
            for n in range(len(NAMES))
            for kind, value in (("user", f"u-{n}"), ("email", f"c{n}@x.example"))
        ]
        ids = intern(tx, [*pairs, ("anonymous", "browser-1")])
        for n, name in enumerate(NAMES):
            user, email = ids["user", f"u-{n}"], ids["email", f"c{n}@x.example"]
            traits = {"name": name, "email": f"c{n}@x.example", "city": "Riga" if n % 2 else "Leeds", "size": 36 + n}
            said = {"traits": traits, "links": [email], "verified": True}
            bought = {"total": 10.5 + n, "currency": "GBP", "order_id": f"A-{n}"}
            events = [("identify", said), ("Order Completed", bought), ("page", {"name": "Lanterns"})]
            append(tx, [NewEvent(user, now, kind, msgspec.json.encode(props)) for kind, props in events])
        seen = NewEvent(ids["anonymous", "browser-1"], now, "page", b'{"name": "Home"}')
        joined = {"traits": {}, "links": [ids["anonymous", "browser-1"]], "verified": True}
        append(tx, [seen, NewEvent(ids["user", "u-1"], now, "identify", msgspec.json.encode(joined))])
    for n in range(6):
        with database.workspace(workspace) as tx:
            response = responses.start(tx, form, responses.Who(ids["user", f"u-{n}"], verified=True), now)
            for name, value in ANSWERS[n % 2].items():
                question = form.survey.question(name)
                assert question
                response = responses.answer(tx, form, response, question, value)
            if n < 5:
                responses.finish(tx, form, response, now, locale="en", gettext=str)
    work(database, workspace, send=True)
    with database.workspace(workspace) as tx:
        known = [fact for fact in current(tx, ids["user", "u-3"]) if fact.name == "size"]
        forget(tx, ids["user", "u-3"], known, now)
    with database.workspace(workspace) as tx:
        campaigns.launch(tx, "summer", now)  # its messages wait
    work(database, workspace, send=False)


def work(database: Database, workspace: str, *, send: bool) -> None:
    """Let the followers do all there is to do, and the sender if wanted."""
    dispatcher = Dispatcher(database, FOLLOWERS, lambda: [workspace], utc_now)
    dispatcher.catch_up([workspace])
    sender = Sender(database, workspace, Sandbox(database, workspace), open_links(database), "https://say.shop.example")
    while send and sender.send_some(utc_now()):
        dispatcher.catch_up([workspace])
    sender.close()


def main(target: Path) -> None:
    """Make both files."""
    with tempfile.TemporaryDirectory(prefix="regulars-first-") as folder:
        Path(folder).chmod(0o711)
        server = start_postgres(Path(folder) / "data")
        database = Database(server.url)
        try:
            migrate_shared(database)
            create_workspace(database, "shop", "The Gift House", sender="The Gift House <hello@shop.example>")
            add_person(database, "harriet@shop.example", "Harriet", "shop")
            open_session(database, make_login_link(database, "harriet@shop.example", utc_now()), utc_now())
            keys = {scope: create_key(database, "shop", scope) for scope in ("write", "read")}
            tell(database, "shop")
            with database.workspace("shop") as tx:
                found = {name: tx.rows(asked.encode()) for name, asked in QUESTIONS.items()}
            back_up(database, target / "first-release.backup")
            story = {"keys": keys, "questions": QUESTIONS, "found": found}
            (target / "first-release.json").write_bytes(
                msgspec.json.format(msgspec.json.encode(story), indent=1) + b"\n"
            )
        finally:
            database.close()
            server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
