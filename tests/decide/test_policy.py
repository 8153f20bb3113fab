from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.decide import contact, policy, records, suppression_records, unwanted
from regulars.decide.followers import SUPPRESSION
from regulars.decide.intents import NewIntent, intend, intend_for_segment, take
from regulars.hear.identities import intern
from regulars.remember import restriction_records
from regulars.remember.followers import CONSENT
from regulars.remember.pause_records import keep
from regulars.remember.records import agree
from regulars.remember.rows import Agreed, PauseSaid, RestrictionSaid
from regulars.store.follow import Runner, register
from regulars.store.log import NewEvent, append
from regulars.understand.records import add_segment
from regulars.words.errors import Invalid


@pytest.fixture
def tx(database, workspace):
    with database.workspace(workspace) as tx:
        yield tx


def known(tx, now, *pairs, said=None, purpose="marketing"):
    """A customer with these identities; `said`: the answers about consent by identity, in order."""
    ids = [intern(tx, [pair])[pair] for pair in pairs]
    customer = ids[0]
    for seq, identity in enumerate(ids, start=1):
        tx.run(
            b"insert into remember_identity (identity_id, customer_id, seq, met_at)"
            b" values (%(i)s, %(c)s, %(s)s, now())",
            i=identity,
            c=customer,
            s=seq,
        )
    for seq, (place, granted) in enumerate(said or [], start=100):
        at, proof = now + timedelta(seconds=seq), {"words": "Yes"}
        agree(tx, [Agreed(ids[place], purpose, "email", seq, at, granted, proof)])
    return customer


def ask(tx, now, customer):
    return policy.gate(tx, [customer], "marketing", "email", now)[customer]


def test_who_agreed_and_has_an_address_may_be_written_to(tx, now):
    ann = known(tx, now, ("user", "ann"), ("email", "ann@x.example"), said=[(0, True)])
    verdict = ask(tx, now, ann)
    assert verdict.allowed
    assert verdict.address == "ann@x.example"
    assert verdict.consent_seq == 100


def test_silence_is_not_consent(tx, now):
    verdict = ask(tx, now, known(tx, now, ("email", "bob@x.example")))
    assert (verdict.allowed, verdict.reason) == (False, policy.NEVER_AGREED)


def test_without_an_address_there_is_nothing_to_send_to(tx, now):
    verdict = ask(tx, now, known(tx, now, ("user", "carl"), said=[(0, True)]))
    assert (verdict.allowed, verdict.reason) == (False, policy.NO_ADDRESS)


def test_a_withdrawal_by_any_identity_stops_it(tx, now):
    dora = known(tx, now, ("email", "d@x.example"), ("user", "dora"), said=[(0, True), (1, False)])
    assert ask(tx, now, dora).reason == policy.WITHDRAWN


def test_a_suppressed_address_is_not_written_to_but_another_one_is(tx, now):
    eve = known(tx, now, ("email", "old@x.example"), said=[(0, True)])
    suppression_records.suppress(tx, [suppression_records.Suppressed(eve, "it bounced", now, None)])
    assert "it bounced" in ask(tx, now, eve).reason
    fay = known(tx, now, ("email", "f1@x.example"), ("email", "f2@x.example"), said=[(0, True)])
    second = intern(tx, [("email", "f2@x.example")])["email", "f2@x.example"]
    suppression_records.suppress(tx, [suppression_records.Suppressed(second, "it bounced", now, None)])
    assert ask(tx, now, fay).address == "f1@x.example"


def test_an_old_id_of_a_merged_customer_leads_to_the_one_it_is_now(tx, now):
    gus = known(tx, now, ("user", "gus"), ("email", "gus@x.example"), said=[(0, True)])
    old = intern(tx, [("email", "gus@x.example")])["email", "gus@x.example"]
    verdict = ask(tx, now, old)
    assert verdict.allowed
    assert verdict.customer_id == gus


def test_a_whole_batch_is_asked_at_once(tx, now):
    asked = [known(tx, now, ("email", f"n{n}@x.example"), said=[(0, n % 2 == 0)]) for n in range(20)]
    verdicts = policy.gate(tx, asked, "marketing", "email", now)
    assert [verdicts[one].allowed for one in asked] == [n % 2 == 0 for n in range(20)]


