"""Whose request it is: a proxy of ours is believed, nobody else is."""

import pytest
from litestar.connection import ASGIConnection

from regulars.web.client_address import client_of, networks
from regulars.words.errors import Invalid

OURS = networks("127.0.0.0/8, ::1, 10.1.2.3")


def client(speaker, *forwarded):
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    peer = (speaker, 5000) if speaker else None
    return client_of(ASGIConnection({"type": "http", "client": peer, "headers": headers}), OURS)


def test_without_a_proxy_it_is_whoever_speaks_whatever_they_write():
    assert client("192.0.2.7") == "192.0.2.7"
    assert client("192.0.2.7", "198.51.100.1") == "192.0.2.7"


@pytest.mark.parametrize("proxy", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3"])
def test_a_proxy_of_ours_says_whom_it_speaks_for(proxy):
    assert client(proxy, "192.0.2.7") == "192.0.2.7"


def test_what_the_client_wrote_before_the_proxy_did_is_ignored():
    assert client("127.0.0.1", "198.51.100.1, 192.0.2.7") == "192.0.2.7"
    assert client("127.0.0.1", "198.51.100.1", "192.0.2.7") == "192.0.2.7"
    assert client("127.0.0.1", "127.0.0.1, 192.0.2.7, 10.1.2.3") == "192.0.2.7"


def test_the_addresses_of_one_line_are_one_sender():
    assert client("2001:db8:1:2:aaaa::1") == client("2001:db8:1:2:bbbb::2") == "2001:db8:1:2::/64"
    assert client("127.0.0.1", "[2001:db8:1:2::1]:443") == "2001:db8:1:2::/64"
    assert client("127.0.0.1", "192.0.2.7:4711") == "192.0.2.7"


@pytest.mark.parametrize("said", [(), ("",), ("unknown",), ("127.0.0.1",), ("x" * 5000,)])
def test_a_proxy_that_does_not_say_speaks_for_nobody_in_particular(said):
    assert not client("127.0.0.1", *said)


def test_a_request_from_nowhere_has_no_address():
    assert not client("")


def test_a_setting_that_cannot_be_read_says_how_to_write_it():
    assert networks("") == ()
    with pytest.raises(Invalid, match=r"127\.0\.0\.0/8"):
        networks("127.0.0.1, localhost")
