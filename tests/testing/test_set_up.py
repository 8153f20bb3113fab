from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.access.links import open_links
from regulars.access.workspaces import delete_workspace
from regulars.engage.forms import list_forms
from regulars.remember import consents, facts
from regulars.remember.customers import search
from regulars.speak import campaigns
from regulars.store import records
from regulars.store.database import Database
from regulars.testing.shop.answers import MANY
from regulars.testing.shop.lately import FIRST, LAST
from regulars.testing.shop.links import walk
from regulars.testing.shop.set_up import WORKSPACE, Shop, set_up
from regulars.understand import funnels, funnels_kept, grouping, staging
from regulars.understand.segments import list_segments

NOW = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=10)
"""When setting up was first tried: in another week."""
LINES, ORDERS, CUSTOMERS = 115_179, 6_444, 1_323


class Killed(Exception):
    pass


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    """The shop, broken off once in every step before it is set up to its end."""
    for step in ("Importing orders", "Introducing the customers", "Asking the quiz", "Remembering"):

        def kill(what: str, done: int, size: int, step: str = step) -> None:
            if what == step and done * 3 >= size:
                raise Killed

        with pytest.raises(Killed):
            set_up(database, BEGAN if step == "Importing orders" else NOW, kill)
    yield set_up(database, NOW + timedelta(minutes=1))
    delete_workspace(database, WORKSPACE)


def everything(database: Database) -> dict[str, Any]:
    with database.workspace(WORKSPACE) as tx:
        return {
            "events": {kind: records.count_events(tx, kind=kind) for kind in records.list_kinds(tx)},
            "customers": search(tx).total,
            "forms": {form.name: form.finished for form in list_forms(tx)},
            "segments": {segment.name: segment.size for segment in list_segments(tx)},
            "campaigns": {campaign.name: campaign.state for campaign in campaigns.list_campaigns(tx)},
            "quarantine": records.list_quarantine(tx),
        }


def test_a_shop_that_was_broken_off_in_every_step_is_complete_with_nothing_twice(
    database: Database, shop: Shop
) -> None:
    there = everything(database)

    events = there["events"]
    assert events["Order Completed"] + events["Order Refunded"] == ORDERS
    assert events["identify"] == there["customers"] == CUSTOMERS
    assert events["form.answered"] == there["forms"]["gift-quiz"] == MANY
    assert 0.5 < events["consent.changed"] / CUSTOMERS < 0.9
    assert there["campaigns"] == {"remember-the-occasion": "live", "within-budget": "live"}
    assert there["segments"]["gives-for-birthdays"] > 10
    assert there["segments"]["ordered-three-times"] > 500
    assert there["quarantine"] == []


def test_the_last_order_was_in_the_week_before_it_was_begun_and_all_others_as_long_before_it_as_they_were(
    database: Database, shop: Shop
) -> None:
    with database.workspace(WORKSPACE) as tx:
        first, last = tx.connection.execute("select min(placed_at), max(placed_at) from remember_order").fetchone() or (
            NOW,
            NOW,
        )
    assert timedelta() <= BEGAN - last < timedelta(weeks=1)
    assert abs((last - first) - (LAST - FIRST)) <= timedelta(hours=1)  # by the clock of the shop


def test_its_funnel_shows_how_many_come_back(database: Database, shop: Shop) -> None:
    with database.workspace(WORKSPACE) as tx:
        kept = funnels_kept.get(tx, "comes-back")
        steps, _ = funnels.find(tx, funnels.parse(kept.funnel, None), NOW)
    first, second, third = (step.customers for step in steps or ())
    assert CUSTOMERS > first > second > third > 100


def test_its_rounds_find_purchase_stages_and_groups(database: Database, shop: Shop) -> None:
    staging.walk_on(database, WORKSPACE, NOW)
    grouping.work_on(database, WORKSPACE, NOW)
    with database.workspace(WORKSPACE) as tx:
        stages = {one.category: one for one in staging.counts(tx)}
        groups = grouping.groups(tx)
    assert stages["Candle light"].after_sale > 50
    assert len(groups) > 1
    assert sum(one.size for one in groups) == CUSTOMERS


def test_setting_up_a_complete_shop_again_changes_nothing(database: Database, shop: Shop) -> None:
    before = everything(database)

    def tell(*_: object) -> None:
        raise AssertionError("there was something to do")

    assert set_up(database, NOW + timedelta(days=30), tell) == shop
    assert everything(database) == before


def test_the_regular_of_the_story_is_known_may_be_written_to_and_has_told_us_nothing_yet(
    database: Database, shop: Shop
) -> None:
    with database.workspace(WORKSPACE) as tx:
        known = {fact.name: fact for fact in facts.current(tx, shop.regular_customer)}
        consent = consents.standing(tx, [shop.regular_customer], "marketing", "email")

    assert known["name"].value == "Ieva Kalniņa"
    assert all(fact.source == "imported" and fact.verified for fact in known.values() if fact.source != "did")
    assert consent[shop.regular_customer].granted


@pytest.mark.parametrize(
    ("text", "name"),
    [("kalnina", "Ieva Kalniņa"), ("小明", "王小明"), ("शर्मा", "प्रिया शर्मा"), ("BERZ", "Jānis Bērziņš")],
)
def test_customers_are_found_in_their_scripts(database: Database, shop: Shop, text: str, name: str) -> None:
    with database.workspace(WORKSPACE) as tx:
        assert [customer.name for customer in search(tx, text).customers] == [name]


def test_answers_of_the_last_days_are_facts_in_the_customers_words(database: Database, shop: Shop) -> None:
    with database.workspace(WORKSPACE) as tx:
        (marta,) = search(tx, "marta ozola").customers
        known = {fact.name: fact for fact in facts.current(tx, marta.id)}
        answered = records.list_events(tx, kind="form.answered", before=None, limit=100)

    assert known["gift_for"].words == "My mother"
    assert known["whose"].words == "Anna"
    assert known["gift_for"].verified
    assert all(event.historical and timedelta() < NOW - event.at < timedelta(days=7) for event in answered)


def test_the_links_lead_through_the_story(database: Database, shop: Shop) -> None:
    links = open_links(database)

    way = walk(shop, links, "https://gifts.example")

    address, _, token = way.quiz.partition("?m=")
    assert address == way.public_quiz == "https://gifts.example/f/gift-quiz"
    link = links.read(token, datetime.now(UTC))
    assert (link.workspace, link.identity_id, link.form) == (WORKSPACE, shop.regular_address, "gift-quiz")
    assert way.customer == f"https://gifts.example/console/demo/customers/{shop.regular_customer}"