def test_another_purpose_is_another_consent(tx, now):
    hal = known(tx, now, ("email", "hal@x.example"), said=[(0, True)])
    assert not policy.gate(tx, [hal], "newsletter", "email", now)[hal].allowed
    with pytest.raises(Invalid):
        policy.gate(tx, [hal], "marketing", "pigeon", now)


def pause(tx, now, identity, days, *, seq=200, said=0):
    until = None if days is None else now + timedelta(days=days)
    keep(tx, [PauseSaid(identity, seq, now + timedelta(minutes=said), until, {})])


def test_a_pause_holds_back_until_it_is_over_or_ended(tx, now):
    jo = known(tx, now, ("email", "jo@x.example"), said=[(0, True)])
    pause(tx, now, jo, 7)
    assert ask(tx, now, jo).reason == policy.PAUSED
    assert ask(tx, now + timedelta(days=7, seconds=-1), jo).reason == policy.PAUSED
    assert ask(tx, now + timedelta(days=7), jo).allowed
    pause(tx, now, jo, None, seq=201, said=1)
    assert ask(tx, now, jo).allowed


def test_a_pause_holds_back_nothing_that_somebody_waits_for(tx, now):
    kim = known(tx, now, ("email", "kim@x.example"), said=[(0, True)], purpose="service")
    pause(tx, now, kim, 7)
    assert policy.gate(tx, [kim], "service", "email", now)[kim].allowed


def test_the_longest_pause_of_a_customers_identities_holds(tx, now):
    lee = known(tx, now, ("email", "lee@x.example"), ("user", "lee"), said=[(0, True)])
    user = intern(tx, [("user", "lee")])["user", "lee"]
    pause(tx, now, user, 30)
    pause(tx, now, lee, 7, seq=201, said=1)
    assert ask(tx, now + timedelta(days=8), lee).reason == policy.PAUSED


def test_who_never_agreed_is_said_to_be_that_and_not_in_a_pause(tx, now):
    mo = known(tx, now, ("email", "mo@x.example"))
    pause(tx, now, mo, 7)
    assert ask(tx, now, mo).reason == policy.NEVER_AGREED


def restrict(tx, now, identity, *, restricted=True, seq=400):
    at = now + timedelta(seconds=seq)
    restriction_records.keep(tx, [RestrictionSaid(identity, seq, at, restricted, {})])


@pytest.mark.parametrize("purpose", ["marketing", "service"])
def test_who_is_restricted_is_written_to_for_no_purpose_until_it_is_lifted(tx, now, purpose):
    pia = known(tx, now, ("email", "pia@x.example"), ("user", "pia"), said=[(0, True)], purpose=purpose)
    user = intern(tx, [("user", "pia")])["user", "pia"]

    def reason():
        return policy.gate(tx, [pia], purpose, "email", now)[pia].reason

    restrict(tx, now, user)
    assert reason() == policy.RESTRICTED
    restrict(tx, now, user, restricted=False, seq=401)
    assert reason() == ""


def none_full(*_):
    return ()


def foreseen(tx, now, customers, purpose="marketing", most=100):
    """What is foreseen of a segment of these customers, who came in their order."""
    segment = add_segment(tx, "some", "Some", {"all": []}, now)
    for place, customer in enumerate(customers):
        since = now + timedelta(minutes=place)
        tx.run(_MEMBER, segment=segment, customer=customer, since=since)
    return policy.foresee(tx, policy.Asked("some", purpose, "email"), now, most=most, full=none_full)


_MEMBER = (
    b"insert into understand_member (segment_id, customer_id, since) values (%(segment)s, %(customer)s, %(since)s)"
)


_COUNTED = (
    b"insert into understand_rollup (identity_id, kind, day, count, total)"
    b" select %(identity)s, id, '2026-05-03', 1, 0 from store_kind where name = 'Complaint Opened'"
)


_HELD = (
    b"insert into store_quarantine (follower, seq, identity_id, error)"
    b" values (%(follower)s, 300, %(identity)s, 'it cannot be read')"
)


