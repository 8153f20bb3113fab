"""Where a customer is: by what they said, their browser, their number, their language; else where the workspace is."""

import pytest
from tests.decide.test_policy import known

from regulars.decide.whereabouts import places
from regulars.store.log import NewEvent, append


@pytest.fixture
def tx(database, workspace):
    with database.workspace(workspace) as tx:
        yield tx


def says(tx, now, customer, **facts):
    for seq, (name, words) in enumerate(facts.items(), start=50):
        tx.run(
            b"insert into remember_fact"
            b" (identity_id, seq, at, holds_for, verified, name, source, origin, wording, value) values"
            b" (%(c)s, %(s)s, %(now)s, %(c)s, true, %(f)s, 'said', '', '', to_jsonb(%(w)s::text))",
            c=customer,
            s=seq,
            now=now,
            f=name,
            w=words,
        )


def where(tx, customer):
    place = places(tx, [customer])[customer]
    return place.zone.key, place.country


@pytest.mark.parametrize(
    ("facts", "phone", "found"),
    [
        ({}, "", ("UTC", "")),
        ({"timezone": "Asia/Tokyo"}, "+37120000001", ("Asia/Tokyo", "LV")),
        ({"timezone": "Asia/Tokyo"}, "", ("Asia/Tokyo", "JP")),
        ({"timezone": "Middle-earth/Shire", "country": "lv"}, "", ("Europe/Riga", "LV")),
        ({"country": "Germany"}, "", ("Europe/Berlin", "DE")),
        ({"country": "Nowhere"}, "", ("UTC", "")),
        ({}, "+37120000001", ("Europe/Riga", "LV")),
        ({}, "+12125551234", ("America/New_York", "US")),
        ({}, "+13105551234", ("America/Los_Angeles", "US")),
        ({}, "+18005551212", ("America/New_York", "US")),
        ({"locale": "pt-BR"}, "", ("America/Sao_Paulo", "BR")),
        ({"locale": "pt"}, "", ("UTC", "")),
        ({"locale": "x" * 99}, "", ("UTC", "")),
        ({"country": "FR"}, "+393331234567", ("Europe/Rome", "IT")),
    ],
)
def test_a_place_is_found_by_the_best_that_is_known(tx, now, facts, phone, found):
    pairs = [("user", "ann"), *([("phone", phone)] if phone else [])]
    ann = known(tx, now, *pairs)
    says(tx, now, ann, **facts)
    assert where(tx, ann) == found


def test_a_browser_tells_unless_they_said_it_themselves(tx, now):
    ann = known(tx, now, ("user", "ann"))
    context = b'{"timezone": "America/Lima", "locale": "es-PE"}'
    append(tx, [NewEvent(ann, now, "page", context=context), NewEvent(ann, now, "Order Completed")])
    assert where(tx, ann) == ("America/Lima", "PE")
    says(tx, now, ann, timezone="Europe/Madrid")
    assert where(tx, ann) == ("Europe/Madrid", "ES")
