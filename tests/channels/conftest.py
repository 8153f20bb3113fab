import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def mail_server():
    from mail import serving

    with serving() as server:
        yield server
