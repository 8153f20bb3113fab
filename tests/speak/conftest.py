import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def shop(database, workspace, now):
    from scene import Shop

    return Shop(database, workspace, now)
