import pytest
from tests.channels.mail import serving


@pytest.fixture
def mail_server():
    with serving() as server:
        yield server
