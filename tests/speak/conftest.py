from datetime import datetime

import pytest
from tests.speak.scene import Shop

from regulars.store.database import Database


@pytest.fixture
def shop(database: Database, workspace: str, now: datetime) -> Shop:
    return Shop(database, workspace, now)
