"""What is too large is refused: by what it says of itself, before any of it comes, else as soon as it is."""

import socket
from http.client import HTTPResponse
from select import select
from urllib.parse import urlsplit

import psutil
import pytest
from litestar.handlers import HTTPRouteHandler

from regulars.access.keys import create_key
from regulars.web.console.desk import SESSION

HUGE = 10**12
PIECE = b"a" * 500_000
MOST = 40_000_000
"""Bytes that a file may have here: a test does not send two gigabytes."""
ENDLESS = 80_000_000
FEW = 20_000_000
"""Bytes by which memory may grow meanwhile."""
FILES = {"a file in the console": 413, "a file by a link": 413}
WAYS = FILES | {
    "a logo": 413,
    "a form of the console": 413,
    "logging in": 413,
    "an answer of a customer": 413,
    "a change by the API": 413,
    "what announces a file": 413,
    "an event": 400,
    "a batch": 400,
}
"""What takes a body, and how too large a one is answered; the protocol of events answers as Segment does."""


class Line:
    """A connection on which a request is said by hand."""

    def __init__(self, address):
        place = urlsplit(address)
        self._line = socket.create_connection((place.hostname, place.port), 20)
        self.sent = 0

    def head(self, path, headers):
        """Say what comes, and nothing of it."""
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._line.sendall(f"POST {path} HTTP/1.1\r\nhost: testserver.local\r\n{said}\r\n".encode())

    def endless(self, begin):
        """Send a body that never says how long it is, until it is answered."""
        waiting, piece = _chunk(begin), _chunk(PIECE)
        while self.sent < ENDLESS:
            heard, ready, _ = select([self._line], [self._line], [], 20)
            if heard or not ready:
                return
            try:
                gone = self._line.send(waiting)
            except OSError:
                return
            self.sent += gone
            waiting = waiting[gone:] or piece

    def status(self):
        """Return how it was answered; nothing within 20 seconds is an error."""
        answer = HTTPResponse(self._line)
        answer.begin()
        return answer.status

    def close(self):
        self._line.close()


def _chunk(piece):
    return b"%x\r\n%s\r\n" % (len(piece), piece)


@pytest.fixture
def line(address):
    line = Line(address)
    yield line
    line.close()


@pytest.fixture
def ways(house, workspace, client, home, tell):
    """The path of each way, what a request there says of itself, and how its body begins."""

    def key(scope):
        return {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}

    cookie = {"cookie": f"{SESSION}={client.cookies[SESSION]}"}
    fields, json = {"content-type": "application/x-www-form-urlencoded"}, {"content-type": "application/json"}
    parts = cookie | {"content-type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    link = urlsplit(tell("/imports", {"file": "a.csv"}).json()["link"]).path
    return {
        "a file in the console": (f"{home}/imports", parts, part),
        "a file by a link": (link, {"content-type": "text/csv"}, b"email\n"),
        "a logo": (f"{home}/workspace", parts, part),
        "a form of the console": (f"{home}/new/segment", cookie | fields, b"x="),
        "logging in": ("/console/login", fields, b"email="),
        "an answer of a customer": ("/f/about-you/1", fields, b"answer="),
        "a change by the API": ("/api/segments", key("admin") | json, b'{"name": "'),
        "what announces a file": ("/api/imports", key("admin") | json, b'{"file": "'),
        "an event": ("/v1/track", key("write") | json, b'{"event": "'),
        "a batch": ("/v1/batch", key("write") | json, b'{"batch": ["'),
    }


@pytest.mark.parametrize("way", WAYS)
def test_what_says_that_it_is_too_large_is_refused_before_it_comes(line, ways, way):
    path, headers, _ = ways[way]
    line.head(path, headers | {"content-length": HUGE})
    assert line.status() == WAYS[way]


@pytest.mark.parametrize("way", WAYS)
def test_what_does_not_say_how_long_it_is_is_refused_when_it_is_too_long(line, ways, way, monkeypatch):
    allowed = HTTPRouteHandler.resolve_request_max_body_size
    monkeypatch.setattr(
        HTTPRouteHandler, "resolve_request_max_body_size", lambda route: min(allowed(route) or MOST, MOST)
    )
    path, headers, begin = ways[way]
    line.head(path, headers | {"transfer-encoding": "chunked"})
    before = psutil.Process().memory_info().rss
    line.endless(begin)
    assert line.status() == WAYS[way]
    assert psutil.Process().memory_info().rss - before < FEW
    assert (line.sent > MOST) == (way in FILES)
    assert line.sent < ENDLESS


def test_a_link_is_not_used_up_by_a_file_that_says_it_is_too_large(line, ways, stranger):
    path, headers, _ = ways["a file by a link"]
    line.head(path, headers | {"content-length": HUGE})
    assert line.status() == 413
    assert stranger.post(path, content=b"email\nada@example.org\n").status_code == 201
