"""What a campaign moved: orders of those who got it beside those who were held out of it."""

from datetime import timedelta

import pytest
from tests.speak.scene import Post, Shop

from regulars.measure.lifting import Compared, Group, compared


@pytest.fixture
def shop(database, workspace, now):
    return Shop(database, workspace, now)


_ORDER = (
    b"insert into remember_order (id, identity_id, seq, placed_at, changed_at, state, currency, total, refunded, net)"
    b" values (%(id)s, %(who)s, 1, %(at)s, %(at)s, 'placed', 'EUR', 100, 0, 100)"
)


def test_who_ordered_since_is_counted_in_both_groups(shop, now):
    ids = {name: shop.customer(name) for name in (f"c{n}" for n in range(40))}
    shop.segment("gives", *ids.values())
    shop.campaign(held_out=50)
    with shop.tx() as tx:
        assert compared(tx, "spring") is None
    post = Post()
    sender = shop.sender(post)
    while sender.send_some(now):
        pass
    sender.close()
    got = sorted(mail.recipient.partition("@")[0] for mail in post.delivered)
    out = sorted(set(ids) - set(got))
    with shop.tx() as tx:
        for name in (got[0], got[0], got[1], out[0]):
            tx.run(_ORDER, id=f"{name}-{tx.value(b'select count(*) from remember_order')}", who=ids[name], at=now)
        tx.run(_ORDER, id="before", who=ids[got[2]], at=now - timedelta(seconds=1))
        found = compared(tx, "spring")
    assert found == Compared(Group(len(got), 2), Group(len(out), 1))
    assert found.by_chance


@pytest.mark.parametrize(
    ("written", "held_out", "by_chance"),
    [
        (Group(10, 5), Group(10, 4), True),
        (Group(1000, 120), Group(1000, 80), False),
        (Group(1000, 0), Group(1000, 0), True),
        (Group(1, 1), Group(1, 1), True),
    ],
)
def test_a_difference_is_told_from_chance(written, held_out, by_chance):
    assert Compared(written, held_out).by_chance is by_chance
