"""Links of mails: they lead where their template says and nowhere else, and it is told apart who followed them."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.speak.scene import Post

from regulars.access.links import Links
from regulars.decide.tracking import IF_AGREED, OFF
from regulars.remember.records import agree
from regulars.remember.rows import Agreed
from regulars.speak import touch_records, tracking
from regulars.speak.judging import judge_all
from regulars.speak.machines import sign_of
from regulars.speak.messages import shown
from regulars.speak.rows import Utm
from regulars.speak.templates import Template, render
from regulars.speak.touching import Touch, Touches
from regulars.words.errors import LinkDead

MAIL = (
    '<html><body><a href="https://gifts.example/tea?size=1&amp;colour=red#top">Tea</a>'
    "<a href='https://other.example'>Other</a>"
    '<a href="mailto:ann@gifts.example">Write</a><a href="{{ unsubscribe_url }}">Leave</a>'
    '<a href="{{ told.site | default("https://nobody.example") }}">Yours</a></body></html>'
)
TEXT = "Tea: https://gifts.example/tea. {{ unsubscribe_url }}"
LED = re.compile(r"https://shop\.example/l/([\w.-]+)")
UTM = Utm("regulars", "email", "spring")


@pytest.fixture
def mail(shop):
    """The mail of a campaign, and how to send one to somebody."""

    def send(*, text=TEXT, html=MAIL, told=None, name="ann", campaign="spring"):
        shop.segment("gives", shop.customer(name, told=told))
        shop.campaign(campaign, html=html, text=text)
        post = Post()
        shop.sender(post).send_some(shop.now)
        return post.delivered[-1]

    return send


def followed(shop, token):
    """Where an address leads."""
    address = tracking.read(token)
    with shop.tx() as tx:
        written = touch_records.written_from(tx, address.message_id)
    url = tracking.target(Links(b"secret"), address, render(written.template, written.context))
    return tracking.tagged(url, written.utm)


def touch(shop, *touches, after=60):
    """Let a message be touched some seconds after it was sent, and be judged."""
    with shop.tx() as tx:
        touch_records.add_touches(tx, touches)
    judge_all(shop.database, shop.workspace, shop.now + timedelta(seconds=after))


def told(shop):
    return [
        (kind, props.get("link", ""), props.get("sign", ""))
        for kind, _, props, *_ in shop.events("message.opened", "message.clicked", "message.scanned")
    ]


def test_a_link_leads_on_by_an_address_of_ours_and_says_where_a_visit_comes_from(shop, mail):
    sent = mail()
    tokens = LED.findall(sent.html)
    assert [followed(shop, token) for token in tokens] == [
        "https://gifts.example/tea?size=1&colour=red&utm_source=regulars&utm_medium=email&utm_campaign=spring#top",
        "https://other.example?utm_source=regulars&utm_medium=email&utm_campaign=spring",
        "https://nobody.example?utm_source=regulars&utm_medium=email&utm_campaign=spring",
    ]
    assert 'href="mailto:ann@gifts.example"' in sent.html
    assert "https://shop.example/u/" in sent.html
    assert f"/o/{shop.workspace}.{sent.message_id}." in sent.html
    assert sent.html.endswith("</body></html>")
    (in_text,) = LED.findall(sent.text)
    assert followed(shop, in_text.rstrip(".")).startswith("https://gifts.example/tea?utm_source")
    with shop.tx() as tx:
        assert "https://gifts.example/tea?size=1&amp;colour=red#top" in shown(tx, sent.message_id).html


def test_no_address_can_be_made_to_lead_elsewhere(shop, mail):
    token = LED.findall(mail().html)[0]
    workspace, message, position, sign = token.split(".")
    for changed in (
        f"{workspace}.{message}.{int(position) + 1}.{sign}",
        f"{workspace}.{message}.{position}.{'A' * 20}",
        f"{workspace}.{message}.{position}.{sign[:-1]}",
        f"{workspace}.{message}.{sign}",
        f"{workspace}.{message}.{position}.https://evil.example",
        "https://evil.example",
    ):
        with pytest.raises(LinkDead):
            followed(shop, changed)


def test_a_link_of_one_message_opens_nothing_of_another(shop, mail):
    first, second = LED.findall(mail().html)[0], LED.findall(mail(name="bob", campaign="may").html)[0]
    forged = ".".join([*second.split(".")[:3], first.split(".")[3]])
    with pytest.raises(LinkDead):
        followed(shop, forged)


def test_where_a_customer_names_the_site_the_link_stays_as_it_is(shop, mail):
    sent = mail(told={"site": "https://evil.example/login"})
    assert 'href="https://evil.example/login"' in sent.html
    assert len(LED.findall(sent.html)) == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://gifts.example.evil.example/",
        "https://gifts.example@evil.example/",
        "https://gifts.example:80@evil.example/",
        "https://gifts.example\\@evil.example",
        "https://gifts.exampl",
        "https://gifts.example\t.evil.example/",
        "https://gifts.example\nLocation: https://evil.example",
        "javascript:alert(1)",
        "//evil.example",
        "https://",
    ],
)
def test_a_site_that_only_looks_like_one_of_the_template_is_none_of_it(url):
    assert not tracking.held(url, 'See <a href="https://gifts.example/tea">')


@given(st.text(alphabet="htps:/.@\\?#&=gifts.exampleevil \t\n<>\"'", max_size=40))
def test_whatever_a_customer_says_no_address_leads_to_another_site(said):
    source = '<a href="https://gifts.example{{ told.x }}">'
    url = f"https://gifts.example{said}"
    if tracking.held(url, source.replace("{{ told.x }}", "/")):
        assert url.split("/")[2].split("?", maxsplit=1)[0].split("#", maxsplit=1)[0] == "gifts.example"


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        (
            "https://a.example/?utm_source=mine",
            "https://a.example/?utm_source=mine&utm_medium=email&utm_campaign=spring",
        ),
        ("https://a.example/?utm_source=", "https://a.example/?utm_source=&utm_medium=email&utm_campaign=spring"),
        ("https://a.example/#x?y", "https://a.example/?utm_source=regulars&utm_medium=email&utm_campaign=spring#x?y"),
        ("https://a.example/?", "https://a.example/?utm_source=regulars&utm_medium=email&utm_campaign=spring"),
    ],
)
def test_what_a_link_says_already_stays(url, becomes):
    assert tracking.tagged(url, UTM) == becomes
    assert tracking.tagged(url, Utm()) == url


def test_what_a_person_opened_and_followed_is_told_to_the_log(shop, mail):
    message = mail().message_id
    late = shop.now + timedelta(hours=1)
    link = Touch(message, late, "", "https://gifts.example/tea", 1)
    touch(shop, Touch(message, late, ""), link, link, after=3605)
    assert told(shop) == []
    touch(shop, after=3611)
    assert told(shop) == [("message.opened", "", ""), ("message.clicked", "https://gifts.example/tea", "")]
    (_, identity, props, *_), *_ = shop.events("message.clicked")
    assert props["campaign"] == "spring"
    assert (props["message"], props["position"], props["channel"]) == (message, 1, "email")
    assert identity


def test_who_follows_several_links_within_moments_of_the_sending_is_a_machine(shop, mail):
    message = mail().message_id
    soon = shop.now + timedelta(seconds=3)
    touch(
        shop,
        Touch(message, soon, ""),
        Touch(message, soon, "", "https://gifts.example/tea", 1),
        Touch(message, soon + timedelta(seconds=2), "", "https://other.example", 2),
        Touch(message, soon + timedelta(seconds=20), "", "https://other.example", 2),
    )
    assert {kind for kind, *_ in told(shop)} == {"message.scanned"}
    assert {sign for *_, sign in told(shop)} == {"burst"}


def test_who_follows_several_links_later_reads_them(shop, mail):
    message = mail().message_id
    late = shop.now + timedelta(hours=1)
    touch(
        shop,
        Touch(message, late, "", "https://gifts.example/tea", 1),
        Touch(message, late + timedelta(seconds=2), "", "https://other.example", 2),
        after=3700,
    )
    assert [kind for kind, *_ in told(shop)] == ["message.clicked"] * 2


def test_what_shows_the_sign_of_a_machine_is_told_apart(shop, mail):
    message = mail().message_id
    touch(shop, Touch(message, shop.now, "apple"), Touch(message, shop.now, "head", "https://other.example", 2))
    assert told(shop) == [("message.scanned", "", "apple"), ("message.scanned", "https://other.example", "head")]
    assert [props["touched"] for _, _, props, *_ in shop.events("message.scanned")] == ["opened", "clicked"]


def refuse(shop, customer, *, granted=False):
    with shop.tx() as tx:
        agree(tx, [Agreed(customer, "tracking", "email", 6, shop.now, granted, {"words": "Do not count"})])


def test_of_who_refused_nothing_is_counted_and_links_stay_as_they_are(shop):
    shop.segment("gives", ann := shop.customer("ann"))
    refuse(shop, ann)
    shop.campaign(html=MAIL, text=TEXT)
    shop.sender(post := Post()).send_some(shop.now)
    (sent,) = post.delivered
    assert "/l/" not in sent.html + sent.text
    assert "/o/" not in sent.html
    assert "https://other.example?utm_source=regulars" in sent.html
    touch(shop, Touch(sent.message_id, shop.now, "", "https://other.example", 2))
    assert told(shop) == []


def test_who_refuses_after_a_message_was_sent_is_counted_no_more(shop, mail):
    sent = mail()
    with shop.tx() as tx:
        (ann,) = tx.values(b"select id from remember_customer")
    refuse(shop, ann)
    touch(shop, Touch(sent.message_id, shop.now, "", "https://other.example", 2))
    assert told(shop) == []
    assert followed(shop, LED.findall(sent.html)[0]).startswith("https://gifts.example/tea")


@pytest.mark.parametrize(
    ("way", "agreed", "counted"), [(OFF, True, False), (IF_AGREED, False, False), (IF_AGREED, True, True)]
)
def test_a_workspace_says_of_whom_it_counts(shop, way, agreed, counted):
    with shop.database.shared() as tx:
        tx.run(b"update access_workspace set tracking = %(way)s where name = %(name)s", way=way, name=shop.workspace)
    shop.segment("gives", ann := shop.customer("ann"))
    if agreed:
        refuse(shop, ann, granted=True)
    shop.campaign(html=MAIL, text=TEXT)
    shop.sender(post := Post()).send_some(shop.now)
    assert bool(LED.search(post.delivered[0].html)) is counted


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("method", "headers", "sign"),
    [
        ("GET", {"user-agent": CHROME}, ""),
        ("GET", {"user-agent": f"{CHROME} Edg/140.0.0.0"}, ""),
        (
            "GET",
            {"user-agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"},
            "",
        ),
        ("HEAD", {"user-agent": CHROME}, "head"),
        ("GET", {"user-agent": CHROME, "sec-purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {"user-agent": CHROME, "purpose": "prefetch"}, "prefetch"),
        ("GET", {"user-agent": "Mozilla/5.0"}, "apple"),
        (
            "GET",
            {
                "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
            },
            "gmail",
        ),
        ("GET", {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, "preview"),
        ("GET", {"user-agent": "Barracuda Sentinel (EE)"}, "scanner"),
        ("GET", {"user-agent": "python-requests/2.32"}, "program"),
        ("GET", {}, "program"),
    ],
)
def test_a_machine_is_known_by_its_signs(method, headers, sign):
    assert sign_of(method, headers) == sign


def test_touches_are_written_beside_and_those_of_no_workspace_harm_nobody(shop, mail):
    message = mail().message_id
    touches = Touches(shop.database)
    touches.note("nobody_here", Touch(message, shop.now, ""))
    touches.note(shop.workspace, Touch(message, shop.now, ""))
    touches.close()
    judge_all(shop.database, shop.workspace, shop.now + timedelta(minutes=1))
    assert told(shop) == [("message.opened", "", "")]


def test_a_message_that_leads_nowhere_any_more_says_so():
    rendered = render(Template(1, "x", 1, "x", "none", "none", None), touch_records.Context())
    with pytest.raises(LinkDead):
        tracking.target(Links(b"secret"), tracking.read(f"shop.1.1.{'a' * 20}"), rendered)
