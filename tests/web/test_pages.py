import re
from html import unescape

import pytest
from tests.web.console_story import HTML, PAGES, TEXT, csrf, everything

from regulars.engage.forms import create_form, get_form
from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now


def test_every_page_of_the_story_opens(client, home, shop):
    for path in everything(client, home, shop):
        page = client.get(f"{home}{path}")
        assert page.status_code == 200, path


@pytest.mark.parametrize("path", PAGES[:2] + PAGES[3:4] + ["/campaigns", "/templates", "/mailbox", "/forms", "/health"])
def test_an_empty_list_teaches(client, home, path):
    page = client.get(f"{home}{path}").text
    assert re.search(r"Nobody|No |Nothing|Ask something", page)


def test_home_shows_what_was_said_and_which_message_answered_it(client, home, shop):
    page = client.get(home).text
    assert "My mother" in page
    assert "Ieva Kalniņa" in page
    assert "Spring quoted it" in page
    assert "100%" in page
    assert "9 minutes" in page


def test_what_nobody_answered_says_so(client, home, shop):
    with shop.tx() as tx:
        other = shop.meet(tx, "u-3", "Tom Hill", "tom@post.example", utc_now())
        form = get_form(tx, "gift-quiz")
    with shop.tx() as tx:
        shop.answer(tx, form, other, {"for_whom": "friend"}, utc_now())
    shop.work()
    page = client.get(home).text
    assert page.index("Tom Hill") < page.index("Ieva")
    assert "Nobody has answered yet" in page
    assert "50%" in page


def test_customers_are_found_by_the_middle_of_a_name(client, home, shop):
    for words in ("kalnina", "小明", "ieva@post"):
        page = client.get(f"{home}/customers", params={"q": words}).text
        assert "1 customer matches" in page
    assert "Nobody matches" in client.get(f"{home}/customers?q=zzz").text


def test_a_customer_reads_as_a_conversation(client, home, shop):
    page = client.get(f"{home}/customers/{shop.customer}").text
    assert '<li class="said"' in page
    assert "My mother" in page
    assert '<li class="spoken"' in page
    assert "You told us: My mother" in page
    assert ">Ordered</a> · £23.40" in page
    assert "Yes, write to me by e-mail." in page
    assert '/segments/for-mothers">They give to their mother</a>' in page
    assert "Ideas, news and offers by e-mail" in page
    assert "E-mail address" in page


def test_a_fact_links_to_the_words_it_came_from_and_back(client, home, shop):
    page = client.get(f"{home}/customers/{shop.customer}").text
    seq = re.search(r'id="fact-gift_for">.*?href="#e(\d+)"', page, re.DOTALL).group(1)
    assert f'id="e{seq}"' in page
    assert 'href="#fact-gift_for"' in page
    assert re.search(rf'It quoted their words:</?[^>]*>? *<a href="#e{seq}">', page) or f'<a href="#e{seq}"><q>' in page


def test_earlier_parts_of_a_conversation_are_loaded(client, home, shop, monkeypatch):
    monkeypatch.setattr("regulars.web.console.customers.TALK", 2)
    page = client.get(f"{home}/customers/{shop.customer}").text
    seen = set(re.findall(r'id="(e\d+)"', page))
    earlier = client.get(unescape(re.search(r'href="([^"]*[?&;]before=[^"]+)"', page).group(1))).text
    again = set(re.findall(r'id="(e\d+)"', earlier))
    assert again
    assert not seen & again
    assert client.get(f"{home}/customers/{shop.customer}?before=nonsense").status_code == 400


def test_an_address_that_came_twice_is_remembered_once(client, home, shop):
    ask = {"type": "text", "inputType": "email", "name": "mail", "title": "Where may we write?"}
    with shop.tx() as tx:
        form = create_form(tx, "newsletter", {"elements": [ask]}, utc_now())
    with shop.tx() as tx:
        shop.answer(tx, form, shop.customer, {"mail": "ieva@post.example"}, utc_now())
    shop.work()
    page = client.get(f"{home}/customers/{shop.customer}").text
    panel = re.search(r'id="memory">.*?</ul>', page, re.DOTALL).group()
    assert panel.count("ieva@post.example") == 1


def test_a_message_says_why_it_was_sent(client, home, shop):
    mail = re.search(r"/mailbox/(\d+)", client.get(f"{home}/mailbox").text).group(1)
    page = client.get(f"{home}/messages/{mail}").text
    for words in ("My mother", "Yes, write to me by e-mail.", "Spring", "They give to their mother"):
        assert words in page


