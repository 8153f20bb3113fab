"""A house with its customers' pages, and browsers that visit them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.web.pages.visits import BASE, Client, Shop

from regulars.settings import Settings
from regulars.store.database import Database
from regulars.web.app import create_app
from regulars.wiring import House, build


@pytest.fixture
def house(postgres: str, database: Database, tmp_path: Path) -> Iterator[House]:
    house = build(Settings(data=tmp_path, base_url=BASE), postgres)
    yield house
    house.close()


@pytest.fixture
def shop(house: House, workspace: str) -> Shop:
    return Shop(house, workspace)


@pytest.fixture
def client(house: House) -> Iterator[Client]:
    with TestClient(create_app(house), base_url=BASE, raise_server_exceptions=True) as client:
        yield client


@pytest.fixture
def other(house: House) -> Iterator[Client]:
    """Somebody else's browser."""
    with TestClient(create_app(house), base_url=BASE, raise_server_exceptions=True) as client:
        yield client
