"""Words of ours as people read them."""

import pytest

from regulars.loop.followers import FOLLOWERS
from regulars.store.export import NAME as ARCHIVE
from regulars.web.wording import fact_called, follower_does, permission


@pytest.mark.parametrize("name", [*(follower.name for follower in FOLLOWERS), ARCHIVE])
def test_every_follower_says_what_it_does(name):
    assert follower_does(name, str)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("first_name", "First name"),
        ("firstName", "First name"),
        ("address.city", "City"),
        ("shoe_size", "Shoe size"),
        ("gift-quiz.for_whom", "For whom"),
    ],
)
def test_a_fact_is_called_by_words(name, called):
    assert fact_called(name, str) == called


def test_what_is_allowed_is_said_as_beside_the_box():
    assert permission("marketing", "email", str) == "Ideas, news and offers by e-mail"
    assert permission("club_news", "email", str) == "Club news by e-mail"
