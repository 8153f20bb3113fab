from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.web.console_story import Shop

from regulars.access.people import add_person, make_login_link
from regulars.settings import Settings
from regulars.web.app import create_app
from regulars.wiring import build
from regulars.words.clock import utc_now


@pytest.fixture(scope="session")
def house(postgres, database):
    house = build(Settings(data=Path("unused"), database_url=postgres, base_url="http://testserver.local"))
    yield house
    house.close()


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
def home(workspace):
    return f"/console/{workspace}"


@pytest.fixture
def shop(house, workspace):
    """A workspace in which the story has been told: asked, answered, remembered, written, and read."""
    shop = Shop(house, workspace)
    shop.tell()
    return shop
