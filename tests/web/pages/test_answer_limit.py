"""One sender who answers without end is asked to wait; everybody else, and whoever holds a link, is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from tests.web.pages.visits import BASE, Client, Shop

from regulars.access.pace import Steady
from regulars.access.tallies import Limit
from regulars.web.app import create_app
from regulars.web.pages import forms
from regulars.wiring import House

FEW = 3


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "ANSWER_OF_ADDRESS", Limit("answer-test", Steady(FEW, timedelta(hours=1))))


@contextmanager
def browser_at(house: House, address: str) -> Iterator[Client]:
    """A browser at an address."""
    app = create_app(house)

    async def there(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": (address, 5000)} if scope["type"] == "http" else scope, receive, send)

    with TestClient(there, base_url=BASE) as client:
        client.follow_redirects = False
        yield client


def somewhere() -> str:
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::7"


def test_a_sender_who_answers_without_end_is_asked_to_wait_and_others_are_not(house: House, shop: Shop) -> None:
    path, data = f"/f/{shop.quiz}/1", {"answer": "mother"}
    with browser_at(house, somewhere()) as client:
        assert [client.post(path, data=data).status_code for _ in range(FEW + 1)] == [303] * FEW + [429]
        waits = client.post(path, data=data)
        assert "tried too often" in waits.text
        assert 0 < int(waits.headers["retry-after"]) <= 3600
        assert client.get(path).status_code == 200
    with browser_at(house, somewhere()) as client:
        assert client.post(path, data=data).status_code == 303


def test_whoever_answers_by_their_own_link_is_not_counted(house: House, shop: Shop) -> None:
    with browser_at(house, somewhere()) as client:
        path = f"/f/{shop.budget}/1?m={shop.token()}"
        assert {client.post(path, data={"answer": "10-to-25"}).status_code for _ in range(FEW + 2)} == {303}
