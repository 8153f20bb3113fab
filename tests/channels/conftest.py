import pytest
from tests.channels.http_peer import answering
from tests.channels.mail import serving


@pytest.fixture
def mail_server():
    with serving() as server:
        yield server


@pytest.fixture
def http_peer():
    with answering() as peer:
        yield peer
