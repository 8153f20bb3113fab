"""What the contact policy holds back of messages that are due, and what goes first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from tests.speak.scene import Post

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.intents import HIGH, LOW, NewIntent, intend
from regulars.remember import frequency_records
from regulars.remember.records import agree
from regulars.remember.rows import Agreed, FrequencySaid
from regulars.speak import campaigns
from regulars.speak.notices import Notice, post
from regulars.speak.pressure import change, look_again
from regulars.store.log import NewEvent, append
from regulars.words import reasons
from regulars.words.errors import Conflict

DAY = timedelta(days=1)


def wants(shop, **policy):
    with shop.tx() as tx:
        contact.keep(tx, ContactPolicy(**policy))


def send(shop, moment, channel=None):
    """Send what may go at a moment; return to whom each campaign went, in their order."""
    channel = channel or Post(connections=1)
    sender = shop.sender(channel)
    while sender.send_some(moment):
        pass
    sender.close()
    with shop.tx() as tx:
        of = dict(tx.rows(b"select id, campaign from speak_message"))
    return [(of[mail.message_id], mail.recipient.partition("@")[0]) for mail in channel.delivered]


def waiting(shop):
    with shop.tx() as tx:
        return tx.rows(b"select campaign, reason, due from speak_message where state = 'waiting' order by id")


def test_what_does_not_fit_waits_until_there_is_room(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"))
    shop.campaign("spring")
    shop.campaign("summer")
    assert send(shop, now) == [("spring", "ann")]
    assert waiting(shop) == [("summer", reasons.PRESSED, now + DAY)]
    assert shop.events("message.refused") == []
    assert send(shop, now + DAY - timedelta(seconds=1)) == []
    assert send(shop, now + DAY) == [("summer", "ann")]
    assert [reason for _, _, reason in shop.messages()] == [None, None]


def test_of_several_the_one_with_the_highest_priority_goes_and_not_the_first(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"), shop.customer("bob"))
    shop.campaign("first", priority=LOW)
    shop.campaign("second")
    shop.campaign("third", priority=HIGH)
    assert send(shop, now) == [("third", "ann"), ("third", "bob")]
    assert send(shop, now + DAY) == [("second", "ann"), ("second", "bob")]
    assert send(shop, now + 2 * DAY) == [("first", "ann"), ("first", "bob")]


def test_what_is_decided_later_and_matters_more_overtakes_a_long_queue(shop, now, monkeypatch):
    from regulars.speak import outbox

    monkeypatch.setattr(outbox, "_QUEUED_AT_ONCE", 3)
    monkeypatch.setattr(outbox, "_CLAIMED_AT_ONCE", 2)
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(6)])
    shop.campaign("spring")
    shop.segment("few", shop.customer("dora"))
    shop.campaign("urgent", segment="few", priority=HIGH)
    assert send(shop, now)[0] == ("urgent", "dora")


def test_somebody_who_waits_for_a_mail_is_not_behind_any_campaign(shop, now):
    shop.segment("gives", ann := shop.customer("ann"))
    shop.campaign("spring", priority=HIGH)
    with shop.tx() as tx:
        post(tx, ann, Notice("new@x.example", "Is it you?", "", "Is it you?"), now)
    assert [name for _, name in send(shop, now)] == ["new", "ann"]


def test_one_person_has_one_budget_whatever_address_it_goes_to(shop, now):
    wants(shop, per_day=1)
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann)
    shop.segment("others", bob)
    shop.campaign("spring")
    shop.campaign("summer", segment="others", launch=False)
    assert send(shop, now) == [("spring", "ann")]
    with shop.tx() as tx:
        tx.run(b"update remember_identity set customer_id = %(a)s where customer_id = %(b)s", a=ann, b=bob)
        campaigns.launch(tx, "summer", now)
    assert send(shop, now) == []
    assert send(shop, now + DAY) == [("summer", "bob")]


def test_what_somebody_waits_for_is_neither_held_nor_counted(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", ann := shop.customer("ann"))
    with shop.tx() as tx:
        agree(tx, [Agreed(ann, "service", "email", 6, now, True, {"words": "Yes"})])
    shop.campaign("spring")
    for name in ("parcel", "invoice"):
        shop.campaign(name, purpose="service", priority=HIGH)
    assert send(shop, now) == [("parcel", "ann"), ("invoice", "ann"), ("spring", "ann")]


def test_what_came_back_took_no_room_and_what_is_uncertain_did(shop, now):
    from tests.speak.test_outbox import raising

    from regulars.speak.channel import Bounced, Uncertain

    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"))
    for name, error in (("a", Bounced("full", dead=False)), ("b", Uncertain("line went dead"))):
        shop.campaign(name)
        send(shop, now, Post(reaction=raising(error)))
    shop.campaign("c")
    assert send(shop, now) == []
    assert [state for _, state, _ in shop.messages()] == ["failed", "uncertain", "waiting"]


def test_what_is_held_past_its_end_is_refused_then(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", ann := shop.customer("ann"))
    shop.campaign("spring")
    shop.campaign("summer", launch=False)
    send(shop, now)
    with shop.tx() as tx:
        tx.run(b"update speak_campaign set state = 'live'")
        intend(tx, [NewIntent(ann, "say", "summer", now, valid_until=now + DAY / 2)])
    assert send(shop, now) == []
    assert waiting(shop) == [("summer", reasons.PRESSED, now + DAY / 2)]
    assert send(shop, now + DAY / 2) == []
    assert [reason for _, _, reason in shop.messages()] == [None, reasons.LATE]


@pytest.mark.parametrize("most", [1, 2])
def test_several_senders_together_send_no_more_than_one_would(shop, now, most):
    wants(shop, per_day=most)
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(30)])
    for n in range(4):
        shop.campaign(f"n{n}")
    channel, together = Post(connections=3), Barrier(3)

    def work(_):
        sender = shop.sender(channel)
        together.wait()
        while sender.send_some(now):
            pass
        sender.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    names = [mail.recipient for mail in channel.delivered]
    assert sorted(names) == sorted([*{*names}] * most)
    assert len(set(names)) == 30


def test_why_messages_wait_and_were_refused_is_counted(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"), shop.customer("bob", agreed=False))
    shop.campaign("spring")
    shop.campaign("summer")
    send(shop, now)
    with shop.tx() as tx:
        found = {(one.state, one.reason): one.count for one in campaigns.reasons(tx, "summer")}
    assert found == {("waiting", reasons.PRESSED): 1, ("refused", reasons.NEVER_AGREED): 1}


def test_who_has_no_room_is_foreseen_to_wait(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"), shop.customer("bob"))
    shop.segment("few", shop.customer("cy", agreed=False))
    shop.campaign("spring")
    send(shop, now)
    shop.segment("gives", shop.customer("dora"))
    shop.campaign("summer", launch=False)
    with shop.tx() as tx:
        reach = campaigns.reach(tx, campaigns.get(tx, "summer"), now)
        assert (reach.asked, reach.allowed, reach.waiting) == (3, 1, 2)
        later = campaigns.reach(tx, campaigns.get(tx, "summer"), now + DAY)
        assert (later.allowed, later.waiting) == (3, 0)
        campaigns.launch(tx, "summer", now)
    assert send(shop, now) == [("summer", "dora")]


def test_what_is_due_by_night_waits_for_the_morning_of_each_customer(shop, now):
    wants(shop, quiet_from="21:00", quiet_until="13:00")
    zones = {"ann": "Europe/Riga", "bob": "America/New_York", "cy": "Asia/Tokyo"}
    shop.segment("gives", *[shop.customer(name, told={"timezone": zone}) for name, zone in zones.items()])
    shop.campaign("spring")
    assert send(shop, now) == [("spring", "ann")], "it is 15:00 in Riga, 8:00 in New York and 21:00 in Tokyo"
    morning, tomorrow = now + timedelta(hours=5), now + timedelta(hours=16)
    assert waiting(shop) == [("spring", reasons.QUIET, morning), ("spring", reasons.QUIET, tomorrow)]
    assert send(shop, morning) == [("spring", "bob")]
    assert send(shop, tomorrow) == [("spring", "cy")]


def test_what_waits_for_the_morning_finds_the_room_that_is_there_then(shop, now):
    wants(shop, quiet_from="21:00", quiet_until="13:00", per_day=1)
    shop.segment("gives", shop.customer("ann", told={"timezone": "America/New_York"}))
    shop.campaign("first")
    shop.campaign("second", priority=HIGH)
    assert send(shop, now) == []
    assert send(shop, now + timedelta(hours=5)) == [("second", "ann")]
    assert waiting(shop) == [("first", reasons.PRESSED, now + timedelta(hours=29))]


def test_by_law_mail_waits_too_where_it_is_wanted(shop, now):
    wants(shop, by_law=True)
    sunday = now
    shop.segment("gives", shop.customer("ann", told={"country": "FR"}), shop.customer("bob", told={"country": "LV"}))
    shop.campaign("spring")
    assert send(shop, sunday) == [("spring", "bob")]
    assert waiting(shop) == [("spring", reasons.QUIET, now + timedelta(hours=20))]


def test_what_somebody_waits_for_comes_by_night(shop, now):
    wants(shop, quiet_from="00:00", quiet_until="23:59")
    shop.segment("gives", ann := shop.customer("ann"))
    with shop.tx() as tx:
        agree(tx, [Agreed(ann, "service", "email", 6, now, True, {"words": "Yes"})])
    shop.campaign("spring")
    shop.campaign("parcel", purpose="service")
    assert send(shop, now) == [("parcel", "ann")]


def test_who_sleeps_is_foreseen_to_wait(shop, now):
    wants(shop, quiet_from="21:00", quiet_until="13:00")
    shop.segment("gives", shop.customer("ann"), shop.customer("bob", told={"timezone": "Asia/Tokyo"}))
    shop.campaign("spring", launch=False)
    with shop.tx() as tx:
        reach = campaigns.reach(tx, campaigns.get(tx, "spring"), now)
    assert (reach.allowed, reach.waiting) == (0, 2)
    with shop.tx() as tx:
        reach = campaigns.reach(tx, campaigns.get(tx, "spring"), now + timedelta(hours=2))
    assert (reach.allowed, reach.waiting) == (1, 1)


def test_who_has_had_a_campaign_is_not_kept_waiting_for_it(shop, now):
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann, bob)
    shop.campaign()
    with shop.tx() as tx:
        tx.run(b"update remember_identity set customer_id = %(a)s where customer_id = %(b)s", a=ann, b=bob)
    wants(shop, per_day=1)
    assert len(send(shop, now)) == 1
    assert sorted(shop.states()) == ["refused", "sent"]


def says(shop, customer, kind, at):
    with shop.tx() as tx:
        append(tx, [NewEvent(customer, at, kind)])
        tx.run(_COUNTED, customer=customer, kind=kind, at=at)


_COUNTED = (
    b"insert into understand_rollup (identity_id, kind, day, count, total)"
    b" select %(customer)s, id, %(at)s::date, 1, 0 from store_kind where name = %(kind)s::text on conflict do nothing"
)


def test_who_complains_is_advertised_nothing_until_it_is_resolved(shop, now):
    shop.segment("gives", ann := shop.customer("ann"), bob := shop.customer("bob"))
    with shop.tx() as tx:
        agree(tx, [Agreed(ann, "service", "email", 6, now, True, {"words": "Yes"})])
    says(shop, ann, "Complaint Opened", now)
    says(shop, bob, "Complaint Opened", now - 2 * DAY)
    says(shop, bob, "Complaint Resolved", now - DAY)
    for name, purpose in (("spring", "marketing"), ("parcel", "service")):
        shop.campaign(name, purpose=purpose, launch=False)
    with shop.tx() as tx:
        reach = campaigns.reach(tx, campaigns.get(tx, "spring"), now)
        assert (reach.asked, reach.allowed, reach.complaining) == (2, 1, 1)
        for name in ("spring", "parcel"):
            campaigns.launch(tx, name, now)
    assert send(shop, now) == [("spring", "bob"), ("parcel", "ann")]
    ((_, _, props, *_), _) = shop.events("message.refused")
    assert props["reason_code"] == reasons.COMPLAINING
    says(shop, ann, "Complaint Resolved", now + DAY)
    shop.campaign("summer")
    assert ("summer", "ann") in send(shop, now + DAY)


def test_a_complaint_by_any_identity_counts_and_its_events_are_the_shops_own(shop, now):
    wants(shop, complaint_opened="Ticket Created", complaint_resolved="Ticket Closed")
    shop.segment("gives", ann := shop.customer("ann"), bob := shop.customer("bob"))
    with shop.tx() as tx:
        others = b"select identity_id from remember_identity where customer_id = %(a)s and identity_id <> %(a)s"
        mail = tx.value(others, a=ann)
    says(shop, mail, "Ticket Created", now)
    says(shop, bob, "Complaint Opened", now)
    shop.campaign()
    assert send(shop, now) == [("spring", "bob")]
    says(shop, ann, "Ticket Closed", now + timedelta(minutes=1))
    shop.campaign("summer")
    assert ("summer", "ann") in send(shop, now + timedelta(minutes=1))
    wants(shop, complaint_opened="")
    says(shop, ann, "Ticket Created", now + timedelta(minutes=2))
    shop.campaign("autumn")
    assert ("autumn", "ann") in send(shop, now + timedelta(minutes=2))


def test_an_offer_that_is_over_is_not_sent(shop, now):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign(ends_at=now + timedelta(hours=1))
    assert send(shop, now + timedelta(hours=1)) == []
    assert [reason for _, _, reason in shop.messages()] == [reasons.ENDED]
    shop.campaign("summer", ends_at=now + timedelta(hours=1))
    assert send(shop, now + timedelta(minutes=59)) == [("summer", "ann")]


def test_what_is_held_waits_no_longer_than_the_offer_is_good(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"))
    shop.campaign("spring", priority=HIGH)
    shop.campaign("summer", ends_at=now + timedelta(hours=5))
    assert send(shop, now) == [("spring", "ann")]
    assert waiting(shop) == [("summer", reasons.PRESSED, now + timedelta(hours=5))]
    assert send(shop, now + timedelta(hours=5)) == []
    assert [reason for _, _, reason in shop.messages()] == [None, reasons.ENDED]


def test_a_campaign_whose_offer_is_over_is_not_launched(shop, now):
    shop.segment("gives", shop.customer("ann"))
    with pytest.raises(Conflict):
        shop.campaign(ends_at=now)


def test_who_is_held_out_of_a_campaign_gets_none_of_it_and_is_counted_apart(shop, now):
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(60)])
    shop.campaign(held_out=50, launch=False)
    with shop.tx() as tx:
        reach = campaigns.reach(tx, campaigns.get(tx, "spring"), now)
        campaigns.launch(tx, "spring", now)
    got = {name for _, name in send(shop, now)}
    with shop.tx() as tx:
        held = {one.reason: one.count for one in campaigns.reasons(tx, "spring")}
    assert 10 < len(got) < 50
    assert held == {reasons.HELD_OUT: 60 - len(got)}
    assert (reach.asked, reach.allowed, reach.held_out) == (60, len(got), 60 - len(got)), "it was foreseen"
    shop.campaign("again", held_out=50)
    assert {name for _, name in send(shop, now)} != got, "each campaign holds out others"
    shop.campaign("parcel", purpose="service", held_out=50)
    send(shop, now)
    with shop.tx() as tx:
        assert {one.reason for one in campaigns.reasons(tx, "parcel")} == {reasons.NEVER_AGREED}


def test_who_is_held_out_of_everything_gets_no_campaign(shop, now):
    wants(shop, held_out=50)
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(30)])
    shop.campaign("spring")
    shop.campaign("summer")
    went = send(shop, now)
    assert {name for campaign, name in went if campaign == "spring"} == {
        name for campaign, name in went if campaign == "summer"
    }
    assert 0 < len(went) < 60


def test_who_is_two_of_whom_one_is_held_out_is_in_neither_group(shop, now):
    names = [f"c{n}" for n in range(20)]
    ids = {name: shop.customer(name) for name in names}
    shop.segment("gives", *ids.values())
    shop.campaign(held_out=50)
    got = {name for _, name in send(shop, now)}
    out, other = next(name for name in names if name not in got), next(name for name in names if name in got)
    with shop.tx() as tx:
        tx.run(b"update remember_identity set customer_id = %(a)s where customer_id = %(b)s", a=ids[out], b=ids[other])
        intend(tx, [NewIntent(ids[out], "say", "spring", now, occasion="again")])
        tx.run(b"delete from speak_message where state = 'sent'")
    assert send(shop, now) == []
    with shop.tx() as tx:
        held = {one.reason: one.count for one in campaigns.reasons(tx, "spring")}
    assert held == {reasons.HELD_OUT: 20 - len(got), reasons.HELD_OUT_MIXED: 1}


def test_another_policy_holds_for_what_waits_already(shop, now):
    wants(shop, per_day=1)
    shop.segment("gives", shop.customer("ann"), shop.customer("bob", told={"timezone": "Asia/Tokyo"}))
    for name in ("spring", "summer", "autumn"):
        shop.campaign(name)
    send(shop, now)
    minute = timedelta(minutes=1)
    with shop.tx() as tx:
        change(tx, ContactPolicy(per_day=2, quiet_from="21:00", quiet_until="08:00"), now + minute)
    assert send(shop, now + minute) == [("summer", "ann")]
    with shop.tx() as tx:
        change(tx, ContactPolicy(), now + 2 * minute)
    went = send(shop, now + 2 * minute)
    assert sorted(went) == [("autumn", "ann"), ("autumn", "bob"), ("summer", "bob")]


def rarely(shop, who, days, *, seq=900):
    with shop.tx() as tx:
        frequency_records.keep(tx, [FrequencySaid(who, seq, shop.now, days, {})])


def test_who_wants_one_a_week_gets_one_a_week_without_any_cap(shop, now):
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann, bob)
    shop.campaign("spring")
    shop.campaign("summer")
    rarely(shop, ann, 7)
    assert sorted(send(shop, now)) == [("spring", "ann"), ("spring", "bob"), ("summer", "bob")]
    assert waiting(shop) == [("summer", reasons.SPACED, now + 7 * DAY)]
    assert send(shop, now + 7 * DAY - timedelta(seconds=1)) == []
    assert send(shop, now + 7 * DAY) == [("summer", "ann")]


def test_a_month_is_looked_back_on_where_somebody_wants_one_a_month(shop, now):
    ann = shop.customer("ann")
    shop.segment("gives", ann)
    rarely(shop, ann, 30)
    shop.campaign("spring")
    assert send(shop, now) == [("spring", "ann")]
    shop.campaign("summer")
    assert send(shop, now + 20 * DAY) == []
    assert waiting(shop) == [("summer", reasons.SPACED, now + 30 * DAY)]


def test_who_wants_more_after_all_is_asked_about_at_once(shop, now):
    ann = shop.customer("ann")
    shop.segment("gives", ann)
    rarely(shop, ann, 30)
    shop.campaign("spring")
    shop.campaign("summer")
    assert send(shop, now) == [("spring", "ann")]
    rarely(shop, ann, None, seq=901)
    with shop.tx() as tx:
        look_again(tx, {ann}, now + DAY)
    assert send(shop, now + DAY) == [("summer", "ann")]


def test_what_somebody_waits_for_is_not_held_by_how_often(shop, now):
    ann = shop.customer("ann")
    shop.segment("gives", ann)
    rarely(shop, ann, 30)
    shop.campaign("spring")
    shop.campaign("parcel", purpose="service")
    with shop.tx() as tx:
        agree(tx, [Agreed(ann, "service", "email", 950, now, True, {})])
    assert sorted(send(shop, now)) == [("parcel", "ann"), ("spring", "ann")]
