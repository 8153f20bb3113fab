"""The one client for the outside: nothing inside our network is reached, and nobody keeps us waiting."""

import socket
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.outbound import Outbound, is_public
from regulars.words.errors import Invalid, Unreached

INSIDE = (
    "127.0.0.1",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.1",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:10.0.0.8",
    "64:ff9b::a00:8",
    "2002:a00:8::1",
)


class Server(BaseHTTPRequestHandler):
    """Answers as its path says."""

    def do_POST(self):
        self.server.heard.append(
            (self.path, self.headers["host"], self.rfile.read(int(self.headers["content-length"])))
        )
        status = 302 if self.path == "/away" else 200
        self.send_response(status)
        self.send_header("location", "http://127.0.0.1:1/inside")
        self.end_headers()
        self.wfile.write(b"x" * (200_000 if self.path == "/long" else 2))

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.heard = []
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def at(server, path="/"):
    return f"http://127.0.0.1:{server.server_address[1]}{path}"


@pytest.mark.parametrize("place", INSIDE)
def test_addresses_inside_are_not_public(place):
    assert not is_public(ip_address(place))


@pytest.mark.parametrize("place", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "8.8.8.8"])
def test_addresses_of_the_internet_are(place):
    assert is_public(ip_address(place))


@given(st.ip_addresses(v=4))
def test_what_wraps_an_address_is_judged_by_it(place):
    assert is_public(ip_address(f"::ffff:{place}")) == is_public(place)


@pytest.mark.parametrize("place", INSIDE)
def test_nothing_is_posted_to_a_name_that_leads_inside(place, monkeypatch):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (place, 443))]
    )
    with pytest.raises(Invalid, match="inside a private network"):
        Outbound().post("https://innocent.example/", b"", {})


def test_the_connection_goes_where_the_name_led_when_it_was_judged(server, monkeypatch):
    """A name that leads elsewhere the second time (rebinding) is not asked a second time."""
    asked = []

    def once(host, port, **_):
        asked.append(host)
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", _only_for("hooks.example", once))
    answer = Outbound(private=True).post(f"http://hooks.example:{server.server_address[1]}/", b"{}", {})
    assert answer.status == 200
    assert asked == ["hooks.example"]
    assert server.heard == [("/", f"hooks.example:{server.server_address[1]}", b"{}")]


def _only_for(name, answer):
    real = socket.getaddrinfo
    return lambda host, port, *more, **named: answer(host, port) if host == name else real(host, port, *more, **named)


def test_a_redirect_is_told_and_not_followed(server):
    assert Outbound(private=True).post(at(server, "/away"), b"", {}).status == 302
    assert len(server.heard) == 1


def test_an_answer_is_cut(server):
    assert len(Outbound(private=True).post(at(server, "/long"), b"", {}).body) == 64 * 1024


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://plain.example/", "ftp://a.example", "https://", "https://user:secret@a.example/", "javascript:1"],
)
def test_what_is_no_address_is_refused_in_words(url):
    with pytest.raises(Invalid, match=r"no address that we can post to"):
        Outbound().check(url)


def test_who_does_not_answer_is_said_so():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreached, match="could not be reached: it takes no connection"):
        Outbound(private=True).post(f"http://127.0.0.1:{port}/", b"", {})
    with pytest.raises(Unreached, match="nobody knows this name"):
        Outbound().post("https://nobody.invalid/", b"", {})


def test_a_certificate_is_checked_for_the_name_and_not_for_the_number(server, monkeypatch):
    """The server speaks no TLS at all: what counts is that the handshake was asked for the name."""
    names = []
    wrap = ssl.SSLContext.wrap_socket

    def seen(context, sock, *more, **named):
        names.append(named.get("server_hostname"))
        return wrap(context, sock, *more, **named)

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", seen)
    monkeypatch.setattr(
        socket, "getaddrinfo", _only_for("hooks.example", lambda _, port: [(0, 0, 0, "", ("127.0.0.1", port))])
    )
    with pytest.raises(Unreached):
        Outbound(private=True).post(f"https://hooks.example:{server.server_address[1]}/", b"", {})
    assert names == ["hooks.example"]
