import asyncio
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from granian.server.embed import Server
from litestar.testing import TestClient
from tests.web.console_story import Shop
from tests.web.routes_once import routes_read_once

from regulars.access.people import add_person, make_login_link
from regulars.settings import Settings
from regulars.web.app import create_app
from regulars.wiring import build
from regulars.words.clock import utc_now


@pytest.fixture(scope="session", autouse=True)
def _routes_once() -> Iterator[None]:
    with routes_read_once():
        yield


@pytest.fixture(scope="session")
def house(postgres, shelf, tmp_path_factory):
    house = build(
        Settings(data=tmp_path_factory.mktemp("data"), database_url=postgres, base_url="http://testserver.local")
    )
    shelf.also(house.database)
    yield house
    house.close()


@pytest.fixture(scope="session")
def address(house) -> Iterator[str]:
    """Where the application answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(create_app(house), address="127.0.0.1", port=port, interface="asgi")
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            continue
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(server.stop)
    thread.join(timeout=10)


@pytest.fixture
def stranger(house):
    """A browser that is not logged in."""
    with TestClient(create_app(house), base_url="http://testserver.local", raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def login(house, workspace):
    """The path of a log-in link of the workspace's owner."""
    add_person(house.database, f"owner@{workspace}.example", "Harriet", workspace)
    return f"/console/login/{make_login_link(house.database, f'owner@{workspace}.example', utc_now())}"


@pytest.fixture
def client(stranger, login):
    """The browser of the workspace's owner."""
    assert stranger.post(login).status_code == 303
    return stranger


@pytest.fixture
def colleague(house, workspace):
    """The browser of somebody else of the team."""
    add_person(house.database, "greta@gifts.example", "Greta", workspace)
    link = make_login_link(house.database, "greta@gifts.example", utc_now())
    with TestClient(create_app(house), base_url="http://testserver.local") as client:
        client.follow_redirects = False
        assert client.post(f"/console/login/{link}").status_code == 303
        yield client


@pytest.fixture
def home(workspace):
    return f"/console/{workspace}"


@pytest.fixture
def shop(house, workspace):
    """A workspace in which the story has been told: asked, answered, remembered, written, and read."""
    shop = Shop(house, workspace)
    shop.tell()
    return shop
