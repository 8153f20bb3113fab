"""What a form sends is read by whoever may send it, and its fields take no more memory than a form needs."""

import asyncio
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from tests.web.console_story import csrf

from regulars.web.console.sent import LONGEST, read_sent

PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
PIECE = b"a" * 100_000
OURS = "multipart/form-data; boundary=x"
PLAIN = "application/x-www-form-urlencoded"


class Body:
    """A body that comes piece by piece, and knows how much of it was asked for."""

    def __init__(self, *pieces, times=1, end=b""):
        self.asked = 0
        self._left = iter([*pieces, *[PIECE] * times, end])

    async def __call__(self):
        body = next(self._left, None)
        self.asked += len(body or b"")
        return {"type": "http.request", "body": body or b"", "more_body": body is not None}


async def chunks(body):
    while (told := await body())["more_body"]:
        yield told["body"]


class Asking:
    """As much of a request as is read here."""

    def __init__(self, body, kind):
        name, _, boundary = kind.partition("; boundary=")
        self.content_type = (name, {"boundary": boundary} if boundary else {})
        self.stream = lambda: chunks(body)
        self.state = type("State", (), {})()


def ran(work):
    with ThreadPoolExecutor(1) as apart:  # where a browser is driven, this thread has a loop already
        return apart.submit(asyncio.run, work).result()


def sent(body, kind=OURS):
    return ran(read_sent(Asking(body, kind)))


def test_fields_and_files_are_told_apart():
    parts = (PART % (b"csrf", b"") + b"t\xc3\xa9\r\n", PART % (b"file", b'; filename="a.csv"'))
    found = sent(Body(*parts, times=2, end=b"\r\n--x--\r\n"))
    assert found.fields == {"csrf": "té"}
    assert ran(found.files["file"].read()) == PIECE * 2
    assert found.files["file"].filename == "a.csv"
    assert sent(Body(b"a=1&a=%C3%A9&b=", times=0), PLAIN) == ({"a": "é", "b": ""}, {})


@pytest.mark.parametrize(("kind", "begin"), [(OURS, PART % (b"x", b"")), (PLAIN, b"x=")])
def test_a_field_that_is_as_long_as_a_file_is_not_read_on(kind, begin):
    body = Body(begin, times=1_000, end=b"\r\n--x--\r\n")
    tracemalloc.start()
    with pytest.raises(RequestEntityTooLarge):
        sent(body, kind)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert body.asked < LONGEST + 2 * len(PIECE)
    assert most < 5 * LONGEST


def test_a_form_that_is_cut_off_is_none():
    with pytest.raises(ClientException):
        sent(Body(PART % (b"x", b"")))
    with pytest.raises(ClientException):
        sent(Body(PART % (b"x", b"")), "multipart/form-data")


@pytest.mark.parametrize("route", ["imports", "workspace"])
def test_whoever_is_not_logged_in_has_no_file_read(stranger, workspace, route):
    body = PART % (b"x", b"") + PIECE + b"\r\n--x--\r\n"
    kind = {"content-type": OURS}
    answer = stranger.post(f"/console/{workspace}/{route}", content=body, headers=kind, follow_redirects=False)
    assert answer.status_code == 401


def test_a_file_without_a_name_is_not_kept_in_memory(client, home):
    token = csrf(client.get(f"{home}/imports").text)
    parts = {"csrf": (None, token), "file": (None, b"a" * (LONGEST + 1))}
    answer = client.post(f"{home}/imports", files=parts)
    assert answer.status_code == 413
