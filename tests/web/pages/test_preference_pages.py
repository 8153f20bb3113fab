"""Preferences: GET shows, POST changes, and a mail program unsubscribes by one POST."""

from tests.web.pages.visits import Client, Shop, text_of

from regulars.decide import tracking

COUNTED = 'name="may.tracking.email" value="1" checked'


def said(shop: Shop, purpose: str = "marketing") -> list[tuple[bool, str, str]]:
    return [
        (one.props["granted"], one.props["words"], one.props["how"])
        for one in shop.events("consent.changed")
        if one.props["purpose"] == purpose
    ]


def test_looking_changes_nothing(client: Client, shop: Shop) -> None:
    page = client.get(f"/u/{shop.token()}")
    assert page.status_code == 200
    assert "What may we write to you about?" in text_of(page)
    assert "Ideas, news and offers by e-mail" in text_of(page)
    assert "ie…@example.com" in text_of(page)
    assert "checked" not in page.text.replace(COUNTED, "")
    assert shop.events() == []


def test_a_box_is_ticked_saved_and_taken_back(client: Client, shop: Shop) -> None:
    url = f"/u/{shop.token()}"
    page = client.post(url, data={"may.marketing.email": "1"})
    assert "Saved." in text_of(page)
    assert "checked" in page.text
    page = client.post(url, data={})
    assert "We do not write to you any more" in text_of(page)
    assert "checked" not in page.text
    words = "Ideas, news and offers by e-mail"
    assert said(shop) == [(True, words, "preference page"), (False, words, "preference page")]


def test_who_does_not_want_to_be_counted_says_so(client: Client, shop: Shop) -> None:
    url = f"/u/{shop.token()}"
    page = client.get(url)
    assert "Count whether I open messages and which links I follow" in text_of(page)
    assert COUNTED in page.text
    page = client.post(url, data={"may.tracking.email": "1"})
    assert said(shop, "tracking") == []
    page = client.post(url, data={"may.marketing.email": "1"})
    assert "Saved. It holds from now on." in text_of(page)
    assert COUNTED not in page.text
    words = "Count whether I open messages and which links I follow"
    assert said(shop, "tracking") == [(False, words, "preference page")]


def test_nothing_is_asked_where_nobody_is_counted(client: Client, shop: Shop) -> None:
    with shop.house.database.workspace(shop.workspace) as tx:
        tracking.choose(tx, "off")
    assert "may.tracking" not in client.get(f"/u/{shop.token()}").text
    with shop.house.database.workspace(shop.workspace) as tx:
        tracking.choose(tx, "if_agreed")
    page = client.get(f"/u/{shop.token()}")
    assert "may.tracking" in page.text
    assert COUNTED not in page.text


def test_one_button_stops_everything(client: Client, shop: Shop) -> None:
    url = f"/u/{shop.token()}"
    client.post(url, data={"may.marketing.email": "1"})
    client.post(url, data={"stop": "all"})
    assert [granted for granted, _, _ in said(shop)] == [True, False]


def test_a_mail_programs_one_click_unsubscribes_once_and_without_a_redirect(client: Client, shop: Shop) -> None:
    for _ in range(2):
        answer = client.post(
            f"/u/{shop.token()}",
            data={"List-Unsubscribe": "One-Click"},
            headers={"origin": "https://mail.example", "sec-fetch-site": "cross-site"},
            follow_redirects=False,
        )
        assert answer.status_code == 200
    [(granted, _, how)] = said(shop)
    assert granted is False
    assert how == "unsubscribed by one click in the mail program"


def test_the_one_click_may_come_as_a_multipart_form(client: Client, shop: Shop) -> None:
    answer = client.post(f"/u/{shop.token()}", files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert len(said(shop)) == 1


def test_a_forged_link_changes_nothing_and_says_what_to_do(client: Client, shop: Shop) -> None:
    url = f"/u/{shop.token()}x"
    for page in (client.get(url), client.post(url, data={"stop": "all"}), client.get("/why/abc")):
        assert page.status_code == 403
        assert "Open it again from the message it came in" in text_of(page)
    assert shop.events() == []
