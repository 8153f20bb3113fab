"""Alerts: told once, by whoever comes first; what comes and goes is not told again and again."""

import base64
import hashlib
import hmac
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.access.people import add_person
from regulars.measure import alert_records, alerts, hearing, webhooks
from regulars.measure.findings import NAMES, Finding
from regulars.measure.saying import say
from regulars.measure.telling import BACKOFF, LEASE, Ways, tell_due
from regulars.measure.voice import english
from regulars.measure.watching import look, look_at_figures
from regulars.outbound import Answer, Outbound
from regulars.settings import Settings
from regulars.words.errors import Unreached

MINUTE = timedelta(minutes=1)
LATE = Finding("mail.queue", "look", detail={"count": 3, "age": 900})
URL = "https://hooks.example/regulars"


class Outside(Outbound):
    """Remembers what was posted; answers as it is told."""

    def __init__(self, *answers):
        super().__init__()
        self.posted, self.answers = [], list(answers)

    def post(self, url, body, headers):
        self.posted.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 204
        if answer is None:
            raise Unreached("{host} could not be reached: {problem}.", host="hooks.example", problem="it is away")
        return Answer(answer, b"")


class Post:
    def __init__(self, works=True):
        self.sent, self.works = [], works

    def tell(self, email, subject, text):
        self.sent.append((email, subject, text))
        return self.works


@pytest.fixture
def team(database, workspace):
    """Two people, of whom one wants to hear."""
    ids = [add_person(database, f"{name}@{workspace}.example", name, workspace) for name in ("ann", "ben")]
    with database.workspace(workspace) as tx:
        hearing.set_people(tx, ids[:1])
        hearing.set_webhook(tx, URL, Outbound())
    return ids


@pytest.fixture
def settle(database, workspace, now):
    def at(minutes, *findings):
        moment = now + minutes * MINUTE
        with database.workspace(workspace) as tx:
            return [one.change for one in alerts.settle(tx, findings, lambda: alerts.targets(tx), moment)]

    return at


def test_what_stands_is_told_once_and_its_end_too(settle):
    assert settle(0, LATE) == []
    assert settle(1, LATE) == []
    assert settle(2, LATE) == ["began"]
    assert settle(3, LATE) == settle(60, LATE) == []
    assert settle(61) == []
    assert settle(70) == ["ended"]
    assert settle(71) == []


def test_what_is_gone_within_two_minutes_is_never_told(settle):
    assert settle(0, LATE) == settle(1) == settle(30) == settle(31, LATE) == settle(32) == []


def test_what_gets_worse_is_told_and_what_gets_better_is_not(settle):
    worse = msgspec.structs.replace(LATE, severity="act")
    settle(0, LATE)
    assert settle(2, LATE) == ["began"]
    assert settle(3, worse) == ["worsened"]
    assert settle(4, LATE) == settle(5, worse) == []


def test_a_figure_is_told_at_once_for_chance_was_thought_of(settle, now):
    stopped = Finding("figure.low", "act", now, "Order Completed", {"shape": "stopped", "usual": 30, "seen": 0})
    assert settle(0, stopped) == ["began"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.booleans(), min_size=200, max_size=400))
def test_however_it_flickers_nobody_is_told_more_than_a_dozen_times_in_six_hours(seen):
    known, told = None, 0
    for minute, there in enumerate(seen):
        known, more = _step(known, there, minute)
        told += more
    assert told <= 12


def _step(known, there, minute):
    """One look without a database: what `settle` does to one finding."""
    from datetime import UTC, datetime

    now = datetime(2026, 5, 3, tzinfo=UTC) + minute * MINUTE
    if there:
        met = alerts._met(LATE, known, now)
        change = alerts._to_tell(met, now)
        return (msgspec.structs.replace(met, told=met.severity) if change else met), bool(change)
    if known is None or known.ended_at is not None or now - known.seen_at < alerts._away(known):
        return known, 0
    times = known.times + bool(known.told)
    return msgspec.structs.replace(known, ended_at=now, told="", times=times), bool(known.told)


def test_people_who_want_it_get_a_mail_and_the_webhook_is_signed(database, workspace, settle, team, now):
    settle(0, LATE)
    settle(2, LATE)
    post, outside = Post(), Outside()
    ways = Ways(post.tell, outside, "https://shop.example")
    assert tell_due(database, workspace, ways, now + 3 * MINUTE) == 2
    assert tell_due(database, workspace, ways, now + 60 * MINUTE) == 0
    ((address, subject, text),) = post.sent
    assert address == f"ann@{workspace}.example"
    assert subject.startswith("The Gift House: Look at this: 3 messages should have gone out")
    assert f"https://shop.example/console/{workspace}/health" in text
    ((url, body, headers),) = outside.posted
    assert url == URL
    assert msgspec.json.decode(body)["type"] == "health.began"
    assert msgspec.json.decode(body)["data"]["finding"] == "mail.queue"
    with database.workspace(workspace) as tx:
        secret = webhooks.shown(alerts.webhook(tx).secret)
    assert _verified(secret, headers, body)


