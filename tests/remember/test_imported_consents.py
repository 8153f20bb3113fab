"""What a file says of consents, beside what customers said here."""

import pytest

from regulars.remember.consents import standing

BEFORE, AFTER = -10, 10


def holds(story, customer):
    story.follow()
    found = story.ask(standing, [customer], "marketing", "email").get(customer)
    return found is not None and found.granted


def brought(story, identity, *, days, granted=True):
    from datetime import timedelta

    return story.consent(identity, granted=granted, how="imported", at=story.now + timedelta(days=days))


@pytest.mark.parametrize("days", [BEFORE, AFTER])
@pytest.mark.parametrize("together", [True, False])
def test_an_import_never_turns_a_withdrawal_into_a_grant(story, days, together):
    anna = story.id("email", "anna@x.lv")
    story.consent(anna, granted=False)
    if not together:
        story.follow()
    brought(story, anna, days=days)
    assert not holds(story, anna)


def test_who_grants_anew_here_after_a_withdrawal_is_brought_as_granting(story):
    anna = story.id("email", "anna@x.lv")
    story.consent(anna, granted=False)
    story.consent(anna, granted=True)
    brought(story, anna, days=AFTER)
    assert holds(story, anna)


def test_a_grant_that_was_brought_holds_until_it_is_withdrawn(story):
    anna = story.id("email", "anna@x.lv")
    brought(story, anna, days=BEFORE)
    assert holds(story, anna)
    story.consent(anna, granted=False)
    assert not holds(story, anna)


def test_a_newer_withdrawal_in_a_file_wins_over_a_grant(story):
    anna = story.id("email", "anna@x.lv")
    story.consent(anna, granted=True)
    brought(story, anna, days=AFTER, granted=False)
    assert not holds(story, anna)
