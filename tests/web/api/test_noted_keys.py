"""What a program does by a key is noted as the key's, with nobody's name or address in it."""

from tests.web.console_story import RULE
from tests.web.noted import noted_in, said


def test_what_a_key_does_is_noted_as_the_keys(shop, house, header, stranger):
    ask = {"headers": header("read")}
    tell = {"headers": header("admin")}
    stranger.get("/api/customers/email:ieva@post.example", **ask)
    stranger.get("/api/customers/user:u-1/timeline", **ask)
    stranger.get("/api/customers/user:nobody", **ask)
    segment = {"name": "givers", "title": "They give", "rule": RULE}
    once = {"headers": header("admin") | {"idempotency-key": "k"}}
    stranger.post("/api/segments", json=segment, **once)
    stranger.post("/api/segments", json=segment, **once)
    stranger.post("/api/segments", json=segment, **tell)
    stranger.post("/api/campaigns/spring/stop", **tell)
    consent = {"purpose": "marketing", "granted": False, "words": "Please stop.", "how": "by telephone"}
    stranger.post("/api/customers/user:u-1/consents", json=consent, **tell)
    entries = [one for one in noted_in(house, shop.workspace) if one.who_kind == "key"]
    assert said(entries) == [
        ("customer.seen", "customer", str(shop.customer)),
        ("segment.made", "segment", "givers"),
        ("campaign.stopped", "campaign", "spring"),
        ("consent.recorded", "customer", str(shop.customer)),
    ]
    assert not any("ieva" in str(one).lower() for one in entries)