def said_by_the_gate(tx, now, customers, purpose="marketing"):
    """What the gate says of each, counted as `foresee` counts."""
    said = [one.reason for one in policy.gate(tx, customers, purpose, "email", now).values()]
    unwilling = sum(
        one in {policy.NEVER_AGREED, policy.WITHDRAWN, policy.HELD, policy.RESTRICTED, policy.UNWANTED} for one in said
    )
    paused = sum(one == policy.PAUSED for one in said)
    allowed, complaining = said.count(""), said.count(policy.COMPLAINING)
    rest = len(said) - allowed - unwilling - paused - complaining
    return records.Reach(len(said), allowed, unwilling, paused, rest, complaining=complaining)


def test_what_is_foreseen_of_a_segment_is_what_the_gate_says_of_each(tx, now):
    yes = [(0, True)]
    fine, silent, without = (
        known(tx, now, ("email", "ann@x.example"), said=yes),
        known(tx, now, ("email", "bob@x.example")),
        known(tx, now, ("user", "carl"), said=yes),
    )
    gone = known(tx, now, ("email", "d@x.example"), ("user", "dora"), said=[(0, True), (1, False)])
    back = known(tx, now, ("email", "e@x.example"), said=[(0, True), (0, False), (0, True)])
    dead = known(tx, now, ("email", "f@x.example"), said=yes)
    half = known(tx, now, ("email", "g1@x.example"), ("email", "g2@x.example"), said=yes)
    merged = known(tx, now, ("user", "hal"), ("email", "hal@x.example"), said=yes)
    old = intern(tx, [("email", "hal@x.example")])["email", "hal@x.example"]
    resting = known(tx, now, ("email", "i@x.example"), ("user", "ivy"), said=yes)
    rested = known(tx, now, ("email", "j@x.example"), said=yes)
    held = known(tx, now, ("email", "k@x.example"), ("user", "kim"), said=yes)
    for address in (dead, half):
        suppression_records.suppress(tx, [suppression_records.Suppressed(address, "it bounced", now, None)])
    pause(tx, now, resting, 7)
    pause(tx, now, rested, 7)
    pause(tx, now, rested, None, seq=201, said=1)
    pause(tx, now, silent, 7)
    register(tx, [CONSENT])
    tx.run(_HELD, identity=intern(tx, [("user", "kim")])["user", "kim"], follower=CONSENT.name)
    kept = known(tx, now, ("email", "l@x.example"), ("user", "leo"), said=yes)
    restrict(tx, now, intern(tx, [("user", "leo")])["user", "leo"])
    back_again = known(tx, now, ("email", "m@x.example"), said=yes)
    one_of_two = known(tx, now, ("email", "n1@x.example"), ("email", "n2@x.example"), said=yes)
    gone_and_resting = known(tx, now, ("email", "o@x.example"), said=yes)
    pause(tx, now, gone_and_resting, 7)
    unwanted.add(tx, ["m@x.example", "n1@x.example", "o@x.example"], now)
    nobody = 999_999
    everybody = [fine, silent, without, gone, back, dead, half, merged, old, resting, rested, held]
    everybody += [kept, back_again, one_of_two, gone_and_resting, nobody]
    for customer in everybody:
        assert said_by_the_gate(tx, now, [customer]).asked == 1
    reach = foreseen(tx, now, everybody)
    assert reach == said_by_the_gate(tx, now, everybody)
    assert reach == records.Reach(asked=17, allowed=7, unwilling=6, paused=2, unreachable=2)
    assert policy.foresee(
        tx, policy.Asked("some", "marketing", "email"), now, most=2, full=none_full
    ) == said_by_the_gate(tx, now, [gone_and_resting, nobody])
    with pytest.raises(Invalid):
        policy.foresee(tx, policy.Asked("some", "marketing", "pigeon"), now, most=2, full=none_full)


