import pytest
from msgspec import structs

from regulars.speak import campaigns
from regulars.speak.archiving import archive
from regulars.speak.followers import CAMPAIGNS
from regulars.speak.library import get_template, save_template
from regulars.speak.outbox import queue
from regulars.store.follow import Follower, Runner
from regulars.store.log import NewEvent, append, caused_by
from regulars.store.records import head
from regulars.words.errors import Conflict, Invalid, Unknown

SEGMENTS = Follower("segments", "deriving", lambda _: None)


def entered(shop, customer, segment="gives"):
    with shop.tx() as tx:
        props = {"segment": segment, "customer": customer}
        append(tx, [caused_by(None, "segment.entered", customer, props, shop.now)])
        return head(tx)


def follow(shop):
    runner = Runner(shop.database)
    for follower in (SEGMENTS, CAMPAIGNS):
        while runner.step(shop.workspace, follower, shop.now).more:
            pass


def queued(shop):
    with shop.tx() as tx:
        queue(tx, shop.now)
        return tx.rows(b"select campaign, customer_id, cause from speak_message order by id")


def test_launching_addresses_the_members_and_then_whoever_enters_each_once(shop):
    shop.register(SEGMENTS, CAMPAIGNS)
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann)
    shop.campaign()
    seq = entered(shop, bob)
    entered(shop, ann)
    entered(shop, bob)
    follow(shop)
    assert queued(shop) == [("spring", ann, None), ("spring", bob, seq)]
    assert queued(shop) == [("spring", ann, None), ("spring", bob, seq)]


def test_a_draft_and_a_stopped_campaign_address_nobody(shop):
    shop.register(SEGMENTS, CAMPAIGNS)
    ann = shop.customer("ann")
    shop.segment("gives")
    shop.campaign(launch=False)
    entered(shop, ann)
    follow(shop)
    with shop.tx() as tx:
        campaigns.launch(tx, "spring", shop.now)
        campaigns.stop(tx, "spring")
    entered(shop, ann)
    follow(shop)
    assert queued(shop) == []


def test_nobody_falls_between_the_launch_and_the_follower(shop, database):
    shop.register(SEGMENTS, CAMPAIGNS)
    shop.segment("gives")
    shop.campaign(launch=False)
    ann = shop.customer("ann")
    from threading import Thread

    follower = Thread(target=follow, args=(shop,))
    with shop.tx() as launching:
        assert campaigns.launch(launching, "spring", shop.now) == 0
        shop.segment("gives", ann)
        entered(shop, ann)
        follower.start()
        follower.join(timeout=0.3)
        assert follower.is_alive()
    follower.join()
    assert [customer for _, customer, _ in queued(shop)] == [ann]


def test_a_launch_waits_for_an_edit_and_addresses_whom_the_edit_says(shop):
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann)
    shop.segment("takes", bob)
    shop.campaign(launch=False)
    from threading import Thread

    def launch():
        with shop.tx() as tx:
            campaigns.launch(tx, "spring", shop.now)

    launching = Thread(target=launch)
    with shop.tx() as editing:
        campaigns.change(editing, "spring", structs.replace(campaigns.get(editing, "spring"), segment="takes"))
        launching.start()
        launching.join(timeout=0.3)
        assert launching.is_alive()
    launching.join()
    assert [customer for _, customer, _ in queued(shop)] == [bob]


def test_entering_another_segment_or_an_import_means_nothing(shop):
    shop.register(SEGMENTS, CAMPAIGNS)
    ann = shop.customer("ann")
    shop.segment("gives")
    shop.campaign()
    entered(shop, ann, "else")
    with shop.tx() as tx:
        append(tx, [NewEvent(ann, shop.now, "segment.entered", b'{"segment":"gives","customer":1}', historical=True)])
    follow(shop)
    assert queued(shop) == []


def test_a_campaign_needs_a_segment_a_template_and_a_free_name(shop):
    shop.segment("gives")
    shop.campaign(launch=False)
    given = {"title": "T", "segment": "gives", "template": "spring-mail", "purpose": "marketing"}
    with shop.tx() as tx:
        for change, error in [
            ({"segment": "no"}, Unknown),
            ({"title": "T" * 201}, Invalid),
            ({"purpose": ""}, Invalid),
            ({"purpose": "p" * 62}, Invalid),
            ({"purpose": "Spring sale!"}, Invalid),
            ({"template": "no"}, Unknown),
            ({"title": ""}, Invalid),
            ({"channel": "pigeon"}, Invalid),
        ]:
            with pytest.raises(error):
                campaigns.create(tx, "other", **(given | change))
        with pytest.raises(Conflict):
            campaigns.create(tx, "spring", **given)
        with pytest.raises(Invalid):
            campaigns.create(tx, "Not A Name", **given)


def test_saving_a_template_again_makes_its_next_version(shop):
    with shop.tx() as tx:
        for subject in ("One", "Two"):
            save_template(tx, "t", subject=subject, html="{{ unsubscribe_url }}", text="{{ unsubscribe_url }}")
        assert (get_template(tx, "t").version, get_template(tx, "t").subject) == (2, "Two")
        assert get_template(tx, "t", 1).subject == "One"
        with pytest.raises(Unknown):
            get_template(tx, "u")
        with pytest.raises(Invalid):
            save_template(tx, "t", subject="x", html="{{ oops", text="")


def test_a_draft_says_how_many_would_be_let_through_and_what_holds_back_the_others(shop):
    ann, bob, cy = shop.customer("ann"), shop.customer("bob", agreed=False), shop.customer("cy", email=False)
    shop.segment("gives", ann, bob, cy)
    shop.campaign(launch=False)
    with shop.tx() as tx:
        reach = campaigns.reach(tx, campaigns.get(tx, "spring"), shop.now)
        assert (reach.asked, reach.allowed, reach.unwilling, reach.paused, reach.unreachable) == (3, 1, 1, 0, 1)


def test_a_segment_that_a_template_asks_about_is_not_deleted_unawares(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.segment("gives-more")
    asks = '{% if segments["gives-more"] %}More.{% endif %}{{ unsubscribe_url }}'
    with shop.tx() as tx:
        save_template(tx, "spring-mail", subject="gives", html=asks, text="{{ unsubscribe_url }}")
        with pytest.raises(Conflict) as told:
            campaigns.delete_unused_segment(tx, "gives-more", shop.now)
        assert "'spring-mail'" in str(told.value)
        assert campaigns.delete_unused_segment(tx, "gives", shop.now)
        archive(tx, ["spring-mail"], shop.now)
        assert campaigns.delete_unused_segment(tx, "gives-more", shop.now)
