"""Passwords: which may be one, who comes in by one, and how often anybody may try."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.access import passwords
from regulars.access.devices import read_device, remember_device
from regulars.access.pace import Tally
from regulars.access.passwords import Caller, check_new, log_in, password_set_at, remove_password, set_password
from regulars.access.people import add_person
from regulars.access.tallies import PASSWORD_OF_ACCOUNT, PASSWORD_OF_DEVICE
from regulars.words.errors import Busy, Invalid, Refused

RIGHT = "horses of three colours"
WRONG = "horses of four colours"


class Harriet(NamedTuple):
    id: int
    email: str


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """A hash that costs nothing: here it is the rules that count."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def harriet(database, workspace, now):
    email = f"harriet-{uuid4().hex[:8]}@gifts.example"
    person_id = add_person(database, email, "Harriet Hall", workspace)
    with database.shared() as tx:
        set_password(tx, person_id, RIGHT, now)
    return Harriet(person_id, email)


def device_of(database, person_id):
    return read_device(database, remember_device(database, "", person_id))


def outcome(database, email, password, caller, now):
    try:
        log_in(database, email, password, caller, now)
    except Busy:
        return "wait"
    except Refused:
        return "wrong"
    return "in"


def hammer(database, email, now, *, times=8, address=""):
    for _ in range(times):
        outcome(database, email, WRONG, Caller(address), now)


def test_who_knows_their_password_comes_in_however_their_keyboard_writes_it(database, workspace, now, harriet):
    assert log_in(database, f" {harriet.email.upper()} ", RIGHT, Caller(), now) == harriet.id
    with database.shared() as tx:
        set_password(tx, harriet.id, "Cafe\u0301 am Ring 7", now)
    assert log_in(database, harriet.email, "Caf\u00e9 am Ring 7", Caller(), now) == harriet.id


def test_a_wrong_password_a_stranger_and_somebody_without_a_password_are_told_the_same(database, now, harriet):
    said = set()
    for email, password in [(harriet.email, WRONG), ("nobody@x.example", RIGHT), ("", ""), (harriet.email, "x" * 5000)]:
        with pytest.raises(Refused) as refused:
            log_in(database, email, password, Caller(), now)
        said.add(str(refused.value))
    with database.shared() as tx:
        remove_password(tx, harriet.id)
        assert password_set_at(tx, harriet.id) is None
    with pytest.raises(Refused) as refused:
        log_in(database, harriet.email, RIGHT, Caller(), now)
    assert said == {str(refused.value)}


def test_after_some_failures_an_account_makes_whoever_it_does_not_know_wait(database, now, harriet):
    hammer(database, harriet.email, now, times=5)
    with pytest.raises(Busy) as wait:
        log_in(database, harriet.email, RIGHT, Caller(), now)
    assert wait.value.seconds == 30
    later = now + timedelta(seconds=30)
    assert log_in(database, harriet.email, RIGHT, Caller(), later) == harriet.id
    assert outcome(database, harriet.email, WRONG, Caller(), later) == "wrong"


def test_somebody_who_does_not_exist_is_limited_just_the_same(database, now):
    email = f"{uuid4().hex}@x.example"
    hammer(database, email, now, times=5)
    assert outcome(database, email, WRONG, Caller(), now) == "wait"


def test_a_device_that_was_logged_in_before_is_not_kept_out_by_strangers(database, now, harriet):
    home = device_of(database, harriet.id)
    hammer(database, harriet.email, now, times=40, address="192.0.2.1")
    assert outcome(database, harriet.email, RIGHT, Caller("192.0.2.1"), now) == "wait"
    assert log_in(database, harriet.email, RIGHT, Caller("192.0.2.1", home), now) == harriet.id


def test_a_device_that_knows_another_account_counts_as_a_stranger(database, workspace, now, harriet):
    other = add_person(database, f"other-{uuid4().hex[:8]}@x.example", "Other", workspace)
    hammer(database, harriet.email, now)
    assert outcome(database, harriet.email, RIGHT, Caller("", device_of(database, other)), now) == "wait"


def test_one_address_cannot_try_many_accounts(database, now):
    address = f"2001:db8:{uuid4().hex[:4]}::/64"
    outcomes = [outcome(database, f"{uuid4().hex}@x.example", WRONG, Caller(address), now) for _ in range(40)]
    assert outcomes == ["wrong"] * 30 + ["wait"] * 10


