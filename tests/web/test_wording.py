"""Words of ours as people read them."""

import pytest

from regulars.loop.followers import FOLLOWERS
from regulars.measure.called import follower_called, kind_called
from regulars.remember import did, understood
from regulars.store.export import NAME as ARCHIVE
from regulars.web.wording import fact_called, follower_does, permission
from regulars.words.kinds import ALIAS, GROUP, HOUSE


@pytest.mark.parametrize("name", [*(follower.name for follower in FOLLOWERS), ARCHIVE])
def test_every_follower_has_a_name_for_people_and_says_what_it_does(name):
    assert follower_does(name, str)
    assert follower_called(name, str) != name


@pytest.mark.parametrize("kind", sorted(HOUSE - {GROUP, ALIAS}))
def test_every_kind_of_event_that_the_house_makes_has_a_name_for_people(kind):
    assert kind not in kind_called(kind, str)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        *did.LABELS.items(),
        *understood.LABELS.items(),
        ("spent_gbp", "Spent (GBP)"),
        ("average_order_eur", "Average order (EUR)"),
    ],
)
def test_what_is_computed_is_called_in_the_readers_language_until_somebody_names_it(name, label):
    assert fact_called(name, "vārdiem: {}".format, label) == f"vārdiem: {label}"
    assert fact_called(name, "vārdiem: {}".format, "As we say") == "As we say"
    assert fact_called("gift-quiz.spent", "vārdiem: {}".format, label) == label


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
