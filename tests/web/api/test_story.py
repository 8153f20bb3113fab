"""The whole product through its API alone: ask, hear, understand, say, and hear what came of it."""

import pytest
from tests.web.console_story import HTML, QUIZ, RULE, SUBJECT, TEXT, Shop

from regulars import client
from regulars.access.keys import create_key
from regulars.client import Regulars
from regulars.engage import forms
from regulars.hear.identities import find
from regulars.loop.followers import begin
from regulars.words.clock import utc_now

LETTER = {"subject": SUBJECT, "html": HTML, "text": TEXT}


@pytest.fixture
def quiet(house, workspace):
    """A workspace in which nothing has happened, with its followers."""
    shop = Shop(house, workspace)
    with shop.tx() as tx:
        begin(tx)
    return shop


@pytest.fixture
def regulars(house, workspace, address):
    """A program with an admin key."""
    with Regulars(address, create_key(house.database, workspace, "admin")) as regulars:
        yield regulars


def answered(shop, form, user, **answers):
    """What a customer does on the form's page."""
    with shop.tx() as tx:
        shop.answer(tx, forms.get_form(tx, form), find(tx, ("user", user)), answers, utc_now())


def test_a_program_does_all_that_a_team_does(quiet, regulars, workspace):
    form = regulars.forms.create(name=f"quiz-{workspace.replace('_', '-')}", survey=QUIZ)
    assert form.link.endswith(form.name)
    trial = regulars.segments.try_rule(rule=RULE)
    assert (trial.size, trial.sample, trial.unheard) == (0, [], {})
    regulars.segments.create(name="for-mothers", title="They give to their mother", rule=RULE)
    assert regulars.segments.get("for-mothers").sentence == "Customers whose gift for is “My mother”."
    regulars.templates.keep(name="remember", **LETTER, ask=form.name)
    regulars.campaigns.create(
        name="spring", title="Spring", segment="for-mothers", template="remember", purpose="marketing"
    )
    assert regulars.campaigns.get("spring").reach.asked == 0
    assert regulars.campaigns.launch("spring").addressed == 0

    for user, name in (("u-1", "Ieva Kalniņa"), ("u-2", "王小明")):
        regulars.identify(user, {"name": name, "email": f"{user}@post.example"})
        regulars.track(user, "Order Completed", {"total": 23.4, "currency": "GBP"})
    quiet.work()
    answered(quiet, form.name, "u-1", for_whom="mother", whose="Marta", may_write=True)
    quiet.work()

    (heard,) = regulars.forms.answers(form.name)
    assert [one.words for one in heard.said.answers] == ["My mother", "Marta"]
    tally = next(one for one in regulars.forms.tallies(form.name) if one.question == "for_whom")
    assert [(bar.words, bar.times) for bar in tally.bars] == [("My mother", 1), ("A good friend", 0)]
    (member,) = regulars.segments.members("for-mothers")
    assert member.name == "Ieva Kalniņa"
    assert regulars.customers.reasons("user:u-1", "for-mothers").evidence[0].said.words == "My mother"

    known = regulars.customers.get("user:u-1")
    assert {one.name: one.words for one in known.facts}["whose"] == "Marta"
    assert [(one.purpose, one.granted) for one in known.consents] == [("marketing", True)]
    entries = [entry for day in regulars.customers.conversation("user:u-1") for entry in day.entries]
    assert {type(entry).__name__ for entry in entries} == {"ConversationSaid", "Spoken", "Happened"}

    (person,) = regulars.campaigns.people("spring", only="sent")
    explained = regulars.messages.get(person.message_id)
    assert [fact.words for fact in explained.why.facts] == ["My mother"]
    assert explained.why.consent.granted
    assert "You told us: My mother" in explained.written.text
    assert regulars.mailbox.mail(person.message_id).text == explained.written.text
    assert [one.recipient for one in regulars.mailbox.list()] == ["u-1@post.example"]
    assert regulars.campaigns.stop("spring").state == "stopped"

    (told,) = regulars.home.told()
    assert told.quoted.message_id == person.message_id
    overview = regulars.home.overview()
    assert (overview.said, overview.answered, overview.live, overview.wants_a_look) == (1, 1, [], False)
    assert regulars.segments.delete("for-mothers").name == "for-mothers"


def test_what_is_wrong_is_told_by_field(quiet, regulars):
    with pytest.raises(client.Invalid) as wrong:
        regulars.segments.create(name="x", title="X", rule={"fact": "shoe_size", "is": "39"})
    assert [one.field for one in wrong.value.errors] == ["rule"]
    with pytest.raises(client.NotFound) as wrong:
        regulars.campaigns.create(name="x", title="X", segment="gone", template="gone", purpose="marketing")
    assert [one.field for one in wrong.value.errors] == ["segment"]
    with pytest.raises(client.Invalid) as wrong:
        regulars.templates.keep(name="x", subject="{{ told.gift_for }}", html=HTML, text=TEXT)
    assert [one.field for one in wrong.value.errors] == ["subject"]
    with pytest.raises(client.Invalid) as wrong:
        regulars.segments.list(limit=0).part()
    assert [one.field for one in wrong.value.errors] == ["limit"]


def test_a_list_that_grows_while_it_is_read_tells_nobody_twice_and_leaves_nobody_out(quiet, regulars):
    for number in range(6):
        regulars.identify(f"u-{number}", {"name": f"Customer {number}"})
        quiet.work()
    there = {one.id for one in regulars.customers.list()}
    read = []
    for number, part in enumerate(regulars.customers.list(limit=2).parts()):
        read += [one.id for one in part.items]
        regulars.identify(f"late-{number}", {"name": f"Late {number}"})
        quiet.work()
    assert sorted(read) == sorted(there)
