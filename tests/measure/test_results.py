"""What came of a campaign: who got it, opened it, followed its links, answered, bought and left."""

from datetime import date, timedelta

import msgspec
import pytest
from tests.speak.scene import Post, Shop

from regulars.loop.followers import FOLLOWERS, begin, replay
from regulars.measure.campaigns import count_people, people
from regulars.measure.results import OrderedAfter, results
from regulars.measure.results_records import LinkFollowed
from regulars.store.dispatch import Dispatcher
from regulars.store.log import NewEvent, append
from regulars.words.errors import Invalid

TEA = "https://gifts.example/tea"


class Campaign:
    """A campaign that was sent to four customers."""

    def __init__(self, database, workspace, now):
        self.shop = shop = Shop(database, workspace, now)
        with shop.tx() as tx:
            begin(tx)
        self.names = ["ann", "bob", "cy", "dan"]
        self.customers = {name: shop.customer(name) for name in self.names}
        shop.segment("gives", *self.customers.values())
        shop.campaign()
        shop.sender(Post()).send_some(now)
        with shop.tx() as tx:
            self.messages = dict(tx.rows(b"select customer_id, id from speak_message"))

    def tell(self, name, kind, after=timedelta(hours=1), **props):
        customer = self.customers[name]
        said = {"message": self.messages[customer], **props}
        with self.shop.tx() as tx:
            append(tx, [NewEvent(customer, self.shop.now + after, kind, msgspec.json.encode(said))])

    def order(self, name, number, total, currency="GBP", after=timedelta(days=1)):
        with self.shop.tx() as tx:
            tx.run(
                b"insert into remember_order (id, identity_id, seq, placed_at, changed_at, state, currency, total,"
                b" refunded, net) values (%(id)s, %(who)s, 1, %(at)s, %(at)s, 'placed', %(cur)s, %(t)s, 0, %(t)s)",
                id=number,
                who=self.customers[name],
                at=self.shop.now + after,
                cur=currency,
                t=total,
            )

    def results(self, **more):
        follow = [one for one in FOLLOWERS if one.name == "reactions"]
        Dispatcher(self.shop.database, follow, lambda: [self.shop.workspace], lambda: self.shop.now).catch_up(
            [self.shop.workspace]
        )
        with self.shop.tx() as tx:
            return results(tx, "spring", "Europe/Riga", **more)


@pytest.fixture
def campaign(database, workspace, now):
    return Campaign(database, workspace, now)


def test_what_people_and_machines_did_is_counted_apart_and_each_message_once(campaign):
    campaign.tell("ann", "message.opened")
    campaign.tell("ann", "message.opened", timedelta(hours=2))
    campaign.tell("ann", "message.clicked", link=TEA, position=1)
    campaign.tell("ann", "message.clicked", timedelta(hours=30), link=TEA, position=1)
    campaign.tell("bob", "message.opened", timedelta(days=2))
    campaign.tell("cy", "message.scanned", touched="clicked", sign="burst", link=TEA)
    campaign.tell("cy", "message.scanned", touched="opened", sign="apple")
    found = campaign.results()
    assert (found.sent, found.delivered, found.counted) == (4, 4, 4)
    assert (found.opened, found.clicked) == (2, 1)
    assert (found.opened_by_machines, found.clicked_by_machines) == (1, 1)
    assert found.links == [LinkFollowed(TEA, people=1, times=2, by_machines=1)]
    days = [(one.day, one.sent, one.opened, one.clicked) for one in found.by_day]
    assert days == [(date(2026, 5, 3), 4, 1, 1), (date(2026, 5, 5), 0, 1, 0)]


def test_who_answered_left_complained_and_whose_mail_came_back_is_counted(campaign):
    campaign.tell("ann", "form.answered", form="x")
    campaign.tell("bob", "consent.changed", purpose="marketing", channel="email", granted=False)
    campaign.tell("ann", "consent.changed", purpose="marketing", channel="email", granted=True)
    campaign.tell("cy", "message.complained")
    campaign.tell("dan", "message.bounced", permanent=True)
    found = campaign.results()
    assert (found.answered, found.unsubscribed, found.complained, found.bounced) == (1, 1, 1, 1)
    assert (found.sent, found.delivered) == (4, 3)
    with campaign.shop.tx() as tx:
        (one,) = people(tx, "spring", "unsubscribed")
        assert one.customer_id == campaign.customers["bob"]
        assert [count_people(tx, "spring", only) for only in (None, "sent", "complained", "opened")] == [4, 4, 1, 0]


def test_orders_after_the_message_are_counted_by_currency(campaign):
    campaign.order("ann", "A-1", 1000)
    campaign.order("ann", "A-2", 500, after=timedelta(days=6))
    campaign.order("bob", "B-1", 700, "EUR")
    campaign.order("bob", "B-0", 900, after=-timedelta(days=1))
    campaign.order("cy", "C-1", 800, after=timedelta(days=8))
    found = campaign.results()
    assert found.bought == 2
    assert found.orders == [OrderedAfter("GBP", 2, 1, 1500), OrderedAfter("EUR", 1, 1, 700)]
    assert campaign.results(days=30).bought == 3
    assert campaign.results(days=1).bought == 0
    with pytest.raises(Invalid):
        campaign.results(days=0)


def test_a_replay_counts_the_same(campaign):
    campaign.tell("ann", "message.clicked", link=TEA)
    before = campaign.results()
    with campaign.shop.tx() as tx:
        replay(tx, "reactions")
    assert before.clicked == 1
    assert campaign.results() == before


def test_what_says_no_message_of_a_campaign_counts_for_none(campaign):
    campaign.tell("ann", "consent.changed", message=None, purpose="marketing", channel="email", granted=False)
    campaign.tell("ann", "message.opened", message=999_999)
    campaign.tell("ann", "message.clicked", message="?", link=TEA)
    found = campaign.results()
    assert (found.unsubscribed, found.opened, found.clicked) == (0, 0, 0)