def test_a_mail_is_shown_in_a_sandbox(client, home, shop):
    mail = re.search(r"/mailbox/(\d+)", client.get(f"{home}/mailbox").text).group(1)
    page = client.get(f"{home}/mailbox/{mail}").text
    assert f'src="{home}/mailbox/{mail}/html"' in page
    html = client.get(f"{home}/mailbox/{mail}/html")
    policy = html.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert '<base target="_blank">' in html.text


def test_a_segment_shows_its_sentence_and_members(client, home, shop):
    page = client.get(f"{home}/segments/for-mothers").text
    assert "mother" in page
    assert "Ieva Kalniņa" in page
    assert "王小明" not in page


def test_a_form_shows_counts_and_words(client, home, shop):
    page = client.get(f"{home}/forms/gift-quiz").text
    assert "http://testserver.local/f/gift-quiz" in page
    assert re.search(r'My mother</a></th>.*?<td class="n"[^>]*>1</td>', page, re.DOTALL)
    assert re.search(r'A good friend</th>.*?<td class="n"[^>]*>0</td>', page, re.DOTALL)
    assert "Marta" in page


def test_a_template_is_shown_for_a_customer_and_for_one_who_told_nothing(client, home, shop):
    page = client.get(f"{home}/templates/remember").text
    assert "About My mother" in page
    assert "About your gifts" in page


def test_html_in_what_customers_say_stays_text(client, home, shop):
    with shop.tx() as tx:
        evil = shop.meet(tx, "u-9", "<script>alert(1)</script>", "x@post.example", utc_now())
    shop.work()
    page = client.get(f"{home}/customers/{evil}").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("total", ["9" * 4000, "1e308", "-1e300"])
def test_a_total_that_nobody_can_pay_is_no_money(client, home, shop, total):
    with shop.tx() as tx:
        who = shop.meet(tx, "u-9", "Rich", "rich@post.example", utc_now())
        append(tx, [NewEvent(who, utc_now(), "Order Completed", f'{{"total": {total}}}'.encode())])
    shop.work()
    page = client.get(f"{home}/customers/{who}")
    assert page.status_code == 200
    assert "Order Completed" in page.text


def test_the_story_is_told_by_templates_that_quote(client, home):
    assert "told.gift_for" in HTML + TEXT
    assert csrf(client.get(f"{home}/new/template?start_from=html").text)


def test_home_shows_what_nobody_answered_alone(client, home, shop):
    with shop.tx() as tx:
        other = shop.meet(tx, "u-3", "Tom Hill", "tom@post.example", utc_now())
        form = get_form(tx, "gift-quiz")
    with shop.tx() as tx:
        shop.answer(tx, form, other, {"for_whom": "friend"}, utc_now())
    shop.work()
    waiting, answered = (client.get(f"{home}?only={one}").text for one in ("open", "answered"))
    assert ("Tom Hill" in waiting, "Ieva" in waiting) == (True, False)
    assert ("Tom Hill" in answered, "Ieva" in answered) == (False, True)
    assert "?only=answered" in client.get(home).text


def test_earlier_parts_of_home_follow_each_other_without_a_gap(client, home, shop, monkeypatch):
    monkeypatch.setattr("regulars.web.console.home.SHOWN", 1)
    with shop.tx() as tx:
        other = shop.meet(tx, "u-3", "Tom Hill", "tom@post.example", utc_now())
        form = get_form(tx, "gift-quiz")
    with shop.tx() as tx:
        shop.answer(tx, form, other, {"for_whom": "friend"}, utc_now())
    shop.work()
    first = client.get(home).text
    assert ("Tom Hill" in first, "Ieva" in first) == (True, False)
    link = re.search(r'href="(\?before=[^"]+)"', first).group(1).replace("&amp;", "&")
    second = client.get(home + link).text
    assert ("Tom Hill" in second, "Ieva" in second) == (False, True)


def test_an_empty_home_has_first_steps_and_ticks_those_that_were_done(client, home, house, workspace):
    page = client.get(home).text
    assert f'href="{home}/new/form"' in page
    assert '<li class="done">' not in page
    with house.database.workspace(workspace) as tx:
        create_form(tx, "tell", {"elements": [{"type": "text", "name": "why", "title": "Why?"}]}, utc_now())
    page = client.get(home).text
    assert page.count('<li class="done">') == 1
    assert "/f/tell" in page