def test_right_passwords_use_up_no_ones_tries(database, now, harriet):
    address = f"2001:db8:{uuid4().hex[:4]}::/64"
    assert [outcome(database, harriet.email, RIGHT, Caller(address), now) for _ in range(50)] == ["in"] * 50


def test_tries_at_the_same_moment_are_counted_one_by_one(database, now, harriet, monkeypatch):
    monkeypatch.setattr(passwords, "_PATIENCE", 60)
    with ThreadPoolExecutor(8) as pool:
        tried = pool.map(lambda _: outcome(database, harriet.email, WRONG, Caller("192.0.2.77"), now), range(24))
    assert sorted(tried) == ["wait"] * 19 + ["wrong"] * 5


def test_a_flood_of_tries_waits_outside_and_costs_nobody_a_try(database, now, harriet, monkeypatch):
    monkeypatch.setattr(passwords, "_PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        for _ in range(8):
            with pytest.raises(Busy):
                log_in(database, harriet.email, RIGHT, Caller(), now)
    assert log_in(database, harriet.email, RIGHT, Caller(), now) == harriet.id


TRIES = st.lists(
    st.tuples(
        st.sampled_from(["home", "stranger", "stranger at home"]), st.booleans(), st.sampled_from([0, 1, 31, 400, 7000])
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=TRIES)
def test_whatever_strangers_do_in_whatever_order_changes_nothing_for_a_known_device(database, workspace, now, tries):
    """What happens at home is what the rule says of home's own tries; strangers get so many an hour, and no more."""
    harriet = Harriet(add_person(database, email := f"{uuid4().hex}@x.example", "", workspace), email)
    with database.shared() as tx:
        set_password(tx, harriet.id, RIGHT, now)
    house = f"2001:db8:{uuid4().hex[:4]}::/64"
    home = Caller(house, device_of(database, harriet.id))
    callers = {"home": home, "stranger": Caller(uuid4().hex), "stranger at home": Caller(house)}
    pace, tally, failed, moment = PASSWORD_OF_DEVICE.pace, Tally(0, now), [], now
    for who, right, pause in tries:
        moment += timedelta(seconds=pause)
        found = outcome(database, email, RIGHT if right else WRONG, callers[who], moment)
        if who != "home":
            failed += [moment] if found == "wrong" else []
        elif pace.wait(tally, moment):
            assert found == "wait"
        else:
            tally = pace.forgiven(tally) if right else pace.counted(tally, moment)
            assert found == ("in" if right else "wrong")
    in_an_hour = [sum(first <= one < first + timedelta(hours=1) for one in failed) for first in failed]
    if not any(right for who, right, _ in tries if who != "home"):
        assert max(in_an_hour, default=0) <= PASSWORD_OF_ACCOUNT.pace.free + 6


@pytest.mark.parametrize(
    "password",
    [
        "short one",
        "password123",
        "PassWord123!",
        "aaaaaaaaaaaa",
        "abababababab",
        "1234567890",
        "qwertyuiop",
        "poiuytrewq",
        "harriet@gifts.example",
        "harriethall",
        "Harriet Hall 2026!",
        "iloveyou1234",
        "x" * 201,
    ],
)
def test_what_anybody_would_try_first_is_no_password(password):
    with pytest.raises(Invalid):
        check_new(password, ("harriet@gifts.example", "Harriet Hall"))


@pytest.mark.parametrize(
    "password",
    ["my aunt sells tea", "lowercaseonlywords", "爺爺的茶壺在廚房櫃子裡", "🐎🐎 zwölf 🐎 Pferde", "x" * 196 + "abcd"],
)
def test_a_password_needs_length_and_nothing_else(password):
    check_new(password, ("harriet@gifts.example", "Harriet Hall"))


def test_a_hash_of_yesterdays_strength_is_made_anew_at_the_next_log_in(database, now, harriet, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert log_in(database, harriet.email, RIGHT, Caller(), now) == harriet.id
    with database.direct() as connection:
        (kept,) = connection.execute(
            "select hash from regulars.access_password where person_id = %s", (harriet.id,)
        ).fetchone()
    assert "m=16,t=2" in kept
    assert log_in(database, harriet.email, RIGHT, Caller(), now) == harriet.id