def test_what_the_contact_policy_holds_back_is_foreseen_as_the_gate_says_it(tx, now, monkeypatch):
    yes = [(0, True)]
    fine, full, cross, calm, resting = (
        known(tx, now, ("email", f"{name}@x.example"), said=yes) for name in ("ann", "bob", "cy", "dora", "eve")
    )
    silent = known(tx, now, ("email", "fay@x.example"))
    pause(tx, now, resting, 7)
    everybody = [fine, full, cross, calm, resting, silent]
    before = foreseen(tx, now, everybody)
    assert before == said_by_the_gate(tx, now, everybody) == records.Reach(6, 4, 1, 1, 0)
    contact.keep(tx, contact.ContactPolicy(per_day=1))
    assert policy.foresee(tx, policy.Asked("some", "marketing", "email"), now, most=9, full=none_full) == before
    complaint = NewEvent(cross, now, "Complaint Opened")
    append(tx, [complaint, NewEvent(resting, now, "Complaint Opened"), NewEvent(calm, now, "Complaint Opened")])
    append(tx, [NewEvent(calm, now + timedelta(seconds=1), "Complaint Resolved")])
    for one in (cross, calm, resting):
        tx.run(_COUNTED, identity=one)
    complained = policy.foresee(
        tx, policy.Asked("some", "marketing", "email"), now, most=9, full=lambda *_: {full, silent}
    )
    assert complained == records.Reach(6, 2, 1, 1, 0, complaining=1, waiting=1)
    assert said_by_the_gate(tx, now, everybody) == records.Reach(6, 3, 1, 1, 0, complaining=1)
    monkeypatch.setattr(policy, "FEWER", 2)
    assert policy.foresee(tx, policy.Asked("some", "marketing", "email"), now, most=9, full=none_full).asked == 2


def test_a_pause_is_not_foreseen_to_hold_back_what_somebody_waits_for(tx, now):
    ann = known(tx, now, ("email", "ann@x.example"), said=[(0, True)], purpose="service")
    pause(tx, now, ann, 7)
    assert foreseen(tx, now, [ann], "service") == said_by_the_gate(tx, now, [ann], "service")
    assert policy.foresee(tx, policy.Asked("some", "service", "email"), now, most=9, full=none_full).allowed == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(said=st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=6))
def test_nobody_is_written_to_whose_last_word_on_any_identity_was_no(tx, now, said):
    with tx.connection.transaction(force_rollback=True):
        ivy = known(tx, now, ("email", "ivy@x.example"), ("user", "ivy"), said=said)
        last = dict(said)
        assert ask(tx, now, ivy).allowed == (True in last.values() and False not in last.values())


def test_a_dead_address_is_suppressed_by_its_bounce_and_a_full_mailbox_is_not(database, workspace, now):
    gone, full = ("email", "gone@x.example"), ("email", "full@x.example")
    with database.workspace(workspace) as tx:
        register(tx, [SUPPRESSION])
        ids = intern(tx, [gone, full])
        append(
            tx,
            [
                NewEvent(ids[gone], now, "message.bounced", b'{"permanent": true, "reason": "no such user"}'),
                NewEvent(ids[full], now, "message.bounced", b'{"permanent": false, "reason": "full"}'),
            ],
        )
    Runner(database).step(workspace, SUPPRESSION, now)
    with database.workspace(workspace) as tx:
        assert policy.blocked(tx, [gone[1], full[1]]) == {gone[1]}


def test_an_intent_is_made_once_and_taken_once(tx, now):
    wanted = [NewIntent(n, "say", "spring", now) for n in (1, 2, 3)]
    assert intend(tx, wanted) == 3
    assert intend(tx, wanted) == 0
    assert intend(tx, [NewIntent(1, "say", "spring", now, occasion="again")]) == 1
    assert [one.customer_id for one in take(tx, "say", 2, now)] == [1, 2]
    assert [one.customer_id for one in take(tx, "say", 9, now)] == [3, 1]
    assert take(tx, "say", 9, now) == []


def test_a_segments_members_get_one_each_in_one_statement(tx, now):
    tx.run(b"insert into understand_segment (name, title, rule) values ('s', 'S', '{}')")
    tx.run(
        b"insert into understand_member select id, n, %(now)s from understand_segment, generate_series(1, 1000) n",
        now=now,
    )
    intend(tx, [NewIntent(7, "say", "spring", now, cause=42)])
    assert intend_for_segment(tx, verb="say", name="spring", segment="s", now=now) == 999
    assert intend_for_segment(tx, verb="say", name="spring", segment="s", now=now) == 0
