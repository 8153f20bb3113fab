"""Nothing that somebody had forgotten comes back with a backup, and nobody else loses anything by that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from psycopg.conninfo import make_conninfo
from tests.conftest import data_folder, remove

from regulars.access.audit import Who, open_audit
from regulars.access.links import open_links
from regulars.access.workspaces import all_workspaces, close_workspace, create_workspace, drop_closed
from regulars.engage import forms, preferences, responses, stopping
from regulars.engage.preferences import MARKETING
from regulars.hear.identities import intern
from regulars.loop.erasures import Replayed
from regulars.loop.followers import begin, replay
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.restored import settle
from regulars.remember import correcting, merging, restrictions
from regulars.remember import erasure_records as erasures
from regulars.remember.consents import standing
from regulars.remember.facts import current, history
from regulars.remember.followers import FOLLOWERS
from regulars.remember.records import identity_ids
from regulars.store.backup import back_up
from regulars.store.database import Database
from regulars.store.erasures import ErasureList, Heard
from regulars.store.follow import Runner
from regulars.store.log import NewEvent, append
from regulars.store.migrate import migrate_shared
from regulars.store.restore import restore_given
from regulars.understand.finding import Chosen
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict, Unavailable
from regulars.words.kinds import IDENTIFY

PEOPLE = {"anna": ("user", "anna"), "mail": ("email", "anna@post.example"), "browser": ("anonymous", "b-1")}
NAMES = ("size", "city")
SHOP = "shop"
_NUMBER = count(1)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    place = data_folder()
    yield place
    remove(place)


@pytest.fixture(scope="module")
def empty_shop(postgres: str) -> str:
    """The name of a database with an empty workspace, to be copied."""
    name = f"shop_{uuid4().hex[:8]}"
    with on(postgres) as admin:
        admin.execute(f"create database {name} template template0")
    database = Database(make_conninfo(postgres, dbname=name))
    migrate_shared(database)
    open_links(database)
    create_workspace(database, SHOP, "The Gift House")
    with database.workspace(SHOP) as tx:
        begin(tx)
        intern(tx, PEOPLE.values())
    database.close()
    return name


@contextmanager
def on(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@dataclass
class Life:
    """A house that is backed up and restored again and again; and what it ought to remember.

    Its databases go with the server they are in.
    """

    postgres: str
    folder: Path
    empty: str
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    backups: list[tuple[Path, dict[tuple[str, str], int], int]] = field(default_factory=list)
    forgotten: list[set[tuple[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.list = ErasureList(self.folder / f"{uuid4().hex}.jsonl")
        self.list.begin(utc_now())
        self.database = self._copy(f"template {self.empty}")

    def _copy(self, how: str = "template template0") -> Database:
        return self._open(self._made(how))

    def _made(self, how: str = "template template0") -> str:
        """Make a database; return its address."""
        name = f"life_{uuid4().hex[:12]}"
        with on(self.postgres) as admin:
            admin.execute(f"create database {name} {how}")
        return make_conninfo(self.postgres, dbname=name)

    def _open(self, url: str) -> Database:
        return Database(url, connections=2, erasures=self.list)

    def tx(self):
        return self.database.workspace(SHOP)

    def group(self, person: str) -> set[str]:
        """Those who are one customer with somebody."""
        with self.tx() as tx:
            ids = {self.id(tx, one): one for one in PEOPLE}
            mine = next(number for number, one in ids.items() if one == person)
            return {ids[number] for number in identity_ids(tx, mine)} | {person}

    def identify(self, person: str, **said) -> None:
        with self.tx() as tx:
            props = msgspec.json.encode({"traits": {}, "links": [], "verified": True, **said})
            append(tx, [NewEvent(self.id(tx, person), utc_now(), IDENTIFY, props)])
        self.follow()

    def id(self, tx, person: str) -> int:
        return intern(tx, [PEOPLE[person]])[PEOPLE[person]]

    def follow(self) -> None:
        runner = Runner(self.database)
        while sum(runner.step(SHOP, follower, utc_now()).moved for follower in FOLLOWERS):
            pass

    def state(self, person: str, name: str) -> None:
        value = next(_NUMBER)
        self.identify(person, traits={name: value})
        self.known[person, name] = value

    def join(self, one: str, other: str) -> None:
        with self.tx() as tx:
            link = self.id(tx, other)
        self.identify(one, links=[link])

    def forget(self, person: str, name: str) -> None:
        with self.tx() as tx:
            me = self.id(tx, person)
            facts = [fact for fact in current(tx, me) if fact.name == name]
            if not facts:
                return
            correcting.forget(tx, me, facts, utc_now())
        self.follow()
        gone = {(one, name) for one in self.group(person)}
        self.known = {key: value for key, value in self.known.items() if key not in gone}
        self.forgotten.append(gone)

    def back_up(self) -> None:
        file = self.folder / f"{uuid4().hex}.backup"
        back_up(self.database, file)
        self.backups.append((file, dict(self.known), len(self.forgotten)))

    def restore(self, which: int) -> None:
        if not self.backups:
            return
        file, known, heard = self.backups[which % len(self.backups)]
        self.database.close()
        url = self._made()
        restored: list[Replayed] = []

        def put_in_order(database: Database, notes) -> None:
            restored.append(settle(database, notes.taken_at, utc_now(), [self.read()])[1])

        restore_given(file, url, put_in_order)
        self.database = self._open(url)  # whoever connects earlier may only read
        since = set().union(*self.forgotten[heard:])
        whole = {(one, name) for person, name in since for one in self.group(person)}
        self.known = {key: value for key, value in known.items() if key not in whole}

    def read(self) -> Heard:
        heard = self.list.read()
        assert heard is not None
        return heard

    def remembered(self) -> dict[tuple[str, str], set[int]]:
        with self.tx() as tx:
            return {
                (person, name): values
                for person in PEOPLE
                for name in NAMES
                if (values := {fact.value for fact in history(tx, self.id(tx, person), name)})
            }

    def check(self) -> None:
        found = self.remembered()
        for (person, name), values in found.items():
            allowed = {self.known.get((one, name)) for one in self.group(person)}
            assert values & allowed, (person, name, values, allowed)
        for (person, name), value in self.known.items():
            assert value in found[person, name]
        with self.tx() as tx:
            for person in PEOPLE:
                now = {fact.name for fact in current(tx, self.id(tx, person))} & set(NAMES)
                assert now == {name for one, name in self.known if one in self.group(person)}


people, names = some.sampled_from(sorted(PEOPLE)), some.sampled_from(NAMES)
STEPS = some.lists(
    some.one_of(
        some.tuples(some.just("state"), people, names),
        some.tuples(some.just("forget"), people, names),
        some.tuples(some.just("join"), people, people),
        some.tuples(some.just("back_up")),
        some.tuples(some.just("restore"), some.integers(0, 2)),
    ),
    min_size=3,
    max_size=9,
)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example restores whole databases
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=STEPS, after=STEPS)
def test_nothing_that_was_forgotten_comes_back_whatever_happened(postgres, folder, empty_shop, before, after):
    life = Life(postgres, folder, empty_shop)
    try:
        for step, *details in (*before, ("back_up",), *after, ("restore", 0), ("back_up",), ("restore", -1)):
            getattr(life, step)(*details)
            life.check()
    finally:
        life.database.close()


@pytest.fixture
def life(postgres, folder, empty_shop) -> Iterator[Life]:
    life = Life(postgres, folder, empty_shop)
    yield life
    life.database.close()


def test_who_became_one_customer_after_the_backup_is_forgotten_over_all_that_they_were(life):
    life.state("browser", "size")
    life.state("anna", "size")
    life.back_up()
    life.join("anna", "browser")
    life.forget("anna", "size")
    life.restore(0)
    assert life.remembered() == {}


def test_what_two_had_forgotten_as_one_stays_forgotten_of_who_stays_in_a_restored_house_that_derives_all_anew(life):
    life.state("browser", "size")
    life.join("anna", "browser")
    life.forget("anna", "size")
    with life.tx() as tx:
        me, other = life.id(tx, "anna"), life.id(tx, "browser")
        merging.split_at(tx, me, other, utc_now())
    life.follow()
    life.back_up()
    with life.tx() as tx:
        erasures.ask(tx, me, "erase", utc_now())
    Forgetting(life.database, all_steps(audit := open_audit(life.database)), audit, utc_now).carry_out_next(SHOP)
    life.restore(0)
    with life.tx() as tx:
        replay(tx, "identity")
    life.follow()
    assert life.remembered() == {}


def test_who_was_parted_from_somebody_after_the_backup_stays_when_that_one_is_forgotten_again(life):
    for person in PEOPLE:
        life.state(person, "size")
    life.join("anna", "browser")
    with life.tx() as tx:
        merging.join(tx, life.id(tx, "browser"), life.id(tx, "mail"), utc_now())
    life.follow()
    life.back_up()
    with life.tx() as tx:
        me = life.id(tx, "anna")
        merging.split_at(tx, me, me, utc_now())
    life.follow()
    assert life.group("browser") == {"browser", "mail"}
    with life.tx() as tx:
        erasures.ask(tx, me, "erase", utc_now())
    Forgetting(life.database, all_steps(audit := open_audit(life.database)), audit, utc_now).carry_out_next(SHOP)
    life.restore(0)
    life.follow()
    found = life.remembered()
    assert found.keys() == {("browser", "size"), ("mail", "size")}
    assert all(life.known["browser", "size"] in values for values in found.values())
    assert not any(life.known["anna", "size"] in values for values in found.values())
    assert life.group("browser") == {"browser", "mail"}


def test_what_is_said_again_after_a_restore_stays_through_the_next(life):
    life.state("anna", "size")
    life.back_up()
    life.forget("anna", "size")
    life.restore(0)
    life.state("anna", "size")
    life.back_up()
    life.restore(1)
    assert life.remembered() == {("anna", "size"): {life.known["anna", "size"]}}


def test_who_withdrew_after_the_backup_is_not_written_to_after_the_restore(life):
    def say(granted):
        with life.tx() as tx:
            said = {"granted": granted, "words": "Write to me.", "how": "by telephone", "at": utc_now()}
            preferences.record(tx, life.id(tx, "mail"), MARKETING, **said)
        life.follow()

    def may_write():
        with life.tx() as tx:
            me = life.id(tx, "mail")
            return standing(tx, [me], *MARKETING)[me].granted

    life.identify("mail")
    say(granted=True)
    life.back_up()
    say(granted=False)
    life.restore(0)
    assert not may_write()
    say(granted=True)
    life.back_up()
    life.restore(1)
    assert may_write()


def test_who_was_restricted_or_used_again_after_the_backup_is_so_after_the_restore(life):
    def say(*, restricted):
        with life.tx() as tx:
            me = life.id(tx, "mail")
            assert restrictions.change(tx, me, "", "by telephone", utc_now(), restricted=restricted)
        life.follow()

    def restricted():
        with life.tx() as tx:
            return restrictions.among(tx, [life.id(tx, "mail")]) != set()

    life.identify("mail")
    life.back_up()
    say(restricted=True)
    life.restore(0)
    assert restricted()
    life.back_up()
    say(restricted=False)
    life.restore(1)
    assert not restricted()


def test_whoever_is_written_to_no_more_is_not_after_the_restore(life):
    life.identify("mail")
    with life.tx() as tx:
        me = life.id(tx, "mail")
        said = {"granted": True, "words": "Write to me.", "how": "by telephone", "at": utc_now()}
        preferences.record(tx, me, MARKETING, **said)
    life.follow()
    life.back_up()
    why, who = ("The shop closes.", "by the team", utc_now()), Who("person", "harriet@gifts.example", 1)
    with life.tx() as tx:
        number = stopping.ask(tx, SHOP, who, Chosen((me,)), MARKETING, *why)
    stopping.begin(life.database, SHOP, number, "w", open_audit(life.database), utc_now())
    life.restore(0)
    with life.tx() as tx:
        assert not standing(tx, [me], *MARKETING)[me].granted


def test_whoever_withdraws_is_heard_also_where_the_list_cannot_be_written(life):
    life.database.erasures.path = life.folder / "no-such-disk" / "erasures.jsonl"
    with life.tx() as tx:
        assert preferences.withdraw(tx, life.id(tx, "mail"), [MARKETING], {}, "on the page", utc_now()) == 1


def test_an_answer_that_was_forgotten_does_not_stand_in_its_form_again(life):
    quiz = {"title": "Size", "elements": [{"type": "text", "name": "size", "title": "Which size?", "fact": "size"}]}
    with life.tx() as tx:
        form = forms.create_form(tx, "sizes", quiz, utc_now())
        response = responses.start(tx, form, responses.Who(life.id(tx, "anna"), verified=True), utc_now())
        response = responses.answer(tx, form, response, form.survey.questions[0], "39")
        responses.finish(tx, form, response, utc_now(), locale="en", gettext=str)
    life.follow()
    life.back_up()
    life.forget("anna", "size")
    life.restore(0)
    with life.tx() as tx:
        (again,) = responses.list_responses(tx, "sizes")
        assert again.answers == {}
        known = current(tx, life.id(tx, "anna"))
        assert [fact.name for fact in known if fact.source != "did"] == ["sizes.size"]


def test_a_workspace_that_was_deleted_stays_away_unless_it_is_wanted(life, postgres):
    life.back_up()
    later = utc_now() + timedelta(days=8)
    with life.database.shared() as tx:
        close_workspace(tx, SHOP, "harriet@shop.example", utc_now())
    assert drop_closed(life.database, later) == [SHOP]
    found: list[Replayed] = []
    for bring_back in ((), (SHOP,)):
        url = life._made()

        def put_in_order(database: Database, notes, bring_back=bring_back) -> None:
            found.append(settle(database, notes.taken_at, utc_now(), [life.read()], bring_back=bring_back)[1])

        restore_given(life.backups[0][0], url, put_in_order)
        database = life._open(url)
        assert [one.name for one in all_workspaces(database)] == list(bring_back)
        database.close()
    assert [one.deleted for one in found] == [(SHOP,), ()]


def test_a_list_of_another_installation_is_refused_for_nobody_can_tell_whose_it_is(life):
    life.state("anna", "size")
    life.back_up()
    life.forget("anna", "size")
    (file, *_), strange = life.backups[0], msgspec.structs.replace(life.read().erasures[0], key="other")
    with pytest.raises(Conflict, match="another installation's secret"):
        restore_given(file, life._made(), put_in_order([Heard(strange.at, [strange], 0)]))
    restore_given(file, life._made(), put_in_order([Heard(strange.at, [strange], 0)], even_if_old=True))


def put_in_order(lists: list[Heard], **options):
    return lambda database, notes: settle(database, notes.taken_at, utc_now(), lists, **options)


def test_the_list_names_nobody(life):
    life.state("anna", "size")
    life.forget("anna", "size")
    text = life.list.path.read_text()
    assert "anna" not in text
    assert '"names":["size"]' in text
    assert life.list.path.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_down_is_not_forgotten(life):
    life.state("anna", "size")
    life.database.erasures.path = life.folder / "no-such-disk" / "erasures.jsonl"
    with pytest.raises(Unavailable, match="nothing was changed"):
        life.forget("anna", "size")
    life.follow()
    assert life.remembered() == {("anna", "size"): {life.known["anna", "size"]}}