def _verified(secret, headers, body):
    """As the specification says a receiver checks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    )


def test_the_signature_is_that_of_the_specifications_example():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(1614265330, UTC)
    headers = webhooks.signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_that_fails_is_posted_again_under_the_same_id_and_given_up_at_last(
    database, workspace, settle, team, now
):
    settle(0, LATE)
    settle(2, LATE)
    outside = Outside(*[None, 500] * 10)
    ways = Ways(Post().tell, outside, "")
    moment = now + 3 * MINUTE
    for pause in (*BACKOFF, timedelta(days=1), timedelta(days=1)):
        tell_due(database, workspace, ways, moment)
        assert tell_due(database, workspace, ways, moment + MINUTE / 2) == 0
        moment += pause
    assert len(outside.posted) == len(BACKOFF) + 1
    assert len({headers["webhook-id"] for _, _, headers in outside.posted}) == 1
    with database.workspace(workspace) as tx:
        (told,) = alerts.history(tx, limit=5)
    assert [(one.way, one.state, one.note) for one in told.tellings if one.way == "webhook"] == [
        ("webhook", "failed", "hooks.example could not be reached: it is away.")
    ]


def test_of_many_workers_one_tells(database, workspace, settle, team, now):
    settle(0, LATE)
    settle(2, LATE)
    with database.workspace(workspace) as one, database.workspace(workspace) as other:
        moment = now + 3 * MINUTE
        first = alert_records.claim_tellings(one, moment, moment + LEASE, only=None, limit=9)
        assert alert_records.claim_tellings(other, moment, moment + LEASE, only=None, limit=9) == []
    assert len(first) == 2


def test_who_dies_between_telling_and_noting_leaves_it_to_the_next_under_the_same_id(
    database, workspace, settle, team, now
):
    settle(0, LATE)
    settle(2, LATE)
    moment = now + 3 * MINUTE
    with database.workspace(workspace) as tx:
        claimed = alert_records.claim_tellings(tx, moment, moment + LEASE, only=None, limit=9)
    outside = Outside()
    ways = Ways(Post().tell, outside, "")
    assert tell_due(database, workspace, ways, moment + MINUTE) == 0
    assert tell_due(database, workspace, ways, moment + LEASE + MINUTE) == 2
    assert outside.posted[0][2]["webhook-id"] == claimed[0].alert.id


def test_whoever_left_the_team_hears_no_more(database, workspace, team):
    with database.shared() as tx:
        tx.connection.execute("delete from access_role where person_id = %s", (team[0],))
    with database.workspace(workspace) as tx:
        assert alerts.targets(tx) == [("webhook", workspace)]


def test_the_installations_alerts_go_to_everybody_once(database, workspace, team, now, monkeypatch):
    from regulars.measure import house

    full = Finding("disk.full", "act", about="data", detail={"free": 1 << 20, "daily": None, "full_at": None})
    monkeypatch.setattr(house, "findings", lambda *_: [full])
    post, outside = Post(), Outside()
    ways, known = Ways(post.tell, outside, ""), Settings(data=Path("unused"))
    for minute in range(4):
        look(database, workspace, known, ways, now + minute * MINUTE)
    assert [address for address, _, _ in post.sent if workspace in address] == [f"ann@{workspace}.example"]
    assert sum(b'"disk.full"' in body for _, body, _ in outside.posted) == 1
    monkeypatch.setattr(house, "findings", lambda *_: [])
    look(database, workspace, known, ways, now + timedelta(hours=3))
    with database.shared() as tx:
        tx.connection.execute("delete from measure_alert; delete from measure_finding; delete from measure_round")


def test_every_finding_has_its_sentences(now):
    details = {
        "followers.behind": {"follower": "facts", "behind": 2, "others": 1, "age": 90, "left": 180.0},
        "followers.paused": {"behind": 2, "note": "Moving house."},
        "figure.low": {"shape": "stopped", "usual": 30.0, "seen": 0.0},
        "figure.high": {"shape": "rose", "usual": 3.0, "seen": 90.0},
        "mail.failing": {"count": 2, "reason": "No."},
        "disk.full": {"free": 1 << 30, "daily": 1 << 20, "full_at": now.isoformat()},
        "database.connections": {"used": 90, "most": 100},
        "database.transaction": {"who": "psql"},
        "refused": {"count": 1, "kind": "Looked"},
        "rounds.failing": {"error": "KeyError"},
        "mail.bounces": {"count": 5, "of": 50, "share": 0.1, "usual": 0.01},
        "mail.refused": {"count": 5, "of": 50, "share": 0.1, "usual": 0.01},
    }
    for name in NAMES:
        said = say(Finding(name, "act", now, "facts", details.get(name, {"count": 2})), english(), now)
        assert all(one.endswith((".", "?")) and "%(" not in one for one in (said.what, said.means, said.do)), said


def test_a_stop_is_found_from_the_log_itself(database, workspace, now):
    """Orders every quarter of an hour for six weeks, and then none: it is counted, looked at, found."""
    from regulars.loop.followers import FOLLOWERS, begin
    from regulars.measure import figures
    from regulars.store.dispatch import Dispatcher
    from regulars.store.log import NewEvent, append

    stop = now - timedelta(hours=2)
    late = now + timedelta(hours=8)
    with database.workspace(workspace) as tx:
        begin(tx)
        append(tx, [NewEvent(1, now, "Order Completed") for _ in range(6 * 7 * 24 * 4)])
        tx.connection.execute(
            "update store_event set received_at = %s::timestamptz - seq * interval '15 minutes'", (stop,)
        )
        tx.connection.execute(
            """insert into measure_hour select 0, h, 60, 4095, h
               from generate_series(%s::timestamptz, %s::timestamptz, interval '1 hour') as h""",
            (stop - timedelta(days=3), late),
        )
    Dispatcher(database, FOLLOWERS, lambda: [workspace], lambda: now).catch_up([workspace])
    look_at_figures(database, workspace, late)
    with database.workspace(workspace) as tx:
        (found,) = figures.unusual(tx)
    assert found.kind == "Order Completed"
    assert found.found.shape == "stopped"
    assert found.found.since == stop - timedelta(minutes=15)
