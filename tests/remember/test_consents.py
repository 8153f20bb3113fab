"""Consent: with its proof, most restrictive over a customer's identities."""

from datetime import timedelta

from regulars.remember.consents import deciding, of_customer, standing
from regulars.remember.customers import customer_of
from regulars.store import records as store
from regulars.understand.finding import Wanted, find

YES = {"purpose": "marketing", "channel": "email", "granted": True, "words": "Yes, write to me by e-mail"}


def holds(story, customer):
    """What holds for a customer; the list of those who may be written to says the same, and so does their page."""
    found = story.ask(standing, [customer], "marketing", "email").get(customer)
    allowed = found is not None and found.granted
    shown = [one for one in story.ask(deciding, customer) if (one.purpose, one.channel) == ("marketing", "email")]
    if found is None or not found.held:
        assert [one.granted and not one.unconfirmed for one in shown] == [allowed] * len(shown)
        assert shown or found is None
    for consent, listed in (("marketing/email", allowed), ("no:marketing/email", not allowed)):
        page = story.ask(find, Wanted(consent=consent), story.now, limit=50)
        root = story.ask(customer_of, customer)
        assert (root in {one.id for one in page.customers}) == listed
    return found


def test_a_grant_in_a_form_keeps_the_words_the_form_and_the_response(story):
    anna = story.id("email", "anna@x.lv")
    seq = story.answer(anna, consents=[YES])
    story.follow()
    consent = holds(story, anna)
    assert (consent.granted, consent.seq, consent.words) == (True, seq, "Yes, write to me by e-mail")
    proof = story.ask(of_customer, anna)[0].proof
    assert (proof["form"], proof["response"]) == ("gift-quiz", "0199b6f0-0000-7000-8000-000000000001")


def test_a_visitor_we_do_not_know_grants_nothing_and_may_withdraw(story):
    anna, browser = story.id("email", "anna@x.lv"), story.id("anonymous", "b")
    story.identify(anna, links=[browser])
    story.answer(browser, consents=[YES], verified=False)
    story.follow()
    assert holds(story, anna) is None
    story.consent(anna, granted=True)
    story.follow()
    assert holds(story, anna).granted
    story.answer(browser, consents=[YES | {"granted": False}], verified=False, at=story.now + timedelta(days=1))
    story.follow()
    assert not holds(story, anna).granted


def test_who_never_said_anything_has_granted_nothing(story):
    anna = story.id("email", "anna@x.lv")
    story.answer(anna, consents=[YES | {"channel": "sms"}])
    story.follow()
    assert holds(story, anna) is None
    assert story.ask(standing, [], "marketing", "email") == {}


def test_the_newest_statement_of_an_identity_holds_and_all_are_kept(story):
    anna = story.id("email", "anna@x.lv")
    story.consent(anna, granted=True)
    story.consent(anna, granted=False, at=story.now + timedelta(days=1))
    story.follow()
    assert not holds(story, anna).granted
    story.consent(anna, granted=True, at=story.now - timedelta(days=1))
    story.follow()
    assert not holds(story, anna).granted
    story.consent(anna, granted=True, words="again", at=story.now + timedelta(days=2))
    story.follow()
    assert holds(story, anna).granted
    assert [one.granted for one in story.ask(of_customer, anna)] == [True, False, True, True]


def test_a_withdrawal_by_one_identity_goes_before_a_grant_by_another(story):
    user, email = story.id("user", "anna"), story.id("email", "anna@x.lv")
    story.consent(email, granted=False)
    story.consent(user, granted=True, at=story.now + timedelta(days=1))
    story.identify(user, links=[email])
    story.follow()
    assert not holds(story, user).granted
    assert not holds(story, email).granted, "an old id of the merged customer will do"


def test_a_form_that_says_yes_and_no_says_no(story):
    anna = story.id("user", "anna")
    story.answer(anna, consents=[YES | {"granted": False}, YES])
    story.follow()
    assert not holds(story, anna).granted


def test_a_statement_that_cannot_be_read_grants_nothing_until_it_is(story):
    anna, boris = story.id("user", "anna"), story.id("user", "boris")
    story.consent(anna, granted=True)
    story.consent(boris, granted=True)
    bad = story.tell("consent.changed", anna, {"purpose": "marketing", "channel": "email", "granted": "no"})
    later = story.consent(anna, granted=True, at=story.now + timedelta(days=1))
    story.follow()
    assert [q.seq for q in story.ask(store.list_quarantine) if q.follower == "consent"] == [bad, later]
    assert holds(story, boris).granted
    consent = holds(story, anna)
    assert not consent.granted
    assert consent.held
