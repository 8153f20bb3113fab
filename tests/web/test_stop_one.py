"""Stopping to write to one customer who asked for it, on their page: what is withdrawn, with its proof, and by whom."""

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.people import add_person, make_login_link
from regulars.remember import consents
from regulars.web.console.desk import SESSION, csrf_token
from regulars.words.clock import utc_now

SAID = "Please do not write to me any more."


def newest(shop):
    """Return whether Ieva allows e-mail now, and the proof of that."""
    with shop.tx() as tx:
        (one,) = consents.deciding(tx, shop.customer)
    return one.granted, one.proof


def test_who_says_so_on_the_telephone_is_not_written_to_any_more(client, home, shop, house, workspace):
    page = f"{home}/customers/{shop.customer}"
    token = csrf(client.get(page).text)
    answer = client.post(f"{page}/stop", data={"csrf": token, "about": "marketing/email", "why": f"  {SAID} "})
    shop.work()
    assert answer.status_code == 303
    granted, proof = newest(shop)
    assert (granted, proof["words"], proof["how"]) == (False, SAID, "by the team")
    (entry,) = noted_in(house, workspace, action="consent.recorded")
    assert (entry.name, entry.after["granted"]) == (str(shop.customer), False)
    assert '/stop"' not in client.get(page).text, "nothing is left to withdraw"


def test_without_a_reason_nothing_is_withdrawn_and_what_was_chosen_stays(client, home, shop):
    page = f"{home}/customers/{shop.customer}"
    token = csrf(client.get(page).text)
    for sent, wrong in (({"about": "marketing/email"}, "why-wrong"), ({"about": "x", "why": SAID}, SAID)):
        answer = client.post(f"{page}/stop", data={"csrf": token, **sent})
        assert answer.status_code == 400
        assert wrong in answer.text
    assert newest(shop)[0]


@pytest.mark.parametrize(("role", "status"), [("agent", 303), ("marketer", 303), ("analyst", 403), ("viewer", 403)])
def test_whoever_acts_for_customers_may_and_others_may_not(house, workspace, shop, stranger, home, role, status):
    page, email = f"{home}/customers/{shop.customer}", f"{role}@{workspace}.example"
    add_person(house.database, email, role, workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")
    assert ("Stop writing to them …" in stranger.get(page).text) == (status == 303)
    sent = {"csrf": csrf_token(stranger.cookies[SESSION]), "about": "marketing/email", "why": SAID}
    assert stranger.post(f"{page}/stop", data=sent).status_code == status
    shop.work()
    assert newest(shop)[0] == (status == 403)
